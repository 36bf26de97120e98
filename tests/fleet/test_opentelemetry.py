"""The mapping to OpenTelemetry: the table in the docs, the collector's configuration, what the exporter says,
and what the conventions want, of which there is a Python package.

No collector runs here, for none can be had from Debian or PyPI: `ottl.py` carries the statements out instead.
"""

import inspect
import re
import subprocess
from importlib import import_module

import pytest
import yaml

import fleet as fleets
import ottl
from support import paths

CONFIG = paths.ROOT / 'contrib/opentelemetry/collector.yaml'
PAGE = paths.ROOT / 'docs/opentelemetry.md'
CONVENTIONS = 'opentelemetry.semconv'
UNITS = {'ratio': '1', 'bytes': 'By', 'joules': 'J', 'watts': 'W', 'celsius': 'Cel', 'rpm': 'rpm', 'errors': '{error}', 'up': '1'}
# What the snapshot has under which name, and in which part of the unit.
SNAPSHOT = {'nvitop_gpu_utilization_ratio': ('gpu_utilization', 100), 'nvitop_gpu_encoder_utilization_ratio': ('encoder_utilization', 100),
            'nvitop_gpu_decoder_utilization_ratio': ('decoder_utilization', 100), 'nvitop_gpu_memory_used_bytes': ('memory_used', 1),
            'nvitop_gpu_memory_total_bytes': ('memory_total', 1), 'nvitop_gpu_power_watts': ('power_usage', 1000),
            'nvitop_gpu_fan_speed_ratio': ('fan_speed', 100), 'nvitop_gpu_fan_rpm': ('fan_rpm', 1)}


def rows() -> list[dict]:
    """Of the table: ours, name, instrument, unit, attributes."""
    table = PAGE.read_text(encoding='utf-8').partition('<!-- table: opentelemetry -->\n')[2].partition('\n\n')[0]
    found = []
    for line in table.splitlines()[2:]:
        ours, name, instrument, unit, attributes = (cell.strip() for cell in re.fullmatch(r'\|(.*)\|', line)[1].split('|'))
        found.append({'ours': ours.strip('`'), 'name': name.strip('`'), 'instrument': instrument, 'unit': unit.strip('`'),
                      'attributes': set(re.findall(r'`([\w.]+)` is `', attributes))})
    return found


ROWS = rows()
EVERY = pytest.mark.parametrize('row', ROWS, ids=lambda row: row['ours'])


@pytest.fixture(scope='module')
def machines(tmp_path_factory):
    """Of three: what the exporter says, what becomes of it, and the snapshot."""
    found = {}
    for name in ('big', 'mixed', 'falls'):
        machine = fleets.Machine(name, tmp_path_factory.mktemp('machine'))
        try:
            fleets.eventually(lambda: not machine.is_ready())
            fleets.eventually(lambda: {row['ours'] for row in ROWS if name == 'big' and 'fan' not in row['ours']} - families(machine))
            text = machine.get('/metrics').decode()
            found[name] = text, transformed(text), machine.snapshot()
        finally:
            machine.end()
    return found


def families(machine) -> set[str]:
    return {metric.name for metric in ottl.received(machine.get('/metrics').decode())}


def config() -> dict:
    return yaml.safe_load(CONFIG.read_text(encoding='utf-8'))


def transformed(text: str) -> list[tuple[str, ottl.Metric]]:
    """With the name that each had before. The receiver's rules drop some, and do nothing else."""
    [scrape] = config()['receivers']['prometheus']['config']['scrape_configs']
    metrics = ottl.received(text)
    for rule in scrape['metric_relabel_configs']:
        assert rule['action'] == 'drop' and rule['source_labels'][0] == '__name__'
        for metric in metrics:
            metric.points = [point for point in metric.points if not re.fullmatch(rule['regex'], ';'.join(
                [metric.name, *(point.attributes.get(label, '') for label in rule['source_labels'][1:])]))]
    names = [metric.name for metric in metrics]
    return list(zip(names, ottl.transformed(metrics, config()['processors']['transform/hw']['metric_statements'])))


