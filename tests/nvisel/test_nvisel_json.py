"""--json: typed, complete, and as schema/nvisel.schema.json says."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest

import choosing
from choosing import run
from support import paths, sim

SCHEMA = json.loads((paths.ROOT / 'schema/nvisel.schema.json').read_text())
VALUES = ('memory_free', 'memory_total', 'memory_used', 'gpu_utilization', 'memory_utilization')
OWN = sorted(path.stem for path in choosing.SCENARIOS.glob('*.ini'))


def closed(schema: dict) -> dict:
    """The schema without room for members that it does not name: a reader's stays open for those that come later."""
    whole = copy.deepcopy(schema)
    own = whole['properties']
    reason = whole['$defs']['candidate']['properties']['unavailable']['additionalProperties']
    for node in (whole, own['bounds'], own['devices']['items'], own['candidates']['items'], reason):
        assert 'additionalProperties' not in node
        node['unevaluatedProperties'] = False
    return whole


def answer(env: dict[str, str], *words: str) -> dict:
    done = run(env, '--json', *words)
    assert done.rc in (0, 4) and 'CUDA_VISIBLE_DEVICES' not in done.err
    found = json.loads(done.out)
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(found)
    for one in found['candidates']:
        assert set(one['unavailable']) == {name for name in VALUES if one[name] is None}
    assert found['is_enough'] == (done.rc == 0)
    assert [device['index'] for device in found['devices']] == [
        one['index'] for one in found['candidates'] if one['verdict'] == 'taken']
    return found


def test_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize('words', [[], ['-c', '9'], ['-f', '5GiB', '--tol', '10', '-M', '9'], ['-i', '0'], ['--account-as-free']])
@pytest.mark.parametrize('name', OWN)
def test_every_answer_is_as_the_schema_says(scenarios, name, words):
    """And the devices are those of the plain answer."""
    found = answer(scenarios(name), *words)
    assert run(scenarios(name), *words).out == found['cuda_visible_devices'] + '\n'


@pytest.mark.parametrize('name', ['hostile', 'lost', 'mig', 'uma', 'mixed4', 'none', 'gpus16'])
def test_shipped_scenarios_too(name):
    with sim.scenario(name) as running:
        answer(running.env, '-f', '1GiB')


def test_trap_37_what_is_not_available_is_null(scenarios):
    found = answer(scenarios('trap37'), '-f', '1MiB')
    by_index = {one['index']: one for one in found['candidates']}
    assert by_index[0]['memory_free'] == 0 and by_index[0]['unavailable'] == {}
    assert by_index[1]['memory_free'] is None
    assert by_index[1]['unavailable']['memory_free'] == {'why': 'error', 'nvml_code': 999}
    assert [by_index[i]['missed'] for i in range(3)] == ['memory_free', 'memory_free', None]
    assert [by_index[i]['place'] for i in range(3)] == [None, None, 1]
    assert found['bounds'] == {'memory_free': 2**20, 'tolerance': 0}


def test_accounts_are_counted_as_integers(scenarios):
    found = answer(scenarios('s6'), '--account-as-free')
    first = next(one for one in found['candidates'] if one['index'] == 0)
    assert (first['memory_free'], first['memory_used']) == (9000 * 2**20, 1000 * 2**20)
    assert isinstance(first['memory_free'], int)


def test_a_separator_makes_no_sense(scenarios):
    done = run(scenarios('s6'), '--json', '-0')
    assert (done.rc, done.out) == (2, '')
    assert choosing.last_line(done.err) == 'nvisel: error: argument --null/-0: not allowed with argument --json'
