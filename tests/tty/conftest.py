"""What the tests on a terminal share: scenarios written by the test, the monitor over them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import sim  # noqa: E402

import monitors  # noqa: E402


@pytest.fixture
def open_scenario(tmp_path):
    """open_scenario(text) is a context with the scenario running; `[system]` is open for more lines.

    The scenario's time stands where `tmp_path/clock` says: a test steps it by writing there.
    """
    def open_text(text, **kwargs):
        path = tmp_path / 'scenario.ini'
        path.write_text(monitors.SYSTEM + text, encoding='utf-8')
        clock = tmp_path / 'clock'
        clock.write_text('0\n')
        return sim.scenario(path, env={'NVITOP_SIM_CLOCK': str(clock), **kwargs})
    return open_text


@pytest.fixture
def set_clock(tmp_path):
    """Sets the scenario's time, in one step that nobody sees the middle of."""
    def set_time(seconds):
        fresh = tmp_path / 'clock.new'
        fresh.write_text(f'{seconds}\n')
        fresh.rename(tmp_path / 'clock')
    return set_time


@pytest.fixture(scope='session')
def freezer():
    """Skips where no thread can be frozen inside the kernel."""
    if why := monitors.why_no_freezer():
        pytest.skip(why)
