"""The cases of the installer: read for the tests, and written anew by `python tests/installer/cases.py [TITLE…]`.

Without titles, all of them are. Look at the difference then: it is what people will see and what apt will be told.
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


def read_blocks(path: Path) -> tuple[str, list[str]]:
    """What stands at the head of the file, and its blocks."""
    head, *blocks = path.read_text(encoding='utf-8').split('\n== ')
    return head, ['== ' + block for block in blocks]


def title_of(block: str) -> str:
    return block.partition('\n')[0][3:]


def read_case(block: str) -> Case:
    case = Case(title_of(block))
    for line in block.splitlines()[1:]:
        if line[:2] in MARKS:
            case.expected[MARKS[line[:2]]].append(line[2:])
        elif line and not line.startswith('#'):
            key, _, value = line.partition(':')
            case.given[key] = (case.given[key] + '; ' if key in case.given else '') + value.strip()
    return case


def read_cases() -> list[Case]:
    return [read_case(block) for block in read_blocks(CASES)[1]]


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


def write_anew(block: str) -> str:
    case = read_case(block)
    with tempfile.TemporaryDirectory() as folder:
        return '\n'.join(case_lines(case, outcome(case, 'sh', Path(folder)))) + '\n'


def write_cases(path: Path, titles: list[str]) -> None:
    head, blocks = read_blocks(path)
    unknown = set(titles).difference(map(title_of, blocks))
    if unknown:
        sys.exit(f'no case of {path} is called {min(unknown)!r}')
    anew = [write_anew(block) if not titles or title_of(block) in titles else block for block in blocks]
    path.write_text('\n'.join([head, *anew]), encoding='utf-8')


if __name__ == '__main__':
    write_cases(CASES, sys.argv[1:])
