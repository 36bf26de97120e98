"""A driver that never answers: deadlines are kept, sessions closed, and the program ends."""

from __future__ import annotations

import os
import select
import subprocess
from pathlib import Path

import pytest
import stressing

from support import checker

INIT = '[system]\nhang.nvmlInit* = yes\n'
LOOKUP = '[device 0]\nhang.nvmlDeviceGetHandleBy* = yes\n'
CALL = '[device 0]\nhang.nvmlDeviceGetTemperature* = yes\n'
CASES = {
    'opening': INIT,
    'patient': INIT,
    'lookup': LOOKUP,
    'call': CALL,
    'slow': '[device 0-1]\ndelay.nvmlDeviceGetUtilizationRates = 1.2s\n',
    'late': CALL.replace('hang', 'delay').replace('yes', '5s'),
}
FREEZER = Path('/sys/fs/cgroup/freezer')


@pytest.fixture
def calls(tmp_path):
    """Where the simulator tells its calls: the program looks there for the one that does not return."""
    (tmp_path / 'calls').touch()
    return {'NVITOP_SIM_LOG': str(tmp_path / 'calls')}


@pytest.mark.parametrize('case', CASES)
def test_silent(case, tmp_path, two_gpus, calls):
    stressing.run(tmp_path, [stressing.program('silent'), case, two_gpus(CASES[case])], calls, seconds=20)


@pytest.mark.skipif(checker.NAME != '', reason='a frozen thread holds up a sanitizer, too')
def test_silent_frozen(tmp_path, two_gpus, calls):
    """Inside the kernel: all is kept, but the process itself ends only with its thread."""
    group = FREEZER / f'nvitop-stress-{os.getpid()}'
    try:
        group.mkdir()
        (group / 'freezer.state').write_text('THAWED')
    except OSError as error:
        pytest.skip(f'no cgroup freezer (version 1) to use: {error}')
    env = {**calls, 'NVITOP_SIM_FREEZER': str(group)}
    program = stressing.start(tmp_path, [stressing.program('silent'), 'call', two_gpus(CALL.replace('hang', 'freeze'))],
                              env, stdout=subprocess.PIPE)
    try:
        assert select.select([program.stdout], [], [], 20)[0], 'it is not closed'
        assert program.stdout.readline() == 'closed\n'
        assert program.poll() is None
    finally:
        (group / 'freezer.state').write_text('THAWED')
        assert program.wait(30) == 0
        program.stdout.close()
