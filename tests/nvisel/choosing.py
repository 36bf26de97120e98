"""The case file of nvisel, read and run: tests/cases/nvisel.case says at its head what stands in it."""

from __future__ import annotations

import getpass
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from support import paths, sim, term

SCENARIOS = Path(__file__).parent / 'scenarios'
NO_LIBRARY = 'nolib'
ESCAPES = {'\\n': '\n', '\\0': '\0'}
UUIDS = {'M1': 'MIG-aaaaaaaa-0000-0000-0000-000000000000', 'M2': 'MIG-bbbbbbbb-0000-0000-0000-000000000000',
         **{f'uuid{i}': f'GPU-{str(i) * 8}-0000-0000-0000-000000000000' for i in range(6)}}


@dataclass(frozen=True)
class Outcome:
    """How a run is told apart from another. The error is only compared where a command line was wrong."""

    out: str
    rc: int
    error: str = ''


@dataclass(frozen=True)
class Case:
    line: int
    scenario: str
    env: dict[str, str]
    words: list[str]
    ours: Outcome
    why: str  # the decision for which the original's differs; '' where it does not
    theirs: Outcome

    def __str__(self):
        return f'{self.line}-{self.scenario} {shlex.join(self.words)}'


def _named(text: str) -> str:
    """`text` with the short names of UUIDs spelt out."""
    return re.sub(r'\b(uuid\d|M[12])\b', lambda found: UUIDS[found.group()], text)


def _outcome(text: str) -> Outcome:
    if text.startswith('error: '):
        return Outcome('', 2, text)
    text, _, status = text.partition(' ; ') if ' ; ' in text else (text, '', '0')
    out = _named('' if text.strip() == '""' else text.strip())
    for escape, character in ESCAPES.items():
        out = out.replace(escape, character)
    if text.strip() == 'nothing':
        return Outcome('', int(status))
    return Outcome(out if out.endswith('\0') else out + '\n', int(status))


def _case(number: int, line: str) -> Case:
    command, ours, *theirs = re.split(r' +\| ', line)
    scenario, _, words = command.partition(':')
    me = getpass.getuser()
    split = shlex.split(words.format(me=me, other='nobody' if me != 'nobody' else 'daemon'))
    env = dict(word.split('=', 1) for word in split if re.match('[A-Z_]+=', word))
    why, _, there = theirs[0].partition(' ') if theirs else ('', '', ours)
    return Case(number, scenario, {name: _named(value) for name, value in env.items()},
                [word for word in split if not re.match('[A-Z_]+=', word)], _outcome(ours), why, _outcome(there))


def cases() -> list[Case]:
    lines = (paths.ROOT / 'tests/cases/nvisel.case').read_text(encoding='utf-8').splitlines()
    return [_case(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith('#')]


def open_scenario(stack, name: str) -> dict[str, str]:
    """The environment of a scenario of ours, or a shipped one, until the stack is closed."""
    if name == NO_LIBRARY:
        return {'NVITOP_NVML': '/nonexistent/libnvidia-ml.so.1'}
    own = SCENARIOS / f'{name}.ini'
    return stack.enter_context(sim.scenario(own if own.exists() else name)).env


def run(env: dict[str, str], *words: str, **more) -> term.Result:
    return term.run([paths.nvisel(), *words], env, **more)


def last_line(text: str) -> str:
    return text.removesuffix('\n').split('\n')[-1]


def is_root() -> bool:
    return os.geteuid() == 0
