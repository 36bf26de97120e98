"""The command line of the built program: streams, exit statuses, the file of defaults, the demo's start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import paths, sim, term

NO_DRIVER = {'NVITOP_NVML': '/nonexistent/libnvidia-ml.so.1'}


def nvitop(*args: str, env: dict[str, str] | None = None) -> term.Result:
    return term.run([paths.nvitop(), *args], {**NO_DRIVER, **(env or {})})


@pytest.mark.parametrize('option', ['--help', '-h', '--version', '-V'])
def test_help_and_version_need_no_driver(option):
    done = nvitop(option)
    assert (done.rc, done.err) == (0, '')
    assert done.out.startswith('usage: nvitop [--help]' if option in ('--help', '-h') else 'nvitop ')


@pytest.mark.parametrize(('args', 'line'), [
    (['--interval', '0'], "argument --interval: invalid positive float value: '0'"),
    (['--gpu-util-thresh', '0', '50'],
     f'argument --gpu-util-thresh: invalid choice: 0 (choose from {", ".join(map(str, range(1, 100)))})'),
    (['-m', 'x'], "argument --monitor/-m: invalid choice: 'x' (choose from 'auto', 'full', 'compact', 'dense')"),
    (['extra'], 'unrecognized arguments: extra'),
    (['-1', '-m'], 'argument --monitor/-m: not allowed with argument --once/-1'),
])
def test_usage_errors(args, line):
    done = nvitop(*args)
    assert (done.rc, done.out) == (2, '')
    assert done.err.startswith('usage: nvitop [--help]')
    assert done.err.splitlines()[-1] == f'nvitop: error: {line}'


@pytest.mark.parametrize(('value', 'line'), [
    ('0.1', 'the interval 0.1s is too short, which may cause performance issues. Expected 1/4 or higher.'),
    ('0', "argument --interval: invalid positive float value: '0'"),
    ('nan', "argument --interval: invalid positive float value: 'nan'"),
    ('inf', "argument --interval: invalid positive float value: 'inf'"),
    ('1e9', None),
])
def test_trap_42_interval(value, line):
    done = nvitop('-1', '--interval', value)
    if line:
        assert (done.rc, done.err.splitlines()[-1]) == (2, f'nvitop: error: {line}')
    else:
        assert done.rc == 1 and 'NVML' in done.err  # accepted: it got as far as the driver


def test_help_follows_the_width():
    for columns in (60, 90, 140):
        out = nvitop('--help', env={'COLUMNS': str(columns)}).out
        usage = out.split('\n\n')[0].splitlines()
        assert len(usage) > 2 and max(map(len, usage)) <= columns - 2


@pytest.mark.parametrize('columns', [' 120 ', '120\t', '  120', '1_20'])
def test_width_may_have_blanks_around_it(columns):
    assert nvitop('--help', env={'COLUMNS': columns}).out == nvitop('--help', env={'COLUMNS': '120'}).out
    assert nvitop('--help', env={'COLUMNS': columns}).out != nvitop('--help', env={'COLUMNS': 'x'}).out


def test_output_that_cannot_be_written_is_an_error():
    with open('/dev/full', 'w', encoding='ascii') as full:
        done = subprocess.run([paths.nvitop(), '--help'], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith('nvitop: error: cannot write the output')


def test_help_is_coloured_on_a_terminal_only():
    assert '\x1b' not in nvitop('--help', env={'FORCE_COLOR': '1'}).out
    command = [paths.nvitop(), '--help']
    assert '\x1b[33mmoderate\x1b[0m' in term.run_pty(command, 120).out
    assert '\x1b' not in term.run_pty(command, 120, env={'NO_COLOR': '1'}).out
    assert '\x1b' not in term.run_pty(command, 120, env={'TERM': 'dumb'}).out


def test_unknown_key_is_a_warning_only(tmp_path):
    config = tmp_path / 'nvitop' / 'config.ini'
    config.parent.mkdir()
    config.write_text('ascii = yes\nfancy = yes\n')
    env = {'XDG_CONFIG_HOME': str(tmp_path)}
    warning = f"nvitop: warning: {config}:2: unknown key 'fancy'\n"
    plain, warned = nvitop('-1'), nvitop('-1', env=env)
    assert warned.rc == plain.rc
    assert warned.err == warning + plain.err
    assert nvitop('--version', env=env).err == ''


# ---- the demo


def place_program(folder: Path, launcher: str) -> Path:
    """A copy of nvitop with a launcher of ours at `launcher`, which tells how it was called."""
    program = folder / 'bin' / 'nvitop'
    program.parent.mkdir()
    shutil.copy2(paths.nvitop(), program)
    if launcher:
        script = folder / launcher
        script.parent.mkdir(parents=True)
        script.write_text('#!/usr/bin/env python3\nimport json, os, sys\n'
                          'print(json.dumps([sys.argv, os.environ.get("NVITOP_DEMO_ACTIVE")]))\n')
        script.chmod(0o755)
    return program


@pytest.mark.parametrize('launcher', ['sim/nvitop-sim', 'libexec/nvitop/nvitop-sim'])
@pytest.mark.parametrize(('args', 'scenario'), [
    (['--demo'], 'default'), (['--demo=two words', '-1'], 'two words'), (['-1c', '--dem', './mine.ini'], './mine.ini'),
    (['--demo=--help'], './--help')])
def test_demo_hands_over_to_the_launcher(tmp_path, launcher, args, scenario):
    program = place_program(tmp_path, launcher)
    done = term.run([program, *args])
    assert (done.rc, done.err) == (0, '')
    words, active = json.loads(done.out)
    assert os.path.samefile(words[0], tmp_path / launcher)
    assert words[1:] == [scenario, '--', str(program), *args]
    assert active == 'nvitop'


def test_demo_list_starts_nothing(tmp_path):
    done = term.run([place_program(tmp_path, 'sim/nvitop-sim'), '--demo', 'list'])
    assert json.loads(done.out)[0][1:] == ['list']


def test_demo_is_followed_once(tmp_path):
    program = place_program(tmp_path, 'sim/nvitop-sim')
    done = term.run([program, '-1', '--demo'], {**NO_DRIVER, 'NVITOP_DEMO_ACTIVE': '1'})
    assert (done.rc, done.out) == (1, '')
    assert 'NVML' in done.err


def test_demo_without_its_launcher_is_one_clear_line(tmp_path):
    done = term.run([place_program(tmp_path, ''), '--demo'])
    assert (done.rc, done.out) == (1, '')
    assert done.err.count('\n') == 1
    assert done.err.startswith('nvitop: error: --demo needs the program nvitop-sim')


def test_unknown_scenario_is_an_error_of_nvitop():
    done = nvitop('--demo', 'nothing-like-it')
    assert (done.rc, done.out) == (2, '')
    assert done.err == ("nvitop: error: argument --demo: no scenario is called 'nothing-like-it' "
                        '(see `nvitop --demo list`)\n')


def test_demo_takes_a_file_by_its_bare_name(tmp_path):
    (tmp_path / 'mine').write_text('[device 0]\nname = NVIDIA Homemade\n')
    (tmp_path / 'two').write_text('no scenario at all\n')
    for name, shown in (('mine', 'Homemade'), ('two', 'RTX')):
        done = subprocess.run([paths.nvitop(), '-1', '--demo', name], cwd=tmp_path, env=term.clean_env(),
                              capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, '')
        assert shown in done.stdout


def test_scenarios_that_cannot_be_listed_are_an_error():
    with open('/dev/full', 'w', encoding='ascii') as full:
        done = subprocess.run([paths.nvitop(), '--demo', 'list'], env=term.clean_env(), stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == 'nvitop: error: argument --demo: cannot write the output: No space left on device\n'


def test_demo_runs_from_a_folder_with_a_colon(tmp_path):
    folder = tmp_path / 'a:b'
    shutil.copytree(paths.launcher().parent, folder / 'sim', ignore=shutil.ignore_patterns('*.p', '*.a'))
    (folder / 'bin').mkdir()
    shutil.copy2(paths.nvitop(), folder / 'bin')
    assert term.run([folder / 'bin' / 'nvitop', '-1', '--demo', 'two']).rc == 0
    done = term.run([folder / 'sim' / 'nvitop-sim', 'two', '--', 'echo', 'started'])
    assert (done.rc, done.out) == (1, '')
    assert str(folder / 'sim') in done.err and done.err.startswith('nvitop-sim: error: no program finds the simulator')


def test_hidden_columns_are_left_out_of_the_report():
    with sim.scenario('two') as running:
        whole, some = running.run('-1'), running.run('-1', '--hide-columns', 'user', 'TIME')
    assert (whole.rc, some.rc, some.err) == (0, 0, '')
    heading = next(line for line in whole.lines if ' GPU-MEM ' in line)
    assert ' USER ' in heading and ' TIME ' in heading
    heading = next(line for line in some.lines if ' GPU-MEM ' in line)
    assert ' USER ' not in heading and ' TIME ' not in heading
    assert all(len(line) == len(heading) for line in some.lines[some.lines.index(heading):])
