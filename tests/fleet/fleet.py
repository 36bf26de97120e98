"""Twenty machines on loopback and a Prometheus of Debian's that scrapes them."""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import json
import re
import socket
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Callable, Iterator

from support import paths, term

PATIENCE = 60  # seconds until a test is given up
PACE = 0.2  # between two questions that get the same answer, so that who is asked can do his work
JOB = 'nvitop'
CALM, TROUBLE = '60', '120'  # two seconds of the scenarios' time; all stands still in between

# A machine: its scenario, and what is added to that. What happens to some happens at TROUBLE.
MACHINES = {
    'big': ('a100x8', ''),
    'cut': ('mig', ''),
    'mixed': ('mixed4', ''),
    'rack': ('gpus16', ''),
    'batch': ('two', '[process JOB]\npid = 4245\ndevice = 1\nmem = 2GiB\nsm = 30\n'
              '[device 0]\narch = 9\nsm_active = 55\ntensor_active = 20\ndram_active = 30\nxid = steps 31@10s\n'),
    'old': ('laptop', ''),
    'silent': ('hang', ''),
    'lost': ('lost', ''),
    'driverless': ('nodriver', ''),
    'bare': ('none', ''),
    'unified': ('uma', ''),
    'windows': ('wsl', ''),
    'boxed': ('container', ''),
    'hostile': ('hostile', ''),
    'falls': ('two', '[device 1]\nlost_at = 100s\n'),
    'hot': ('two', '[device 0]\nevent_reasons = steps 0@0s 104@100s\n'),
    'brake': ('busy1', '[device 0]\nevent_reasons = steps 4@0s 128@100s\n'),
    'full': ('two', '[device 0]\nmem_used = steps 9000MiB@0s 24100MiB@100s\n'),
    'errors': ('busy1', '[device 0]\necc_mode = 1\necc_errors = steps 1@0s 3@100s\n'
               'remapped_pending = steps 0@0s 1@100s\nremapped_failure = steps 0@0s 1@100s\n'
               'xid = steps 79@100s\n'),
    'dead': ('two', ''),
}

# A machine whose /proc is the one of the tests, for it has a process of a Slurm job.
FOREIGN = {'batch': {'NVITOP_PROCFS': str(paths.ROOT / 'tests/proc/server')}}


def eventually(differences: Callable[[], object]) -> None:
    """Asks until there are none, for as long as a test may take."""
    deadline, breath = time.monotonic() + PATIENCE, threading.Event()
    while found := differences():
        assert time.monotonic() < deadline, found
        breath.wait(PACE)


def answer_of(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request('GET', path)
        answer = connection.getresponse()
        return answer.status, answer.read()


class Machine:
    """An exporter over its scenario, whose time is in a file. It uses the processor for nothing else."""

    def __init__(self, name: str, folder: Path):
        self.name = name
        shipped, more = MACHINES[name]
        scenario = folder / f'{name}.ini'
        text = re.sub(r'^cpu = .*\n', '', (paths.SCENARIOS / f'{shipped}.ini').read_text(encoding='utf-8'), flags=re.M)
        scenario.write_text(text + '\n' + more, encoding='utf-8')
        self.clock = folder / f'{name}.clock'
        self.set_clock(CALM)
        self.process = subprocess.Popen(
            [paths.built('bin/nvitop-exporter'), '--port', '0', '--demo', str(scenario)],
            env=term.clean_env({'NVITOP_SIM_CLOCK': str(self.clock), **FOREIGN.get(name, {})}), text=True, stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        line = self.process.stderr.readline()
        assert 'listening on ' in line, line
        self.port = int(line.rpartition(':')[2].strip().rstrip('/'))

    def set_clock(self, seconds: str) -> None:
        fresh = self.clock.with_suffix('.new')
        fresh.write_text(seconds)
        fresh.replace(self.clock)

    def get(self, path: str) -> bytes:
        return answer_of(self.port, path)[1]

    def is_ready(self) -> bool:
        return answer_of(self.port, '/-/ready')[0] == 200

    def snapshot(self) -> dict:
        return json.loads(self.get('/api/v1/snapshot'))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stderr.close()


class Prometheus:
    """The real one, with the rules in which each `for` is two evaluations and nothing else is changed."""

    def __init__(self, folder: Path, machines: list[Machine]):
        targets = [{'targets': [f'127.0.0.1:{machine.port}'], 'labels': {'instance': machine.name}} for machine in machines]
        rules = []
        for path in sorted((paths.ROOT / 'contrib/prometheus').glob('*.yml')):
            text, count = re.subn(r'^( +for:) \w+$', r'\1 4s', path.read_text(encoding='utf-8'), flags=re.M)
            assert count or 'alert:' not in text
            (folder / path.name).write_text(text, encoding='utf-8')
            rules.append(path.name)
        # JSON is YAML. A scrape has as long as there is between two, for machines that are busy with other tests.
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        # Prometheus itself is somebody else's target, as there are on every Prometheus.
        (folder / 'prometheus.yml').write_text(json.dumps({
            'global': {'scrape_interval': '2s', 'scrape_timeout': '2s', 'evaluation_interval': '2s'},
            'rule_files': rules, 'scrape_configs': [
                {'job_name': JOB, 'static_configs': targets},
                {'job_name': 'prometheus', 'static_configs': [{'targets': [f'127.0.0.1:{self.port}']}]}]}))
        self.log = open(folder / 'prometheus.log', 'w+', encoding='utf-8')
        self.process = subprocess.Popen(
            ['prometheus', f'--config.file={folder / "prometheus.yml"}', f'--storage.tsdb.path={folder / "tsdb"}',
             f'--web.listen-address=127.0.0.1:{self.port}', '--log.level=warn'],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, env=term.clean_env())
        eventually(lambda: not self.is_ready())

    def is_ready(self) -> bool:
        assert self.process.poll() is None, Path(self.log.name).read_text(encoding='utf-8')
        try:
            return answer_of(self.port, '/-/ready')[0] == 200
        except ConnectionError:
            return False

    def api(self, path: str, **fields: str):
        """What the HTTP API answers; an error is one of the test's."""
        status, body = answer_of(self.port, f'/api/v1/{path}?{urllib.parse.urlencode(fields)}')
        answer = json.loads(body)
        assert (status, answer['status']) == (200, 'success'), (fields, answer)
        return answer['data']

    def query(self, expr: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of each series that an expression gives now."""
        data = self.api('query', query=expr)
        assert data['resultType'] == 'vector', expr
        return [(series['metric'], float(series['value'][1])) for series in data['result']]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.log.close()


class Fleet:
    """All of it. `docs` are the snapshots of those that answer, by name: what the simulator says."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.machines = dict(zip(MACHINES, pool.map(lambda name: Machine(name, folder), MACHINES)))
        for machine in self.machines.values():
            stack.callback(machine.end)
        self.prometheus = Prometheus(folder, list(self.machines.values()))
        stack.callback(self.prometheus.end)
        self.dead: set[str] = set()

    def docs(self) -> dict[str, dict]:
        return {name: machine.snapshot() for name, machine in self.machines.items() if name not in self.dead}

    def kill(self, name: str) -> None:
        self.dead.add(name)
        self.machines[name].kill()


@contextlib.contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    with contextlib.ExitStack() as stack:
        yield Fleet(folder, stack)
