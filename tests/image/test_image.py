"""The image of nvitop does what README.md says of it, built and run as it says."""

from __future__ import annotations

import json
import os
import re
import signal

import pytest
from support import paths, term
from support.job import on_host
from support.tty import Tty

import container

STOP = 5.0  # seconds in which a container must be gone: Docker gives it 10


@pytest.fixture
def job(tmp_path):
    """The host: a GPU and a process on it."""
    with on_host(tmp_path) as running:
        yield running


def test_report(image, run):
    done = run(image, '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and done.out.count('A100-SXM4-80GB') == 8
    assert '╒═' in done.out


@pytest.mark.parametrize('name', ['xterm', 'xterm-256color', 'xterm-ghostty'])
def test_monitor_is_process_1(image, name):
    """With the TERM that Docker gives, and with `-e TERM`, which the image need not know."""
    with Tty(container.command(image, '--demo', 'two', env={'TERM': name}), 40, 100) as tty:
        tty.wait_text('RTX 4060 Ti')
        assert '╒═' in tty.text()
        tty.type('q')
        assert tty.finish() == 0
        assert tty.insanities() == []


def test_chooser(image, run):
    done = run(image, '--demo', 'two', entrypoint=['nvisel'])
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


def test_as_somebody_on_files_that_nobody_can_change(image, run):
    """`--user 1000:1000 --read-only`"""
    done = run(image, '-1', '--nvml', '/usr/libexec/nvitop/libnvidia-ml.so.1', user='1000:1000', is_read_only=True,
               env={'NVITOP_SIM': '/usr/share/nvitop/scenarios/two.ini'})
    assert (done.rc, done.err) == (0, '')
    assert 'RTX 3090' in done.out


@pytest.mark.parametrize('arguments', [[], ['--demo', 'two']], ids=['driver', 'demo'])
def test_stop_ends_the_monitor(image, job, arguments):
    """SIGTERM to process 1, which the kernel shields from signals that it does not ask for."""
    with Tty(container.command(image, *arguments, **container.with_driver(job)), 40, 100) as tty:
        tty.wait_text('GPU-MEM')
        first = tty.child()
        assert os.readlink(f'/proc/{first}/exe').endswith('/usr/bin/nvitop')
        os.kill(first, signal.SIGTERM)
        assert tty.finish(STOP) == 128 + signal.SIGTERM
        assert tty.insanities() == []


def row(done):
    assert (done.rc, done.err) == (0, '')
    found, = json.loads(done.out)['processes']
    return found


def test_processes_of_the_host(image, run, job):
    """`--pid=host`, and the driver's library as NVIDIA's runtime brings it."""
    told = row(run(image, '--json', is_pid_host=True, **container.with_driver(job)))
    assert (told['pid'], told['presence'], told['command']) == (job.pids['JOB'], 'here', 'train --rank 7')


def test_without_pid_host_it_says_so(image, run, job):
    options = container.with_driver(job)
    told = row(run(image, '--json', **options))
    assert (told['pid'], told['presence'], told['command']) == (job.pids['JOB'], 'host_pid', None)
    options['env']['COLUMNS'] = '120'
    assert 'host PID' in run(image, '-1', **options).out


def test_proc_of_the_host_at_another_place(image, run, job):
    """`-v /proc:/host/proc:ro`"""
    options = container.with_driver(job)
    options['volumes']['/proc'] = '/host/proc'
    told = row(run(image, '--json', '--procfs', '/host/proc', **options))
    assert (told['pid'], told['presence'], told['command']) == (job.pids['JOB'], 'here', 'train --rank 7')


def test_without_a_driver_there_is_a_hint(image, run):
    done = run(image, '-1')
    assert done.rc == 1 and 'HINT' in done.err and done.out == ''


def test_nothing_of_the_build_is_left(image, images):
    base = images.packages('docker.io/library/debian:bookworm-slim')
    added = images.packages('nvitop:latest') - base
    assert {re.sub(r'\d+$', '', name) for name in added} == {'libinih', 'libjansson', 'libutf8proc'}
    for name in ('source', 'build', 'installed', 'usr/bin/gcc', 'usr/bin/nvitop-exporter', 'usr/include/nvitop'):
        assert not (image.root / name).exists(), name
    assert not list((image.root / 'var/lib/apt/lists').glob('*Packages*'))
    assert (image.root / 'usr/share/doc/nvitop/LICENSE').exists()


def test_its_programs_are_stripped_and_whole(image):
    for name in ('nvitop', 'nvisel'):
        assert '.debug_info' not in term.run(['readelf', '-S', image.root / 'usr/bin' / name]).out


@pytest.mark.parametrize('name, arguments', [
    ('docker.io/library/debian:my-own', ['basetag=my-own']),
    ('registry.example/deb:my-own', ['basetag=my-own', 'baseimage=registry.example/deb'])], ids=['tag', 'image'])
def test_another_base(images, run, name, arguments):
    images.run('tag', 'docker.io/library/debian:bookworm-slim', name)
    other = images.built('nvitop:other', *(word for argument in arguments for word in ('--build-arg', argument)))
    assert run(other, '--version').out == f'nvitop {paths.version()}\n'


def test_a_tag_that_is_not_there_is_named(images):
    done = images.build('nvitop:none', '--build-arg', 'basetag=no-such-tag')
    assert done.returncode != 0 and 'debian:no-such-tag' in done.stderr
