"""Every line of tests/cases/nvisel.case, through the program."""

from __future__ import annotations

import pytest

import choosing
from choosing import run


@pytest.mark.parametrize('case', choosing.cases(), ids=str)
def test_case(scenarios, case):
    done = run({**scenarios(case.scenario), **case.env}, *case.words)
    got = choosing.Outcome(done.out, done.rc, case.ours.error)
    assert got == case.ours, done.err
    if case.ours.error:
        assert done.err.startswith('usage: nvisel [--help]')
        assert choosing.last_line(done.err) == f'nvisel: {case.ours.error}'


def test_there_are_enough():
    found = choosing.cases()
    assert len(found) > 110
    assert {case.why for case in found} == {'', 'D9', 'D19', 'usage'}
