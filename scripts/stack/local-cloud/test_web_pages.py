import asyncio
import logging
import unittest

import web_pages

logging.getLogger("postern").setLevel(logging.ERROR)
SECRET = "the-secret"
API = "/_aws/execute-api/a1b2/v1/users"


def send(path="/", method="POST", kind="http", **headers):
    """The status of a request through the guard: 200 from the application behind it."""
    return asyncio.run(respond(path, method, kind, {"host": "127.0.0.1:4566", **headers}))[0]


async def respond(path, method, kind, headers):
    sent = []

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "method": method,
        "headers": [
            (name.replace("_", "-").encode(), text.encode())
            for name, value in headers.items()
            for text in (value if isinstance(value, list) else [value])
        ],
    }
    await web_pages.guarded(app, SECRET)(scope, receive, send)
    return sent[0].get("status", sent[0].get("code")), sent[0].get("headers")


class Host(unittest.TestCase):
    def test_of_this_machine_passes(self):
        for host in ("127.0.0.1:4566", "localhost:4566", "LOCALHOST", "[::1]:4566", "127.0.0.2",
                     "a1b2.execute-api.localhost:4566", "bucket.s3.us-east-1.localhost:4566"):
            self.assertEqual(send(host=host), 200, host)

    def test_of_another_name_is_refused_on_every_path(self):
        for host in ("evil.example:4566", "127.0.0.1.evil.example", "localhost.evil.example", "evillocalhost",
                     "10.0.0.1:4566", "0.0.0.0:4566", "127.1", "2130706433", "", "127.0.0.1:x", "127.0.0.1@evil.example"):
            for path in ("/", API, "/_ministack/reset"):
                self.assertEqual(send(path, host=host), 403, f"{host} {path}")

    def test_that_is_missing_or_repeated_is_refused(self):
        self.assertEqual(send(host=[]), 403)
        self.assertEqual(send(host=["127.0.0.1:4566", "evil.example"]), 403)


class WebPage(unittest.TestCase):
    marks = [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:4566"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "same-origin"},
    ]

    def test_is_refused_wherever_AWS_or_the_emulator_itself_is_called(self):
        for path in ("/", "/2015-03-31/functions", "/bucket/key", "/_ministack/reset", "/_aws/lambda-url/a1b2/",
                     "/_aws/execute-api/", "/_aws/execute-api/a1b2", "/_aws/execute-api//v1/users"):
            for mark in self.marks:
                self.assertEqual(send(path, authorization=f"Bearer {SECRET}", **mark), 403, f"{path} {mark}")

    def test_may_call_the_deployed_api(self):
        for mark in self.marks:
            self.assertEqual(send(API, **mark), 200, str(mark))
        self.assertEqual(send(API, "OPTIONS", origin="http://evil.example"), 200)

    def test_may_not_reach_another_service_by_a_name_under_localhost(self):
        for host in ("bucket.s3.localhost:4566", "a1b2.execute-api.localhost:4566"):
            self.assertEqual(send(API, host=host, origin="http://evil.example"), 403, host)

    def test_gets_no_permission_by_a_preflight(self):
        status, headers = asyncio.run(
            respond("/", "OPTIONS", "http", {"host": "127.0.0.1:4566", "origin": "http://evil.example"})
        )
        self.assertEqual(status, 403)
        self.assertEqual([name for name, _ in headers if name.startswith(b"access-control")], [])

    def test_may_not_open_a_websocket_but_to_the_deployed_api(self):
        self.assertEqual(send(kind="websocket", origin="http://evil.example"), 1008)
        self.assertEqual(send(API, kind="websocket", origin="http://evil.example"), 200)

    def test_that_a_user_typed_the_address_of_is_shown(self):
        self.assertEqual(send("/", "GET", sec_fetch_site="none"), 200)


class Control(unittest.TestCase):
    def test_of_the_emulator_needs_the_secret(self):
        for path in ("/_ministack/reset", "/_ministack/health", "/_localstack/health"):
            self.assertEqual(send(path), 403, path)
            self.assertEqual(send(path, authorization="Bearer another"), 403, path)
            self.assertEqual(send(path, authorization=f"Bearer {SECRET}"), 200, path)

    def test_over_a_name_under_localhost_needs_it_as_well(self):
        self.assertEqual(send("/_ministack/reset", host="a1b2.execute-api.localhost:4566"), 403)


if __name__ == "__main__":
    unittest.main()
