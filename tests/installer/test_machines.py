"""What the installer does on machines of all kinds: tests/cases/installer.case, run by sh and by bash.

NVITOP_CASES_WRITE=1 writes what comes out into the file; look at the difference, it is what people will see.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field

import machine
import pytest
from support import paths

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


ALL = read_cases()


def outcome(case: Case, shell: str, folder) -> machine.Outcome:
    made = machine.make(folder, case.given['machine'])
    try:
        return machine.run(made, shell, shlex.split(case.given['run']), case.given.get('answer'))
    finally:
        made.close()


def bash_too() -> list[Case]:
    """One case of each status: the script is written for sh, and README.md runs it by bash."""
    return list({case.status: case for case in ALL}.values())


@pytest.mark.parametrize('shell, case', [('sh', case) for case in ALL] + [('bash', case) for case in bash_too()],
                         ids=lambda given: given if isinstance(given, str) else given.title.replace(' ', '-'))
@pytest.mark.skipif('NVITOP_CASES_WRITE' in os.environ, reason='the cases are being written')
def test_machine(shell, case, tmp_path):
    got = outcome(case, shell, tmp_path)
    assert got.err == case.expected['err']
    assert (got.status, got.out) == (case.status, case.expected['out'])
    assert got.calls == case.expected['calls']
    assert got.packages == case.expected['packages']
    assert any((tmp_path / 'kept').iterdir()) == (got.status == 9), 'what is kept meanwhile is left only if it is needed'


def test_cases_are_many_and_reach_every_status():
    assert len(ALL) >= 40
    assert {case.status for case in ALL} == {*range(10), 130}
    assert len({case.title for case in ALL}) == len(ALL)


def test_help_tells_every_option_and_every_status(tmp_path):
    made = machine.make(tmp_path, '')
    page = machine.run(made, 'sh', ['--help'], None)
    assert (page.status, page.err, page.calls) == (0, [], [])
    told = re.findall(r'^  (?:-\w, )?(--[a-z-]+)', '\n'.join(page.out), re.MULTILINE)
    taken = re.search(r'^parse_options\(\) \{\n(.*?)^\}', machine.SCRIPT.read_text(), re.DOTALL | re.MULTILINE).group(1)
    assert len(told) >= 11 and set(told) == set(re.findall(r'(--[a-z-]+)(?==|\)| )', taken.replace('"${1#--}"', '')))
    assert {int(line[:3]) for line in page.out if re.match(r'[ \d]{2}\d  ', line)} == {*range(10), 130}


def commands_of_readme() -> list[str]:
    return re.findall(r'^bash install-nvidia-driver.sh (.*?) *#', (paths.ROOT / 'README.md').read_text(), re.MULTILINE)


def test_commands_of_the_readme_work(tmp_path):
    assert commands_of_readme() == ['--package=nvidia-driver-470', '--latest']
    for command, package in zip(commands_of_readme(), ('nvidia-driver-470 470.199', 'nvidia-driver-535 535.129')):
        folder = tmp_path / package.split()[0]
        folder.mkdir()
        made = machine.make(folder, 'system ubuntu; offers nvidia-driver-470 470.199; offers nvidia-driver-535 535.129')
        done = machine.run(made, 'bash', shlex.split(command), 'y')
        assert (done.status, done.err, done.packages) == (0, [], [package])


@pytest.mark.skipif('NVITOP_CASES_WRITE' not in os.environ, reason='only to write the cases')
def test_write_cases(tmp_path):
    head = CASES.read_text(encoding='utf-8').partition('\n== ')[0]
    text = []
    for number, case in enumerate(ALL):
        folder = tmp_path / str(number)
        folder.mkdir()
        got = outcome(case, 'sh', folder)
        given = [f'{key}: {part}' for key in ('machine', 'run', 'answer') if key in case.given
                 for part in ([case.given[key]] if key != 'machine' else lines_of(case.given[key]))]
        text.append('\n'.join([f'== {case.title}', *(line.strip() for line in given), f'status: {got.status}',
                               *(mark + line for mark, name in MARKS.items() for line in getattr(got, name))]) + '\n')
    CASES.write_text(head + '\n' + '\n'.join(text), encoding='utf-8')


def lines_of(told: str) -> list[str]:
    """A machine's words, in lines that can be read."""
    lines = ['']
    for phrase in filter(None, map(str.strip, told.split(';'))):
        if lines[-1] and len(lines[-1]) + len(phrase) > 100:
            lines.append('')
        lines[-1] += ('; ' if lines[-1] else '') + phrase
    return lines
