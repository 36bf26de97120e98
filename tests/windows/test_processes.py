"""Processes of Windows in the list: what src/host/windows knows of one that runs beside us."""

from __future__ import annotations

import json
import subprocess
import time

import both
import consoles
import pytest
import wine
from support import paths
from support.tty import PATIENCE

SCENARIO = '''
[system]
driver_version = 551.61
clock = 10

[device 0]
mem_total = 8GiB
mem_used = 1GiB

[process known]
device = 0
type = C
mem = {memory}
'''


@pytest.fixture(name='stub', scope='module')
def stub_program(tmp_path_factory):
    program = tmp_path_factory.mktemp('stub') / 'stub.exe'
    source = paths.ROOT / 'tests/windows/stub.c'
    subprocess.run([consoles.COMPILER, '-static', str(source), '-o', str(program)], check=True, timeout=120)
    return program


@pytest.fixture(name='running')
def running_stub(stub):
    """A process and its pid; it has an argument that is two words, and a variable."""
    process = subprocess.Popen([*wine.COMMAND, str(stub), 'an argument', 'ä'], env=wine.env({'STUB_SAYS': 'hello'}),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    yield process, int(process.stdout.readline())
    process.stdin.close()
    process.stdout.close()
    process.wait(60)


def look(tmp_path, pid: int, *words: str, memory: str = '100MiB'):
    scenario, pids = tmp_path / 'scenario.ini', tmp_path / 'pids'
    scenario.write_text(SCENARIO.format(memory=memory), encoding='utf-8')
    pids.write_text(f'known {pid}\n', encoding='utf-8')
    done = both.there(scenario, 'nvitop', words, {'NVITOP_SIM_PIDS': wine.path(pids), 'COLUMNS': '100'})
    assert done.rc == 0, done.err
    return done.out


def test_what_is_known_of_a_process(running, tmp_path):
    _, pid = running
    snapshot = json.loads(look(tmp_path, pid, '--json'))
    found, = snapshot['processes']
    assert found['pid'] == pid
    assert found['name'] == 'stub.exe'
    assert found['command'].endswith('stub.exe" "an argument" ä')
    assert found['username'] and '\\' not in found['username']
    assert found['is_own'] is True
    assert found['start_ticks'] > 0
    assert 0 <= found['running_time'] < 120
    assert found['gpu_memory'] == 100 << 20


def test_a_memory_that_the_driver_keeps_to_itself(running, tmp_path):
    _, pid = running
    assert 'WDDM:N/A' in look(tmp_path, pid, '-1', memory='unavailable')


def test_a_process_that_has_ended_is_not_listed(running, tmp_path):
    process, pid = running
    assert f' {pid} ' in look(tmp_path, pid, '-1')
    process.stdin.close()
    process.wait(60)
    process.stdin = open('/dev/null', 'rb')  # pylint: disable=consider-using-with
    assert f' {pid} ' not in look(tmp_path, pid, '-1')


def test_totals_of_the_machine(running, tmp_path):
    host = json.loads(look(tmp_path, running[1], '--json'))['host']
    with open('/proc/meminfo', encoding='ascii') as meminfo:
        total = int(meminfo.readline().split()[1]) * 1024
    assert abs(host['memory_total'] - total) < total / 100
    assert 0 < host['memory_used'] < total and 0 < host['memory_percent'] < 100
    assert host['cpu_count'] >= 1 and host['uptime'] > 0


def test_a_load_that_nobody_has_counted_is_none(tmp_path):
    """Only after 5 seconds is there one; wine then says that it has no such counter."""
    scenario = tmp_path / 'scenario.ini'
    scenario.write_text(SCENARIO.format(memory='1MiB'), encoding='utf-8')
    env = wine.env({'NVITOP_SIM': wine.path(scenario), 'NVITOP_SIM_PIDS': 'NUL',
                    'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll')})
    words = [*wine.COMMAND, str(wine.program('nvitop')), '--json', '--loop', '--interval', '0.5']
    with subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as looping:
        try:
            reasons = ['no_sample']
            deadline = time.monotonic() + PATIENCE
            while reasons[-1] == 'no_sample' and time.monotonic() < deadline:
                host = json.loads(looping.stdout.readline())['host']
                reasons.append(host['unavailable'].get('load_average_1m', {}).get('why'))
        finally:
            looping.kill()
    assert reasons.count('no_sample') > 3
    assert reasons[-1] == 'not_supported' or 0 <= host['load_average_1m'] < 1000
