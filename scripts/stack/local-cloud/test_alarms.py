import asyncio
import json
import time
import unittest

import alarms
from ministack.services import cloudwatch

MINUTE = 60
# The start of a minute, some hours ago.
BEGIN = (time.time() // 3600 - 5) * 3600


def call(action, **data):
    headers = {"x-amz-target": f"GraniteServiceVersion20100801.{action}"}
    status, _, body = asyncio.run(cloudwatch.handle_request("POST", "/", headers, json.dumps(data).encode(), {}))
    assert status == 200, body
    return json.loads(body or b"{}")


def put(name, minute, values, **dimensions):
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    datum = {"MetricName": name, "Timestamp": BEGIN + minute * MINUTE, "Dimensions": named, "Values": values}
    call("PutMetricData", Namespace="Test", MetricData=[datum])


def alarm(name="alarm", **settings):
    call(
        "PutMetricAlarm",
        **{
            "AlarmName": name,
            "Namespace": "Test",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "Service", "Value": "a"}],
            "Statistic": "Sum",
            "Period": MINUTE,
            "EvaluationPeriods": 5,
            "DatapointsToAlarm": 3,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            **settings,
        },
    )


def state(name="alarm"):
    return cloudwatch._alarms[name]["StateValue"]


def read(*queries, minutes=10):
    response = call(
        "GetMetricData", MetricDataQueries=list(queries), StartTime=BEGIN, EndTime=BEGIN + minutes * MINUTE
    )
    return [(result["Label"], result["Values"]) for result in response["MetricDataResults"]]


def metric(query_id, name, stat="Sum", **dimensions):
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    stated = {"Metric": {"Namespace": "Test", "MetricName": name, "Dimensions": named}, "Period": MINUTE, "Stat": stat}
    return {"Id": query_id, "MetricStat": stated, "ReturnData": False}


class WithMetrics(unittest.TestCase):
    def setUp(self):
        self.original = {name: getattr(cloudwatch, name) for name in dir(cloudwatch) if name.startswith("_")}
        cloudwatch.reset()
        alarms.install()

    def tearDown(self):
        cloudwatch.reset()
        for name in ("_put_metric_data", "_put_metric_alarm", "_get_metric_data", "_evaluate_all_alarms", "_evaluate_alarm"):
            setattr(cloudwatch, name, self.original[name])


