"""Other people's programs, unmodified, on the simulator: the interface is right if they say what
the scenario says."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from support import bindings, cells, term  # noqa: E402

MIXED = '''
[system]
driver_version = 550.54.14
cuda_version = 12040
clock = 8
[device 0]
name = NVIDIA GeForce RTX 3090
uuid = GPU-00000000-0000-0000-0000-00000000000{i}
mem_total = 24GiB
gpu_util = 86
enc_util = 12
dec_util = 7
temperature = 75
fan = 66
power = 310W
power_limit = 350W
pstate = 2
[device 1]
name = NVIDIA A100-SXM4-80GB
uuid = GPU-00000000-0000-0000-0000-00000000000{i}
mem_total = 80GiB
mig_mode = 1
fan = NOT_SUPPORTED
ecc_errors = 0
temperature = 41
power = 100W
power_limit = 400W
[mig 1:0]
profile = 3g.40gb
gi = 1
mem_total = 40GiB
[mig 1:1]
profile = 1g.10gb
gi = 9
mem_total = 10GiB
[process train]
device = 0
mem = 10240MiB
sm = 68
mem_util = 30
[process desktop]
device = 0
type = G
mem = 350MiB
sm = 4
[process slice]
device = 1:1
mem = 2000MiB
'''


@pytest.fixture(scope='module')
def peer() -> Path:
    """The folder of the peers' programs."""
    python = os.environ.get('NVITOP_PEER_PYTHON')
    if not python:
        pytest.fail('NVITOP_PEER_PYTHON must name a Python with nvitop 1.7.2 and gpustat 1.1.1')
    return Path(python).parent


@pytest.fixture
def pids(driver):
    """The scenario with three processes that live as long as the test."""
    driver.write(MIXED)
    programs = {name: os.spawnvp(os.P_NOWAIT, 'tail', ['tail', '-f', '/dev/null'])
                for name in ('train', 'desktop', 'slice')}
    driver.pids(**programs)
    yield programs
    for pid in programs.values():
        os.kill(pid, 9)
        os.waitpid(pid, 0)


@pytest.fixture(autouse=True)
def scenario_clock(driver):
    """The scenario's own clock, not the test's."""
    driver.env['NVITOP_SIM_CLOCK'] = ''


def run(driver, *command):
    env = driver.environment()
    env.pop('PYTHONPATH')
    result = term.run(command, env)
    assert result.rc == 0, result.err
    return result


def test_gpustat_says_what_the_scenario_says(driver, peer, pids):
    gpus = json.loads(run(driver, peer / 'gpustat', '--json').out)['gpus']
    first, second = gpus
    processes = first.pop('processes')
    assert first == {
        'index': 0, 'uuid': 'GPU-00000000-0000-0000-0000-000000000000', 'name': 'NVIDIA GeForce RTX 3090',
        'temperature.gpu': 75, 'fan.speed': 66, 'utilization.gpu': 86, 'utilization.enc': 12, 'utilization.dec': 7,
        'power.draw': 310, 'enforced.power.limit': 350, 'memory.used': 10890, 'memory.total': 24576}
    assert {(p['pid'], p['gpu_memory_usage']) for p in processes} == {(pids['train'], 10240), (pids['desktop'], 350)}
    assert (second['fan.speed'], second['utilization.gpu'], second['memory.used']) == (None, None, 2300)
    assert [(p['pid'], p['gpu_memory_usage']) for p in second['processes']] == [(pids['slice'], 2000)]


def test_nvitop_shows_devices_processes_and_mig(driver, peer, pids):
    text = cells.strip(run(driver, peer / 'nvitop', '-1').out)
    flat = re.sub(r'[ │]+', ' ', text)
    assert 'Driver Version: 550.54.14' in flat and 'CUDA Driver Version: 12.4' in flat
    assert '66% 75C P2 310W / 350W 10890MiB / 24.00GiB 86% Default' in flat
    assert 'N/A 41C P8 100W / 400W 2300MiB / 80.00GiB N/A Default' in flat
    assert '1:0 3g.40gb @ GI/CI: 1/0 13.00MiB / 40.00GiB' in flat
    assert '1:1 1g.10gb @ GI/CI: 9/0 2013MiB / 10240MiB' in flat
    rows = [line.split()[1:6] for line in text.splitlines() if 'tail -f' in line]
    assert [(row[0], int(row[1]), row[2], row[4]) for row in rows] == [
        ('0', pids['train'], 'C', '10240MiB'), ('0', pids['desktop'], 'G', '350.0MiB'), ('1:1', pids['slice'], 'C', '2000MiB')]
    assert [line.split()[6:8] for line in text.splitlines() if 'tail -f' in line][0] == ['68', '30']


ERAS = ['390', '450', '470', '510', '535.54', '535.98', '535', '550', '580']


@pytest.mark.parametrize('era', ERAS)
def test_nvitop_lists_the_same_processes_in_every_era(driver, peer, pids, era):
    driver.write(MIXED.replace('clock = 8', f'clock = 8\nera = {era}'))
    text = cells.strip(run(driver, peer / 'nvitop', '-1').out)
    found = {(int(line.split()[2]), line.split()[5]) for line in text.splitlines() if 'tail -f' in line}
    assert found == {(pids['train'], '10240MiB'), (pids['desktop'], '350.0MiB'), (pids['slice'], '2000MiB')}


# gpustat asks for the lists as _v3 and _v2 only, and a driver of 390 has neither.
@pytest.mark.parametrize('era', [era for era in ERAS if era != '390'])
def test_gpustat_lists_the_same_processes_in_every_era(driver, peer, pids, era):
    driver.write(MIXED.replace('clock = 8', f'clock = 8\nera = {era}'))
    gpus = json.loads(run(driver, peer / 'gpustat', '--json').out)['gpus']
    assert [{(p['pid'], p['gpu_memory_usage']) for p in gpu['processes']} for gpu in gpus] == [
        {(pids['train'], 10240), (pids['desktop'], 350)}, {(pids['slice'], 2000)}]


@pytest.mark.parametrize('release', list(bindings.RELEASES))
def test_both_bindings_read_the_scenario(driver, release):
    driver.write(MIXED)
    environment = {**driver.environment(), 'PYTHONPATH': str(bindings.folder(release))}
    driver.env.update(environment)
    answer = driver.probe('''
        n.nvmlInit()
        handles = [n.nvmlDeviceGetHandleByIndex(i) for i in range(n.nvmlDeviceGetCount())]
        text = lambda value: value.decode() if isinstance(value, bytes) else value
        show(names=[text(n.nvmlDeviceGetName(h)) for h in handles], totals=[n.nvmlDeviceGetMemoryInfo(h).total >> 30 for h in handles],
             bus=[text(n.nvmlDeviceGetPciInfo(h).busId) for h in handles])''')
    assert answer == {'names': ['NVIDIA GeForce RTX 3090', 'NVIDIA A100-SXM4-80GB'], 'totals': [24, 80],
                      'bus': ['00000000:01:00.0', '00000000:04:00.0']}
