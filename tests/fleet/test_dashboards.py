"""The dashboards for Grafana, which is in no distribution's reach: what can be seen without one."""

import itertools
import re
import subprocess
import sys

import pytest

import dashboards

KINDS = {'stat', 'timeseries', 'table', 'bargauge'}
UNITS = {'none', 'percentunit', 'bytes', 'Bps', 'celsius', 'watt', 'joule', 'hertz', 's', 'dateTimeFromNow'}
EVERY = pytest.mark.parametrize('name', dashboards.NAMES)
DATASOURCE = {'type': 'prometheus', 'uid': '${datasource}'}


def test_there_are_three():
    assert dashboards.NAMES == ['fleet', 'node', 'users']


def test_they_are_what_the_script_writes(tmp_path):
    script = tmp_path / 'make.py'
    script.write_text((dashboards.FOLDER / 'make.py').read_text(encoding='utf-8'), encoding='utf-8')
    subprocess.run([sys.executable, script], check=True, timeout=60)
    for name in dashboards.NAMES:
        assert (tmp_path / f'{name}.json').read_bytes() == (dashboards.FOLDER / f'{name}.json').read_bytes(), \
            'run contrib/grafana/make.py'


@EVERY
def test_grafana_can_import_it(name):
    board = dashboards.load(name)
    assert board['id'] is None and board['uid'] == f'nvitop-{name}' and board['title']
    assert 39 <= board['schemaVersion'] <= 41
    source, *others = board['templating']['list']
    assert (source['name'], source['type'], source['query']) == ('datasource', 'datasource', 'prometheus')
    assert all(one['datasource'] == DATASOURCE and one['query']['query'] == one['definition'] for one in others)


@EVERY
def test_only_variables_that_there_are_are_used(name):
    board = dashboards.load(name)
    known = [one['name'] for one in board['templating']['list']]
    assert len(known) == len(set(known)) and {'datasource', 'job', 'instance'} <= set(known)
    used = set()
    for text in [query.expr for query in dashboards.queries(name)] + [one.get('definition', '') for one in board['templating']['list']]:
        used |= set(dashboards.VARIABLE.findall(text))
    assert used - set(dashboards.BUILT_IN) == set(known) - {'datasource'}


@EVERY
def test_all_jobs_are_those_that_are_offered(name):
    """And not all that a Prometheus scrapes; of the rest, `All` is what there is of these."""
    every = {one['name']: one.get('allValue') for one in dashboards.load(name)['templating']['list'] if one.get('includeAll')}
    assert every.pop('job') is None
    assert set(every.values()) <= {'.*'}


@EVERY
def test_panels_can_be_read(name):
    titles = [panel['title'] for panel in dashboards.panels(name)]
    assert len(titles) == len(set(titles)) > 5
    for panel in dashboards.panels(name):
        assert panel['type'] in KINDS and panel['datasource'] == DATASOURCE
        assert panel['description'].endswith('.'), panel['title']
        assert panel['fieldConfig']['defaults']['unit'] in UNITS, panel['title']
        assert panel['targets'] and all(target['expr'] and target['datasource'] == DATASOURCE for target in panel['targets'])
        assert len({target['refId'] for target in panel['targets']}) == len(panel['targets'])
        if panel['type'] != 'table':
            legends = [target['legendFormat'] for target in panel['targets']]
            assert all(legends) and len(set(legends)) == len(legends), panel['title']


@EVERY
def test_units_are_those_of_the_metrics(name):
    """A unit that a metric's name tells is the panel's, where the query does not turn it into another."""
    units = {'bytes': 'bytes', 'celsius': 'celsius', 'watts': 'watt', 'hertz': 'hertz', 'ratio': 'percentunit', 'second': 'Bps'}
    seen = 0
    for panel in dashboards.panels(name):
        for target in panel['targets']:
            bare = re.fullmatch(r'(?:(?:sum|max|avg)(?: by \([^)]*\))? ?\()?nvitop_\w+_([a-z]+)\{[^}]*\}\)?', target['expr'])
            if panel['type'] != 'table' and bare and bare[1] in units:
                assert panel['fieldConfig']['defaults']['unit'] == units[bare[1]], panel['title']
                seen += 1
    assert seen or name == 'users'


@EVERY
def test_columns_of_tables_have_their_looks(name):
    for panel in dashboards.panels(name):
        if panel['type'] == 'table':
            names = panel['transformations'][1]['options']['renameByName'].values()
            looks = {one['matcher']['options']: one['properties'] for one in panel['fieldConfig']['overrides']}
            values = [heading for field, heading in panel['transformations'][1]['options']['renameByName'].items()
                      if field.startswith('Value #')]
            assert values and set(values) <= set(looks) and len(set(names)) == len(names)
            assert all(any(one['id'] == 'unit' and one['value'] in UNITS for one in looks[heading]) for heading in values)


@EVERY
def test_panels_do_not_overlap(name):
    boxes = [panel['gridPos'] for panel in dashboards.load(name)['panels']]
    for box in boxes:
        assert box['x'] >= 0 and box['x'] + box['w'] <= 24
    for one, other in itertools.combinations(boxes, 2):
        assert one['x'] + one['w'] <= other['x'] or other['x'] + other['w'] <= one['x'] or \
            one['y'] + one['h'] <= other['y'] or other['y'] + other['h'] <= one['y'], (one, other)
    ids = [panel['id'] for panel in dashboards.load(name)['panels']]
    assert len(ids) == len(set(ids))
