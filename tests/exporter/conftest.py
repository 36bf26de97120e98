"""nvitop-exporter over a scenario, on a port that is free."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import time
from pathlib import Path
from typing import Sequence

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths, sim, term  # noqa: E402

PATIENCE = 40  # seconds until a test is given up


class Exporter:
    """A running one."""

    def __init__(self, process: subprocess.Popen, place: str):
        self.process = process
        self.place = place

    @property
    def port(self) -> int:
        return int(self.place.rpartition(':')[2])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self.connect()
        with contextlib.closing(connection):
            connection.request('GET', path, headers={name.replace('_', '-'): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer, answer.read()

    def wait_until(self, is_so, otherwise: str, patience: float = PATIENCE) -> None:
        """Asks again and again; every question is an answer of the server's."""
        deadline = time.monotonic() + patience
        while not is_so():
            assert time.monotonic() < deadline, otherwise

    def wait_ready(self) -> None:
        """Until the driver has answered: 503 before."""
        self.wait_until(lambda: self.get('/-/ready')[0].status == 200, 'the driver never answered')

    def metrics(self, **headers: str) -> str:
        answer, body = self.get('/metrics', **headers)
        assert answer.status == 200
        return body.decode()


@pytest.fixture(scope='session')
def listening():
    """listening(process) → an Exporter, from the line that says where it listens: its first, but the driver may speak before it."""
    def read(process: subprocess.Popen) -> Exporter:
        line = process.stderr.readline()
        while line.startswith('simulated driver:'):
            line = process.stderr.readline()
        if 'listening on ' not in line:
            process.kill()
            pytest.fail(line + process.stderr.read())
        return Exporter(process, line.rstrip('\n').partition('listening on ')[2])
    return read


@pytest.fixture
def start(listening):
    """start(*options, env=…) → a process, and the line that says where it listens. `before`: a command that becomes it."""
    processes = []

    def run(*options: str, env: dict[str, str], before: Sequence[str] = (), program: Path | None = None) -> Exporter:
        process = subprocess.Popen([*before, program or paths.built('bin/nvitop-exporter'), *options], env=env, text=True,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        processes.append(process)
        return listening(process)

    yield run
    for process in processes:
        process.terminate()
        process.stderr.close()
        assert process.wait(PATIENCE) == 0


@pytest.fixture
def exporter(start):
    """exporter(scenario, *options) is a context with one that is ready."""
    @contextlib.contextmanager
    def run(scenario: str, *options: str):
        with sim.scenario(scenario) as running:
            found = start('--port', '0', *options, env=running.env)
            found.wait_ready()
            yield found
    return run


@pytest.fixture
def refused():
    """refused(*options) → the exit status and what stderr says, of one that does not start."""
    def run(*options: str) -> tuple[int, str]:
        done = subprocess.run([paths.built('bin/nvitop-exporter'), *options], env=term.clean_env(), text=True,
                              capture_output=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr
    return run


def openssl(*arguments, cwd):
    subprocess.run(['openssl', *arguments], cwd=cwd, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope='session')
def keys(tmp_path_factory):
    """A folder: two authorities (ca, other), pairs of a server and a client of each, and two of ca that say what they are for."""
    folder = tmp_path_factory.mktemp('keys')
    for name in ('ca', 'other'):
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                '-subj', f'/CN={name}', '-keyout', f'{name}.key', '-out', f'{name}.pem', cwd=folder)
    purposes = {'forclients': 'clientAuth', 'forservers': 'serverAuth'}
    for name, signer in (('server', 'ca'), ('client', 'ca'), ('elsewhere', 'other'), ('stranger', 'other'),
                         *((name, 'ca') for name in purposes)):
        purpose = f'extendedKeyUsage={purposes[name]}\n' if name in purposes else ''
        (folder / 'extensions').write_text('subjectAltName=IP:127.0.0.1\n' + purpose)
        openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', f'/CN={name}',
                '-keyout', f'{name}.key', '-out', f'{name}.csr', cwd=folder)
        openssl('x509', '-req', '-in', f'{name}.csr', '-CA', f'{signer}.pem', '-CAkey', f'{signer}.key', '-days', '2',
                '-CAcreateserial', '-extfile', 'extensions', '-out', f'{name}.pem', cwd=folder)
    return folder
