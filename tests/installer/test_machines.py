"""What the installer does on machines of all kinds: tests/cases/installer.case, run by sh and by bash."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import cases
import machine
import pytest
from support import paths

ALL = cases.read_cases()


def bash_too() -> list[cases.Case]:
    """One case of each status, and all without a reader, of whom each shell hears in its own way: the script is
    written for sh, and README.md runs it by bash."""
    one_each = {case.status: case for case in ALL}.values()
    return [case for case in ALL if case in one_each or 'leaves' in case.given['machine']]


@pytest.mark.parametrize('shell, case', [('sh', case) for case in ALL] + [('bash', case) for case in bash_too()],
                         ids=lambda given: given if isinstance(given, str) else given.title.replace(' ', '-'))
def test_machine(shell, case, tmp_path):
    got = cases.outcome(case, shell, tmp_path)
    assert got.err == case.expected['err']
    assert (got.status, got.out) == (case.status, case.expected['out'])
    assert got.calls == case.expected['calls']
    assert got.packages == case.expected['packages']
    assert any((tmp_path / 'kept').iterdir()) == (got.status == 9), 'what is kept meanwhile is left only if it is needed'


def test_cases_are_many_and_reach_every_status():
    assert len(ALL) >= 40
    assert {case.status for case in ALL} == {*range(10), 130, 141}
    assert len({case.title for case in ALL}) == len(ALL)


def test_help_tells_every_option_and_every_status(tmp_path):
    made = machine.make(tmp_path, '')
    page = machine.run(made, 'sh', ['--help'], None)
    assert (page.status, page.err, page.calls) == (0, [], [])
    told = re.findall(r'^  (?:-\w, )?(--[a-z-]+)', '\n'.join(page.out), re.MULTILINE)
    taken = re.search(r'^parse_options\(\) \{\n(.*?)^\}', machine.SCRIPT.read_text(), re.DOTALL | re.MULTILINE).group(1)
    assert len(told) >= 11 and set(told) == set(re.findall(r'(--[a-z-]+)(?==|\)| )', taken.replace('"${1#--}"', '')))
    assert {int(line[:3]) for line in page.out if re.match(r'[ \d]{2}\d  ', line)} == {*range(10), 130, 141}


def test_help_that_nobody_gets_is_the_end(tmp_path):
    made = machine.make(tmp_path, 'system ubuntu; offers nvidia-driver-535 535.129')
    full = [shutil.which('sh'), '-c', '"$0" "$@" >/dev/full', shutil.which('sh'), str(machine.SCRIPT), '--yes', '--latest', '--help']
    status, out, err = machine.execute(made, full, subprocess.DEVNULL)
    assert (status, out, len(err.splitlines())) == (1, '', 1)
    assert not (made.folder / 'calls').exists()


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
