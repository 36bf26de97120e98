"""Every shipped scenario is right, is listed, and starts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from launching import cmdline, exists, stat

SCENARIOS = Path(__file__).resolve().parents[2] / 'sim' / 'scenarios'
NAMES = sorted(path.stem for path in SCENARIOS.glob('*.ini'))
WANTED = {
    'laptop', 'desktop', 'two', 'mixed4', 'busy1', 'a100x8', 'mig', 'gpus16', 'procs256', 'lost', 'uma', 'wsl', 'none',
    'nodriver', 'noperm', 'mismatch', 'fixture-a', 'fixture-m', 'fixture-b', 'fixture-z', 'hostile', 'hang', 'slow',
    'frozen', 'eras', 'container',
}
# How many processes of ours a scenario has; of the others only that they start is asked.
COUNTS = {'a100x8': 42, 'procs256': 256, 'fixture-a': 3, 'fixture-b': 30, 'fixture-m': 3, 'fixture-z': 0, 'none': 0,
          'mixed4': 21, 'busy1': 3, 'container': 5}


def test_all_wanted_scenarios_are_shipped():
    assert WANTED <= set(NAMES)


def test_list_names_and_describes_every_scenario(launcher):
    done = subprocess.run([launcher, 'list'], capture_output=True, text=True, check=True, timeout=20)
    rows = [line.split(None, 1) for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == NAMES
    assert all(len(row) == 2 and len(row[1]) > 10 for row in rows)
    assert done.stderr == ''


@pytest.mark.parametrize('name', NAMES)
def test_shipped_scenario_starts(run, name):
    try:
        running = run(name)
    except RuntimeError as error:
        if name == 'frozen' and 'freezer cgroup' in str(error):
            pytest.skip(str(error).strip())
        raise
    assert len(running.pids) == COUNTS.get(name, len(running.pids))
    for process, pid in running.pids.items():
        if process.startswith('OTHERS') or process == 'OURSTHERE':
            assert not exists(pid)
        else:
            assert stat(pid)[0] in ('Z' if process == 'ZOMBIE' else 'SRD')
    assert Path(running.env['NVITOP_SIM']).read_text() == (SCENARIOS / f'{name}.ini').read_text()


def test_default_is_a100x8(run):
    assert run('default').env['NVITOP_SIM'].endswith('/a100x8.ini')


def test_a100x8_has_40_processes_on_gpus_of_5_users():
    text = (SCENARIOS / 'a100x8.ini').read_text()
    on_gpu, users = 0, set()
    for section in text.split('[process ')[1:]:
        keys = dict(line.split(' =', 1) for line in section.splitlines() if ' =' in line and not line.startswith('#'))
        users.add(keys['user'].strip())
        on_gpu += int(keys.get('count', '1')) if keys.get('device', '0').strip() else 0
    assert (on_gpu, len(users)) == (40, 5)


def test_hostile_bytes_arrive(run):
    pids = run('hostile').pids
    assert cmdline(pids['CLEAR']) == b'python3\0\x1b[2J\x1b[H\x1b[31mcleared\0'
    assert cmdline(pids['TITLE']) == b'python3\0\x1b]0;another title\x07\0\x1bP$q"p\x1b\\\0'
    assert b'\n' in cmdline(pids['LINES']) and b'\r' in cmdline(pids['LINES'])
    assert b'\xff\xfe\xc3\x28' in cmdline(pids['BAD'])
    assert len(cmdline(pids['HUGE'])) == 128 * 1024
    assert cmdline(pids['EMPTY']) == b'\0'
    assert Path(f'/proc/{pids["SHIFT"]}/comm').read_bytes() == b'\x1b[7mname\n\n'


def test_mixed4_has_its_tree_and_its_zombie(run):
    pids = run('mixed4').pids
    parents = {name: int(stat(pid)[1]) for name, pid in pids.items()}
    assert parents['RANK0'] == parents['RANK1'] == pids['TRAIN']
    assert parents['LOADER0'] == pids['RANK0']
    assert parents['ZOMBIE'] == pids['SPAWN']
    assert cmdline(pids['ZOMBIE']) == b''
    assert cmdline(pids['EMPTY']) in (b'', b'\0')
