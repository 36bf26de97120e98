"""A thread that is frozen inside the kernel: not even SIGKILL ends its process until it is thawed."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

FREEZER = Path('/sys/fs/cgroup/freezer')

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not FREEZER.is_dir(), reason='needs root and a cgroup v1 freezer')


@pytest.fixture
def freezer():
    """A freezer cgroup of the test's own; whatever it holds is let go at the end."""
    folder = FREEZER / f'nvitop-test-{os.getpid()}'
    folder.mkdir()
    yield folder
    (folder / 'freezer.state').write_text('THAWED')
    while (folder / 'tasks').read_text():
        pass
    folder.rmdir()


BODY = '''
n.nvmlInit()
handles = [n.nvmlDeviceGetHandleByIndex(i) for i in (0, 1)]
threading.Thread(target=lambda: show(power=n.nvmlDeviceGetPowerUsage(handles[1])), daemon=True).start()
while 'FROZEN' not in open(os.environ['NVITOP_SIM_FREEZER'] + '/freezer.state').read():
    pass
show(other=n.nvmlDeviceGetPowerUsage(handles[0]))
sys.stdin.read()
'''


def is_frozen_thread(pid: int, freezer: Path) -> bool:
    tasks = (freezer / 'tasks').read_text().split()
    return bool(tasks) and all(Path(f'/proc/{pid}/task/{tid}').exists() for tid in tasks)


@pytest.fixture
def frozen(driver, freezer):
    driver.write('[device 0-1]\npower = {i+1}W\n[device 1]\nfreeze.nvmlDeviceGetPowerUsage = yes\n')
    driver.env['NVITOP_SIM_FREEZER'] = str(freezer)
    program = driver.start(BODY)
    assert program.stdout.readline() == '{"other": 1000}\n'
    assert is_frozen_thread(program.pid, freezer)
    yield program
    (freezer / 'freezer.state').write_text('THAWED')
    program.kill()
    program.communicate()


def test_sigkill_does_not_end_it(frozen):
    frozen.send_signal(signal.SIGKILL)
    with pytest.raises(subprocess.TimeoutExpired):
        frozen.wait(0.5)


def test_sigkill_works_once_thawed(frozen, freezer):
    frozen.send_signal(signal.SIGKILL)
    (freezer / 'freezer.state').write_text('THAWED')
    assert frozen.wait(30) == -signal.SIGKILL


def test_the_call_goes_on_once_thawed(frozen, freezer):
    (freezer / 'freezer.state').write_text('THAWED')
    assert frozen.stdout.readline() == '{"power": 2000}\n'
