"""Statistics, SEARCH and metric math over MiniStack's metrics, as far as this project's dashboard and alarms use them."""

import ast
import itertools
import operator
import re

from ministack.services import cloudwatch

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: None if b == 0 else a / b,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}


class Series(dict):
    """Values by the start of their period, in seconds."""

    def __init__(self, values, period=60, dimensions=None):
        super().__init__({at: value for at, value in sorted(values.items()) if value is not None})
        self.period = period
        self.dimensions = dimensions or {}

    def having(self, values):
        return Series(values, self.period, self.dimensions)


def statistic(points, name):
    """`Sum`, `p99` and their like; `PR(:200)` is the share of values up to 200, in percent. None without a value."""
    upper_bound = re.fullmatch(r"PR\(:([\d.]+)\)", name)
    if upper_bound is None:
        return cloudwatch._stat_value(cloudwatch._calc_stats(points), name, points)
    samples = cloudwatch._percentile_samples(points)
    if samples is None:
        return None
    within = sum(weight for value, weight in samples if value <= float(upper_bound[1]))
    return 100 * within / sum(weight for _, weight in samples)


class Evaluation:
    """The queries of one GetMetricData, or of one alarm, whose periods are counted back from its own moment."""

    def __init__(self, queries, start, end, origin=0):
        self.queries = {query["Id"]: query for query in queries}
        self.start, self.end, self.origin = start, end, origin

    def of(self, query_id):
        """A series, a list of them, or a number."""
        query = self.queries[query_id]
        if query.get("Expression"):
            return self.evaluate(ast.parse(query["Expression"].strip(), mode="eval").body)
        stat = query["MetricStat"]
        metric = stat["Metric"]
        key = (
            metric.get("Namespace"),
            metric.get("MetricName"),
            cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or [])),
        )
        return self.series(cloudwatch._metrics.get(key) or [], stat["Stat"], int(stat["Period"]))

    def series(self, points, stat, period, dimensions=None):
        periods = {}
        for point in points:
            if self.start <= point["Timestamp"] < self.end:
                periods.setdefault(self.period_of(point["Timestamp"], period), []).append(point)
        return Series({at: statistic(points, stat) for at, points in periods.items()}, period, dimensions)

    def period_of(self, timestamp, period):
        return self.origin + (timestamp - self.origin) // period * period

    def filled(self, series, filling):
        if isinstance(series, list):
            return [self.filled(one, filling) for one in series]
        first = self.period_of(self.start, series.period)
        count = round((self.end - first) / series.period)
        return series.having({first + index * series.period: filling for index in range(count)} | series)

    def search(self, words, stat, period):
        """Every metric with just these dimensions: `{Namespace,Dimension,…} MetricName="…" Dimension="…"`."""
        namespace, *names = re.match(r"\{([^}]*)\}", words)[1].split(",")
        wanted = dict(re.findall(r'(\w+)="([^"]*)"', words))
        metric_name = wanted.pop("MetricName")
        found = []
        for (its_namespace, its_name, _), points in cloudwatch._metrics.items():
            if (its_namespace, its_name) != (namespace, metric_name) or not points:
                continue
            dimensions = points[0]["Dimensions"]
            if set(dimensions) == set(names) and wanted.items() <= dimensions.items():
                found.append(self.series(points, stat, period, dimensions))
        return sorted(found, key=lambda series: sorted(series.dimensions.items()))

    def evaluate(self, node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.of(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return each(operator.neg, self.evaluate(node.operand))
        if isinstance(node, ast.BinOp):
            return each(OPERATORS[type(node.op)], self.evaluate(node.left), self.evaluate(node.right))
        if isinstance(node, ast.Compare):
            compared = OPERATORS[type(node.ops[0])]
            return each(lambda a, b: float(compared(a, b)), self.evaluate(node.left), self.evaluate(node.comparators[0]))
        if isinstance(node, ast.Call):
            return self.call(node.func.id, [self.evaluate(argument) for argument in node.args])
        raise ValueError(f"metric math: {ast.dump(node)} is not known here")

    def call(self, name, arguments):
        first, *rest = arguments
        if name == "SEARCH":
            return self.search(*arguments)
        if name == "IF":
            return each(lambda condition, yes, no: yes if condition else no, *arguments)
        if name == "FILL":
            return self.filled(first, *rest)
        if name == "RUNNING_SUM":
            return first.having(dict(zip(first, itertools.accumulate(first.values()))))
        if name == "PERIOD":
            return first.period
        if name in ("SUM", "MAX"):
            return aggregate({"SUM": sum, "MAX": max}[name], first)
        raise ValueError(f"metric math: {name} is not known here")


def each(function, *operands):
    """By period; where one operand has no value there is none. Numbers apply to every period."""
    lists = [operand for operand in operands if isinstance(operand, list)]
    if lists:
        return [each(function, *[part if operand is lists[0] else operand for operand in operands]) for part in lists[0]]
    series = [operand for operand in operands if isinstance(operand, Series)]
    if not series:
        return function(*operands)
    periods = set.intersection(*[set(one) for one in series])
    return series[0].having({
        at: function(*[operand[at] if isinstance(operand, Series) else operand for operand in operands])
        for at in periods
    })


def aggregate(function, value):
    """Of several series: by period. Of one: a number."""
    if not isinstance(value, list):
        return function(value.values()) if value else 0
    periods = {at for series in value for at in series}
    return Series(
        {at: function([series[at] for series in value if at in series]) for at in periods},
        value[0].period if value else 60,
    )
