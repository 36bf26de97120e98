"""--demo on Windows: harmless processes of its own, and nothing of it stays behind."""

from __future__ import annotations

import itertools
import json
import os
import re
import select
import shutil
import subprocess
from pathlib import Path

import pytest
from support import paths, term
from support.tty import PATIENCE

import wine
from consoles import Console

NUMBERS = itertools.count()
BOX_LOOKS = 0.5  # seconds; twice what a box has to be on the screen before it takes keys
SCENARIO = '''
[system]
driver_version = 551.61

[device 0]
mem_total = 8GiB
mem_used = 1GiB

[process first]
device = 0
type = C
mem = 100MiB
command = "{mark}" "two words" 'a "quote"'
env = SHOWN=yes

[process second]
device = 0
type = C
mem = 200MiB
command = {mark} below
parent = first

[process ended]
device = 0
type = C
mem = 300MiB
state = gone
'''


def run(program: str, *words: str) -> term.Result:
    return term.run([*wine.COMMAND, wine.program(program), *words], wine.env({'COLUMNS': '100'}), timeout=120)


@pytest.fixture(name='mark')
def mark_of_this_test() -> str:
    """A word that the command lines of this test's processes begin with, and no others."""
    return f'marked-{os.getpid()}-{next(NUMBERS)}'


@pytest.fixture(name='scenario')
def scenario_file(tmp_path, mark) -> str:
    path = tmp_path / 'scenario.ini'
    path.write_text(SCENARIO.format(mark=mark), encoding='utf-8')
    return wine.path(path)


