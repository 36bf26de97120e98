"""Whose a process is, and since when: from a copy of /proc whose files say what a test wants."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from typing import Iterator

import pytest

from support import procfs, sim

ID = '0123456789abcdef' * 4
POD = '12345678-9abc-def0-1234-56789abcdef0'
SLICE = POD.replace('-', '_')
HOME = b'HOME=/root\0'

# Name: cgroup, environment, labels.
FORMS = {
    'docker': (f'0::/system.slice/docker-{ID}.scope\n', HOME, {'container_id': ID}),
    'docker, v1': (f'12:devices:/docker/{ID}\n1:name=systemd:/docker/{ID}\n', HOME, {'container_id': ID}),
    'podman': (f'0::/machine.slice/libpod-{ID}.scope/container\n', HOME, {'container_id': ID}),
    'Kubernetes': (f'0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{SLICE}.slice/'
                   f'cri-containerd-{ID}.scope\n', HOME, {'container_id': ID, 'pod_uid': POD}),
    'Kubernetes, cgroupfs': (f'4:memory:/kubepods/besteffort/pod{POD}/{ID}\n', HOME,
                             {'container_id': ID, 'pod_uid': POD}),
    'Slurm, v2': ('0::/system.slice/slurmstepd.scope/job_421/step_0/user/task_0\n', HOME, {'slurm_job_id': '421'}),
    'Slurm, v1': ('9:devices:/slurm/uid_1000/job_77/step_0\n4:memory:/slurm/uid_1000/job_77\n', HOME,
                  {'slurm_job_id': '77'}),
    'Slurm and podman': (f'0::/system.slice/slurmstepd.scope/job_9/step_0/user/libpod-{ID}.scope\n', HOME,
                         {'container_id': ID, 'slurm_job_id': '9'}),
    'Slurm without cgroups': ('0::/user.slice/user-0.slice/session-3.scope\n', b'A=b\0SLURM_JOB_ID=5\0',
                              {'slurm_job_id': '5'}),
    'the kernel first': ('0::/slurmstepd.scope/job_421/step_0\n', b'SLURM_JOB_ID=1\0PBS_JOBID=2\0',
                         {'slurm_job_id': '421'}),
    'PBS': ('0::/\n', b'PBS_JOBID=31[2].head-1\0', {'batch_job_id': '31[2].head-1'}),
    'LSF': ('0::/\n', b'LSB_JOBID=88\0', {'batch_job_id': '88'}),
    'Grid Engine': ('0::/\n', b'JOB_ID=55\0SGE_TASK_ID=12\0', {'batch_job_id': '55.12'}),
    'a session': ('0::/user.slice/user-1000.slice/session-3.scope\n', HOME, {}),
    'nothing': ('', b'', {}),
    # What anybody may write.
    'escapes': ('0::/lxc/a\x1b[31m"}\n1:x:/slurm/job_1"\\x\n', b'SLURM_JOB_ID=1"} 1\nnvitop_gpu_up 7\0', {}),
    'no text': ('0::/\xff\xfe/docker-\n', b'\xff=\xff\0SLURM_JOB_ID=\xff\0', {}),
    'long': ('0::' + '/a' * 2000 + f'/docker-{ID}.scope\n', b'X=' + b'x' * 200000 + b'\0SLURM_JOB_ID=6\0',
             {'container_id': ID, 'slurm_job_id': '6'}),
    'too long': ('0::/a\n' * 20000 + f'0::/docker/{ID}\n', HOME, {}),
    'cut off': ('0::/\n', b'X=' + b'x' * (2**20 - 18) + b'\0SLURM_JOB_ID=6666\0', {}),
}
TICKS = os.sysconf('SC_CLK_TCK')
LABELS = ('container_id', 'pod_uid', 'slurm_job_id', 'batch_job_id')


class Machine:
    """A running scenario with a process for each of some names, and the copy of /proc that is read."""

    def __init__(self, root: Path, pids: dict[str, int]):
        self.root, self.pids = root, pids

    def place(self, name: str) -> Path:
        return self.root / str(self.pids[name])

    def write(self, name: str, cgroup: str, environ: bytes) -> None:
        (self.place(name) / 'cgroup').write_bytes(cgroup.encode('latin-1'))
        (self.place(name) / 'environ').unlink(missing_ok=True)
        (self.place(name) / 'environ').write_bytes(environ)


    def stat(self, name: str) -> list[str]:
        """Its fields, counted from 1 as in proc(5)."""
        head, _, tail = (self.place(name) / 'stat').read_text().rpartition(')')
        return ['', head.partition(' ')[0], head.partition(' ')[2] + ')', *tail.split()]

    def set_stat(self, name: str, field: int, value: int) -> None:
        fields = self.stat(name)
        fields[field] = str(value)
        new = self.place(name) / 'stat.new'
        new.write_text(' '.join(fields[1:]) + '\n')
        new.rename(self.place(name) / 'stat')  # nobody reads half of it


@pytest.fixture
def machine(start, tmp_path):
    """machine(*names) is a context: a Machine, and what starts an exporter over it."""
    @contextlib.contextmanager
    def run(*names: str) -> Iterator[tuple]:
        scenario = tmp_path / 'jobs.ini'
        scenario.write_text('[device 0-1]\nmem_total = 16GiB\n' + ''.join(
            f'[process P{at}]\ndevice = all\nmem = 64MiB\ncommand = work {at}\n' for at in range(len(names))))
        with sim.scenario(scenario) as running:
            root = procfs.freeze(tmp_path / 'proc')
            found = Machine(root, {name: running.pids[f'P{at}'] for at, name in enumerate(names)})
            yield found, lambda: start('--port', '0', '--procfs', str(root), '--interval', '0.1', env=running.env)
    return run


def info_of(text: str) -> dict[int, list[dict[str, str]]]:
    """By pid, the labels of nvitop_process_info, a series each."""
    found: dict[int, list[dict[str, str]]] = {}
    for series in re.findall(r'^nvitop_process_info\{(.*)\} 1$', text, re.M):
        labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', series))
        found.setdefault(int(labels['pid']), []).append(labels)
    return found


def jobs_of(labels: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if name in LABELS}


def wait_told(exporter, pids) -> dict[int, list[dict[str, str]]]:
    """Until each of these processes is told."""
    exporter.wait_until(lambda: set(pids) <= set(info_of(exporter.metrics())), 'somebody was never told')
    return info_of(exporter.metrics())


def test_a_process_has_the_labels_of_its_job(machine):
    with machine(*FORMS) as (here, start_exporter):
        for name, (cgroup, environ, _) in FORMS.items():
            here.write(name, cgroup, environ)
        exporter = start_exporter()
        info = wait_told(exporter, here.pids.values())
        snapshot = json.loads(exporter.get('/api/v1/snapshot')[1])
    told = {name: [jobs_of(labels) for labels in info[pid]] for name, pid in here.pids.items()}
    assert told == {name: [expected] * 2 for name, (_, _, expected) in FORMS.items()}, 'one for each GPU'
    rows = {row['pid']: {name: row[name] for name in LABELS if row[name]} for row in snapshot['processes']}
    assert {name: rows[pid] for name, pid in here.pids.items()} == {name: form[2] for name, form in FORMS.items()}


def test_the_kernels_own_files_tell_it_too(exporter, tmp_path):
    scenario = tmp_path / 'env.ini'
    scenario.write_text('[device 0]\nmem_total = 16GiB\n'
                        '[process SLURM]\nenv = SLURM_JOB_ID=421 SLURM_JOB_NAME=train\n'
                        '[process PBS]\nenv = PBS_JOBID=7.head\n[process NEITHER]\n')
    with exporter(str(scenario)) as found:
        found.wait_until(lambda: len(info_of(found.metrics())) == 3, 'somebody was never told')
        info = info_of(found.metrics())
    told = {row['name']: (row.get('slurm_job_id'), row.get('batch_job_id')) for rows in info.values() for row in rows}
    assert told == {'SLURM': ('421', None), 'PBS': (None, '7.head'), 'NEITHER': (None, None)}


def test_it_is_read_once_in_the_life_of_a_process(machine):
    with machine('one') as (here, start_exporter):
        here.write('one', f'0::/docker/{ID}\n', HOME)
        exporter, pid = start_exporter(), here.pids['one']
        assert jobs_of(wait_told(exporter, [pid])[pid][0]) == {'container_id': ID}

        here.write('one', '0::/slurm/job_1\n', HOME)
        here.set_stat('one', 14, 42 * TICKS)  # the same process, which has been looked at again once this is told
        exporter.wait_until(lambda: re.search(rf'^nvitop_process_cpu_seconds_total{{pid="{pid}"}} 42\b',
                                              exporter.metrics(), re.M), 'the process is not looked at')
        assert jobs_of(info_of(exporter.metrics())[pid][0]) == {'container_id': ID}

        here.set_stat('one', 22, 1)  # started at another time: another one, with the same pid
        exporter.wait_until(lambda: [jobs_of(row) for row in info_of(exporter.metrics()).get(pid, [])]
                            == [{'slurm_job_id': '1'}] * 2, 'the new process was never told')


def test_one_that_is_stuck_costs_itself_alone(machine):
    with machine('stuck', 'other') as (here, start_exporter):
        here.write('other', '0::/slurm/job_1\n', HOME)
        here.write('stuck', f'0::/docker/{ID}\n', HOME)
        (here.place('stuck') / 'environ').unlink()
        os.mkfifo(here.place('stuck') / 'environ')  # who opens it waits for ever
        exporter = start_exporter()
        exporter.wait_ready()
        info = wait_told(exporter, here.pids.values())
        assert jobs_of(info[here.pids['other']][0]) == {'slurm_job_id': '1'}
        assert jobs_of(info[here.pids['stuck']][0]) == {}
        snapshot = json.loads(exporter.get('/api/v1/snapshot')[1])
        writer = os.open(here.place('stuck') / 'environ', os.O_WRONLY)
        os.close(writer)  # lets it go
    row = next(row for row in snapshot['processes'] if row['pid'] == here.pids['stuck'])
    assert row['unavailable']['slurm_job_id'] == {'why': 'not_responding'}


def test_cpu_time_and_start_are_those_of_the_kernel(machine):
    with machine('one') as (here, start_exporter):
        fields = here.stat('one')
        boot = int(re.search(r'^btime (\d+)$', (here.root / 'stat').read_text(), re.M)[1])
        exporter, pid = start_exporter(), here.pids['one']
        wait_told(exporter, [pid])
        text = exporter.metrics()
    expected = {
        'nvitop_process_cpu_seconds_total': (int(fields[14]) + int(fields[15])) / TICKS,
        'nvitop_process_start_time_seconds': boot + int(fields[22]) / TICKS,
    }
    for name, value in expected.items():
        told = re.findall(rf'^{name}\{{pid="{pid}"\}} (\S+)$', text, re.M)
        assert [float(one) for one in told] == [pytest.approx(value, abs=1e-6)], name
