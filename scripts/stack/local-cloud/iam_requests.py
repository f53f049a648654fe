"""What a request does and to what, where MiniStack names it wrongly to IAM: a policy as AWS wants it would never match."""

import re

from ministack.core import iam_actions
from ministack.services import apigateway, cognito, iam, sts, tagging

action_of_ministack = iam_actions.extract_iam_action
resource_of_ministack = iam_actions.extract_resource_arn
tags_of_ministack = iam_actions.request_tag_context
resource_tags_of_ministack = tagging.resource_tags
identity_of_ministack = sts._web_identity_principal

# MiniStack takes one of a function's aliases for the list of them, and any call about concurrency for a change.
ALIAS_OR_CONCURRENCY = re.compile(r"/functions/[^/]+/(?:(aliases)/[^/]+|(concurrency))/?$")
API = re.compile(r":apigateway:[^:]*::/apis/([^/]+)")
FUNCTION_ACTIONS = {
    ("aliases", "GET"): "lambda:GetAlias",
    ("aliases", "PUT"): "lambda:UpdateAlias",
    ("aliases", "DELETE"): "lambda:DeleteAlias",
    ("concurrency", "GET"): "lambda:GetFunctionConcurrency",
    ("concurrency", "PUT"): "lambda:PutFunctionConcurrency",
    ("concurrency", "DELETE"): "lambda:DeleteFunctionConcurrency",
}


def extract_iam_action(service, method, path, headers, body, params):
    if service == "lambda" and (found := ALIAS_OR_CONCURRENCY.search(path)):
        if action := FUNCTION_ACTIONS.get((found[1] or found[2], method)):
            return action
    return action_of_ministack(service, method, path, headers, body, params)


def extract_resource_arn(service, method, path, headers, body, params, region, account_id):
    """MiniStack reads no tagged resource's name, not those of a function or a KMS alias to be made, and of CloudWatch only
    an alarm that is put."""
    arn = resource_of_ministack(service, method, path, headers, body, params, region, account_id)
    if arn != "*":
        return arn
    if tagged := iam_actions._param(body, params, "ResourceArn", "ResourceARN"):
        return tagged
    if service == "lambda" and (function := iam_actions._param(body, params, "FunctionName")):
        return f"arn:aws:lambda:{region}:{account_id}:function:{function}"
    if service == "kms" and (alias := iam_actions._param(body, params, "AliasName")):
        return f"arn:aws:kms:{region}:{account_id}:{alias}"
    if service == "monitoring":
        if alarm := iam_actions._param(body, params, "AlarmNames.member.1"):
            return f"arn:aws:cloudwatch:{region}:{account_id}:alarm:{alarm}"
        if dashboard := iam_actions._param(body, params, "DashboardName", "DashboardNames.member.1"):
            return f"arn:aws:cloudwatch::{account_id}:dashboard/{dashboard}"
    return arn


def request_tag_context(service, iam_action, body, params):
    """With the boundary of the role that is made or changed, which MiniStack leaves out."""
    context = tags_of_ministack(service, iam_action, body, params)
    if service != "iam":
        return context
    role = iam._roles.get(iam_actions._query_param(params, "RoleName")) or {}
    boundary = iam_actions._query_param(params, "PermissionsBoundary") or role.get("PermissionsBoundary")
    return {**context, "iam:permissionsboundary": boundary} if boundary else context


def web_identity_principal(token, provider_id, role_arn):
    """With the additional claims of GitHub's tokens that AWS supports and MiniStack ignores."""
    principal, keys = identity_of_ministack(token, provider_id, role_arn)
    github = "token.actions.githubusercontent.com"
    if f"{github}:sub" not in keys:
        return principal, keys
    claims = cognito._decode_id_token_unverified(token)
    more = {f"{github}:{name}": claims[name] for name in ("repository_id", "repository_owner_id") if name in claims}
    return principal, {**keys, **more}


def resource_tags(arn):
    """With those of an API, which MiniStack keeps and does not show to a policy. AWS has them for all parts of it."""
    if found := API.search(arn):
        return (apigateway._apis.get(found[1]) or {}).get("tags")
    return resource_tags_of_ministack(arn)


def install():
    tagging.resource_tags = resource_tags
    sts._web_identity_principal = web_identity_principal
    iam_actions.extract_iam_action = extract_iam_action
    iam_actions.extract_resource_arn = extract_resource_arn
    iam_actions.request_tag_context = request_tag_context