def marked(mark: str) -> list[int]:
    """The processes here, wine's, whose command line begins so. The system is asked, not the program."""
    found = []
    for folder in Path('/proc').glob('[0-9]*'):
        try:
            if folder.joinpath('cmdline').read_bytes().startswith(mark.encode()):
                found.append(int(folder.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def wait_for_end(ends: list[int]):
    """Until these pidfds tell that their processes have ended."""
    for end in ends:
        assert select.select([end], [], [], PATIENCE)[0], 'a process is left behind'
        os.close(end)


def left_files() -> list[Path]:
    return list((wine.PROGRAMS / 'wine/drive_c').glob('**/nvitop-sim-*'))


def test_the_report_shows_processes():
    done = run('nvitop', '--demo', 'two', '-1')
    assert (done.rc, done.err) == (0, '')
    assert re.search(r'│ +0 +\d+ C .*12400MiB .*/usr/bin/python3 -u diffusion\.py', done.out)
    assert left_files() == []


def test_what_the_processes_are(scenario, mark):
    done = run('nvitop', '--demo', scenario, '--json')
    assert (done.rc, done.err) == (0, '')
    processes = {process['command']: process for process in json.loads(done.out)['processes']}
    first, second = f'{mark} "two words" "a \\"quote\\""', f'{mark} below'
    assert sorted(processes) == sorted([first, second])  # the one that is gone is not there
    assert processes[second]['ppid'] == processes[first]['pid']
    assert processes[first]['gpu_memory'] == 100 << 20
    assert marked(mark) == []


@pytest.mark.parametrize('program', ['nvitop', 'nvisel', 'nvitop-exporter'])
def test_the_list_is_the_same_everywhere(program):
    done = run(program, '--demo', 'list')
    here = term.run([paths.built(f'bin/{program}'), '--demo', 'list'])
    assert (done.rc, done.out, done.err) == (0, here.out, '')


@pytest.mark.parametrize('program', ['nvitop', 'nvisel', 'nvitop-exporter'])
def test_an_unknown_name_is_one_line(program):
    done = run(program, '--demo', 'nosuch')
    assert (done.rc, done.out) == (2, '')
    assert done.err == f"{program}: error: argument --demo: no scenario is called 'nosuch' (see `nvitop --demo list`)\n"


def test_a_scenario_that_windows_cannot_show_is_one_line():
    done = run('nvitop', '--demo', 'frozen', '-1')
    assert (done.rc, done.out) == (1, '')
    assert done.err == ("nvitop: error: argument --demo: this scenario can't be shown: "
                        'Windows has nothing that freezes a thread\n')


def test_a_fault_of_a_scenario_is_one_line(tmp_path):
    (tmp_path / 'bad.ini').write_text('[device 0]\nnosuch = 1\n', encoding='utf-8')
    done = run('nvitop', '--demo', wine.path(tmp_path / 'bad.ini'), '-1')
    assert (done.rc, done.out, done.err.count('\n')) == (2, '', 1)
    assert 'bad.ini:2: ' in done.err


def test_an_unpacked_folder_will_do(tmp_path):
    """The simulator in a folder of its own beside the program, wherever that is."""
    place = tmp_path / 'a folder'
    (place / 'sim').mkdir(parents=True)
    shutil.copy(wine.program('nvitop'), place)
    for name in ('nvitop-sim.exe', 'nvml.dll'):
        shutil.copy(wine.PROGRAMS / 'sim' / name, place / 'sim')
    shutil.copytree(wine.PROGRAMS / 'sim/scenarios', place / 'sim/scenarios', ignore=shutil.ignore_patterns('*.p'))
    done = term.run([*wine.COMMAND, place / 'nvitop.exe', '--demo', 'two', '-1'], wine.env({'COLUMNS': '100'}), timeout=120)
    assert (done.rc, done.err) == (0, '')
    assert 'diffusion.py' in done.out


def test_nvisel_chooses_and_hands_its_status_on():
    assert run('nvisel', '--demo', 'two', '--count', '1', '--format', 'index').out.strip() in ('0', '1')
    assert run('nvisel', '--demo', 'two', '--min-count', '9').rc == 4


def is_selected(console, row):
    return console.screen.buffer[row][2].reverse


@pytest.fixture(name='monitor')
def running_monitor(console, scenario, mark):
    with Console(console, [wine.path(wine.program('nvitop')), '-m', 'full', '--demo', scenario], 50, 110) as watching:
        watching.wait_text(rf'^│ +0 +\d+ C .*{mark} below')
        yield watching


def test_the_terminate_key_ends_one(monitor, mark):
    first, = (pid for pid in marked(mark) if b'below' not in Path(f'/proc/{pid}/cmdline').read_bytes())
    end = os.pidfd_open(first)
    row = next(y for y, line in enumerate(monitor.lines()) if 'two words' in line)
    monitor.click(row, 30)
    monitor.wait_for(lambda console: is_selected(console, row), 'the selection')
    monitor.type('T')
    monitor.wait_text('Cancel')
    monitor.rest(BOX_LOOKS)  # keys that come sooner were meant for what was there before
    monitor.type('Enter')
    wait_for_end([end])
    monitor.wait_for(lambda console: 'two words' not in console.text() or 'No Such Process' in console.text(), 'its end')
    assert len(marked(mark)) == 1  # Windows ends nobody for his parent's sake
    monitor.type('q')
    assert monitor.finish() == 0


def test_nothing_is_left_behind_after_quit(monitor, mark):
    ends = [os.pidfd_open(pid) for pid in marked(mark)]
    assert len(ends) == 2 and len(left_files()) == 1
    monitor.type('q')
    assert monitor.finish() == 0
    wait_for_end(ends)
    assert monitor.insanities() == []
    assert left_files() == []


def test_nothing_is_left_behind_by_one_that_is_killed(scenario, mark):
    """Whichever of the three of them: the outer program, the launcher, the inner program."""
    for which in range(3):
        running = subprocess.Popen([*wine.COMMAND, str(wine.program('nvitop')), '--demo', scenario, '--json', '--loop'],
                                   env=wine.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert json.loads(running.stdout.readline())['schema_version']
        ends = {pid: os.pidfd_open(pid) for pid in [*marked(mark), *chain(scenario)]}
        assert len(ends) == 5
        os.kill(chain(scenario)[which], 9)
        wait_for_end(list(ends.values()))
        running.stdout.close()
        running.wait(PATIENCE)
        assert left_files() == []


def chain(scenario: str) -> list[int]:
    """Those whose command line names the scenario, in the order in which they were started."""
    found = []
    for folder in Path('/proc').glob('[0-9]*'):
        try:
            line = folder.joinpath('cmdline').read_bytes()
            stat = folder.joinpath('stat').read_text(encoding='utf-8', errors='replace')
        except OSError:
            continue
        if scenario.encode() in line and b'.exe' in line:
            found.append((int(stat.rpartition(')')[2].split()[19]), int(folder.name)))
    return [pid for _, pid in sorted(found)]
