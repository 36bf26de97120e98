"""Pids of the host in a container: what is told without its /proc, and with it at another place."""

from __future__ import annotations

import json
import subprocess

import pytest
from support import paths, term

# A container's own /proc, and the host's where $0 says.
INSIDE = 'mount --rbind /proc "$0" && mount -t proc proc /proc && exec "$@"'


@pytest.fixture
def inside(job, tmp_path):
    """inside(program, options…) in a namespace of pids of its own; HOST stands for the host's /proc there."""
    host = tmp_path / 'host-proc'
    host.mkdir()

    def command(*words):
        words = [str(host) if word == 'HOST' else str(word) for word in words]
        return ['unshare', '--pid', '--mount', '--fork', '--kill-child', 'sh', '-c', INSIDE, str(host), *words]
    return command


def process(result):
    assert (result.rc, result.err) == (0, '')
    found, = json.loads(result.out)['processes']
    return found


def test_without_it_nothing_is_said_of_them(job, inside):
    row = process(term.run(inside(paths.nvitop(), '--json'), job.env))
    assert (row['pid'], row['presence'], row['command'], row['username']) == (job.pids['JOB'], 'host_pid', None, None)
    report = term.run(inside(paths.nvitop(), '-1'), {**job.env, 'COLUMNS': '120'})
    assert 'host PID' in report.out and 'train' not in report.out


@pytest.mark.parametrize('is_option', [True, False], ids=['option', 'variable'])
def test_with_it_they_are_told(job, inside, is_option, tmp_path):
    options, more = (['--procfs', 'HOST'], {}) if is_option else ([], {'NVITOP_PROCFS': str(tmp_path / 'host-proc')})
    row = process(term.run(inside(paths.nvitop(), '--json', *options), {**job.env, **more}))
    assert (row['pid'], row['presence'], row['command'], row['username']) == (
        job.pids['JOB'], 'here', 'train --rank 7', 'www-data')


def test_exporter_with_it(job, inside):
    command = inside(paths.built('bin/nvitop-exporter'), '--port', '0', '--procfs', 'HOST')
    process = subprocess.Popen(command, env=term.clean_env(job.env), stderr=subprocess.PIPE, text=True)
    try:
        place = process.stderr.readline().rstrip('\n').partition('listening on ')[2]
        ready = ['curl', '-sf', '--retry', '100', '--retry-delay', '0', '--retry-all-errors', f'http://{place}/-/ready']
        assert term.run(ready).rc == 0
        told = term.run(['curl', '-sf', f'http://{place}/metrics']).out
    finally:
        process.kill()  # unshare, and with it what it has started
        process.wait(30)
        process.stderr.close()
    assert f'pid="{job.pids["JOB"]}"' in told and 'user="www-data"' in told
