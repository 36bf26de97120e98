"""nvitop-exporter.exe under wine, scraped from here over loopback."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from support import paths, term
from support.scenes import THREE
from support.tty import PATIENCE

import wine
from consoles import Console

sys.path.insert(0, str(Path(__file__).parents[1] / 'exporter'))

from passwords import basic, bcrypt_of  # noqa: E402

SCENARIO = THREE + 'gpu_util = steps 11@0s 22@10s 33@20s\n'
CLOCK = '12.5'  # seconds of the scenario
READY_S = 20  # seconds
QUIET_S = 2.0  # of a server that nobody asks
BUSY_SHARE = 0.25  # of them, that it may use at most


@pytest.fixture(scope='session')
def scenario(tmp_path_factory):
    """Three GPUs, and no process."""
    path = tmp_path_factory.mktemp('exporter') / 'scenario.ini'
    path.write_text(SCENARIO, encoding='utf-8')
    return path


def settings(scenario):
    """The scenario, standing still, without processes."""
    return {'NVITOP_SIM': wine.path(scenario), 'NVITOP_SIM_CLOCK': CLOCK, 'NVITOP_SIM_PIDS': 'NUL',
            'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll')}


class Exporter:
    """A running one, whichever system it is for."""

    def __init__(self, command, env, is_ready=200):
        self.process = subprocess.Popen(list(map(str, command)), env=env, stdin=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        self.port = int(re.fullmatch(r'nvitop-exporter: listening on 127\.0\.0\.1:(\d+)\n', line)[1])
        deadline = time.monotonic() + READY_S
        while self.get('/-/ready')[0].status != is_ready:
            assert time.monotonic() < deadline, 'the driver never answered'

    def get(self, path, connection=None, **headers):
        """The answer, and its bytes."""
        own = connection or http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        own.request('GET', path, headers={name.replace('_', '-'): value for name, value in headers.items()})
        answer = own.getresponse()
        body = answer.read()
        if not connection:
            own.close()
        return answer, body

    def samples(self, prefix):
        """Sample lines of the metrics that begin so."""
        return [line for line in self.get('/metrics')[1].decode().splitlines() if line.startswith(prefix)]

    def number(self, name):
        return float(self.samples(name)[0].split()[-1])

    def end(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stderr.close()


@pytest.fixture(scope='module')
def exporter(scenario):
    """That of Windows."""
    running = Exporter([*wine.COMMAND, wine.program('nvitop-exporter'), '--port', '0'], wine.env(settings(scenario)))
    yield running
    running.end()


@pytest.fixture(scope='module')
def ours(scenario):
    """That of this system, over the same scenario."""
    env = term.clean_env({'NVITOP_SIM': str(scenario), 'NVITOP_SIM_CLOCK': CLOCK, 'NVITOP_SIM_PIDS': '/dev/null',
                          'NVITOP_NVML': str(paths.sim_library())})
    running = Exporter([paths.built('bin/nvitop-exporter'), '--port', '0'], env)
    yield running
    running.end()


# ---- what is told

MOVES = re.compile(r'energy|^nvitop_gpu_(pcie|throttle|clocks_event|violation)')  # with real time, whatever the clock says


def steady(exporter):
    return [line for line in exporter.samples('nvitop_gpu_') if not MOVES.search(line)]


def test_tells_the_same_of_gpus_as_here(exporter, ours):
    assert steady(exporter) == steady(ours)
    assert len(steady(exporter)) > 60


def test_the_text_is_clean(exporter):
    done = subprocess.run(['promtool', 'check', 'metrics'], input=exporter.get('/metrics')[1], capture_output=True,
                          timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b'', b'')


def test_tells_of_the_host_and_itself(exporter):
    memory = int(re.search(r'MemTotal: +(\d+)', open('/proc/meminfo', encoding='ascii').read())[1]) * 1024
    assert abs(exporter.number('nvitop_host_memory_total_bytes') / memory - 1) < 0.01
    assert exporter.number('process_resident_memory_bytes ') > 1e6
    assert abs(exporter.number('process_start_time_seconds') - time.time()) < 600


def test_every_look_is_whole(exporter):
    """Though wine has no counter for a load average: what a system does not have is not missed."""
    for part in ('gpu', 'processes', 'host'):
        assert exporter.number(f'nvitop_scrape_collector_success{{collector="{part}"}}') == 1


def test_packs(exporter):
    answer, body = exporter.get('/metrics', Accept_Encoding='gzip')
    assert answer.headers['Content-Encoding'] == 'gzip' and b'nvitop_gpu_up' in gzip.decompress(body)


@pytest.mark.parametrize('path,status', [('/', 200), ('/metrics', 200), ('/-/healthy', 200), ('/nothing', 404)])
def test_paths(exporter, path, status):
    assert exporter.get(path)[0].status == status


# ---- serving

def test_many_requests_of_one_connection(exporter):
    with contextlib.closing(http.client.HTTPConnection('127.0.0.1', exporter.port, timeout=PATIENCE)) as connection:
        assert {exporter.get('/metrics', connection)[0].status for _ in range(50)} == {200}


def test_a_crowd_and_who_says_nothing(exporter):
    """More connections than Windows waits for at once in one call; those that ask nothing hold nobody up."""
    silent = [socket.create_connection(('127.0.0.1', exporter.port), PATIENCE) for _ in range(40)]
    found = []
    asking = [threading.Thread(target=lambda: found.append(exporter.get('/metrics')[0].status)) for _ in range(80)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(PATIENCE)
    for one in silent:
        one.close()
    assert found == [200] * 80


def test_a_reader_who_takes_nothing(exporter):
    """Its answers pile up with it alone."""
    with socket.create_connection(('127.0.0.1', exporter.port), PATIENCE) as slow:
        slow.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while slow.send(b'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n' * 50):
                pass
        assert exporter.get('/metrics')[0].status == 200


def test_does_nothing_while_nobody_asks(exporter):
    """A wait that comes back at once would be busy all the time."""
    with socket.create_connection(('127.0.0.1', exporter.port), PATIENCE) as idle:
        before = exporter.number('process_cpu_seconds_total')
        idle.settimeout(QUIET_S)
        with pytest.raises(TimeoutError):
            idle.recv(1)
        assert exporter.number('process_cpu_seconds_total') - before < QUIET_S * BUSY_SHARE


# ---- beginning and ending

def refusal(scenario, *words, env=None):
    """The one line of an exporter that does not start."""
    done = term.run([*wine.COMMAND, wine.program('nvitop-exporter'), *words],
                    wine.env({**settings(scenario), **(env or {})}), timeout=PATIENCE)
    assert done.rc == 1 and done.out == '' and done.err.count('\n') == 1, done
    return done.err.rstrip('\n').removeprefix('nvitop-exporter: error: ')


def test_what_windows_has_not_is_refused(scenario):
    assert refusal(scenario, '--unix-socket', 'x.sock') == \
        'cannot listen on x.sock: expected an address and a port, Windows has no Unix sockets here'
    assert refusal(scenario, '--certfile', 'a.pem', '--keyfile', 'b.pem') == \
        'a.pem: expected no certificate: this build has no TLS'
    assert refusal(scenario, env={'LISTEN_PID': '1', 'LISTEN_FDS': '1'}) == \
        'LISTEN_PID is set: expected none, nobody hands sockets over on Windows'


def test_users_have_passwords(scenario, tmp_path):
    users = tmp_path / 'web.yml'
    users.write_text(f'basic_auth_users:\n  ann: {bcrypt_of("grün 漢")}\n', encoding='utf-8')
    running = Exporter([*wine.COMMAND, wine.program('nvitop-exporter'), '--port', '0', '--web-config', wine.path(users)],
                       wine.env(settings(scenario)), is_ready=401)
    try:
        assert running.get('/metrics')[0].headers['WWW-Authenticate'] == 'Basic realm="nvitop-exporter"'
        statuses = [running.get('/-/healthy', Authorization=basic(f'ann:{word}'))[0].status for word in ('grun', 'grün 漢')]
        assert statuses == [401, 200]
    finally:
        running.end()


def test_only_hashes_are_users(scenario, tmp_path):
    users = tmp_path / 'web.yml'
    users.write_text('basic_auth_users:\n  ann: $6$salt$hash\n', encoding='utf-8')
    assert refusal(scenario, '--web-config', wine.path(users)) == \
        f'{wine.path(users)}: line 2: expected a bcrypt hash, $2b$…'


def test_a_port_that_is_taken(scenario, exporter):
    assert refusal(scenario, '--port', str(exporter.port)) == \
        f'cannot listen on 127.0.0.1, port {exporter.port}: another program has it'


def test_no_such_address_or_file(scenario):
    assert refusal(scenario, '--bind-address', '192.0.2.1') == \
        'cannot listen on 192.0.2.1, port 8000: not an address of this machine'
    assert refusal(scenario, '--web-config', 'nothing.yml') == 'nothing.yml: there is no such file'


def test_ctrl_c_ends_it(console, scenario):
    with Console(console, [wine.path(wine.program('nvitop-exporter')), '--port', '0'], env=settings(scenario)) as watching:
        watching.wait_for(lambda it: 'listening on' in it.told, 'its line')
        watching.order('interrupt')
        assert watching.finish() == 0
