"""Reads what nvitop writes for programs, and says what must hold for all of it."""

from __future__ import annotations

import copy
import csv
import io
import json
import subprocess
from functools import lru_cache

import jsonschema
from support import paths, term

SCHEMA = paths.ROOT / 'schema' / 'snapshot.schema.json'
# Members that may be null though no metric is: null says something there.
NULLS = {'mig_index', 'device_mig_index', 'start_ticks', 'device_uuid', 'hostname'}


@lru_cache
def schema() -> dict:
    return json.loads(SCHEMA.read_text(encoding='utf-8'))


def closed(node):
    """The schema without room for members that it does not name."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {name: closed(item) for name, item in node.items()}
    if isinstance(node.get('properties'), dict):
        node.setdefault('additionalProperties', False)
    return node


@lru_cache
def validator(definition: str = '') -> jsonschema.Draft202012Validator:
    """Of a snapshot, or of a definition of its schema."""
    whole = closed(copy.deepcopy(schema()))
    if definition:
        whole = {'$ref': f'#/$defs/{definition}', '$defs': whole['$defs']}
    jsonschema.Draft202012Validator.check_schema(whole)
    return jsonschema.Draft202012Validator(whole)


def no_constant(word):
    raise AssertionError(f'{word} is no JSON')


def parse(raw: bytes):
    """Strict: UTF-8, no NaN, each member once."""
    def once(pairs):
        assert len(pairs) == len({name for name, _ in pairs}), pairs
        return dict(pairs)
    return json.loads(raw.decode('utf-8'), parse_constant=no_constant, object_pairs_hook=once)


def by_jq(raw: bytes):
    """What jq makes of it."""
    done = subprocess.run(['jq', '-c', '.'], input=raw, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b'')
    return [parse(line) for line in done.stdout.splitlines()]


def objects(snapshot: dict) -> list[dict]:
    """All that have metrics."""
    parts = [snapshot['driver'], *snapshot['devices'], *snapshot.get('processes', [])]
    return parts + ([snapshot['host']] if 'host' in snapshot else [])


def check(snapshot: dict) -> dict:
    """What holds for every snapshot; returns it."""
    validator().validate(snapshot)
    for part in objects(snapshot):
        nulls = {name for name, value in part.items() if value is None} - NULLS
        assert nulls == set(part['unavailable'])
        assert not any(reason['why'] in ('none', 'not_asked', 'unknown') for reason in part['unavailable'].values())
    for process in snapshot.get('processes', []):
        device = snapshot['devices'][process['device']]
        assert (process['device_index'], process['device_mig_index']) == (device['index'], device['mig_index'])
        assert process['device_uuid'] == device.get('uuid', process['device_uuid'])
        assert (process['start_ticks'] is None) <= (process['presence'] != 'here')
    return snapshot


def snapshot_of(result: term.Result) -> dict:
    """The snapshot of one run that went well, by Python and by jq."""
    assert (result.rc, result.err) == (0, '')
    assert result.raw.endswith(b'\n')
    snapshot = parse(result.raw)
    assert by_jq(result.raw) == [snapshot]
    return check(snapshot)


def rows_of(text: str) -> list[dict[str, str]]:
    """CSV by Python's reader: as many fields in each row as in the header."""
    table = list(csv.reader(io.StringIO(text, newline=''), strict=True))
    assert table and all(len(row) == len(table[0]) for row in table)
    return [dict(zip(table[0], row)) for row in table[1:]]


def metrics(scope: str) -> list[dict]:
    """The rows of a scope, as --list-metrics tells them."""
    done = term.run([paths.nvitop(), '--list-metrics', '--json'])
    return [row for row in parse(done.raw)['metrics'] if row['scope'] == scope]
