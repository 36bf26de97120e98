"""The units for systemd: what it says of them, and the program as nobody, with a socket that was opened before."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from support import paths, term

EXPOSURE = 20  # tenths; systemd's own scale goes to 100, and calls 20 "OK"
NOBODY = 65534
DROP = ['setpriv', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--clear-groups', f'--reuid={NOBODY}',
        f'--regid={NOBODY}']
LIBRARY = 'sim/libnvidia-ml.so.1'
# One process that is another user's: this test's own.
SCENARIO = '[system]\ndriver_version = 550.163.01\n[device 0]\n[process mine]\npid = {pid}\nmem = 10MiB\n'


def analyze(*arguments, folder):
    return subprocess.run(['systemd-analyze', *arguments], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def units(tmp_path):
    """A folder with both, the service for the program as it was built."""
    built = paths.built('contrib/nvitop-exporter.service').read_text()
    start = next(line for line in built.splitlines() if line.startswith('ExecStart='))
    program = start.partition('=')[2].split()[0]
    (tmp_path / 'nvitop-exporter.service').write_text(built.replace(program, str(paths.built('bin/nvitop-exporter'))))
    shutil.copy(paths.ROOT / 'contrib/systemd/nvitop-exporter.socket', tmp_path)
    return tmp_path


def test_systemd_takes_them(units):
    for name in ('nvitop-exporter.service', 'nvitop-exporter.socket'):
        done = analyze('verify', '--man=no', f'./{name}', folder=units)
        assert (done.returncode, done.stdout + done.stderr) == (0, '')


def test_little_is_exposed(units):
    done = analyze('security', '--offline=true', f'--threshold={EXPOSURE}', './nvitop-exporter.service', folder=units)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def open_folder():
    """A folder that everybody may read, with program, driver and scenario."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ('bin/nvitop-exporter', LIBRARY):
        shutil.copy(paths.built(name), folder)
    (folder / 'scenario.ini').write_text(SCENARIO.format(pid=os.getpid()))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() != 0, reason='only root can become nobody')
def test_nobody_still_tells_whose_processes_they_are(start, open_folder):
    found = start('--port', '0', '--nvml', str(open_folder / 'libnvidia-ml.so.1'),
                  env=term.clean_env({'NVITOP_SIM': str(open_folder / 'scenario.ini')}),
                  before=DROP, program=open_folder / 'nvitop-exporter')
    status = Path(f'/proc/{found.process.pid}/status').read_text()
    assert f'Uid:\t{NOBODY}\t' in status and 'CapEff:\t0000000000000000\n' in status and 'NoNewPrivs:\t1\n' in status
    found.wait_until(lambda: 'nvitop_process_info' in found.metrics(), 'no process was ever told')
    line = next(line for line in found.metrics().splitlines() if line.startswith('nvitop_process_info{'))
    name = Path('/proc/self/comm').read_text().strip()
    assert f'pid="{os.getpid()}"' in line and 'user="root"' in line and f'name="{name}' in line


def test_a_socket_that_was_opened_before(tmp_path):
    """As a supervisor hands it over: descriptor 3, and for this process alone."""
    listening = socket.create_server(('127.0.0.1', 0))
    port = listening.getsockname()[1]
    shell = 'exec 3<&"$0"; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
    process = subprocess.Popen(['bash', '-c', shell, str(listening.fileno()), paths.built('bin/nvitop-exporter'),
                                '--port', '1', '--nvml', str(paths.built(LIBRARY))],
                               env=term.clean_env(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               pass_fds=[listening.fileno()])
    try:
        listening.close()
        assert process.stderr.readline() == f'nvitop-exporter: listening on 127.0.0.1:{port}\n'
        with socket.create_connection(('127.0.0.1', port), 20) as connection:
            connection.sendall(b'GET /-/healthy HTTP/1.0\r\n\r\n')
            assert connection.recv(4096).startswith(b'HTTP/1.')
    finally:
        process.terminate()
        process.stderr.close()
        assert process.wait(20) == 0


def test_a_socket_for_another_process_is_not_taken(start):
    found = start('--port', '0', '--nvml', str(paths.built(LIBRARY)),
                  env=term.clean_env({'LISTEN_FDS': '1', 'LISTEN_PID': '1'}))
    assert found.get('/-/healthy')[1] == b'healthy\n'
