"""The same gateway in Python: FastAPI behind Mangum, with boto3, PyJWT and httpx."""

import base64
import hashlib
import json
import logging
import os
import sys
import time
from dataclasses import dataclass

import boto3
import httpx
import jwt
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from mangum import Mangum
from pythonjsonlogger.json import JsonFormatter

SESSION_TABLE = os.environ["SESSION_TABLE_NAME"]
RATELIMIT_TABLE = os.environ["RATELIMIT_TABLE_NAME"]
USERS_URL = os.environ["UPSTREAM_USERS_SERVICE_URL"]
PRODUCTS_URL = os.environ["UPSTREAM_PRODUCTS_SERVICE_URL"]
REQUESTS_PER_WINDOW = 500
WINDOW_SECONDS = 60
HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}

dynamodb = boto3.client("dynamodb")
upstream = httpx.AsyncClient()
app = FastAPI(openapi_url=None)

stream = logging.StreamHandler(sys.stdout)
stream.setFormatter(JsonFormatter())
access_log = logging.getLogger("access")
access_log.propagate = False
access_log.setLevel(logging.INFO)
access_log.addHandler(stream)


def fetch_signing_secret() -> bytes:
    secret = boto3.client("secretsmanager").get_secret_value(
        SecretId=os.environ["TOKEN_SIGNING_SECRET_ARN"]
    )
    key_set = json.loads(secret["SecretString"])
    active = next(key for key in key_set["keys"] if key["kid"] == key_set["active_kid"])
    return base64.urlsafe_b64decode(active["k"] + "=" * (-len(active["k"]) % 4))


signing_secret = fetch_signing_secret()


@dataclass
class Session:
    user_id: str
    roles: list[str]


async def signed_in(request: Request) -> Session:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        claims = jwt.decode(token, signing_secret, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Sign-in is required") from error
    item = dynamodb.get_item(
        TableName=SESSION_TABLE,
        Key={"session_id": {"S": hashlib.sha256(claims["sid"].encode()).hexdigest()}},
        ConsistentRead=True,
    ).get("Item")
    if item is None or int(item["ttl"]["N"]) <= time.time():
        raise HTTPException(401, "Sign-in is required")
    data = item["data"]["M"]
    session = Session(data["user_id"]["S"], [role["S"] for role in data["roles"]["L"]])
    request.state.session = session
    return session


async def within_limit(session: Session = Depends(signed_in)) -> Session:
    window = int(time.time()) // WINDOW_SECONDS
    counted = dynamodb.update_item(
        TableName=RATELIMIT_TABLE,
        Key={"rate_limit_key": {"S": f"member#{session.user_id}#{window}"}},
        UpdateExpression="SET hits = if_not_exists(hits, :zero) + :one, #ttl = :ttl",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues={
            ":zero": {"N": "0"},
            ":one": {"N": "1"},
            ":ttl": {"N": str((window + 2) * WINDOW_SECONDS)},
        },
        ReturnValues="UPDATED_NEW",
    )
    if int(counted["Attributes"]["hits"]["N"]) > REQUESTS_PER_WINDOW:
        raise HTTPException(429, "Too many requests")
    return session


@app.middleware("http")
async def log_access(request: Request, call_next):
    started_at = time.perf_counter()
    response = await call_next(request)
    session = getattr(request.state, "session", None)
    access_log.info(
        "request",
        extra={
            "correlation_id": request.scope["aws.event"]["requestContext"]["requestId"],
            "user_id": session.user_id if session else None,
            "method": request.method,
            "path": request.url.path,
            "status_code": response.status_code,
            "duration_ms": (time.perf_counter() - started_at) * 1000,
        },
    )
    return response


async def forward(request: Request, upstream_url: str, session: Session, role: str) -> Response:
    if role not in session.roles:
        raise HTTPException(403, "Not allowed")
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in HOP_BY_HOP and name not in ("host", "authorization")
    }
    headers["x-user-id"] = session.user_id
    headers["x-user-roles"] = ",".join(session.roles)
    headers["x-request-id"] = request.scope["aws.event"]["requestContext"]["requestId"]
    response = await upstream.request(
        request.method,
        upstream_url + request.url.path,
        params=request.url.query or None,
        headers=headers,
        content=await request.body(),
    )
    return Response(
        response.content,
        response.status_code,
        {name: value for name, value in response.headers.items() if name not in HOP_BY_HOP},
    )


@app.get("/api/v1/users/{user_id}")
async def read_user(request: Request, session: Session = Depends(within_limit)) -> Response:
    return await forward(request, USERS_URL, session, "user")


@app.get("/api/v1/products/{product_id}")
async def read_product(request: Request, session: Session = Depends(within_limit)) -> Response:
    return await forward(request, PRODUCTS_URL, session, "user")


@app.post("/api/v1/products")
async def create_product(request: Request, session: Session = Depends(within_limit)) -> Response:
    return await forward(request, PRODUCTS_URL, session, "admin")


@app.put("/api/v1/products/{product_id}/picture")
async def replace_picture(request: Request, session: Session = Depends(within_limit)) -> Response:
    return await forward(request, PRODUCTS_URL, session, "admin")


handler = Mangum(app, lifespan="off")
