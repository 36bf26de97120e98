"""Where it listens: sockets that a supervisor hands over, those in a folder, and what goes wrong with them."""

import contextlib
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from conftest import PATIENCE
from support import paths, term

NVML = ['--nvml', '/dev/null']  # no driver
HAND = ['bash', '-c', 'exec 3<&"$0"; export LISTEN_PID=$$; exec "$@"']


def hand_over(descriptor, count='1'):
    """The arguments of a process that gets it as descriptor 3."""
    return {'args': [*HAND, str(descriptor), paths.built('bin/nvitop-exporter'), '--port', '0', *NVML],
            'env': term.clean_env({'LISTEN_FDS': count}), 'pass_fds': [descriptor], 'stdin': subprocess.DEVNULL,
            'stderr': subprocess.PIPE, 'text': True}


def unix(path, backlog):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(backlog)
    return listening


@pytest.mark.parametrize('count', ['0', '2', 'many'])
def test_one_socket_is_handed_over(count):
    with socket.create_server(('127.0.0.1', 0)) as listening:
        done = subprocess.run(**hand_over(listening.fileno(), count), timeout=PATIENCE)
    assert (done.returncode, done.stderr.count('\n')) == (1, 1)
    assert re.search(r'error: LISTEN_FDS is \d: expected one socket\n$', done.stderr)


@pytest.mark.parametrize('make', [lambda: socket.socket(), lambda: socket.socket(type=socket.SOCK_DGRAM),
                                  lambda: open('/dev/null')], ids=['does not listen', 'datagrams', 'a file'])
def test_what_is_handed_over_must_listen(make):
    with make() as handed:
        done = subprocess.run(**hand_over(handed.fileno()), timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (
        1, 'nvitop-exporter: error: LISTEN_FDS: descriptor 3 is no stream socket that listens\n')


def rests(process):
    """How often its first thread has waited for anything."""
    status = Path(f'/proc/{process.pid}/task/{process.pid}/status').read_text()
    return int(re.search(r'^voluntary_ctxt_switches:\s*(\d+)', status, re.M)[1])


def test_a_socket_that_is_broken_costs_no_processor(listening):
    """One that was shut is always readable, and accepts nobody: whoever asks it without a rest never waits."""
    with socket.create_server(('127.0.0.1', 0)) as shared, subprocess.Popen(**hand_over(shared.fileno())) as process:
        found = listening(process)
        shared.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            found.get('/')
        before = rests(process)
        found.wait_until(lambda: rests(process) > before + 5, 'it never rests')
        process.terminate()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize('umask', ['0', '022', '077'])
def test_user_and_group_may_connect(start, tmp_path, umask):
    path = tmp_path / 'socket'
    start('--unix-socket', str(path), *NVML, env=term.clean_env(), before=['sh', '-c', f'umask {umask}; exec "$@"', 'sh'])
    assert path.stat().st_mode & 0o777 == 0o660


def test_a_socket_with_a_full_queue_is_alive(refused, tmp_path):
    path = tmp_path / 'busy'
    with unix(path, 0), contextlib.ExitStack() as stack:
        with contextlib.suppress(BlockingIOError):
            while True:
                waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
                waiting.setblocking(False)
                waiting.connect(str(path))
        status, said = refused('--unix-socket', str(path))
        assert (status, path.is_socket()) == (1, True)
        assert said == f'nvitop-exporter: error: cannot listen on {path}: Address already in use\n'


def test_the_socket_of_another_is_left(start, tmp_path):
    path = tmp_path / 'socket'
    found = start('--unix-socket', str(path), *NVML, env=term.clean_env())
    path.unlink()
    with unix(path, 1):
        inode = os.stat(path).st_ino
        found.process.terminate()
        assert found.process.wait(PATIENCE) == 0
        assert os.stat(path).st_ino == inode
