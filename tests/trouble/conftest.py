"""What the tests of trouble share: scenarios written by the test, programs watched while they run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import sim, watching  # noqa: E402

SYSTEM = '[system]\ndriver_version = 550.163.01\ncuda_version = 12040\n'
FREEZER = Path('/sys/fs/cgroup/freezer')


@pytest.fixture
def open_scenario(tmp_path):
    """open_scenario(text) is a context with the scenario running; `[system]` is open for more lines."""
    def open_text(text, **kwargs):
        path = tmp_path / 'scenario.ini'
        path.write_text(SYSTEM + text, encoding='utf-8')
        return sim.scenario(path, **kwargs)
    return open_text


@pytest.fixture(scope='session')
def freezer():
    """Skips where no thread can be frozen inside the kernel."""
    probe = FREEZER / f'nvitop-trouble-{os.getpid()}'
    try:
        probe.mkdir()
        (probe / 'freezer.state').write_text('THAWED')
        probe.rmdir()
    except OSError as error:
        pytest.skip(f'no cgroup freezer (version 1) to use: {error}')


@pytest.fixture(scope='session')
def dead_init(tmp_path_factory):
    """`nvitop -1` on a driver whose initialization never returns, running beside the other tests."""
    path = tmp_path_factory.mktemp('dead-init') / 'scenario.ini'
    path.write_text(f'{SYSTEM}hang.nvmlInit* = yes\n[device 0]\n')
    with sim.scenario(path) as running, watching.Program('-1', env=running.env) as program:
        yield program


@pytest.fixture(scope='session', autouse=True)
def begin_the_long_wait(request):
    """The 30 seconds of `dead_init` begin with the first test, not with the one that asks for their end."""
    if any('dead_init' in item.fixturenames for item in request.session.items):
        request.getfixturevalue('dead_init')
