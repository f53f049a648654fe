import asyncio
import json
import unittest
from xml.etree import ElementTree

import emulator
from ministack.services import apigateway, cloudwatch, secretsmanager

ALARM = {
    "Action": ["PutMetricAlarm"],
    "AlarmName": ["slow <99%>"],
    "MetricName": ["Latency"],
    "Namespace": ["AWS/ApiGateway"],
    "ExtendedStatistic": ["p99"],
    "Period": ["300"],
    "EvaluationPeriods": ["2"],
    "Threshold": ["1500"],
    "ComparisonOperator": ["GreaterThanThreshold"],
    "TreatMissingData": ["notBreaching"],
    "ActionsEnabled": ["true"],
    "Dimensions.member.1.Name": ["ApiId"],
    "Dimensions.member.1.Value": ["a1b2"],
    "AlarmActions.member.1": ["arn:aws:sns:us-east-1:000000000000:alarms"],
}


def call(params):
    status, _, body = asyncio.run(cloudwatch.handle_request("POST", "/", {}, b"", params))
    return status, ElementTree.fromstring(body)


def texts(root, name):
    return [element.text for element in root.iterfind(f".//{{{emulator.NAMESPACE}}}{name}")]


class DescribeAlarms(unittest.TestCase):
    def setUp(self):
        cloudwatch._describe_alarms = emulator.describe_alarms
        call(ALARM)

    def tearDown(self):
        call({"Action": ["DeleteAlarms"], "AlarmNames.member.1": ALARM["AlarmName"]})
        cloudwatch._describe_alarms = emulator.describe_alarms_of_ministack

    def test_has_every_setting_of_the_alarm(self):
        status, response = call({"Action": ["DescribeAlarms"], "AlarmNames.member.1": ALARM["AlarmName"]})
        self.assertEqual(status, 200)
        for name in ("AlarmName", "MetricName", "ExtendedStatistic", "Period", "TreatMissingData"):
            self.assertEqual(texts(response, name), ALARM[name], name)
        self.assertEqual(texts(response, "Name") + texts(response, "Value"), ["ApiId", "a1b2"])
        self.assertEqual(texts(response, "AlarmActions/{%s}member" % emulator.NAMESPACE), ALARM["AlarmActions.member.1"])
        self.assertEqual(texts(response, "ActionsEnabled"), ["true"])
        self.assertEqual(texts(response, "Statistic"), [])

    def test_has_no_period_of_its_own_for_an_alarm_on_an_expression(self):
        rate = {
            "Action": ["PutMetricAlarm"],
            "AlarmName": ["rate"],
            "EvaluationPeriods": ["2"],
            "Threshold": ["1"],
            "ComparisonOperator": ["GreaterThanThreshold"],
            "Metrics.member.1.Id": ["rate"],
            "Metrics.member.1.Expression": ["100 * errors"],
        }
        call(rate)
        _, response = call({"Action": ["DescribeAlarms"], "AlarmNames.member.1": rate["AlarmName"]})
        self.assertEqual(texts(response, "AlarmName"), rate["AlarmName"])
        self.assertEqual(texts(response, "Period") + texts(response, "Statistic"), [])
        call({"Action": ["DeleteAlarms"], "AlarmNames.member.1": rate["AlarmName"]})

    def test_keeps_the_period_of_a_metric_within_an_expression(self):
        cloudwatch._alarms[ALARM["AlarmName"][0]]["Metrics"] = [{"Id": "errors", "MetricStat": {"Period": 60}}]
        cloudwatch._alarms[ALARM["AlarmName"][0]]["MetricName"] = None
        _, response = call({"Action": ["DescribeAlarms"], "AlarmNames.member.1": ALARM["AlarmName"]})
        self.assertEqual(texts(response, "Period"), ["60"])

    def test_responds_only_for_the_alarms_asked_for(self):
        _, response = call({"Action": ["DescribeAlarms"], "AlarmNames.member.1": ["another"]})
        self.assertEqual(texts(response, "AlarmName"), [])

    def test_leaves_errors_as_they_are(self):
        status, _, body = asyncio.run(
            cloudwatch.handle_request(
                "POST", "/", {}, b"", {"Action": ["DescribeAlarms"], "MaxRecords": ["101"]}
            )
        )
        self.assertEqual(status, 400)
        self.assertIn(b"<Code>ValidationError</Code>", body)


