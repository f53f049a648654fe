"""MiniStack behind a guard against web pages and with the stack's own root key, with alarms evaluated as by AWS, IAM permissions as required by AWS, the names of functions' errors, every label of a secret's version, the current tags of APIs, and tables' points in time."""

import json
import os
from datetime import datetime, timezone
from xml.etree import ElementTree

import alarms
import function_errors
import iam_requests
import point_in_time
import root_key
import web_pages
from ministack.services import apigateway, cloudwatch, secretsmanager

NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/"

describe_alarms_of_ministack = cloudwatch._describe_alarms
put_secret_value_of_ministack = secretsmanager._put_secret_value
tag_resource_of_ministack = apigateway._tag_resource
untag_resource_of_ministack = apigateway._untag_resource


def describe_alarms(params, data, is_cbor, is_json=False):
    """MiniStack's XML lacks an alarm's period, dimensions, actions and more; its JSON has them all.

    Terraform's AWS provider 5 reads the XML: without them every plan wants to change every alarm.
    """
    if is_cbor or is_json:
        return describe_alarms_of_ministack(params, data, is_cbor, is_json)
    status, headers, body = describe_alarms_of_ministack({}, as_json(params), False, True)
    if status != 200:
        return describe_alarms_of_ministack(params, data, False, False)
    root = ElementTree.Element("DescribeAlarmsResponse", xmlns=NAMESPACE)
    append(root, "DescribeAlarmsResult", json.loads(body))
    return status, {"Content-Type": "application/xml"}, ElementTree.tostring(root, "utf-8")


def as_json(params):
    """A form-encoded request (`AlarmNames.member.1`) in the shape of the JSON protocol."""
    data = {}
    for name, values in params.items():
        value = values[0] if isinstance(values, list) else values
        field, is_list, _ = name.partition(".member.")
        if is_list:
            data.setdefault(field, []).append(value)
        else:
            data[field] = value
    return data


def append(parent, name, value):
    if value is None:
        return
    element = ElementTree.SubElement(parent, name)
    if isinstance(value, list):
        for item in value:
            append(element, "member", item)
    elif isinstance(value, dict):
        unasked = unasked_fields(value)
        for field, item in value.items():
            if field not in unasked:
                append(element, field, item)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif name.endswith("Timestamp"):
        element.text = datetime.fromtimestamp(value, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        element.text = str(value)


def unasked_fields(alarm):
    """MiniStack notes "Average" and 60 seconds also where AWS has a percentile, or an expression and no metric."""
    if "AlarmName" not in alarm:
        return set()
    if not alarm.get("MetricName"):
        return {"Statistic", "Period"}
    return {"Statistic"} if alarm.get("ExtendedStatistic") else set()


def put_secret_value(data):
    """MiniStack attaches only AWSCURRENT, and ignores other labels of a version.

    Terraform's version of a secret has an additional label, so that rotations do not remove it.
    """
    status, headers, body = put_secret_value_of_ministack(data)
    if status != 200:
        return status, headers, body
    response = json.loads(body)
    labels = data.get("VersionStages") or response["VersionStages"]
    for label in sorted(set(labels) - set(response["VersionStages"])):
        secretsmanager._update_secret_version_stage(
            {"SecretId": data["SecretId"], "VersionStage": label, "MoveToVersionId": response["VersionId"]}
        )
    return status, headers, json.dumps({**response, "VersionStages": labels}).encode()


def tag_resource(resource_arn, data):
    """MiniStack shows an API or a stage with the tags of its creation.

    Terraform reads them there: after a change of tags, every plan wants the same change again.
    """
    return with_shown_tags(resource_arn, tag_resource_of_ministack(resource_arn, data))


def untag_resource(resource_arn, tag_keys):
    return with_shown_tags(resource_arn, untag_resource_of_ministack(resource_arn, tag_keys))


def with_shown_tags(resource_arn, response):
    kind, _, rest = resource_arn.partition("::/")[2].partition("/")
    if response[0] < 300 and kind == "apis":
        api_id, _, stage = rest.partition("/stages/")
        shown = apigateway._stages[api_id][stage] if stage else apigateway._apis[api_id]
        canonical_arn, _ = apigateway._validate_tag_resource_arn(resource_arn)
        shown["tags"] = dict(apigateway._api_tags.get(canonical_arn, {}))
    return response


if __name__ == "__main__":
    apigateway._tag_resource = tag_resource
    apigateway._untag_resource = untag_resource
    cloudwatch._describe_alarms = describe_alarms
    secretsmanager._put_secret_value = put_secret_value
    alarms.install()
    function_errors.install()
    iam_requests.install()
    point_in_time.install()
    # Functions inherit the environment, and have no business with the root's key.
    secret = os.environ.pop("LOCAL_SECRET")
    root_key.install(os.environ.pop("ROOT_KEY_ID"), secret, os.environ["MINISTACK_ACCOUNT_ID"])
    from ministack import app

    app.app = web_pages.guarded(app.app, secret)
    app.main()
    # It ended regularly and has saved its state: a remaining pid file means a crash.
    os.remove(os.environ["PID_FILE"])
