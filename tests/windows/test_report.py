"""nvitop.exe -1 is nvitop -1: every cell but those that tell of the machine itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import paths

import both
import wine

sys.path.insert(0, str(Path(__file__).parents[1] / 'report'))

import reading  # noqa: E402

# Those that never answer, and one that needs a cgroup.
LEFT_OUT = {'hang', 'slow', 'frozen'}
SCENARIOS = [name for name in paths.shipped_scenarios() if name not in LEFT_OUT]
MACHINE = re.compile(r'^\[ (CPU|MEM):.*|[^ │|]+@[^ │|]+ [│|]$')


def masked(text: str) -> list[str]:
    """The lines, without the date, the host's lines and the viewer's name."""
    lines = [re.sub(r'\x1b\[[0-9;]*m', '', line) for line in text.splitlines()]
    return [line for line in lines[1:] if not MACHINE.search(line)]


def told(errors: str) -> list[str]:
    """What went wrong, without what a person can do about it, which is a matter of the system."""
    return [line for line in errors.splitlines() if not line.startswith('HINT: ')]


def assert_equal(scenario: str, words: list[str], columns: int, env: dict[str, str] | None = None):
    path = paths.SCENARIOS / f'{scenario}.ini'
    env = {'COLUMNS': str(columns), **(env or {})}
    ours = both.here(path, paths.nvitop(), words, env)
    theirs = both.there(path, 'nvitop', words, env)
    # Windows' driver keeps a process's memory to itself, and a screen says which driver that is.
    assert masked(theirs.out.replace('WDDM:N/A', '     N/A')) == masked(ours.out)
    assert told(theirs.err) == told(ours.err)
    assert theirs.rc == ours.rc
    return theirs


@pytest.mark.parametrize('scenario', SCENARIOS)
def test_every_scenario(scenario):
    assert_equal(scenario, ['-1'], 100)


@pytest.mark.parametrize('columns', [79, 80, 120, 200])
@pytest.mark.parametrize('words', [['-1'], ['-1', '--ascii'], ['-1', '--force-color'], ['-1', '--colorful', '--force-color']],
                         ids=' '.join)
def test_widths_and_looks(columns, words):
    done = assert_equal('mixed4', words, columns)
    assert ('--ascii' in words) == done.out.isascii()
    assert ('\x1b[' in done.out) == ('--force-color' in words)


def test_colours_are_the_same():
    path = paths.SCENARIOS / 'fixture-a.ini'
    words = ['-1', '--force-color', '--no-processes']
    ours, theirs = both.here(path, paths.nvitop(), words), both.there(path, 'nvitop', words)

    def devices(text):
        lines = text.splitlines()
        return lines[1:next(at for at, line in enumerate(lines) if 'CPU:' in line)]
    assert devices(theirs.out) == devices(ours.out) and len(devices(ours.out)) > 10


COUNTERS = {'energy', 'nvlink_tx', 'nvlink_rx'}


def without_counters(devices: list) -> list:
    """They count on while the scenario's clock stands still."""
    return [{name: value for name, value in device.items() if name not in COUNTERS} for device in devices]


@pytest.mark.parametrize('scenario', ['two', 'mig', 'a100x8', 'none'])
def test_json_keeps_the_schema(scenario):
    done = both.there(paths.SCENARIOS / f'{scenario}.ini', 'nvitop', ['--json'])
    assert done.rc == 0, done.err
    snapshot = json.loads(done.out)
    reading.validator().validate(snapshot)
    ours = json.loads(both.here(paths.SCENARIOS / f'{scenario}.ini', paths.nvitop(), ['--json']).out)
    assert [device['uuid'] for device in snapshot['devices']] == [device['uuid'] for device in ours['devices']]
    assert without_counters(snapshot['devices']) == without_counters(ours['devices'])


@pytest.mark.parametrize('words', [['--help'], ['--version'], ['--list-metrics'], ['--csv'], ['--no-such-option'], ['-1', '-m']],
                         ids=' '.join)
def test_other_words(words):
    path = paths.SCENARIOS / 'two.ini'
    ours, theirs = both.here(path, paths.nvitop(), words), both.there(path, 'nvitop', words)
    moving = re.compile(r'(?m)^\d{10}\.\d+|(?<=,)\d{10}(?=,4,(?:8|16),)')
    assert moving.sub('', theirs.out) == moving.sub('', ours.out)
    assert theirs.err == ours.err
    assert theirs.rc == ours.rc


def test_no_driver_is_told():
    done = both.there(paths.SCENARIOS / 'two.ini', 'nvitop', ['-1'], {'NVITOP_NVML': ''})
    assert done.rc == 1 and done.out == ''
    assert done.err.splitlines() == [
        'FATAL ERROR: NVIDIA Management Library (NVML) not found.',
        'HINT: Is an NVIDIA driver installed? It puts nvml.dll into C:\\Windows\\System32.']


