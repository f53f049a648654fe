import base64
import json
import unittest
from unittest.mock import patch

import iam_requests

ACCOUNT = "000000000000"


def action(method, path):
    return iam_requests.extract_iam_action("lambda", method, path, {}, b"", {})


def resource(service, body=b"", **params):
    return iam_requests.extract_resource_arn(service, "POST", "/", {}, body, params, "us-east-1", ACCOUNT)


class ActionsOnFunctions(unittest.TestCase):
    def test_one_alias_is_not_the_list_of_them(self):
        path = "/2015-03-31/functions/postern-dev/aliases"
        self.assertEqual(action("GET", path), "lambda:ListAliases")
        self.assertEqual(action("POST", path), "lambda:CreateAlias")
        self.assertEqual(action("GET", f"{path}/live"), "lambda:GetAlias")
        self.assertEqual(action("PUT", f"{path}/live"), "lambda:UpdateAlias")
        self.assertEqual(action("DELETE", f"{path}/live"), "lambda:DeleteAlias")

    def test_reading_a_concurrency_does_not_change_it(self):
        path = "/2019-09-30/functions/postern-dev/concurrency"
        self.assertEqual(action("GET", path), "lambda:GetFunctionConcurrency")
        self.assertEqual(action("PUT", path), "lambda:PutFunctionConcurrency")
        self.assertEqual(action("DELETE", path), "lambda:DeleteFunctionConcurrency")

    def test_others_are_as_they_were(self):
        self.assertEqual(action("GET", "/2015-03-31/functions/postern-dev"), "lambda:GetFunction")


class Resources(unittest.TestCase):
    def test_tags_are_those_of_what_they_are_on(self):
        arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/postern-dev-sessions"
        self.assertEqual(resource("dynamodb", b'{"ResourceArn": "%s"}' % arn.encode()), arn)
        alarm = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:postern-dev-breaker"
        self.assertEqual(resource("monitoring", ResourceARN=[alarm]), alarm)

    def test_a_function_to_be_made_has_its_name(self):
        body = b'{"FunctionName": "postern-dev"}'
        self.assertEqual(resource("lambda", body), f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:postern-dev")

    def test_an_alias_of_a_key_to_be_made_has_its_name(self):
        body = b'{"AliasName": "alias/postern-dev", "TargetKeyId": "k"}'
        self.assertEqual(resource("kms", body), f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/postern-dev")

    def test_alarms_and_dashboards_have_theirs(self):
        deleted = resource("monitoring", **{"AlarmNames.member.1": ["postern-dev-breaker"]})
        self.assertEqual(deleted, f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:postern-dev-breaker")
        dashboard = f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/postern-dev"
        self.assertEqual(resource("monitoring", DashboardName=["postern-dev"]), dashboard)
        self.assertEqual(resource("monitoring", **{"DashboardNames.member.1": ["postern-dev"]}), dashboard)

    def test_what_has_no_name_stays_nameless(self):
        self.assertEqual(resource("monitoring", Action=["DescribeAlarms"]), "*")


class Boundaries(unittest.TestCase):
    ARN = f"arn:aws:iam::{ACCOUNT}:policy/boundary"

    def context(self, roles=None, **params):
        with patch.object(iam_requests.iam, "_roles", roles or {}):
            return iam_requests.request_tag_context("iam", "iam:CreateRole", b"", params)

    def test_a_role_to_be_made_has_the_boundary_it_asks_for(self):
        self.assertEqual(self.context(PermissionsBoundary=[self.ARN])["iam:permissionsboundary"], self.ARN)
        self.assertNotIn("iam:permissionsboundary", self.context(RoleName=["postern-dev"]))

    def test_a_role_that_is_changed_has_its_own(self):
        roles = {"postern-dev": {"PermissionsBoundary": self.ARN}, "bare": {"PermissionsBoundary": None}}
        self.assertEqual(self.context(roles, RoleName=["postern-dev"])["iam:permissionsboundary"], self.ARN)
        self.assertNotIn("iam:permissionsboundary", self.context(roles, RoleName=["bare"]))


class ResourceTags(unittest.TestCase):
    def test_an_api_and_all_its_parts_have_its_tags(self):
        with patch.object(iam_requests.apigateway, "_apis", {"a1": {"tags": {"Environment": "prod"}}}):
            for path in ("/apis/a1", "/apis/a1/routes/r1"):
                tags = iam_requests.resource_tags(f"arn:aws:apigateway:us-east-1::{path}")
                self.assertEqual(tags, {"Environment": "prod"})
            self.assertIsNone(iam_requests.resource_tags("arn:aws:apigateway:us-east-1::/apis/a2"))
            self.assertIsNone(iam_requests.resource_tags("arn:aws:apigateway:us-east-1::/apis"))


class WebIdentities(unittest.TestCase):
    def keys(self, **claims):
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
        return iam_requests.web_identity_principal(".".join([*parts, ""]), None, f"arn:aws:iam::{ACCOUNT}:role/deploy")[1]

    def test_githubs_tokens_have_the_ids_of_their_repository(self):
        github = "token.actions.githubusercontent.com"
        keys = self.keys(iss=f"https://{github}", sub="repo:a/b:pull_request", repository_id="7")
        self.assertEqual(keys, {f"{github}:sub": "repo:a/b:pull_request", f"{github}:repository_id": "7"})

    def test_other_tokens_have_no_more_than_before(self):
        self.assertEqual(self.keys(iss="https://example.com", sub="a", repository_id="7"), {"example.com:sub": "a"})


if __name__ == "__main__":
    unittest.main()