class Alarms(WithMetrics):
    def test_goes_off_at_the_third_bad_minute_of_five_and_ends_when_they_are_over(self):
        alarm()
        states = []
        for minute, errors in enumerate([0, 1, 1, 1, 0, 0, 0]):
            put("Errors", minute, [errors], Service="a")
            states.append(state())
        self.assertEqual(states, ["OK", "OK", "OK", "ALARM", "ALARM", "ALARM", "OK"])

    def test_hears_only_the_metric_with_its_dimensions(self):
        alarm()
        for minute in range(5):
            put("Errors", minute, [1], Service="b")
            put("Errors", minute, [1], Service="a", Zone="1")
        self.assertEqual(state(), "OK")

    def test_takes_minutes_without_data_as_it_is_told(self):
        for treatment, expected in {"notBreaching": "OK", "breaching": "ALARM", "missing": "INSUFFICIENT_DATA"}.items():
            alarm(treatment, TreatMissingData=treatment)
        put("Errors", 20, [1], Service="b")
        for treatment, expected in {"notBreaching": "OK", "breaching": "ALARM", "missing": "INSUFFICIENT_DATA"}.items():
            self.assertEqual(state(treatment), expected, treatment)

    def test_judges_an_expression(self):
        share = {"Id": "share", "Expression": "IF(all >= 20, 100 * bad / all, 0)", "ReturnData": True}
        queries = [share, metric("bad", "Errors", Service="a"), metric("all", "Requests", Service="a")]
        unset = {"Namespace": None, "MetricName": None, "Statistic": None, "Dimensions": []}
        alarm(**unset, Metrics=queries, Threshold=10, EvaluationPeriods=1, DatapointsToAlarm=1)
        for requests, errors, expected in [(19, 19, "OK"), (100, 10, "OK"), (100, 11, "ALARM"), (100, 0, "OK")]:
            minute = requests + errors
            put("Errors", minute, [errors], Service="a")
            put("Requests", minute, [requests], Service="a")
            self.assertEqual(state(), expected, (requests, errors))

    def test_keeps_the_queries_that_the_query_protocol_brings(self):
        params = {
            "Action": ["PutMetricAlarm"],
            "AlarmName": ["share"],
            "EvaluationPeriods": ["1"],
            "Threshold": ["1"],
            "ComparisonOperator": ["GreaterThanThreshold"],
            "Metrics.member.1.Id": ["share"],
            "Metrics.member.1.Expression": ["100 * bad"],
            "Metrics.member.2.Id": ["bad"],
            "Metrics.member.2.ReturnData": ["false"],
            "Metrics.member.2.MetricStat.Period": ["60"],
            "Metrics.member.2.MetricStat.Stat": ["Sum"],
            "Metrics.member.2.MetricStat.Metric.Namespace": ["Test"],
            "Metrics.member.2.MetricStat.Metric.MetricName": ["Errors"],
            "Metrics.member.2.MetricStat.Metric.Dimensions.member.1.Name": ["Service"],
            "Metrics.member.2.MetricStat.Metric.Dimensions.member.1.Value": ["a"],
        }
        asyncio.run(cloudwatch.handle_request("POST", "/", {}, b"", params))
        self.assertEqual(
            cloudwatch._alarms["share"]["Metrics"],
            [{"Id": "share", "Expression": "100 * bad", "ReturnData": True}, metric("bad", "Errors", Service="a")],
        )


class GetMetricData(WithMetrics):
    def test_finds_every_metric_that_a_search_names(self):
        for route in ("GET /a", "GET /b"):
            put("Latency", 0, [10, 20], Environment="local", Route=route)
        put("Latency", 0, [99], Environment="prod", Route="GET /c")
        put("Latency", 0, [99], Environment="local")
        words = '{Test,Environment,Route} MetricName="Latency" Environment="local"'
        search = {"Id": "q", "Expression": f"SEARCH('{words}', 'Maximum', 60)", "Label": "${PROP('Dim.Route')} max"}
        self.assertEqual(read(search), [("GET /a max", [20]), ("GET /b max", [20])])

    def test_computes_a_share_where_both_have_values(self):
        for minute in (0, 1, 3):
            put("Requests", minute, [10], Service="a")
        put("Errors", 0, [1], Service="a")
        put("Errors", 3, [5], Service="a")
        queries = [metric("bad", "Errors", Service="a"), metric("all", "Requests", Service="a")]
        for expression, expected in {
            "100 * bad / all": [10, 50],
            "100 * FILL(bad, 0) / all": [10, 0, 50],
            "100 - 100 * RUNNING_SUM(bad) / SUM(all)": [100 - 100 / 30, 80],
            "SUM(all) - 1": [29],
            "all * 3600 / PERIOD(all)": [600, 600, 600],
            "IF(all > 0, -MAX(bad), 1)": [-5, -5, -5],
            "IF(RUNNING_SUM(FILL(all, 0)) < 20, 100, IF(bad > 2, -100, bad))": [100, -100],
        }.items():
            asked = {"Id": "q", "Expression": expression, "Label": "share"}
            self.assertEqual(read(asked, *queries), [("share", expected)], expression)

    def test_knows_which_share_of_the_values_is_within_a_bound(self):
        put("Latency", 0, [100, 200, 201, 900], Service="a")
        query = {**metric("q", "Latency", "PR(:200)", Service="a"), "ReturnData": True}
        self.assertEqual(read(query), [("q", [50])])
