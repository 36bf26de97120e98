"""NA and the small functions: every line of their case files, with ours and with the original."""

from __future__ import annotations

import json
import os
import subprocess

import expressions
import pytest
from support import paths

FILES = {name: str(paths.ROOT / f'tests/cases/python-{name}.case') for name in ('na', 'text')}
CASES = [pytest.param(case, id=f'{name}-{case}') for name, path in FILES.items() for case in expressions.read(path)]


@pytest.fixture(scope='session')
def names():
    import nvitop
    return vars(nvitop)


@pytest.mark.parametrize('case', CASES)
def test_expression(case, names):
    assert expressions.is_same(case.ours, found := expressions.outcome(case.expression, names)), found


@pytest.fixture(scope='session')
def theirs():
    """Outcomes of the original, by file and line."""
    done = subprocess.run([os.environ['NVITOP_PEER_PYTHON'], expressions.__file__, *FILES.values()],
                          capture_output=True, text=True, timeout=60, check=True)
    found = iter(json.loads(done.stdout))
    return {case: next(found) for path in FILES.values() for case in expressions.read(path)}


def test_original_gives_the_same_but_where_a_line_says_otherwise(theirs):
    wrong = [f'{case.expression}: {found}, not {case.theirs}' for case, found in theirs.items()
             if not expressions.is_same(case.theirs, found)]
    assert len(theirs) > 200 and not wrong, '\n'.join(wrong)


def test_what_is_said_of_the_original_is_a_difference(theirs):
    same = [case.expression for case, found in theirs.items() if case.is_different and expressions.is_same(case.ours, found)]
    assert not same


@pytest.mark.parametrize('expected,found,same', [
    ("'x'", "'x'", True), ("'x'", "'y'", False), ('nan', 'nan', True), ('nan', '1.0', False), ('1', '1.0', False),
    ('True', '1', False), ('TypeError', 'TypeError: text', True), ('TypeError', 'ValueError: text', False),
    ('TypeError: text', 'TypeError: text', True), ('TypeError: text', 'TypeError: another', False),
    ("'TypeError'", 'TypeError: text', False), ('"x"', "'x'", True)])
def test_comparison_sees(expected, found, same):
    assert expressions.is_same(expected, found) is same