def constants(module: str) -> set[str]:
    loaded = import_module(f'{CONVENTIONS}.{module}')
    return {value for value in vars(loaded).values() if isinstance(value, str)}


def test_the_pipeline_uses_what_is_there():
    read = config()
    for pipeline in read['service']['pipelines'].values():
        for part in ('receivers', 'processors', 'exporters'):
            assert pipeline[part] and set(pipeline[part]) <= set(read[part])


def test_prometheus_takes_the_receivers_part(tmp_path):
    path = tmp_path / 'prometheus.yml'
    path.write_text(yaml.safe_dump(config()['receivers']['prometheus']['config']))
    done = subprocess.run(['promtool', 'check', 'config', path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_table_and_the_configuration_name_the_same():
    text = CONFIG.read_text(encoding='utf-8')
    assert set(re.findall(r'metric\.name == "(\w+)"', text)) == {row['ours'] for row in ROWS}
    assert len(ROWS) == len({row['ours'] for row in ROWS}) > 10


@EVERY
def test_a_row_is_what_the_conventions_want(row):
    source = inspect.getsource(import_module(f'{CONVENTIONS}._incubating.metrics.hw_metrics'))
    found = re.search(rf'= "{re.escape(row["name"])}"\n"""\n.*?Instrument: (\w+)\nUnit: (\S+)\n', source, re.S)
    if row['name'] in ('hw.temperature', 'hw.temperature.limit', 'hw.status') and not found:
        pytest.fail('the conventions have no such metric')
    assert (row['instrument'], row['unit']) == found.groups()
    known = constants('_incubating.attributes.hw_attributes') | constants('_incubating.attributes.network_attributes') | \
        constants('attributes.error_attributes')
    assert row['attributes'] <= known


@EVERY
def test_a_row_is_what_the_exporter_says(machines, row):
    """The family is there, of that kind, and the unit in its name is the row's: so nothing must be scaled."""
    found = [(metric, text) for text, metrics, _ in machines.values() for name, metric in metrics if name == row['ours']]
    assert found
    for metric, text in found:
        assert (metric.name, metric.kind, metric.unit) == (row['name'], row['instrument'], row['unit'])
        kind = 'counter' if row['instrument'] == 'counter' else 'gauge'
        assert f'# TYPE {row["ours"]} {kind}\n' in text
        assert UNITS[row['ours'].removesuffix('_total').rpartition('_')[2]] == row['unit']


@EVERY
def test_attributes_are_the_conventions(machines, row):
    enums = import_module(f'{CONVENTIONS}._incubating.attributes.hw_attributes')
    well_known = {'hw.gpu.task': enums.HwGpuTaskValues, 'hw.limit_type': enums.HwLimitTypeValues,
                  'hw.state': enums.HwStateValues, 'hw.type': enums.HwTypeValues}
    seen = 0
    for _, metrics, _ in machines.values():
        for name, metric in metrics:
            for point in metric.points if name == row['ours'] else ():
                assert row['attributes'] | {'hw.id', 'hw.name', 'hw.type', 'hw.vendor'} <= set(point.attributes)
                assert point.attributes['hw.id'] == point.attributes['uuid'] and point.attributes['hw.type'] == 'gpu'
                for key, values in well_known.items():
                    assert key not in point.attributes or point.attributes[key] in {one.value for one in values}
                assert point.attributes.get('network.io.direction') in {None, 'transmit', 'receive'}
                seen += 1
    assert seen


@pytest.mark.parametrize('ours', SNAPSHOT)
def test_values_are_the_simulators(machines, ours):
    key, parts = SNAPSHOT[ours]
    seen = 0
    for _, metrics, snapshot in machines.values():
        for name, metric in metrics:
            for point in metric.points if name == ours else ():
                [device] = [one for one in snapshot['devices'] if one['uuid'] == point.attributes['hw.id']]
                assert point.value * parts == pytest.approx(device[key])
                seen += 1
    assert seen


def test_no_two_points_of_a_metric_are_the_same(machines):
    for _, metrics, _ in machines.values():
        keys = [(metric.name, tuple(sorted(point.attributes.items()))) for _, metric in metrics for point in metric.points]
        assert len(keys) == len(set(keys))
