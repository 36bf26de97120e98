"""As much of the collector's transformation language as our configuration needs, so that a test can see
what its statements do to what the exporter says. Anything else is refused, never passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import prometheus_client.parser

STATEMENT = re.compile(r'(\w+)\((.*?)\)(?: where (.*))?$')
ATTRIBUTE = re.compile(r'datapoint\.attributes\["([^"]+)"\]$')
CONCAT = re.compile(r'Concat\(\["([^"]*)", (datapoint\.attributes\["[^"]+"\])\], "([^"]*)"\)$')
MATCH = re.compile(r'IsMatch\(metric\.name, "([^"]+)"\)$')
COMPARISON = re.compile(r'(\S+) (==|!=) (\S+)$')


@dataclass
class Point:
    attributes: dict[str, str]
    value: float


@dataclass
class Metric:
    """What the receiver makes of a family; a Prometheus counter is a sum that only grows."""

    name: str
    kind: str
    unit: str = ''
    points: list[Point] = field(default_factory=list)


def received(text: str) -> list[Metric]:
    """The families of a page in Prometheus's own format, under the names that their samples have."""
    found = {}
    for family in prometheus_client.parser.text_string_to_metric_families(text):
        for sample in family.samples:
            kind = 'counter' if family.type == 'counter' else 'gauge'
            found.setdefault(sample.name, Metric(sample.name, kind)).points.append(Point(dict(sample.labels), sample.value))
    return list(found.values())


def value_of(text: str, metric: Metric, point: Point | None):
    if text == 'nil':
        return None
    if re.fullmatch(r'"[^"]*"', text):
        return text[1:-1]
    if text in ('metric.name', 'metric.unit'):
        return getattr(metric, text.removeprefix('metric.'))
    if attribute := ATTRIBUTE.match(text):
        assert point, text
        return point.attributes.get(attribute[1])
    concat = CONCAT.match(text)
    assert concat, f'not understood: {text}'
    return concat[3].join([concat[1], value_of(concat[2], metric, point) or ''])


def is_true(condition: str | None, metric: Metric, point: Point | None) -> bool:
    for part in condition.split(' and ') if condition else ():
        if match := MATCH.match(part):
            if not re.search(match[1], metric.name):
                return False
            continue
        comparison = COMPARISON.match(part)
        assert comparison, f'not understood: {part}'
        is_equal = value_of(comparison[1], metric, point) == value_of(comparison[3], metric, point)
        if is_equal != (comparison[2] == '=='):
            return False
    return True


def set_value(target: str, value, metric: Metric, point: Point | None) -> None:
    if attribute := ATTRIBUTE.match(target):
        assert point, target
        if value is not None:
            point.attributes[attribute[1]] = value
    else:
        assert target in ('metric.name', 'metric.unit'), target
        setattr(metric, target.removeprefix('metric.'), value)


def carry_out(statement: str, metric: Metric, point: Point | None) -> None:
    parsed = STATEMENT.match(statement) if 'Concat' not in statement else \
        re.match(r'(set)\((.*Concat\(.*?\))\)(?: where (.*))?$', statement)
    assert parsed, f'not understood: {statement}'
    function, arguments, condition = parsed.groups()
    if not is_true(condition, metric, point):
        return
    if function == 'set':
        target, source = arguments.split(', ', 1)
        set_value(target, value_of(source, metric, point), metric, point)
    else:
        assert (function, arguments) == ('convert_gauge_to_sum', '"cumulative", false'), statement
        assert metric.kind == 'gauge', statement
        metric.kind = 'updowncounter'


def transformed(metrics: list[Metric], metric_statements: list[dict]) -> list[Metric]:
    """What a transform processor with these statements gives on."""
    for group in metric_statements:
        for metric in metrics:
            for point in metric.points if group['context'] == 'datapoint' else [None]:
                for statement in group['statements']:
                    carry_out(statement, metric, point)
    return metrics
