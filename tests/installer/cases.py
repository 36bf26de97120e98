"""The cases of the installer: read for the tests, and written anew by `python tests/installer/cases.py`.

Look at the difference then: it is what people will see and what apt will be told.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import machine  # noqa: E402
from support import paths  # noqa: E402

CASES = paths.ROOT / 'tests/cases/installer.case'
MARKS = {'| ': 'out', '! ': 'err', '> ': 'calls', '= ': 'packages'}


@dataclass
class Case:
    """One machine, what is run on it, and what comes of it."""

    title: str
    given: dict[str, str] = field(default_factory=dict)
    expected: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in MARKS.values()})

    @property
    def status(self) -> int:
        return int(self.given.get('status', -1))


def read_cases() -> list[Case]:
    cases: list[Case] = []
    for line in CASES.read_text(encoding='utf-8').splitlines():
        if line.startswith('== '):
            cases.append(Case(line[3:]))
        elif line[:2] in MARKS:
            cases[-1].expected[MARKS[line[:2]]].append(line[2:])
        elif line and not line.startswith('#'):
            key, _, value = line.partition(':')
            cases[-1].given[key] = (cases[-1].given[key] + '; ' if key in cases[-1].given else '') + value.strip()
    return cases


def outcome(case: Case, shell: str, folder: Path) -> machine.Outcome:
    made = machine.make(folder, case.given['machine'])
    try:
        return machine.run(made, shell, shlex.split(case.given['run']), case.given.get('answer'))
    finally:
        made.close()


def case_lines(case: Case, got: machine.Outcome) -> list[str]:
    given = [f'machine: {line}' for line in lines_of(case.given['machine'])]
    given += [f'{key}: {case.given[key]}' for key in ('run', 'answer') if key in case.given]
    told = [mark + line for mark, name in MARKS.items() for line in getattr(got, name)]
    return [f'== {case.title}', *map(str.strip, given), f'status: {got.status}', *told]


def lines_of(told: str) -> list[str]:
    """A machine's words, in lines that can be read."""
    lines = ['']
    for phrase in filter(None, map(str.strip, told.split(';'))):
        if lines[-1] and len(lines[-1]) + len(phrase) > 100:
            lines.append('')
        lines[-1] += ('; ' if lines[-1] else '') + phrase
    return lines


def write_cases() -> None:
    head = CASES.read_text(encoding='utf-8').partition('\n== ')[0]
    blocks = [head]
    for case in read_cases():
        with tempfile.TemporaryDirectory() as folder:
            blocks.append('\n'.join(case_lines(case, outcome(case, 'sh', Path(folder)))) + '\n')
    CASES.write_text('\n'.join(blocks), encoding='utf-8')


if __name__ == '__main__':
    write_cases()
