"""CloudWatch's alarms and GetMetricData as AWS has them: by dimensions, by period, with metric math."""

import re
import time

import metric_math
from ministack.services import cloudwatch

put_metric_data_of_ministack = cloudwatch._put_metric_data
put_metric_alarm_of_ministack = cloudwatch._put_metric_alarm

COMPARED = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def put_metric_data(params, data, is_cbor, is_json=False):
    """MiniStack judges alarms at each put, by the clock. Here the newest timestamp put is the moment, so that a
    test can put hours in a second; for what was just measured the two are the same."""
    response = put_metric_data_of_ministack(params, data, is_cbor, is_json)
    moment = max(timestamps_of(params, data), default=time.time())
    for alarm in list(cloudwatch._alarms.values()):
        judge(alarm, moment)
    return response


def timestamps_of(params, data):
    for datum in (data or {}).get("MetricData", []):
        yield cloudwatch._parse_ts(datum.get("Timestamp")) or time.time()
    for name in params:
        if re.fullmatch(r"MetricData\.member\.\d+\.Timestamp", name):
            yield cloudwatch._parse_ts(cloudwatch._p(params, name))


def put_metric_alarm(params, data, is_cbor, is_json=False):
    """MiniStack forgets the queries of an alarm on an expression."""
    response = put_metric_alarm_of_ministack(params, data, is_cbor, is_json)
    name = data.get("AlarmName") if data else cloudwatch._p(params, "AlarmName")
    queries = (data.get("Metrics") if data else None) or nested(params, "Metrics")
    if response[0] == 200 and queries:
        cloudwatch._alarms[name]["Metrics"] = [typed(query) for query in queries]
    return response


def nested(params, name):
    """`Metrics.member.1.MetricStat.Period` and its like, as the JSON protocol has them."""
    tree = {}
    for path, values in params.items():
        if path.startswith(f"{name}."):
            *folders, leaf = path.split(".")
            node = tree
            for folder in folders:
                node = node.setdefault(folder, {})
            node[leaf] = values[0] if isinstance(values, list) else values
    return listed(tree).get(name, [])


def listed(node):
    if not isinstance(node, dict):
        return node
    if "member" in node:
        return [listed(item) for _, item in sorted(node["member"].items(), key=lambda entry: int(entry[0]))]
    return {name: listed(child) for name, child in node.items()}


def typed(query):
    stat = query.get("MetricStat")
    return {
        **query,
        "ReturnData": str(query.get("ReturnData", True)).lower() == "true",
        **({"MetricStat": {**stat, "Period": int(stat["Period"])}} if stat else {}),
    }


def queries_of(alarm):
    if alarm.get("Metrics"):
        return alarm["Metrics"]
    metric = {name: alarm.get(name) for name in ("Namespace", "MetricName", "Dimensions")}
    stat = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    return [{"Id": "value", "ReturnData": True, "MetricStat": {"Metric": metric, "Period": alarm["Period"], "Stat": stat}}]


def judge(alarm, moment):
    """M of the N latest periods over the threshold, those without data as TreatMissingData says."""
    queries = queries_of(alarm)
    period = next(query["MetricStat"]["Period"] for query in queries if query.get("MetricStat"))
    count = alarm["EvaluationPeriods"]
    # Judged each minute, over the periods that end with it.
    end = (moment // 60 + 1) * 60
    evaluation = metric_math.Evaluation(queries, end - period * count, end, origin=end)
    judged = next(query["Id"] for query in queries if query["ReturnData"])
    values = list(evaluation.of(judged).values())
    missing = count - len(values)
    treatment = alarm.get("TreatMissingData") or "missing"
    if not values and treatment in ("missing", "ignore"):
        if treatment == "missing":
            change(alarm, "INSUFFICIENT_DATA", "no data")
        return
    over = [value for value in values if COMPARED[alarm["ComparisonOperator"]](value, alarm["Threshold"])]
    breaching = len(over) + (missing if treatment == "breaching" else 0)
    is_alarm = breaching >= alarm.get("DatapointsToAlarm", count)
    change(
        alarm,
        "ALARM" if is_alarm else "OK",
        f"Threshold Crossed: {breaching} of {count} periods: {values} {alarm['ComparisonOperator']} {alarm['Threshold']}",
    )


def change(alarm, state, reason):
    earlier = alarm["StateValue"]
    if state == earlier:
        return
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(alarm["AlarmName"], earlier, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, earlier, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def get_metric_data(params, data, is_cbor, is_json=False):
    """MiniStack does not support expressions."""
    queries = [typed(query) for query in (data or {}).get("MetricDataQueries") or nested(params, "MetricDataQueries")]
    start, end = [
        cloudwatch._parse_ts((data or {}).get(name) or cloudwatch._p(params, name)) for name in ("StartTime", "EndTime")
    ]
    evaluation = metric_math.Evaluation(queries, start, end)
    results = [result for query in queries if query["ReturnData"] for result in results_of(evaluation, query)]
    if is_cbor:
        return cloudwatch._cbor_ok({"MetricDataResults": [cloudwatch._cbor_metric_data_result(one) for one in results]})
    if is_json:
        return cloudwatch._json_ok({"MetricDataResults": results})
    return cloudwatch._error("InvalidAction", "GetMetricData is in JSON and CBOR here", 400)


def results_of(evaluation, query):
    value = evaluation.of(query["Id"])
    if not isinstance(value, (list, metric_math.Series)):
        value = metric_math.Series({evaluation.start: value})
    for series in value if isinstance(value, list) else [value]:
        yield {
            "Id": query["Id"],
            "Label": label_of(query, series),
            "StatusCode": "Complete",
            "Timestamps": [cloudwatch._ts_iso(at) for at in series],
            "Values": list(series.values()),
        }


def label_of(query, series):
    dimensions = series.dimensions
    label = query.get("Label") or " ".join(dimensions.values()) or query["Id"]
    return re.sub(r"\$\{PROP\('Dim\.(\w+)'\)\}", lambda found: dimensions.get(found[1], ""), label)


def install():
    cloudwatch._put_metric_data = put_metric_data
    cloudwatch._put_metric_alarm = put_metric_alarm
    cloudwatch._get_metric_data = get_metric_data
    cloudwatch._evaluate_all_alarms = lambda: None
    cloudwatch._evaluate_alarm = lambda alarm: None
