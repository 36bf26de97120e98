"""The examples, as they are installed, built against the installed library by its pkg-config file and run."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
from pathlib import Path

import pytest
from prefix import run_program
from support import paths, sim, term

EXAMPLES = ('collect_csv.c', 'devices_json.c', 'monitor.c', 'pick_gpu.c', 'processes.cpp')
KINDS = ('gcc', 'clang', 'static')


@pytest.fixture(scope='module')
def programs(prefix, tmp_path_factory):
    """(example, kind) → the program, built when it is first asked for."""
    folder, built = tmp_path_factory.mktemp('examples'), {}

    def get(name: str, kind: str = 'gcc') -> Path:
        if (name, kind) not in built:
            source, target = prefix.find(name), folder / f'{Path(name).stem}-{kind}'
            built[name, kind] = prefix.compile(source, target, 'gcc' if kind == 'static' else kind, kind == 'static')
        return built[name, kind]
    return get


@pytest.fixture(scope='module')
def fixture_a():
    with sim.scenario('fixture-a') as running:
        yield running


def test_examples_are_short_and_all_installed(prefix):
    folder = prefix.find('monitor.c').parent
    assert {path.name for path in folder.iterdir()} == {path.name for path in (paths.ROOT / 'examples').iterdir()
                                                        if path.suffix in ('.c', '.cpp')} == set(EXAMPLES)
    for path in folder.iterdir():
        assert len(path.read_text().splitlines()) <= 80, path


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('name', EXAMPLES)
def test_builds_without_a_warning_and_runs(name, kind, programs, prefix, fixture_a):
    arguments = {'monitor.c': ['1'], 'collect_csv.c': ['1', '0.1']}.get(name, [])
    done = run_program(programs(name, kind), *arguments, env=prefix.env_over(fixture_a.env))
    assert (done.rc, done.err) == (0, '') and done.out


def test_static_program_needs_no_libnvitop(programs):
    for name in EXAMPLES:
        said = subprocess.run(['readelf', '-d', programs(name, 'static')], capture_output=True, text=True, check=True).stdout
        assert 'libnvitop' not in said


def test_monitor(programs, prefix, fixture_a):
    done = run_program(programs('monitor.c'), '2', env=prefix.env_over(fixture_a.env))
    lines = done.lines
    assert len(lines) == 6 and lines[:3] == lines[3:]
    assert lines[0] == 'GPU 0  NVIDIA GeForce RTX 2080 Ti  17%  1041MiB  39C  66.05 W'
    assert lines[1] == 'GPU 1  NVIDIA A100-SXM4-80GB  100%  77.15GiB  33C  401.00 W'


def test_monitor_ends_at_ctrl_c(programs, prefix, fixture_a):
    program = subprocess.Popen([programs('monitor.c')], env=term.clean_env(prefix.env_over(fixture_a.env)),
                               stdout=subprocess.PIPE, text=True)
    assert program.stdout.readline().startswith('GPU 0 ')
    program.send_signal(signal.SIGINT)
    rest = program.stdout.read()
    assert program.wait(timeout=30) == 0 and len(rest.splitlines()) % 3 == 2


def test_json(programs, prefix, fixture_a):
    done = run_program(programs('devices_json.c'), env=prefix.env_over(fixture_a.env))
    devices = json.loads(done.out)['devices']
    assert [device['name'] for device in devices][:2] == ['NVIDIA GeForce RTX 2080 Ti', 'NVIDIA A100-SXM4-80GB']
    assert devices[0]['memory_total'] == 11019 << 20 and devices[1]['fan_speed'] is None


@pytest.mark.parametrize(('size', 'expected'), [((), '2'), (('1GiB',), '2'), (('11438MiB',), '2'), (('11439MiB',), None)])
def test_freest_gpu(size, expected, programs, prefix, fixture_a):
    done = run_program(programs('pick_gpu.c'), *size, env=prefix.env_over(fixture_a.env))
    if expected is None:
        assert (done.rc, done.out, done.err) == (1, '', 'pick_gpu: not found\n')
    else:
        assert (done.rc, done.err) == (0, '')
        assert re.fullmatch(rf'{expected} GPU-[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\n', done.out)


def test_freest_gpu_that_is_a_mig_device(programs, prefix):
    with sim.scenario('fixture-m') as running:
        done = run_program(programs('pick_gpu.c'), env=prefix.env_over(running.env))
    assert re.fullmatch(r'\d+(:\d+ MIG| GPU)-[0-9a-f-]{36}\n', done.out)


def test_csv(programs, prefix, fixture_a):
    done = run_program(programs('collect_csv.c'), '2', '0.2', env=prefix.env_over(fixture_a.env))
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {row['round'] for row in rows} == {'1', '2'}
    of_first = {row['key']: row['value'] for row in rows if row['round'] == '1'}
    for statistic in ('mean', 'min', 'max', 'last'):
        assert of_first[f'round/gpu:0/temperature (C)/{statistic}'] == '39'
        assert of_first[f'round/gpu:1/memory_used (MiB)/{statistic}'] == '79000'
    assert of_first['round/gpu:1/fan_speed (%)/mean'] == ''
    assert 'round/host/memory_percent (%)/mean' in of_first


def test_processes(programs, prefix, fixture_a):
    done = run_program(programs('processes.cpp'), env=prefix.env_over(fixture_a.env))
    rows = [line.split('  ') for line in done.lines]
    assert rows[0][:2] == ['GPU 1', str(fixture_a.pids['P2'])] and rows[0][3] == '68.36GiB'
    assert rows[1][:3] == ['GPU 1', str(fixture_a.pids['P3']), 'nobody']
    assert rows[0][4] == 'python3 render.py --resolution 3840x2160'
    assert len(rows) == 5


def test_example_of_the_readme_prints_what_stands_there(prefix, tmp_path):
    text = (paths.ROOT / 'README.md').read_text()
    scenario, source, output = re.search(r'<!-- example: ([^\n]*) -->\n```c\n(.*?)```.*?<!-- output -->\n```text\n(.*?)```',
                                         text, re.DOTALL).groups()
    (tmp_path / 'warm.c').write_text(source)
    program = prefix.compile(tmp_path / 'warm.c', tmp_path / 'warm')
    with sim.scenario(scenario) as running:
        done = run_program(program, env=prefix.env_over(running.env))
    assert (done.rc, done.err, done.out) == (0, '', output)


# scenario → what the status's words are, and whether a session without a driver still says something
FAILURES = {
    'nodriver': 'driver not loaded',
    'noperm': 'no permission',
    'mismatch': 'driver and library versions differ',
}
OWN_WORDS = re.compile(r'\A(monitor|devices_json|pick_gpu|processes): [^\n]*\n\Z')


@pytest.mark.parametrize('name', [name for name in EXAMPLES if name != 'collect_csv.c'])
@pytest.mark.parametrize('scenario', FAILURES)
def test_failure_is_told_by_the_program_alone(scenario, name, programs, prefix):
    """One line on stderr, the program's: the library says nothing itself."""
    with sim.scenario(scenario) as running:
        done = run_program(programs(name), env=prefix.env_over(running.env))
    assert (done.rc, done.out) == (1, '')
    assert OWN_WORDS.match(done.err) and FAILURES[scenario] in done.err


@pytest.mark.parametrize('scenario', [*FAILURES, 'lost', 'hang', 'hostile', 'laptop', 'none', 'container', 'uma'])
def test_library_is_silent(scenario, programs, prefix):
    """The collector goes on without a driver, so this program has nothing to say: nor has anyone else."""
    with sim.scenario(scenario) as running:
        done = run_program(programs('collect_csv.c'), '1', '0.1', env=prefix.env_over(running.env))
    assert (done.rc, done.err) == (0, '')
    assert all(re.fullmatch(r'\d+,"[^"]*",[-+.e0-9]*|round,key,value', line) for line in done.lines)
    assert any('/host/' in line for line in done.lines)


def test_library_is_silent_without_a_driver_library(programs, prefix, tmp_path):
    done = run_program(programs('devices_json.c'), env={**prefix.env, 'NVITOP_NVML': str(tmp_path / 'none.so')})
    assert (done.rc, done.out) == (1, '') and OWN_WORDS.match(done.err)
    assert done.err.startswith('devices_json: NVML library not found')
