"""NA and the small functions: every line of their case files, also with the other Pythons at hand."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import expressions
import nvitop
import pytest
from support import paths

FILES = {name: str(paths.ROOT / f'tests/cases/python-{name}.case') for name in ('na', 'text')}
CASES = [pytest.param(case, id=f'{name}-{case}') for name, path in FILES.items() for case in expressions.read(path)]
NAMES = expressions.public_names(nvitop)
OTHERS = sorted((paths.ROOT / '.venv').glob('cpython-3.*/bin/python'))


def outcomes(python: str, **env: str) -> dict[expressions.Case, str]:
    """What each line gives with the nvitop of another Python."""
    done = subprocess.run([python, expressions.__file__, *FILES.values()], env={**os.environ, **env},
                          capture_output=True, text=True, timeout=60, check=True)
    found = iter(json.loads(done.stdout))
    return {case: next(found) for path in FILES.values() for case in expressions.read(path)}


@pytest.mark.parametrize('case', CASES)
def test_expression(case):
    assert expressions.is_same(case.result, found := expressions.outcome(case.expression, NAMES)), found


@pytest.mark.skipif(not OTHERS, reason='no other CPython is at hand')
@pytest.mark.parametrize('python', OTHERS, ids=lambda path: path.parts[-3])
def test_other_pythons_give_the_same(python):
    found = outcomes(str(python), PYTHONPATH=str(pathlib.Path(nvitop.__file__).parents[1]))
    wrong = [f'{case.expression}: {outcome}' for case, outcome in found.items() if not expressions.is_same(case.result, outcome)]
    assert not wrong


@pytest.mark.parametrize('expected,found,same', [
    ("'x'", "'x'", True), ("'x'", "'y'", False), ('nan', 'nan', True), ('nan', '1.0', False), ('1', '1.0', False),
    ('True', '1', False), ('TypeError', 'TypeError: text', True), ('TypeError', 'ValueError: text', False),
    ('TypeError: text', 'TypeError: text', True), ('TypeError: text', 'TypeError: another', False),
    ("'TypeError'", 'TypeError: text', False), ('"x"', "'x'", True)])
def test_comparison_sees(expected, found, same):
    assert expressions.is_same(expected, found) is same
