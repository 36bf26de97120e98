"""A thread frozen inside the kernel, which no signal ends: the prompt comes back all the same."""

from __future__ import annotations

import os
import signal

import pytest

from monitors import LEAVE, SILENT, Monitor, Shell, frozen_processes, has_ended
from support import paths, sim

pytestmark = pytest.mark.usefixtures('freezer')
BUSY = 3.0  # seconds more that a shell and a busy machine may take


@pytest.fixture
def running():
    """The scenario `frozen`; GPU 1 freezes whoever asks it."""
    with sim.scenario('frozen') as found:
        yield found


@pytest.fixture
def shell(running):
    """A shell in which the monitor runs, and GPU 1 has frozen a thread of it."""
    with Shell(running.env) as found:
        found.run(paths.nvitop(), '-m', 'full')
        found.wait_text(SILENT)
        assert frozen_processes(running)  # else nothing is frozen, and the test would show nothing
        yield found


def test_q_gives_the_prompt_back(shell, running):
    left = {pid: os.pidfd_open(pid) for pid in frozen_processes(running)}
    shell.type('q')
    assert shell.prompt(LEAVE + BUSY) == 0
    assert shell.terminal_state() == []
    shell.still_works()
    for pidfd in left.values():  # thawed, for it to end, only when the scenario is over
        os.close(pidfd)


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_gives_the_prompt_back(shell, number):
    os.kill(shell.foreground(), number)  # the guard leads the group
    assert shell.prompt(LEAVE + BUSY) == 128 + number
    shell.wait_for(lambda tty: tty.terminal_state() == [], 'a sane terminal')
    shell.still_works()


def test_suspended_and_back(shell, running):
    for _ in range(2):
        shell.type('Ctrl-Z')
        assert shell.prompt() == 128 + signal.SIGTSTP
        assert shell.terminal_state() == []
        shell.still_works()
        shell.run('fg')
        shell.wait_for(lambda tty: tty.screen.has_mode(1049), 'the alternate screen')
        shell.wait_text(SILENT)
    shell.type('Down')
    shell.wait_for(lambda tty: tty.reversed_row() > 0, 'the selection')
    assert frozen_processes(running)
    shell.type('q')
    assert shell.prompt(LEAVE + BUSY) == 0


def test_the_other_gpu_goes_on(running):
    with Monitor(running) as monitor:
        monitor.wait_text(SILENT)
        def rows(tty):
            return [line for line in tty.lines() if line.startswith('│ N/A') and 'Default' in line]
        first = rows(monitor)
        monitor.wait_for(lambda tty: rows(tty) and rows(tty)[0] != first[0], 'other values of GPU 0')
        assert frozen_processes(running)


def test_the_terminal_goes_away():
    """Nobody is left who would burn time on a terminal that is no more."""
    with sim.scenario('frozen') as running, Monitor(running) as monitor:
        monitor.wait_text(SILENT)
        ends = [os.pidfd_open(pid) for pid in (monitor.process.pid, monitor.child())]
        assert frozen_processes(running)
        monitor.hang_up()
        assert has_ended(ends[0], LEAVE + BUSY)
    for pidfd in ends:  # the scenario's end has thawed the thread
        assert has_ended(pidfd)
        os.close(pidfd)
