"""Error lines beside those of the original: every command line of tests/cases/options.case, live."""

from __future__ import annotations

import json
import shlex
import subprocess

import pytest

from support import paths, term

ENV = {'COLUMNS': '100', 'LC_ALL': 'C.UTF-8', 'NVITOP_NVML': '/nonexistent'}

# All lines in one process: the original's start takes longer than the parsing.
ASK = r'''
import contextlib, io, json, sys
from nvitop import cli
answers = []
for words in json.load(sys.stdin):
    sys.argv = ['nvitop', *words]
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.parse_arguments()
        status = None
    except SystemExit as end:
        status = end.code or 0
    answers.append([status, err.getvalue()])
json.dump(answers, sys.stdout)
'''


def lines() -> list[list[str]]:
    text = (paths.ROOT / 'tests' / 'cases' / 'options.case').read_text()
    found = [line.split(' | ')[0].replace('\\\\', '\\') for line in text.splitlines() if not line.startswith('#')]
    return [shlex.split(line.replace('\\', '\\\\'), posix=True) for line in found]


def last(text: str) -> str:
    return text.removesuffix('\n').split('\n')[-1]


def expected(line: str) -> str:
    """The original's line, with what differs on purpose: a mode more, and the README's order of names."""
    return line.replace("'full', 'compact')", "'full', 'compact', 'dense')").replace(
        '--no-unicode/--ascii/-U', '--ascii/--no-unicode/-U')


@pytest.fixture(scope='module')
def answers() -> list:
    asked = subprocess.run([paths.peer_python(), '-c', ASK], input=json.dumps(lines()), text=True, check=False,
                           stdout=subprocess.PIPE, env=term.clean_env(ENV), timeout=120)
    if asked.returncode:
        pytest.skip('the original is not installed; NVITOP_PEER_PYTHON names a Python that has it')
    return json.loads(asked.stdout)


def test_error_lines_equal_the_originals(answers):
    different, compared = [], 0
    for words, (status, err) in zip(lines(), answers, strict=True):
        ours = term.run([paths.nvitop(), *words], ENV)
        theirs = (2, expected(last(err))) if status == 2 else (0, '') if status == 0 else None
        if status is None and ours.rc != 1:  # it ran, and found no driver
            different.append((words, 'ran', ours.rc, ours.err))
        elif theirs and theirs != (ours.rc, last(ours.err) if ours.err else ''):
            different.append((words, theirs, (ours.rc, ours.err)))
        compared += 1
    assert different == []
    assert compared > 150
