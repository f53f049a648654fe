import asyncio
import base64
import json
import os
import time
import unittest
from unittest import mock
from urllib.parse import urlencode

import root_key
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from ministack import app
from ministack.core import lambda_runtime
from ministack.services import sts

ACCOUNT = "333333333333"
KEY_ID = f"LOCAL{ACCOUNT}"
SECRET = "the-secret"
URL = "http://127.0.0.1:4566"
FUNCTION = {
    "FunctionName": "gateway",
    "FunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:gateway",
    "Role": f"arn:aws:iam::{ACCOUNT}:role/gateway",
}


def request(key_id, secret, token=None, sign=SigV4Auth, service="sts", **parts):
    """A request for the caller's identity, or another, signed as the SDKs sign it; unsigned without a key."""
    made = AWSRequest(**{"method": "POST", "url": f"{URL}/", "data": "Action=GetCallerIdentity&Version=2011-06-15", **parts})
    made.headers["Host"] = "127.0.0.1:4566"
    made.headers["Content-Type"] = "application/x-www-form-urlencoded"
    if key_id is not None:
        sign(Credentials(key_id, secret, token), service, "us-east-1").add_auth(made)
    return made.prepare()


def send_form(service, key_id=KEY_ID, **fields):
    versions = {"iam": "2010-05-08", "sts": "2011-06-15"}
    return send(request(key_id, SECRET, service=service, data=urlencode({**fields, "Version": versions[service]})))


def token():
    claims = {"iss": "https://token.example", "aud": "sts", "sub": "repo", "exp": int(time.time()) + 60}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)]
    return ".".join([*parts, ""])


def send(prepared):
    path, _, query = prepared.url.removeprefix(URL).partition("?")
    body = prepared.body or b""
    scope = {
        "type": "http",
        "method": prepared.method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), str(value).encode()) for name, value in prepared.headers.items()],
        "client": ("127.0.0.1", 1),
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": body if isinstance(body, bytes) else body.encode(), "more_body": False}

    async def keep(message):
        sent.append(message)

    asyncio.run(app.app(scope, receive, keep))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


class RootKey(unittest.TestCase):
    def setUp(self):
        for patch in (mock.patch.object(app, "AUTH", True), mock.patch.dict(os.environ, MINISTACK_ACCOUNT_ID=ACCOUNT)):
            patch.start()
            self.addCleanup(patch.stop)
        root_key.install(KEY_ID, SECRET, ACCOUNT)
        self.addCleanup(root_key.uninstall)

    def test_is_the_root_of_its_account(self):
        status, body = send(request(KEY_ID, SECRET))
        self.assertEqual(status, 200)
        self.assertIn(f"<Arn>arn:aws:iam::{ACCOUNT}:root</Arn>", body)

    def test_counts_only_with_the_secret_of_the_stack(self):
        asked = {"sign": SigV4QueryAuth, "data": "", "url": f"{URL}/?Action=GetCallerIdentity&Version=2011-06-15"}
        self.assertEqual(send(request(KEY_ID, SECRET, **asked))[0], 200)
        for parts in ({}, asked):
            status, body = send(request(KEY_ID, "another", **parts))
            self.assertEqual((status, "SignatureDoesNotMatch" in body), (403, True), body)

    def test_is_the_only_one(self):
        for key_id in (ACCOUNT, "000000000000", "test", None):
            status, body = send(request(key_id, "test"))
            self.assertEqual(status, 403, f"{key_id}: {body}")

    def test_opens_no_bucket_to_a_request_without_a_signature(self):
        self.assertEqual(send(request(KEY_ID, SECRET, service="s3", method="PUT", url=f"{URL}/bucket", data=""))[0], 200)
        for method, url in (("GET", f"{URL}/bucket"), ("PUT", f"{URL}/bucket/key"), ("GET", f"{URL}/")):
            status, body = send(request(None, None, method=method, url=url, data=""))
            self.assertEqual(status, 403, f"{method} {url}: {body}")

    def test_outlives_a_reset(self):
        sts.reset()
        self.assertEqual(send(request(KEY_ID, SECRET))[0], 200)

    def test_leaves_sessions_as_they_are(self):
        credentials = lambda_runtime.execution_credentials(FUNCTION)
        keys = [credentials[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
        status, body = send(request(*keys))
        self.assertEqual(status, 200)
        self.assertIn(f"<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/gateway/gateway</Arn>", body)
        self.assertEqual(send(request(keys[0], "another", keys[2]))[0], 403)

    def test_leaves_what_AWS_serves_without_a_signature_as_it_is(self):
        provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example"
        trust = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
        send_form("iam", Action="CreateOpenIDConnectProvider", Url="https://token.example", **{"ClientIDList.member.1": "sts"})
        send_form("iam", Action="CreateRole", RoleName="job", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
        role = f"arn:aws:iam::{ACCOUNT}:role/job"
        asked = {"Action": "AssumeRoleWithWebIdentity", "RoleArn": role, "RoleSessionName": "job", "WebIdentityToken": token()}
        status, body = send_form("sts", None, **asked)
        self.assertEqual((status, "<AccessKeyId>" in body), (200, True), body)

    def test_keeps_the_credentials_of_functions_from_being_foretold(self):
        ours = lambda_runtime.execution_credentials(FUNCTION)
        self.assertEqual(ours, lambda_runtime.execution_credentials(FUNCTION))
        root_key.install(KEY_ID, "another", ACCOUNT)
        theirs = lambda_runtime.execution_credentials(FUNCTION)
        self.assertEqual([name for name in ours if ours[name] == theirs[name]], [])

    def test_ministack_itself_still_takes_any_account_id_for_a_root_key(self):
        root_key.uninstall()
        status, body = send(request("000000000000", "any"))
        self.assertEqual(
            status,
            200,
            f"MiniStack checks the signatures of root keys by itself now: see whether root_key.py is needed. {body}",
        )


if __name__ == "__main__":
    unittest.main()