def call_secrets(action, **data):
    headers = {"x-amz-target": f"secretsmanager.{action}"}
    status, _, body = asyncio.run(
        secretsmanager.handle_request("POST", "/", headers, json.dumps(data).encode(), {})
    )
    return status, json.loads(body)


class PutSecretValue(unittest.TestCase):
    labels = ["AWSCURRENT", "first"]

    def setUp(self):
        call_secrets("CreateSecret", Name="key")

    def tearDown(self):
        secretsmanager._put_secret_value = emulator.put_secret_value_of_ministack
        call_secrets("DeleteSecret", SecretId="key", ForceDeleteWithoutRecovery=True)

    def labels_after_two_rotations(self):
        _, first = call_secrets("PutSecretValue", SecretId="key", SecretString="1", VersionStages=self.labels)
        call_secrets("PutSecretValue", SecretId="key", SecretString="2")
        call_secrets("PutSecretValue", SecretId="key", SecretString="3")
        _, secret = call_secrets("DescribeSecret", SecretId="key")
        return secret["VersionIdsToStages"].get(first["VersionId"])

    def test_keeps_a_version_with_a_label_of_its_own(self):
        secretsmanager._put_secret_value = emulator.put_secret_value
        self.assertEqual(self.labels_after_two_rotations(), ["first"])

    def test_leaves_errors_as_they_are(self):
        secretsmanager._put_secret_value = emulator.put_secret_value
        status, response = call_secrets("PutSecretValue", SecretId="none", SecretString="1", VersionStages=self.labels)
        self.assertEqual((status, response["__type"]), (400, "ResourceNotFoundException"))

    def test_ministack_itself_still_drops_the_label(self):
        self.assertIsNone(
            self.labels_after_two_rotations(),
            "MiniStack keeps the label by itself now: delete put_secret_value from emulator.py",
        )


class TagsOfApis(unittest.TestCase):
    def setUp(self):
        apigateway._tag_resource = emulator.tag_resource
        apigateway._untag_resource = emulator.untag_resource
        self.api_id = request("POST", "/v2/apis", name="api", tags={"Team": "a", "Old": "1"})["apiId"]
        request("POST", f"/v2/apis/{self.api_id}/stages", stageName="v1", tags={"Team": "a"})

    def change_tags(self, path):
        arn = f"arn:aws:apigateway:us-east-1::{path}"
        request("POST", f"/v2/tags/{arn}", tags={"Team": "b", "New": "2"})
        request("DELETE", f"/v2/tags/{arn}", {"tagKeys": ["Old"]})
        return request("GET", f"/v2{path}")["tags"]

    def test_an_api_is_shown_with_its_current_tags(self):
        self.assertEqual(self.change_tags(f"/apis/{self.api_id}"), {"Team": "b", "New": "2"})

    def test_a_stage_is_shown_with_its_current_tags(self):
        self.assertEqual(self.change_tags(f"/apis/{self.api_id}/stages/v1"), {"Team": "b", "New": "2"})

    def test_ministack_itself_still_shows_those_of_the_creation(self):
        apigateway._tag_resource = emulator.tag_resource_of_ministack
        apigateway._untag_resource = emulator.untag_resource_of_ministack
        self.assertEqual(
            self.change_tags(f"/apis/{self.api_id}"),
            {"Team": "a", "Old": "1"},
            "MiniStack shows current tags by itself now: delete tag_resource from emulator.py",
        )


def request(method, path, query=None, **body):
    data = json.dumps(body).encode()
    _, _, response = asyncio.run(apigateway.handle_request(method, path, {}, data, query or {}))
    return json.loads(response) if response else None


class MiniStack(unittest.TestCase):
    def test_still_leaves_out_the_period(self):
        plain = {**ALARM, "AlarmName": ["plain"]}
        call(plain)
        _, response = call({"Action": ["DescribeAlarms"], "AlarmNames.member.1": plain["AlarmName"]})
        self.assertEqual(
            texts(response, "Period"),
            [],
            "MiniStack's own response is complete now: delete describe_alarms from emulator.py",
        )


if __name__ == "__main__":
    unittest.main()
