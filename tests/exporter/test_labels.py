"""Names of labels: no sample has one twice, whatever users ask for, and what samples have by themselves is in one list."""

from __future__ import annotations

import contextlib
import re
import subprocess
from pathlib import Path

import pytest

from support import paths, procfs, sim
from test_jobs import ID, SLICE, Machine

NAMES = re.findall(r'^    "(\w+)",$', (paths.ROOT / 'src/report/prometheus_labels.c').read_text(), re.M)
HOST = {'hostname', 'Hostname'}  # the user's own, and left out where the user has given it
PROCESSES = {  # cgroup and environment: each with labels that the others have not
    'pod': (f'0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{SLICE}.slice/cri-containerd-{ID}.scope\n', b''),
    'slurm': ('0::/system.slice/slurmstepd.scope/job_421/step_0/user/task_0\n', b''),
    'batch': ('0::/\n', b'PBS_JOBID=31.head\0'),
}
# Between them, every label that there is.
EVERYTHING = '''
[device 0]
vbios = 96.00.5E.00.01
part_number = 900-2G133-0000-000
serial = 1234567890123
ecc_errors = 2
nvlink_count = 2
nvlink_tx = 500
xid = steps 79@0
[device 1]
mig_mode = 1
[mig 1:0]
profile = 3g.40gb
gi = 1
mem_total = 40GiB
''' + ''.join(f'[process {name}]\ndevice = 0\nmem = 64MiB\n' for name in PROCESSES)


def labels_of(text: str) -> list[list[str]]:
    """The names of each sample's labels."""
    found = [re.findall(r'[{,](\w+)="(?:[^"\\]|\\.)*"', line) for line in text.splitlines() if not line.startswith('#')]
    assert any(found)
    return found


def names_of(text: str) -> set[str]:
    return {name for names in labels_of(text) for name in names}


@pytest.fixture
def everything(start, tmp_path: Path):
    """An exporter over what has every label, once it tells of the last."""
    scenario = tmp_path / 'everything.ini'
    scenario.write_text(EVERYTHING)

    @contextlib.contextmanager
    def run(*options: str):
        with sim.scenario(scenario) as running:
            root = procfs.freeze(tmp_path / 'proc')
            here = Machine(root, running.pids)
            for name, files in PROCESSES.items():
                here.write(name, *files)
            found = start('--port', '0', '--procfs', str(root), *options, env=running.env)
            found.wait_ready()
            wanted = {'pod_uid', 'slurm_job_id', 'batch_job_id', 'link', 'xid'}
            found.wait_until(lambda: wanted <= names_of(found.metrics()), 'some label was never told')
            yield found
    return run


def test_the_list_is_what_samples_have(everything):
    with everything('--command-lines', '--compat', 'nvitop,dcgm') as found:
        assert names_of(found.metrics()) - HOST == set(NAMES)


@pytest.mark.parametrize('scenario', ['a100x8', 'mig', 'two', 'lost', 'hostile', 'uma'])
@pytest.mark.parametrize('options', [(), ('--compat', 'nvitop,dcgm', '--command-lines')], ids=['ours', 'compat'])
def test_no_other_is_told(exporter, scenario, options):
    with exporter(scenario, *options) as found:
        text = found.metrics()
    assert names_of(text) - HOST <= set(NAMES)
    assert all(len(names) == len(set(names)) for names in labels_of(text))


@pytest.mark.parametrize('name', NAMES)
def test_users_cannot_give_one_of_them(refused, name):
    status, said = refused('--label', f'{name}=x', '--demo')
    assert status == 2
    assert said.splitlines()[-1].endswith(f"invalid label: '{name}' (samples have one of that name)")


@pytest.mark.parametrize('options, told', [
    (['--hostname', 'a', '--hostname', 'b'], 'hostname="b"'),
    (['--hostname', 'a', '--label', 'hostname=b'], 'hostname="b"'),
    (['--label', 'hostname=a', 'rack=1', '--hostname', 'b', '--label', 'rack=2'], 'hostname="b",rack="2"'),
    (['--label', 'a=1', 'ab=2', 'b=3', 'a=4'], 'ab="2",b="3",a="4"'),
    (['--label', 'a=x",b="', r'b=y\,c="', 'a=z'], r'b="y\\,c=\"",a="z"'),
    (['--label', 'a=1', 'b=2', 'a='], 'b="2"'),
    (['--label', 'GPU=1', 'gpu_=2'], 'GPU="1",gpu_="2"'),
])
def test_the_last_of_a_name_holds(exporter, options, told):
    with exporter('two', *options) as found:
        text = found.metrics()
    assert f'nvitop_driver_up{{{told}}} 1' in text.splitlines()
    done = subprocess.run(['promtool', 'check', 'metrics'], input=text, text=True, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, '')


def test_a_value_that_reads_like_a_label_is_none(exporter):
    with exporter('two', '--compat', 'nvitop,dcgm', '--label', 'a=x,hostname=') as found:
        assert HOST <= names_of(found.metrics())
