"""Every line of tests/cases/nvisel.case that is not about this system's users, through nvisel.exe."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support import paths

import both
import wine

sys.path.insert(0, str(Path(__file__).parents[1] / 'nvisel'))

import choosing  # noqa: E402

# Whose a process is needs processes that run here.
CASES = [case for case in choosing.cases() if not any('account' in word for word in case.words)]


def scenario_of(name: str) -> Path:
    own = choosing.SCENARIOS / f'{name}.ini'
    return own if own.exists() else paths.SCENARIOS / f'{name}.ini'


@pytest.mark.parametrize('case', CASES, ids=str)
def test_case(case):
    env = dict(case.env)
    if case.scenario == choosing.NO_LIBRARY:
        env['NVITOP_NVML'] = r'C:\nowhere\nvml.dll'
    done = both.there(scenario_of(case.scenario), 'nvisel', case.words, env)
    got = choosing.Outcome(done.out, done.rc, case.ours.error)
    assert got == case.ours, done.err
    if case.ours.error:
        assert done.err.startswith('usage: nvisel [--help]')
        assert choosing.last_line(done.err) == f'nvisel: {case.ours.error}'


def test_hardly_any_is_left_out():
    assert len(CASES) > 100
    assert len(choosing.cases()) - len(CASES) < 20
    assert wine.program('nvisel').exists()
