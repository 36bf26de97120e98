"""The image of nvitop-exporter: nobody in particular, on files that nobody can change, and its health."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
from pathlib import Path

import pytest
from support import paths, sim, term

import container

PATIENCE = 30.0


class Running:
    """A container of it, once it listens."""

    def __init__(self, image, *arguments: str, **options):
        self.image = image
        self.process = subprocess.Popen(container.command(image, *arguments, **options), env=term.clean_env(), text=True,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.line = self.process.stderr.readline()
        assert 'listening on ' in self.line, self.line + self.process.stderr.read()
        children = Path(f'/proc/{self.process.pid}/task/{self.process.pid}/children').read_text()
        self.first = int(children.split()[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first, signal.SIGKILL)  # --kill-child does not reach who has become another user
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stderr.close()

    def get(self, path: str) -> term.Result:
        """As Prometheus would, from the network of the container; waits for 503 to go."""
        return term.run(['nsenter', '--target', self.first, '--net', 'curl', '-sf', '--retry', '100', '--retry-delay', '0',
                         '--retry-all-errors', f'http://127.0.0.1:8000{path}'])

    def health(self) -> int:
        kind, *words = self.image.config['Healthcheck']['Test']
        assert kind == 'CMD'
        return term.run(container.inside(self.image, self.first, *words)).rc

    def status(self, name: str) -> list[str]:
        return re.search(rf'^{name}:(.*)$', Path(f'/proc/{self.first}/status').read_text(), re.M)[1].split()


@pytest.fixture
def two(tmp_path):
    with sim.scenario('two') as running:
        yield running


@pytest.fixture
def exporter(exporter_image, two):
    options = container.with_driver(two)
    with Running(exporter_image, is_read_only=True, is_pid_host=True, **options) as running:
        yield running


def test_it_is_scraped(exporter, two):
    assert exporter.get('/-/ready').rc == 0
    told = exporter.get('/metrics').out
    assert len(re.findall(r'^nvitop_gpu_up\{.*\} 1$', told, re.M)) == 2
    for name in ('XORG', 'RANK0', 'RANK1', 'BOTH'):
        assert f'pid="{two.pids[name]}"' in told
    assert term.run(['sh', '-c', 'printf %s "$0" | promtool check metrics', told]).rc == 0


def test_simulated_gpus(exporter_image):
    with Running(exporter_image, '--demo', 'two') as running:
        assert running.get('/-/ready').rc == 0
        assert 'RTX 4060 Ti' in running.get('/metrics').out


def test_it_listens_for_others(exporter):
    """Or its port could not be published."""
    assert 'listening on 0.0.0.0:8000' in exporter.line


def test_it_is_nobody(exporter):
    assert exporter.status('Uid') == ['65534'] * 4 and exporter.status('Gid') == ['65534'] * 4
    assert exporter.status('CapEff') == ['0' * 16]


def test_it_is_healthy(exporter):
    assert exporter.health() == 0


def test_health_sees_a_frozen_one(exporter):
    """Stopped, it listens and says nothing: Docker ends the question when its time is over."""
    os.kill(exporter.first, signal.SIGSTOP)
    kind, *words = exporter.image.config['Healthcheck']['Test']
    seconds = exporter.image.config['Healthcheck']['Timeout'] / 1e9
    asked = subprocess.Popen(container.inside(exporter.image, exporter.first, *words), env=term.clean_env(),
                             stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with pytest.raises(subprocess.TimeoutExpired):
        asked.wait(seconds)
    asked.kill()
    os.kill(exporter.first, signal.SIGCONT)
    assert asked.wait(PATIENCE) != 0 and exporter.health() == 0


def test_health_without_one(exporter_image, run):
    kind, *words = exporter_image.config['Healthcheck']['Test']
    assert run(exporter_image, entrypoint=words).rc != 0


def test_health_wants_more_than_a_listener(exporter_image, two):
    """With a certificate the plain question is answered by nobody, so it is said how to ask then."""
    with Running(exporter_image, '--port', '8001', **container.with_driver(two)) as other:
        assert other.health() != 0


def test_stop(exporter):
    end = os.pidfd_open(exporter.first)
    os.kill(exporter.first, signal.SIGTERM)
    assert select.select([end], [], [], 5)[0], 'it goes on'
    os.close(end)
    assert exporter.process.wait(PATIENCE) == 0


def test_stop_as_process_1(exporter_image, two):
    with Running(exporter_image, **container.with_driver(two)) as running:
        os.kill(running.first, signal.SIGTERM)
        assert running.process.wait(5) == 0


def test_configuration(exporter_image):
    config = exporter_image.config
    assert config['User'] == '65534:65534' and list(config['ExposedPorts']) == ['8000/tcp']
    assert exporter_image.env['NVIDIA_VISIBLE_DEVICES'] == 'all'
    assert exporter_image.env['NVIDIA_DRIVER_CAPABILITIES'] == 'utility'


def test_only_the_exporter_is_there(exporter_image):
    there = [name for name in ('nvitop-exporter', 'nvitop', 'gcc') if (exporter_image.root / 'usr/bin' / name).exists()]
    assert there == ['nvitop-exporter']
    assert term.run(container.command(exporter_image, '--version')).out == f'nvitop-exporter {paths.version()}\n'