def test_a_driver_that_cannot_be_loaded_is_named(tmp_path):
    library = tmp_path / 'nvml.dll'
    library.write_text('not a library')
    done = both.there(paths.SCENARIOS / 'two.ini', 'nvitop', ['-1', '--nvml', wine.path(library)])
    assert done.rc == 1 and 'nvml.dll' in done.err and 'cannot be used' in done.err


# The places of nvml.dll, as they are looked through; the scenario beside each names another driver.
DRIVERS = {'system32': '501.01', 'NVSMI': '502.02', 'beside': '503.03'}


@pytest.fixture(name='placed')
def program_with_libraries(tmp_path):
    """Runs a copy of the program with libraries in places, and says whose driver was found."""
    drive = wine.PROGRAMS / 'wine/drive_c'
    folders = {'system32': drive / 'windows/system32', 'beside': tmp_path,
               'NVSMI': drive / 'Program Files/NVIDIA Corporation/NVSMI'}
    program = tmp_path / 'nvitop.exe'
    program.write_bytes(wine.program('nvitop').read_bytes())

    def run(*places: str):
        written = []
        try:
            for place in places:
                folders[place].mkdir(parents=True, exist_ok=True)
                written += [folders[place] / 'nvml.dll', folders[place] / 'scenario.ini']
                written[-2].write_bytes((wine.PROGRAMS / 'sim/nvml.dll').read_bytes())
                written[-1].write_text(f'[system]\ndriver_version = {DRIVERS[place]}\n[device 0]\n', encoding='ascii')
            done = both.term.run([*wine.COMMAND, program, '-1'], wine.env({'NVITOP_SIM_PIDS': 'NUL'}), timeout=120)
        finally:
            for path in written:
                path.unlink(missing_ok=True)
        assert done.rc == 0, done
        return re.search(r'Driver Version: (\S+)', done.out)[1]
    return run


@pytest.mark.parametrize('at', range(len(DRIVERS)), ids=list(DRIVERS))
def test_the_driver_is_looked_for_in_the_system_first_and_beside_the_program_last(placed, at):
    places = list(DRIVERS)[at:]
    assert placed(*places) == DRIVERS[places[0]]


@pytest.mark.parametrize('variable,folder', [('windir', 'System32'), ('ProgramW6432', 'NVIDIA Corporation/NVSMI')])
def test_no_variable_says_where_the_systems_folders_are(variable, folder, tmp_path):
    """Whoever starts the program may have set both, and so may its user's settings."""
    place = tmp_path / folder
    place.mkdir(parents=True)
    (place / 'nvml.dll').write_bytes((wine.PROGRAMS / 'sim/nvml.dll').read_bytes())
    words = ['cmd', '/c', 'set', f'{variable}={wine.path(tmp_path)}&&', wine.path(wine.program('nvitop')), '-1']
    done = both.term.run([*wine.COMMAND, *words], wine.env({'NVITOP_SIM': wine.path(paths.SCENARIOS / 'two.ini')}))
    assert done.rc == 1 and 'not found' in done.err, done


def test_a_raised_program_trusts_no_variable():
    """Tokens of wine look raised, and its registry says that there is no UAC."""
    path = paths.SCENARIOS / 'two.ini'
    library = wine.path(wine.PROGRAMS / 'sim/nvml.dll')
    system = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System'
    with wine.registry(system, 'EnableLUA', '1', kind='REG_DWORD', after='0'):
        named = both.there(path, 'nvitop', ['-1'])
        asked = both.there(path, 'nvitop', ['-1', '--nvml', library])
        demo = both.there(path, 'nvitop', ['-1', '--demo', 'two'], {'NVITOP_NVML': ''})
    assert named.rc == 1 and 'not found' in named.err, named
    assert asked.rc == 0 and 'NVITOP' in asked.out, asked
    assert demo.rc == 0 and 'NVITOP' in demo.out, demo


def test_programs_are_single_files():
    """Of other files they need those that every Windows has."""
    known = {'kernel32.dll', 'msvcrt.dll', 'advapi32.dll', 'shell32.dll', 'pdh.dll', 'user32.dll', 'ws2_32.dll',
             'bcrypt.dll'}
    for name in ('nvitop', 'nvisel', 'nvitop-exporter'):
        listed = both.term.run(['x86_64-w64-mingw32-objdump', '-p', wine.program(name)]).out
        needed = {found.lower() for found in re.findall(r'DLL Name: (\S+)', listed)}
        assert needed and needed <= known, needed


@pytest.mark.parametrize('words', [['--help'], ['--demo', 'list']])
def test_reader_who_leaves_hears_nothing(words):
    """As with `| head`: the C library calls that an invalid argument."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, 'wb') as pipe:
        done = subprocess.run([*wine.COMMAND, wine.program('nvitop'), *words], env=wine.env(), stdin=subprocess.DEVNULL,
                              stdout=pipe, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, b'')
