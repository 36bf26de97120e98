"""Both formats as the official client's parsers read them, for every scenario: the client is the judge of ours.

promtool lints the classic text alone, so OpenMetrics comes to it through the client: it reads the one and writes the other.
"""

from __future__ import annotations

import subprocess

import pytest

from support import paths

pytest.importorskip('prometheus_client', reason='tests/requirements-test.txt names it')
from prometheus_client import CollectorRegistry, generate_latest  # noqa: E402
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics  # noqa: E402
from prometheus_client.parser import text_string_to_metric_families as read_text  # noqa: E402

# One of its GPUs stops the whole process that asks it, so nobody answers.
SCENARIOS = sorted(set(paths.shipped_scenarios()) - {'frozen'})
OPENMETRICS = {'Accept': 'application/openmetrics-text; version=1.0.0'}
UNITS = {'bytes', 'seconds', 'celsius', 'watts', 'joules', 'hertz', 'ratio'}


class Families:
    """Those of a text, as a collector of the client's."""

    def __init__(self, families):
        self.families = list(families)

    def collect(self):
        return self.families


def series(families) -> dict[tuple, float]:
    """Name and labels → value; no series twice."""
    found = [((sample.name, *sorted(sample.labels.items())), sample.value) for family in families for sample in family.samples]
    assert len(found) == len(dict(found)), 'a series stands twice'
    return dict(found)


def lint(text: str) -> str:
    done = subprocess.run(['promtool', 'check', 'metrics'], input=text, text=True, capture_output=True, timeout=60)
    return f'{done.returncode} {done.stdout}{done.stderr}'


def check_series(text, openmetrics) -> None:
    """Both formats have the same."""
    found, same = series(text), series(openmetrics)
    assert set(found) == set(same)
    assert {'nvitop_build_info', 'nvitop_driver_up', 'nvitop_exporter_scrapes_total'} < {name for name, *_ in found}


def check_types(text, openmetrics) -> None:
    """They follow from the names; a family stands once, with a help and samples."""
    classic = {sample.name: family.type for family in text for sample in family.samples}
    for family in openmetrics:
        assert family.documentation and family.samples, family.name
        for sample in family.samples:
            kind = 'counter' if sample.name.endswith('_total') else 'info' if sample.name.endswith('_info') else 'gauge'
            assert (family.type, classic[sample.name]) == (kind, 'gauge' if kind == 'info' else kind), sample.name
    for families in (text, openmetrics):
        names = [family.name for family in families]
        assert len(names) == len(set(names))


def check_units(_text, openmetrics) -> None:
    """They are the last word of the name, where that is a unit."""
    for family in openmetrics:
        last = family.name.rpartition('_')[2]
        assert family.unit == (last if last in UNITS else ''), family.name


def check_lint(_text, openmetrics) -> None:
    """promtool has nothing to say of what the client makes of it."""
    registry = CollectorRegistry()
    registry.register(Families(openmetrics))
    written = generate_latest(registry).decode()
    assert set(series(read_text(written))) == set(series(openmetrics))
    assert lint(written) == '0 '


def at_rest(found) -> tuple[list, list]:
    """The families of both formats, of a time at which no GPU came or went between the one and the other."""
    def ask() -> bool:
        text, openmetrics, same = found.metrics(), found.metrics(**OPENMETRICS), found.metrics()
        told[:] = [list(read_text(text)), list(read_openmetrics(openmetrics))]
        return set(series(told[0])) == set(series(read_text(same)))

    told: list = []
    found.wait_until(ask, 'the series never stayed the same')
    return told[0], told[1]


@pytest.mark.parametrize('scenario', SCENARIOS)
def test_the_client_reads_both_formats(exporter, scenario):
    with exporter(scenario) as found:
        families = at_rest(found)
    for check in (check_series, check_types, check_units, check_lint):
        check(*families)


def test_the_judges_can_say_no():
    with pytest.raises(ValueError):
        list(read_openmetrics('# TYPE a counter\na 1\n# EOF\n'))
    assert lint('# TYPE a_total gauge\na_total 1\n').startswith('3 ')
