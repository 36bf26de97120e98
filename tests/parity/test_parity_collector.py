"""The collector beside the original's: equal keys, and equal figures of all that stands still."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from support import paths, sim

TWIN = Path(__file__).with_name('twin_collector.py')
# A MIG index behind a free one: the original stops looking at the hole.
BEHIND_A_HOLE = {'mig': ('/gpu:(5, 4)/', '/gpu:(5, 5)/')}


@pytest.fixture(scope='module', params=['two', 'a100x8', 'mig'])
def told(request):
    """The scenario's name, and what both have told over it."""
    with sim.scenario(request.param, env={'NVITOP_SIM_CLOCK': '5'}) as scenario:
        result = scenario.command([paths.peer_python(), TWIN, paths.built('lib/libnvitop.so.1')])
    assert result.rc == 0, result.err
    return request.param, json.loads(result.out)


def test_keys_are_equal(told):
    name, both = told
    peer, ours = set(both['peer']), set(both['ours'])
    assert len(peer) > 100
    # a stray key of the original's
    assert {key for key in peer - ours if not key.endswith('/host/running_time (min)/last')} == set()
    unseen = {key for key in ours if any(device in key for device in BEHIND_A_HOLE.get(name, ()))}
    unseen_pids = {key.split('/')[1] for key in unseen if key.startswith('T/pid:')}
    assert {key for key in ours - peer - unseen if key.split('/')[1] not in unseen_pids} == set()


def is_compared(key):
    """Whether it does not depend on the moment. What a process does under MIG the driver does not
    say: the original makes that 0."""
    return 'gpu:' in key and '/host/' not in key and not ('_utilization' in key and 'pid:' in key and 'gpu:(' in key)


def test_figures_are_equal(told):
    _, both = told
    keys = [key for key in set(both['peer']) & set(both['ours']) if is_compared(key)]
    assert len(keys) > 50
    for key in keys:
        peer, ours = both['peer'][key], both['ours'][key]
        assert (math.isnan(peer) and math.isnan(ours)) or peer == pytest.approx(ours, abs=1e-9), key
