"""Connections that only want to be in the way: others are answered meanwhile, and nothing grows."""

import os
import socket
import ssl
import time

import pytest

from crowds import ATTACKER, STRANGER, crowd, descriptors, meanwhile, resident_bytes, scrape
from support import sim

CROWD = 600       # more than the server takes at a time
DESCRIPTORS = 448  # what it may hold at most: its connections, those that are leaving, and the sampler's
GROWTH = 4 << 20   # bytes, of what the allocator keeps back
UNREAD = 28 << 20  # of answers, and what lies between them

HALVES = [
    b'', b'G', b'GET /metrics HT', b'GET /metrics HTTP/1.1\r\nHost: a\r\nX-Long: ' + b'a' * 4000,
    b'POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n' + b'b' * 1000,
    b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n' + b'c' * 1000,
    b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', b'\x00' * 100, b'GET /' + b'a' * 30000, b'\r\n' * 1000,
    b'GET / HTTP/1.1\r\n' + b'A: b\r\n' * 3000, b'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n' * 3,
]


def all_get_in(port, context=None):
    """Whoever they are, and the attacker's own neighbours."""
    for source in (ATTACKER, STRANGER):
        for _ in range(5):
            assert b'nvitop_gpu_up' in scrape(port, source, context)


def test_connections_that_drip_keep_nobody_out(exporter):
    with exporter('two') as found, crowd(found.port) as held:
        pid = found.process.pid
        before = descriptors(pid)
        held.grow(CROWD, b'GET /metrics HTTP/1.1\r\n')
        with meanwhile(lambda: held.say(b'X')):
            all_get_in(found.port)
            assert descriptors(pid) < DESCRIPTORS
        assert held.say(b'X') > 100, 'they were not in the way'
        held.leave()
        found.wait_until(lambda: descriptors(pid) <= before, 'descriptors stay open')


def test_one_that_drips_is_given_up(exporter):
    with exporter('two') as found, socket.create_connection(('127.0.0.1', found.port), 0.25) as connection:
        connection.sendall(b'GET /metrics HTTP/1.1\r\n')
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            try:
                connection.sendall(b'X')
                assert connection.recv(1) == b'', 'an answer to half a request'
                break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail('it could go on for ever')


@pytest.mark.parametrize('source', [ATTACKER, '127.0.0.5'])
def test_ten_thousand_connections(exporter, source):
    with exporter('two') as found:
        pid = found.process.pid

        def wave():
            with crowd(found.port, source) as held:
                for half in HALVES:
                    held.grow(500 // len(HALVES), half)
                all_get_in(found.port)
                assert descriptors(pid) < DESCRIPTORS

        before = descriptors(pid)
        wave()
        grown = resident_bytes(pid)
        for _ in range(20):
            wave()
        assert resident_bytes(pid) < grown + GROWTH
        found.wait_until(lambda: descriptors(pid) <= before, 'descriptors stay open')


def test_answers_that_nobody_reads(exporter):
    """They wait in memory, but only so many bytes of them."""
    with exporter('a100x8') as found:
        pid = found.process.pid
        before = resident_bytes(pid)
        for _ in range(5):
            with crowd(found.port) as held:
                held.grow(CROWD, b'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n' * 2, window=4096)
                all_get_in(found.port)
                assert resident_bytes(pid) < before + UNREAD


def test_pipelined_requests_are_answered_in_their_order(exporter):
    paths = ['/-/healthy', '/nothing', '/-/ready'] * 30
    with exporter('two') as found, socket.create_connection(('127.0.0.1', found.port), 20) as connection:
        requests = [f'GET {path} HTTP/1.1\r\nHost: a\r\n' for path in paths]
        connection.sendall('\r\n'.join([*requests[:-1], requests[-1] + 'Connection: close\r\n\r\n']).encode())
        answers = b''.join(iter(lambda: connection.recv(65536), b''))
    said = [line for line in answers.decode().splitlines() if line in {'healthy', 'not found', 'ready'}]
    assert said == ['healthy', 'not found', 'ready'] * 30


def test_a_body_is_not_read_for_ever(exporter):
    with exporter('two') as found, socket.create_connection(('127.0.0.1', found.port), 20) as connection:
        connection.sendall(b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n')
        with pytest.raises(OSError):
            for _ in range(1000):
                connection.sendall(b'x' * 1_000_000)
        assert found.get('/-/healthy')[1] == b'healthy\n'


def test_handshakes_that_never_end(start, keys):
    hello = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname='a')
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    first = hello.read()
    with sim.scenario('two') as running:
        found = start('--port', '0', '--certfile', str(keys / 'server.pem'), '--keyfile', str(keys / 'server.key'),
                      env=running.env)
        pid, context = found.process.pid, ssl.create_default_context(cafile=keys / 'ca.pem')
        with crowd(found.port) as held:
            for half in (b'', first[:5], first[:100], first, first[:-1] + b'\xff'):
                held.grow(CROWD // 5, half)
            all_get_in(found.port, context)
            grown = resident_bytes(pid)
            for _ in range(4):
                held.leave()
                held.grow(CROWD, first)
                all_get_in(found.port, context)
            assert resident_bytes(pid) < grown + GROWTH
            assert descriptors(pid) < DESCRIPTORS


def test_the_driver_is_asked_no_more_often(start, tmp_path):
    log, seconds = tmp_path / 'calls', 0.5
    with sim.scenario('two') as running:
        began = time.monotonic()
        found = start('--port', '0', '--interval', str(seconds), env={**running.env, 'NVITOP_SIM_LOG': str(log)})
        found.wait_ready()
        for _ in range(10):
            with crowd(found.port) as held:
                held.grow(CROWD, b'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')
                all_get_in(found.port)
        calls = log.read_text().splitlines()
        passes = sum(line.startswith('nvmlDeviceGetUtilizationRates 0') for line in calls)
        assert 1 <= passes <= (time.monotonic() - began) / seconds + 2


def test_few_descriptors_are_enough(start):
    """A supervisor's limit: nobody is kept out though the crowd alone would use it up."""
    with sim.scenario('two') as running:
        found = start('--port', '0', env=running.env, before=['sh', '-c', 'ulimit -n 96; exec "$@"', 'sh'])
        found.wait_ready()
        with crowd(found.port) as held:
            held.grow(CROWD, b'GET /metrics HT')
            all_get_in(found.port)
        assert found.process.poll() is None
        assert os.path.exists(f'/proc/{found.process.pid}')
