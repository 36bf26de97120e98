"""Names of any language on Windows: of arguments, variables, files, folders and people."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support import paths, term

import both
import wine

NAME = 'Grüße-漢字-😀'  # of one old code page, of another, of none
SCENARIO = f'''
[device 0]
name = GPU {NAME}

[process first]
device = 0
type = C
command = "{NAME}" "two {NAME}"

[process second]
device = 0
type = C
command = other
'''


def run(*words: str | Path, env: dict[str, str] | None = None) -> term.Result:
    return term.run([*wine.COMMAND, *words], wine.env({'COLUMNS': '100', **(env or {})}), timeout=120)


@pytest.fixture(name='folder')
def folder_of_such_a_name(tmp_path) -> Path:
    folder = tmp_path / f'{NAME} folder'
    folder.mkdir()
    return folder


@pytest.fixture(name='scenario')
def scenario_there(folder) -> Path:
    path = folder / f'{NAME}.ini'
    path.write_text(SCENARIO, encoding='utf-8')
    return path


@pytest.mark.parametrize('program, words, line', [
    ('nvitop', ['--interval', NAME], f"argument --interval: invalid positive float value: '{NAME}'"),
    ('nvisel', ['--count', NAME], f"argument --count/-n: invalid non-negative integer value: '{NAME}'"),
    ('nvitop-exporter', [NAME, '--port=1'], f'unrecognized arguments: {NAME}'),
], ids=['nvitop', 'nvisel', 'nvitop-exporter'])
def test_an_argument_in_an_error(program, words, line):
    done = run(wine.program(program), *words)
    assert done.rc in (1, 2)
    assert done.err.splitlines()[-1] == f'{program}: error: {line}'


def test_an_argument_is_no_pattern_of_files(folder):
    """The C library of Windows would put names there, those of the current folder."""
    done = run(wine.program('nvitop'), wine.path(folder) + '\\..\\*')
    assert done.err.splitlines()[-1].endswith('folder\\..\\*')


def test_a_variable_and_a_filter(scenario):
    """The owner is called so, and nobody else."""
    user = {'USER': NAME}
    words = ('--demo', wine.path(scenario), '--json')
    found = {}
    for name in (NAME, 'Grüße-??-??'):
        done = run(wine.program('nvitop'), *words, '--user', name, env=user)
        assert (done.rc, done.err) == (0, '')
        found[name] = json.loads(done.out)['processes']
    assert {process['username'] for process in found[NAME]} == {NAME}
    assert {process['command'] for process in found[NAME]} == {f'{NAME} "two {NAME}"', 'other'}
    assert found['Grüße-??-??'] == []


def test_a_scenario_and_the_name_of_a_board(scenario):
    done = both.there(scenario, 'nvitop', ['-1', '--json'])
    assert (done.rc, done.err) == (0, '')
    assert json.loads(done.out)['devices'][0]['name'] == f'GPU {NAME}'


def test_a_variable_in_an_error(scenario):
    done = both.there(scenario, 'nvitop', ['-1'], {'NVITOP_NVML': rf'C:\{NAME}\nvml.dll'})
    assert done.rc == 1
    assert rf'C:\{NAME}\nvml.dll: ' in done.err


def test_the_library_of_the_driver(folder, scenario):
    shutil.copy(wine.PROGRAMS / 'sim/nvml.dll', folder / f'{NAME}.dll')
    library = wine.path(folder / f'{NAME}.dll')
    for words, env in ((['--nvml', library], {}), ([], {'NVITOP_NVML': library})):
        done = both.there(scenario, 'nvitop', ['--json', *words], env)
        assert (done.rc, done.err) == (0, '')
        assert len(json.loads(done.out)['devices']) == 1


def test_a_scenario_beside_the_library(folder, scenario):
    shutil.copy(wine.PROGRAMS / 'sim/nvml.dll', folder)
    shutil.copy(scenario, folder / 'scenario.ini')
    done = run(wine.program('nvitop'), '--json', env={'NVITOP_NVML': wine.path(folder / 'nvml.dll')})
    assert (done.rc, done.err) == (0, '')
    assert json.loads(done.out)['devices'][0]['name'] == f'GPU {NAME}'


def test_a_configuration(folder, scenario):
    (folder / 'nvitop').mkdir()
    (folder / 'nvitop/config.ini').write_text('[nvitop]\nascii = yes\nnosuch = 1\n', encoding='utf-8')
    done = both.there(scenario, 'nvitop', ['-1'], {'XDG_CONFIG_HOME': wine.path(folder)})
    assert done.rc == 0
    assert '+---' in done.out and '╒' not in done.out
    assert f'{NAME} folder' in done.err and "unknown key 'nosuch'" in done.err


def test_a_file_that_is_not_there(folder, scenario):
    done = both.there(scenario, 'nvitop-exporter', ['--web-config', wine.path(folder / 'users.yml')])
    assert done.rc == 1
    assert done.err.endswith(f'{NAME} folder\\users.yml: there is no such file\n')


@pytest.mark.parametrize('program, words', [('nvitop', ['-1']), ('nvisel', [])])
def test_an_unpacked_folder(folder, program, words):
    """--demo starts the launcher from there, which starts the program again over the library there."""
    (folder / 'sim').mkdir()
    shutil.copy(wine.program(program), folder)
    for name in ('nvitop-sim.exe', 'nvml.dll'):
        shutil.copy(wine.PROGRAMS / 'sim' / name, folder / 'sim')
    shutil.copytree(wine.PROGRAMS / 'sim/scenarios', folder / 'sim/scenarios', ignore=shutil.ignore_patterns('*.p'))
    done = run(folder / f'{program}.exe', '--demo', 'two', *words)
    assert done.rc == 0, done.err
    assert 'diffusion.py' in done.out or done.out.strip() in ('0,1', '1,0')


def test_files_for_the_time_of_a_demo(folder, scenario):
    """The launcher's own, which the library reads, in the folder for such."""
    (folder / 'temp').mkdir()
    place = {'TMP': wine.path(folder / 'temp'), 'TEMP': wine.path(folder / 'temp')}
    done = run(wine.program('nvitop'), '--demo', wine.path(scenario), '--json', env=place)
    assert (done.rc, done.err) == (0, '')
    assert len(json.loads(done.out)['processes']) == 2
    assert list((folder / 'temp').iterdir()) == []


def test_here_and_there_say_the_same(scenario):
    words = ['-1', '--user', NAME]
    ours, theirs = (side(scenario, program, words) for side, program in
                    ((both.here, paths.nvitop()), (both.there, 'nvitop')))
    assert (theirs.rc, theirs.err) == (ours.rc, ours.err) == (0, '')
