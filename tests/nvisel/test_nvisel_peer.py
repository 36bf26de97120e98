"""The same command lines beside release 1.7.2's nvisel, on the same simulator.

Where the case file names no decision, both must do the same; where it names one, the original must
do what stands there. So neither a difference that nobody decided nor one that is gone stays hidden.

D9: the original takes N/A for the most free memory there is, a lost GPU too. D19: it chooses from
nothing where there is no driver. usage: a maximum below the minimum is a traceback there.
"""

from __future__ import annotations

import ctypes
import json
import subprocess

import pytest

import choosing
from support import paths, term

# All lines of a scenario in one process: the original's start takes longer than its choice.
ASK = r'''
import contextlib, io, json, os, sys
from nvitop import select
if __name__ == '__main__':
    answers = []
    for env, words in json.load(sys.stdin):
        os.environ.pop('CUDA_VISIBLE_DEVICES', None)
        os.environ.update(env)
        sys.argv = ['nvisel', *words]
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = select.main()
        except SystemExit as end:
            status = end.code
        except Exception as error:
            status, _ = 1, err.write(f'{type(error).__name__}: {error}')
        answers.append([out.getvalue(), status or 0, err.getvalue()])
    json.dump(answers, sys.stdout)
'''


def ask(env: dict[str, str], cases: list[choosing.Case]) -> list[tuple[choosing.Case, choosing.Outcome]]:
    """What the original answers to each."""
    lines = json.dumps([(case.env, case.words) for case in cases])
    asked = subprocess.run([paths.peer_python(), '-c', ASK], input=lines, text=True, check=False, timeout=120,
                           capture_output=True, env=term.clean_env({**env, 'COLUMNS': '100'}))
    if 'No module named' in asked.stderr:
        pytest.skip('the original is not installed; NVITOP_PEER_PYTHON names a Python that has it')
    assert asked.returncode == 0, asked.stderr
    return [(case, outcome(*answer)) for case, answer in zip(cases, json.loads(asked.stdout), strict=True)]


def outcome(out: str, status: int, err: str) -> choosing.Outcome:
    last = choosing.last_line(err)
    return choosing.Outcome(out, status, last.removeprefix('nvisel: ') if status == 2 else '')


def has_library() -> bool:
    try:
        ctypes.CDLL('libnvidia-ml.so.1')
    except OSError:
        return False
    return True


@pytest.mark.parametrize('scenario', sorted({case.scenario for case in choosing.cases()}))
def test_differs_where_it_was_decided_only(scenarios, scenario):
    if scenario == choosing.NO_LIBRARY and has_library():
        pytest.skip('there is a driver here')
    cases = [case for case in choosing.cases() if case.scenario == scenario]
    different = [(str(case), case.theirs, got) for case, got in ask(scenarios(scenario), cases) if got != case.theirs]
    assert different == []


def test_what_was_decided_differs():
    for case in choosing.cases():
        assert bool(case.why) == (case.ours != case.theirs), str(case)
