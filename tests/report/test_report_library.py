"""nvitop_snapshot_json of the built library: the program's object, with what blocks if that was read."""

from __future__ import annotations

import sys

import pytest
from reading import check, metrics, parse, snapshot_of
from support import paths, sim

# Opens a session, takes a snapshot of everything (with argument 1: also what blocks), prints its JSON.
PRINT_JSON = '''
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
session, snapshot, text = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_char_p()
request = ctypes.create_string_buffer(256)
library.nvitop_snapshot_request_init(request)
flags = ctypes.c_uint32.from_buffer(request, 4)
flags.value |= 2 if sys.argv[2] == '1' else 0
assert library.nvitop_session_open(None, ctypes.byref(session)) == 0
assert library.nvitop_snapshot_take(session, request, ctypes.byref(snapshot)) == 0
assert library.nvitop_snapshot_json(snapshot, 0, ctypes.byref(text)) == 0
sys.stdout.buffer.write(text.value + b'\\n')
library.nvitop_snapshot_unref(snapshot)
library.nvitop_session_close(session)
'''


def taken(running, blocking: bool) -> dict:
    """The library's snapshot."""
    result = running.command([sys.executable, '-c', PRINT_JSON, paths.built('lib/libnvitop.so.1'), str(int(blocking))],
                             env={'NVITOP_NVML': str(paths.sim_library())})
    assert (result.rc, result.err) == (0, '')
    return check(parse(result.raw))


@pytest.mark.parametrize('name', ['two', 'mig', 'hostile', 'lost', 'uma', 'container'])
def test_the_librarys_object_is_the_programs(name):
    with sim.scenario(name) as running:
        ours, theirs = taken(running, False), snapshot_of(running.run('--json'))
    assert [list(device) for device in ours['devices']] == [list(device) for device in theirs['devices']]
    assert list(ours['driver']) == list(theirs['driver']) and list(ours['host']) == list(theirs['host'])
    assert [(p['pid'], p['device'], p['command']) for p in ours['processes']] == \
        [(p['pid'], p['device'], p['command']) for p in theirs['processes']]


def test_what_blocks_is_there_if_it_was_read():
    with sim.scenario('two') as running:
        names = {row['name'] for row in metrics('device') if row['is_blocking']}
        assert names
        assert all(names <= set(device) for device in taken(running, True)['devices'])
        assert not any(names & set(device) for device in taken(running, False)['devices'])
