"""Demo processes look exactly as the scenario says."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest

from launching import Running, cmdline, exists, stat, until

DEVICE = '[device 0]\n'
ROOT = os.geteuid() == 0


def one(text: str) -> str:
    return f'{DEVICE}[process ONE]\n{text}\n'


@pytest.mark.parametrize('command, expected', [
    ('python3 train.py', b'python3\0train.py\0'),
    ('python3 --config "configs/llama 7b.yaml"', b'python3\0--config\0configs/llama 7b.yaml\0'),
    ("a  'b c'd \"\" ''", b'a\0b cd\0\0\0'),
    ("it'\"'s '\"x\"'", b'it"s\0"x"\0'),
    (r'a\nb \x1b[31m \xff\xfe', b'a\nb\0\x1b[31m\0\xff\xfe\0'),
    (r'back\\slash \t', b'back\\slash\0\t\0'),
    ("''", b'\0'),
    ('-flag', b'-flag\0'),
    ('训练 {i} {{x}', '训练\x000\x00{x}\x00'.encode()),
    ('--', b'--\0'),
    ('list', b'list\0'),
])
def test_cmdline_is_exact(run, scenario, command, expected):
    running = run(scenario(one(f'command = {command}')))
    assert cmdline(running.pids['ONE']) == expected


def test_command_defaults_to_the_name(run, scenario):
    assert cmdline(run(scenario(one(''))).pids['ONE']) == b'ONE\0'


@pytest.mark.parametrize('size', [20, 21, 27, 28, 4096, 60020, 131072, 1048576])
def test_command_pad_is_exact(run, scenario, size):
    running = run(scenario(one(f'command = python3 long.py x\ncommand_pad = {size}')))
    line = cmdline(running.pids['ONE'])
    assert len(line) == size
    assert line.startswith(b'python3\0long.py\0x\0')


def test_no_argv_at_all(run, scenario):
    running = run(scenario(one('command = python3 x\nno_argv = yes\ncomm = silent')))
    pid = running.pids['ONE']
    assert cmdline(pid) in (b'', b'\0')
    assert Path(f'/proc/{pid}/comm').read_text() == 'silent\n'
    assert stat(pid)[0] != 'Z'


def test_comm_is_the_file_name_or_what_is_asked(run, scenario):
    running = run(scenario(DEVICE + '[process A]\ncommand = /usr/bin/a-rather-long-program-name x\n'
                           '[process B]\ncommand = /usr/bin/x\ncomm = other\n'))
    assert Path(f'/proc/{running.pids["A"]}/comm').read_text() == 'a-rather-long-p\n'
    assert Path(f'/proc/{running.pids["B"]}/comm').read_text() == 'other\n'


def test_threads(run, scenario):
    pid = run(scenario(one('threads = 7'))).pids['ONE']
    assert until(lambda: len(os.listdir(f'/proc/{pid}/task')) == 7)


def test_count_numbers_names_commands_and_parents(run, scenario):
    running = run(scenario(DEVICE + '[process P]\ncount = 2\n[process C]\ncount = 4\nparent = P{i/2}\n'
                           'command = worker {i:03d}\n'))
    assert list(running.pids) == ['P0', 'P1', 'C0', 'C1', 'C2', 'C3']
    assert cmdline(running.pids['C3']) == b'worker\x00003\0'
    assert [int(stat(running.pids[f'C{i}'])[1]) for i in range(4)] == [running.pids[f'P{i // 2}'] for i in range(4)]


def test_rows_with_a_pid_of_their_own_are_not_started(run, scenario):
    running = run(scenario(DEVICE + '[process A]\n[process B]\npid = 4242\n[process C]\npid = ${A}\n'
                           '[process D]\npid = ${D}\n'))
    assert list(running.pids) == ['A', 'D']


@pytest.mark.skipif(not ROOT, reason='only root can have processes of others')
def test_user_by_name_and_by_number(run, scenario):
    running = run(scenario(DEVICE + '[process A]\nuser = nobody\n[process B]\nuser = no-such-user\nuid = 3000000001\n'
                           '[process C]\nuser = nobody\nuid = 77\n'))
    nobody = pwd.getpwnam('nobody')
    owners = {name: os.stat(f'/proc/{pid}').st_uid for name, pid in running.pids.items()}
    assert owners == {'A': nobody.pw_uid, 'B': 3000000001, 'C': nobody.pw_uid}
    status = Path(f'/proc/{running.pids["A"]}/status').read_text()
    assert f'Uid:\t{nobody.pw_uid}\t{nobody.pw_uid}\t{nobody.pw_uid}\t{nobody.pw_uid}\n' in status
    assert 'Groups:\t \n' in status or 'Groups:\t\n' in status
    assert os.stat(f'/proc/{running.pids["A"]}/environ').st_uid == nobody.pw_uid


@pytest.mark.skipif(not ROOT, reason='only root can have processes of others')
def test_users_whom_the_file_says_no_to(launcher, scenario, tmp_path):
    """As where root has unpacked it and lets nobody else in."""
    folder = tmp_path / 'closed'
    folder.mkdir(mode=0o700)
    for name in ('nvitop-sim', 'libnvidia-ml.so.1'):
        shutil.copy(launcher.parent / name, folder)
    copy = folder / 'nvitop-sim'
    copy.chmod(0o700)
    running = Running(copy, [str(scenario(one('user = nobody\ncommand = "a b" c')))])
    try:
        pid = running.pids['ONE']
        assert os.stat(f'/proc/{pid}').st_uid == pwd.getpwnam('nobody').pw_uid
        assert (cmdline(pid), Path(f'/proc/{pid}/comm').read_text()) == (b'a b\0c\0', 'a b\n')
    finally:
        running.close()


@pytest.mark.skipif(ROOT, reason='root can be others')
def test_other_users_are_us_without_privilege(run, scenario):
    running = run(scenario(one('user = nobody')))
    assert os.stat(f'/proc/{running.pids["ONE"]}').st_uid == os.geteuid()


def test_environment_shows_nothing_of_ours(run, scenario):
    pid = run(scenario(one('command = python3')), env={'SECRET': 'x'}).pids['ONE']
    keys = {pair.split(b'=')[0] for pair in Path(f'/proc/{pid}/environ').read_bytes().split(b'\0') if pair}
    assert keys == {b'HOME', b'LANG', b'LOGNAME', b'PATH', b'SHELL', b'USER'}


def test_environment_has_what_the_scenario_adds(run, scenario):
    pid = run(scenario(one('command = python3\nenv = A="two words" B=\n'))).pids['ONE']
    pairs = Path(f'/proc/{pid}/environ').read_bytes().split(b'\0')
    assert pairs[-4:] == [b'USER=' + pairs[2].partition(b'=')[2], b'A=two words', b'B=', b'']


def test_zombie_is_a_zombie_and_stays_one(run, scenario):
    running = run(scenario(DEVICE + '[process Z]\nstate = zombie\ncommand = /bin/dead x\n[process P]\n'
                           '[process ZP]\nstate = zombie\nparent = P\n[process LIVE]\nparent = P\n'))
    # Its parent reaps another child meanwhile; the zombie is not taken along.
    os.kill(running.pids['LIVE'], 9)
    assert until(lambda: not exists(running.pids['LIVE']))
    for name in ('Z', 'ZP'):
        assert stat(running.pids[name])[0] == 'Z'
        assert cmdline(running.pids[name]) == b''
    assert Path(f'/proc/{running.pids["Z"]}/comm').read_text() == 'dead\n'
    assert int(stat(running.pids['ZP'])[1]) == running.pids['P']


def test_gone_is_a_pid_that_nobody_has(run, scenario):
    running = run(scenario(DEVICE + '[process G]\nstate = gone\n[process P]\n[process GP]\nstate = gone\nparent = P\n'))
    assert running.pids['G'] > 0 and running.pids['GP'] > 0
    assert not exists(running.pids['G']) and not exists(running.pids['GP'])


def used_ticks(pid: int) -> int:
    fields = stat(pid)
    return int(fields[11]) + int(fields[12])


def test_cpu_is_used_and_idlers_use_none(run, scenario):
    running = run(scenario(DEVICE + '[process BUSY]\ncpu = 30\n[process IDLE]\n'))
    assert until(lambda: used_ticks(running.pids['BUSY']) >= 10)
    assert used_ticks(running.pids['IDLE']) <= 1


def test_memory_is_small(run, scenario):
    pid = run(scenario(one('threads = 4'))).pids['ONE']
    if 'sanitizer' in Path(f'/proc/{pid}/maps').read_text() or 'asan' in Path(f'/proc/{pid}/maps').read_text():
        pytest.skip('a sanitizer is not small')
    rss_kib = next(int(line.split()[1]) for line in Path(f'/proc/{pid}/status').read_text().splitlines()
                   if line.startswith('VmRSS'))
    assert rss_kib < 4096
