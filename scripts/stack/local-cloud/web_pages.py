"""Keeps the local cloud from the web pages that the browser of the same machine shows.

A page of any site can send requests to 127.0.0.1. Browsers name the page's site in `Origin` or `Sec-Fetch-Site`
(Fetch Metadata), and a name that an attacker lets resolve to 127.0.0.1 (DNS rebinding) is in `Host`.
"""

import hmac
import ipaddress
import logging
import re

logger = logging.getLogger("postern")

HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[0-9a-z._-]+))(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
# The API under test: for browsers, too. An API id and a stage, or MiniStack takes the request for one to AWS.
API_PATH = re.compile(r"/_aws/execute-api/[^/]+/")
CONTROL_PATHS = ("/_ministack/", "/_localstack/")


def guarded(app, secret):
    """The ASGI application, with every request refused that is a web page's, or a control request without the secret."""

    async def guard(scope, receive, send):
        reason = refusal(scope, secret) if scope["type"] in ("http", "websocket") else None
        if reason is None:
            return await app(scope, receive, send)
        logger.warning("refused %s %r: %s", scope.get("method", scope["type"]), scope["path"], reason)
        await refuse(scope, receive, send, reason)

    return guard


def refusal(scope, secret):
    hosts = values(scope, "host")
    host = hostname(hosts[0]) if len(hosts) == 1 else None
    if host is None or not is_loopback(host):
        return "the Host is not this machine's. Use http://127.0.0.1 with the port"
    # A name under localhost may lead MiniStack to another service than the path does.
    if not host.endswith(".localhost") and API_PATH.match(scope["path"]):
        return None
    if values(scope, "origin") or any(site != "none" for site in values(scope, "sec-fetch-site")):
        return "web pages may call the deployed API only (/_aws/execute-api/)"
    if scope["path"].startswith(CONTROL_PATHS) and not has_secret(scope, secret):
        return "the stack's secret is missing (Authorization: Bearer …)"
    return None


def values(scope, name):
    return [value.decode("latin-1") for key, value in scope["headers"] if key.decode("latin-1").lower() == name]


def hostname(host):
    found = HOST.fullmatch(host)
    return (found["v6"] or found["name"]).lower() if found else None


def is_loopback(host):
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def has_secret(scope, secret):
    return any(
        hmac.compare_digest(value.encode("latin-1"), f"Bearer {secret}".encode())
        for value in values(scope, "authorization")
    )


async def refuse(scope, receive, send, reason):
    if scope["type"] == "websocket":
        await receive()
        return await send({"type": "websocket.close", "code": 1008})
    body = f"Refused: {reason}.\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
