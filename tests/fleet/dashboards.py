"""The dashboards as Grafana would read them: panels, queries with their variables filled in."""

from __future__ import annotations

import json
import re
from typing import Iterator, Mapping, NamedTuple

from support import paths

FOLDER = paths.ROOT / 'contrib/grafana'
NAMES = sorted(path.stem for path in FOLDER.glob('*.json'))
# What Grafana fills in of its own: a query over 20 s that Prometheus answers for each second. The processes
# of the tests are younger than that, so that whoever asks for those of all the time asks for one second.
BUILT_IN = {'__rate_interval': '20s', '__range': '20s', '__range_s': '1', '__interval': '1s', '__interval_ms': '1000'}
VARIABLE = re.compile(r'\$\{?(\w+)\}?')


class Query(NamedTuple):
    """One query of a panel: which panel and where in it, and how its answer is called there."""

    panel: str
    place: int
    expr: str
    legend: str


def load(name: str) -> dict:
    return json.loads((FOLDER / f'{name}.json').read_text(encoding='utf-8'))


def panels(name: str) -> list[dict]:
    return [panel for panel in load(name)['panels'] if panel['type'] != 'row']


def queries(name: str) -> Iterator[Query]:
    for panel in panels(name):
        for place, target in enumerate(panel['targets']):
            yield Query(panel['title'], place, target['expr'], target['legendFormat'])


def filled(text: str, chosen: Mapping[str, str]) -> str:
    """With these variables; `All` is .* for those that are not chosen."""
    return VARIABLE.sub(lambda found: {**BUILT_IN, **chosen}.get(found[1], '.*'), text)
