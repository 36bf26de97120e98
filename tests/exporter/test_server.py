"""The server: paths, encodings, sockets, connections that misbehave, and clean ends."""

import fcntl
import gzip
import json
import os
import pty
import signal
import socket
import subprocess
import termios

import pytest

from support import paths, sim, term

SECURITY = {'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store'}


@pytest.mark.parametrize('path, kind', [
    ('/', 'text/html'), ('/page.js', 'text/javascript'), ('/page.css', 'text/css'), ('/metrics', 'text/plain'),
    ('/-/healthy', 'text/plain'), ('/-/ready', 'text/plain'), ('/api/v1/snapshot', 'application/json')])
def test_paths_answer(exporter, path, kind):
    with exporter('two') as found:
        answer, body = found.get(path)
    assert (answer.status, answer.headers['Content-Type'].split(';')[0]) == (200, kind)
    assert body
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "default-src 'self'" in answer.headers['Content-Security-Policy']


def test_what_is_not_there_is_said(exporter):
    with exporter('two') as found:
        assert found.get('/nothing')[0].status == 404
        assert found.get('/metrics/../metrics')[0].status == 404
        connection = found.connect()
        connection.request('POST', '/metrics', body='x' * 5000)
        answer = connection.getresponse()
        assert (answer.status, answer.headers['Allow']) == (405, 'GET, HEAD')
        connection.close()


def test_snapshot_is_that_of_nvitop(exporter):
    with exporter('two') as found:
        snapshot = json.loads(found.get('/api/v1/snapshot')[1])
    assert [device['name'] for device in snapshot['devices']] == ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti']


def test_page_stands_on_itself(exporter):
    with exporter('two') as found:
        text = b''.join(found.get(path)[1] for path in ('/', '/page.js', '/page.css')).decode()
    assert '//' not in text.replace('http://www.w3.org/2000/svg', '').replace('// ', '')
    assert 'innerHTML' not in text


@pytest.mark.parametrize('accepted, encoding', [
    ('gzip', 'gzip'), ('deflate, gzip;q=0.5', 'gzip'), ('*', 'gzip'), ('identity', None), ('gzip;q=0', None),
    ('*, gzip;q=0', None), ('*;q=0, gzip', 'gzip'), ('identity, gzip;q=0.5', None)])
def test_answers_are_packed_for_those_who_take_it(exporter, accepted, encoding):
    with exporter('two') as found:
        answer, body = found.get('/metrics', Accept_Encoding=accepted)
    assert answer.headers['Content-Encoding'] == encoding
    text = gzip.decompress(body) if encoding else body
    assert text.startswith(b'# HELP nvitop_build_info ')


def test_connections_stay_open_and_head_has_no_body(exporter):
    with exporter('two') as found:
        connection = found.connect()
        connection.request('HEAD', '/metrics')
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'')
        kept = connection.sock
        connection.request('GET', '/-/healthy')
        assert connection.getresponse().read() == b'healthy\n'
        assert connection.sock is kept
        connection.close()


@pytest.mark.parametrize('request_bytes', [
    b'\x00\xff\r\n\r\n', b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'GET /' + b'a' * 40000 + b' HTTP/1.1\r\n\r\n',
    b'GET / HTTP/1.1\r\n' + b'X: y\r\n' * 5000 + b'\r\n', b'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'])
def test_malformed_requests_end_their_connection_alone(exporter, request_bytes):
    with exporter('two') as found:
        with socket.create_connection(('127.0.0.1', found.port), 20) as connection:
            try:
                connection.sendall(request_bytes)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass
            except OSError:
                pass  # it may be shut at any byte
        assert found.get('/-/healthy')[1] == b'healthy\n'


def test_unix_socket_is_made_and_removed(start, tmp_path):
    path = tmp_path / 'socket'
    with sim.scenario('two') as running:
        found = start('--unix-socket', str(path), env=running.env)
        assert found.place == str(path)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(path))
            connection.sendall(b'GET /-/healthy HTTP/1.0\r\n\r\n')
            assert connection.recv(4096).startswith(b'HTTP/1.1 200 OK')
        found.process.terminate()
        assert found.process.wait(20) == 0
        assert not path.exists()


def test_socket_of_a_dead_process_is_replaced(start, tmp_path):
    path = tmp_path / 'left'
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    with sim.scenario('two') as running:
        assert start('--unix-socket', str(path), env=running.env).place == str(path)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_cleanly(start, number):
    with sim.scenario('two') as running:
        found = start('--port', '0', env=running.env)
        os.kill(found.process.pid, number)
        assert found.process.wait(20) == 0


def test_a_terminal_that_is_closed_ends_it(listening):
    ours, theirs = pty.openpty()
    process = subprocess.Popen([paths.built('bin/nvitop-exporter'), '--port', '0'], env=term.clean_env(), text=True,
                               stdin=theirs, stderr=subprocess.PIPE, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(theirs)
    try:
        listening(process)
        os.close(ours)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.stderr.close()


def test_it_ends_though_a_gpu_never_answers(exporter):
    with exporter('hang') as found:
        found.process.terminate()
        assert found.process.wait(20) == 0


@pytest.mark.parametrize('seconds', ['0.049', '1e-9', '3601', '1e300'])
def test_interval_has_bounds(refused, seconds):
    status, said = refused('--interval', seconds, '--demo')
    assert (status, said.splitlines()[-1]) == (
        2, f"nvitop-exporter: error: argument --interval: invalid value: '{seconds}' (expected 0.05 to 3600 seconds)")
