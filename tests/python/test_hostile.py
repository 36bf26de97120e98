"""Texts that attack, sizes that overflow, and a /proc that tells nothing: whatever a process or a driver calls itself."""

from __future__ import annotations

import contextlib
import os
import subprocess

import psutil
import pytest

import processes

# Bytes that are no UTF-8, controls, what turns text round, and what lies outside the first plane.
WORDS = [b'\xff\xfe\xed\xa0\x80', b'\x1b]0;title\x07', b'a\nb\tc', b'', '\u202egnp.exe'.encode(), '\U0001f469'.encode(), b'"\'$\\']


SHELL = ['sh', '-c', 'read line; echo here; read line']


@contextlib.contextmanager
def called(*words):
    """A process with these arguments, which it does not look at."""
    with subprocess.Popen([*SHELL, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        program.stdin.write('are you there?\n')
        program.stdin.flush()
        assert program.stdout.readline() == 'here\n'
        yield program
        program.kill()


def is_clean(text: str) -> bool:
    """Nothing of it hides or moves a cursor, but for tabs, which are the original's; and any file takes it."""
    text.encode()
    return not any((letter < ' ' and letter != '\t') or 127 <= ord(letter) < 160 or letter in '\u202e\u2066' for letter in text)


def test_trap_19_command_line_is_told_as_it_is_and_the_command_as_it_can_be_shown():
    with called(*WORDS) as odd:
        see(odd.pid)


def see(pid):
    from nvitop import GpuProcess, HostProcess
    host, gpu = HostProcess(pid), GpuProcess(pid, processes.Card())
    assert [word.encode('utf-8', 'surrogateescape') for word in host.cmdline()[3:]] == WORDS
    assert host.cmdline() == gpu.cmdline() == psutil.Process(pid).cmdline()
    assert host.command() == gpu.command() == 'sh -c "read line; echo here; read line" \ufffd\ufffd\ufffd\ufffd\ufffd \ufffd]0;title\ufffd "a\\nb\tc" "" ' \
        '\ufffdgnp.exe \U0001f469 "\\"\'\\$\\\\"'
    assert all(map(is_clean, (host.command(), repr(host), str(host), repr(gpu))))
    assert host.as_snapshot().command == gpu.as_snapshot().command == host.command()


@pytest.mark.parametrize('words', [['x' * 130_000] * 15, ['y'] * 150_000, ['\u00e9' * 60_000] * 15],
                         ids=['long words', 'many words', 'wide letters'])
def test_command_line_of_two_mib(words):
    from nvitop import HostProcess, command_join
    with called(*words) as program:
        host = HostProcess(program.pid)
        assert host.cmdline() == [*SHELL, *words]
        assert host.command() == command_join(host.cmdline()) and host.command().endswith(' '.join(words))
        assert len(repr(host)) < 200


def test_trap_19_texts_from_nowhere():
    """What no process and no driver tells, but a program may."""
    from nvitop import Device, NVMLError, command_join, human2bytes, parse_cuda_visible_devices
    assert command_join(['\ud800', 'b\0c', '\udcff', '\U0010ffff']) == '\ufffd b\ufffdc \ufffd \U0010ffff'
    for call in (lambda: human2bytes('1\0GiB'), lambda: human2bytes('\udcff'), lambda: human2bytes('9' * 2**20 + 'KiBB')):
        with pytest.raises(ValueError):
            call()
    for text in ('\ud800', '\udcff', '\0', 'GPU-' + 'f' * 2**21, '\U0010ffff'):
        assert parse_cuda_visible_devices(text) == []
        with pytest.raises(NVMLError):
            Device(uuid=text)


def test_names_of_the_driver_s(over):
    lines = over('hostile').lines('''
        from nvitop import *
        for snapshot in take_snapshots().devices:
            print(ascii(snapshot.name), ascii(snapshot.real.serial()), ascii(repr(snapshot.real)))
        commands = [process.command for process in take_snapshots().gpu_processes]
        print(len(commands), max(map(len, commands)), {letter for command in commands for letter in command if ord(letter) < 32})
        shown = [repr(it) for snapshot in take_snapshots().gpu_processes for it in (snapshot, snapshot.real, snapshot.host)]
        print([text for text in shown if '\\x1b' in text or not text.encode()])
    ''')
    first, second = '"NVIDIA \\ufffd[31mRed\\ufffd[0m\\ufffdCard\\ufffd"', '"NVIDIA \\ufffd\\ufffd Card"'
    assert lines[0] == f"{first[1:-1]!r} 'N/A' 'PhysicalDevice(index=0, name={first}, total_memory=24.00GiB)'".replace('\\\\', '\\')
    assert f'name={second}' in lines[1] and '\\ufffd(\\ufffd]0;title\\ufffd' in lines[1]
    assert lines[2:] == ['10 131071 set()', '[]']


UNKNOWN = '''
[launcher]
description = a user without a name, and processes that are not there
[system]
driver_version = 550.54.14
[device 0]
name = NVIDIA Card
mem_total = 16GiB
[process NOBODY]
uid = 54321
command = cat
mem = 1GiB
[process GONE]
pid = 4194302
mem = 2GiB
state = gone
[process ZOMBIE]
command = cat
mem = 3GiB
state = zombie
'''


def test_users_without_a_name_and_processes_that_are_gone(over, tmp_path):
    scenario = tmp_path / 'unknown.ini'
    scenario.write_text(UNKNOWN)
    assert over(scenario).lines('''
        from nvitop import *
        for process in sorted(take_snapshots().gpu_processes, key=lambda process: process.gpu_memory):
            print(process.gpu_memory_human, process.username, process.command, process.status, process.cpu_percent)
        processes = sorted(Device(0).processes().values(), key=lambda process: process.gpu_memory())
        for process in processes:
            try:
                print(process.cmdline(), repr(process).count('terminated'), process.username())
            except host.PsutilError as error:
                print(type(error).__name__)
    ''') == [
        '1024MiB 54321 cat sleeping 0.0', '2048MiB N/A No Such Process terminated N/A',
        '3072MiB root No Such Process zombie 0.0', "['cat'] 0 54321", 'NoSuchProcess', 'ZombieProcess']


SOMEBODY_ELSE = '''
import os
import everything
from nvitop import *
everything.use()
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
'''


@pytest.mark.skipif(os.geteuid() != 0, reason='only root can become somebody else')
def test_other_user_s_processes(two):
    """Somebody who may not look into others still has every row, and no error."""
    assert two.lines(SOMEBODY_ELSE + '''
everything.use()
processes = [process for device in Device.all() for process in device.processes().values()]
with GpuProcess.failsafe():
    print(len(processes), *sorted({process.username() for process in processes}))
for process in processes[:1]:
    try:
        process.host.environ()
    except host.AccessDenied:
        print('denied')
''') == ['5 backup root www-data', 'denied']


def test_proc_that_shows_nobody_else(over, two, tmp_path):
    """As with hidepid=2: a process that the driver lists is there, and nobody knows more of it."""
    assert two.lines('''
        import os, sys, psutil
        from nvitop import *
        hidden = sys.argv[1]
        for name in ('self', 'stat', 'meminfo', 'vmstat', 'loadavg', 'uptime', str(os.getpid())):
            os.symlink(f'/proc/{name}', f'{hidden}/{name}')
        psutil.PROCFS_PATH = hidden
        found = take_snapshots()
        print(len(found.devices), {process.gpu_memory is not NA for process in found.gpu_processes})
        with ResourceMetricCollector(root_pids={os.getpid()})('a') as collector:
            print(len(collector.collect()) > 100)
    ''', str(tmp_path)) == ['2 {True}', 'True']
