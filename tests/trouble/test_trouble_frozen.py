"""A thread frozen inside the kernel, which no signal ends: neither report nor prompt wait for it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from support import paths, sim
from support.watching import NOT_RESPONDING, PATIENCE, READS, SLACK, Program, Shell, has_ended, state, until

WIDE = {'COLUMNS': '140'}  # command lines are not cut off
pytestmark = pytest.mark.usefixtures('freezer')


def assert_report(out: str):
    """The scenario `frozen`: GPU 1 says so, GPU 0 is well."""
    assert out.count(NOT_RESPONDING) == 1
    assert '--http-port 8000' in out
    assert '╛' in out


def frozen_processes(running: sim.Sim) -> set[int]:
    """Processes that have a thread in the scenario's freezer."""
    folder = Path(running.env['NVITOP_SIM_FREEZER'])
    assert (folder / 'freezer.state').read_text() == 'FROZEN\n'
    found = set()
    for thread in (folder / 'tasks').read_text().split():
        status = Path(f'/proc/{thread}/status').read_text()
        found.add(int(status.split('Tgid:')[1].split()[0]))
    return found


def test_the_report_comes_and_nothing_is_left():
    with sim.scenario('frozen') as running, Program('-1', env={**running.env, **WIDE}) as program:
        status, out, err, seconds = program.finish()
        left = {pid: os.pidfd_open(pid) for pid in frozen_processes(running)}
        assert len(left) == 1  # else nothing was frozen, and the test would show nothing
        folder = Path(running.env['NVITOP_SIM_FREEZER'])
    assert (status, err) == (0, '')
    assert_report(out)
    assert READS - 0.1 < seconds < READS + SLACK
    for pid, pidfd in left.items():
        assert has_ended(pidfd), f'{pid} is left behind in state {state(pid)}'
        assert state(pid) in ('', 'Z')
        os.close(pidfd)
    assert until(lambda: not folder.exists())


@pytest.mark.parametrize('script', ['"$0" -1 | cat', 'text=$("$0" -1); echo "$text"'])
def test_the_end_of_file_comes(script):
    with sim.scenario('frozen') as running, \
            Program('-c', script, str(paths.nvitop()), program='sh', env={**running.env, **WIDE}) as program:
        status, out, err, seconds = program.finish()
        assert frozen_processes(running)
    assert (status, err) == (0, '')
    assert_report(out)
    assert seconds < READS + SLACK


def test_the_prompt_comes_back():
    with sim.scenario('frozen') as running, contextlib.closing(Shell(running.env)) as shell:
        shell.type(f'COLUMNS=140 {paths.nvitop()} -1\n')
        text, status = shell.prompt(READS + 2 * SLACK)
        assert frozen_processes(running)
        shell.type('echo still $((40 + 2))\n')
        assert 'still 42' in shell.prompt(PATIENCE)[0]
    assert status == 0
    assert_report(text)


def test_two_frozen_runs_do_not_hinder_each_other():
    """The second finds the first one's thread still frozen."""
    with sim.scenario('frozen') as running:
        for count in (1, 2):
            with Program('-1', env={**running.env, **WIDE}) as program:
                status, out, err, seconds = program.finish()
            assert (status, err) == (0, '')
            assert_report(out)
            assert seconds < READS + SLACK
            assert len(frozen_processes(running)) == count


@pytest.mark.parametrize('words', ['', '--wait', '--sustain 0.3'])
def test_a_choice_comes_too(open_scenario, words):
    script = f'chosen=$("$0" {words} --explain); echo "$? $chosen"'
    with open_scenario('[device 0-1]\n[device 1]\nfreeze.nvmlDeviceGetMemoryInfo* = yes\n') as running, \
            Program('-c', script, str(paths.nvisel()), program='sh', env=running.env) as program:
        status, out, err, seconds = program.finish()
        assert frozen_processes(running)
    assert (status, out) == (0, '0 0\n')
    assert 'does not respond' in err
    assert seconds < READS + 1 + SLACK
