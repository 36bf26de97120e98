"""The command line: what it refuses, what it hands on, how it ends."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launching import exists
from refusing import EXECVEAT, refuse

SMALL = '[device 0]\n[process A]\n[process B]\nparent = A\n'


def call(launcher, *arguments, **options):
    return subprocess.run([launcher, *map(str, arguments)], capture_output=True, text=True, timeout=30,
                          stdin=subprocess.DEVNULL, **options)


@pytest.mark.parametrize('status', [0, 1, 7, 255])
def test_exit_status_is_the_commands(launcher, scenario, status):
    assert call(launcher, scenario(SMALL), '--', 'sh', '-c', f'exit {status}').returncode == status


def test_kernel_of_before_3_19(launcher, scenario):
    """It has no execveat: processes are started as well, and are what the scenario says."""
    script = 'tr "\\0" " " </proc/$(sed -n "s/^A //p" "$NVITOP_SIM_PIDS")/cmdline'
    done = call(launcher, scenario('[device 0]\n[process A]\ncommand = python3 train.py\n'), '--', 'sh', '-c', script,
                preexec_fn=lambda: refuse(EXECVEAT))
    assert (done.returncode, done.stderr, done.stdout) == (0, '', 'python3 train.py ')


@pytest.mark.parametrize('number', [signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1, signal.SIGABRT])
def test_death_by_signal_is_the_commands(launcher, scenario, number):
    assert call(launcher, scenario(SMALL), '--', 'sh', '-c', f'kill -{int(number)} $$').returncode == -number


def test_missing_command_is_127_and_leaves_nothing(launcher, scenario, tmp_path):
    done = call(launcher, scenario(SMALL), '--', '/no/such/program')
    assert done.returncode == 127
    assert done.stderr == 'nvitop-sim: error: /no/such/program: No such file or directory\n'
    (tmp_path / 'data').write_text('x')
    assert call(launcher, scenario(SMALL), '--', tmp_path / 'data').returncode == 126


@pytest.mark.parametrize('text, line, what', [
    ('[device 0]\nnmae = x\n', 2, 'nmae'),
    ('[device 0]\n[process A]\ncommand = "open\n', 3, 'quote'),
    ('[device 0]\n[process A]\nparent = NOBODY\n', 3, 'NOBODY'),
    ('[device 0]\n[process A]\nparent = A\n', 3, 'ancestor'),
    ('[device 0]\n[process A]\nparent = B\n[process B]\nparent = A\n', 5, 'ancestor'),
    ('[device 0]\n[process A]\nparent = B\n[process B]\nstate = zombie\n', 3, 'live'),
    ('[device 0]\n[process A]\nstate = undead\n', 3, 'undead'),
    ('[device 0]\n[process A]\nthreads = 0\n', 3, '256'),
    ('[device 0]\n[process A]\nthreads = 257\n', 3, '256'),
    ('[device 0]\n[process A]\ncpu = 101\n', 3, '100'),
    ('[device 0]\n[process A]\ncommand = a b\ncommand_pad = 3\n', 4, 'command_pad'),
    ('[device 0]\n[process A]\ncommand_pad = 9999999\n', 3, '1048576'),
    ('[device 0]\n[process A]\ncount = 4097\n', 3, '4096'),
    ('[launcher]\nenv = X\n', 2, 'NAME=VALUE'),
    ('[device 0]\n[process A]\nenv = A=1 =2\n', 3, 'NAME=VALUE'),
    ('[launcher]\npid_namespace = ours\n', 2, 'private, host or kernel'),
])
def test_bad_file_is_one_line_with_its_place(launcher, scenario, text, line, what):
    file = scenario(text)
    done = call(launcher, file, '--', 'echo', 'started')
    assert (done.returncode, done.stdout) == (2, '')
    assert done.stderr.startswith(f'{file}:{line}: ')
    assert done.stderr.count('\n') == 1 and what in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason='users matter to root only')
def test_unknown_user_without_number(launcher, scenario):
    file = scenario('[device 0]\n[process A]\nuser = no-such-user\n')
    done = call(launcher, file, '--', 'true')
    assert done.returncode == 2
    assert done.stderr == f'{file}:3: [process A] user: no such user here, and no uid: no-such-user\n'


def test_missing_file(launcher, tmp_path):
    done = call(launcher, tmp_path / 'none.ini', '--', 'true')
    assert done.returncode == 2
    assert done.stderr.startswith(f'{tmp_path}/none.ini: ') and done.stderr.count('\n') == 1


@pytest.mark.parametrize('arguments', [
    [], ['a100x8'], ['a100x8', '--'], ['a100x8', 'true'], ['--clock', 'x', 'a100x8', '--', 'true'], ['--clock'],
    ['--seed', '', 'a100x8', '--', 'true'], ['--era', 'new', 'a100x8', '--', 'true'], ['--what', 'a100x8', '--', 'true'],
    ['no-such-scenario', '--', 'true'], ['../a100x8', '--', 'true'],
])
def test_usage_errors(launcher, arguments):
    done = call(launcher, *arguments)
    assert (done.returncode, done.stdout) == (2, '')
    assert done.stderr


def test_help(launcher):
    done = call(launcher, '--help')
    assert done.returncode == 0 and done.stdout.startswith('Usage: nvitop-sim') and done.stderr == ''


@pytest.mark.parametrize('argument', ['--help', 'list'])
def test_output_that_cannot_be_written_is_an_error(launcher, argument):
    with open('/dev/full', 'w', encoding='ascii') as full:
        done = subprocess.run([launcher, argument], stdout=full, stderr=subprocess.PIPE, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr == 'nvitop-sim: error: cannot write the output: No space left on device\n'


def test_check(launcher, scenario):
    good, bad = scenario(SMALL, 'good.ini'), scenario('[device 0]\nx = 1\n', 'bad.ini')
    assert call(launcher, 'check', good, 'a100x8').returncode == 0
    done = call(launcher, 'check', good, bad)
    assert done.returncode == 2 and done.stderr.startswith(f'{bad}:2: ')


def test_environment_of_the_command(run, scenario, launcher):
    file = scenario('[launcher]\nenv = WSL_DISTRO_NAME=Debian "X=a b" EMPTY=\n' + SMALL)
    env = run(file, env={'LD_LIBRARY_PATH': '/else/where', 'EMPTY': 'full'}).env
    assert env['NVITOP_SIM'] == str(file)
    assert env['NVITOP_NVML'] == str(launcher.parent / 'libnvidia-ml.so.1')
    assert env['LD_LIBRARY_PATH'] == f'{launcher.parent}:/else/where'
    assert (env['WSL_DISTRO_NAME'], env['X'], env['EMPTY']) == ('Debian', 'a b', '')
    assert float(env['NVITOP_SIM_START']) <= time.monotonic()
    assert 'NVITOP_SIM_CLOCK' not in env and 'NVITOP_SIM_FREEZER' not in env


def test_options_change_what_the_driver_reads(run, scenario):
    running = run('--clock', '8.5', '--seed=3', '--era', '535.54', scenario(SMALL))
    assert running.env['NVITOP_SIM_CLOCK'] == '8.5'
    text = Path(running.env['NVITOP_SIM']).read_text()
    assert text.startswith(SMALL)
    assert 'seed = 3\nera = 535.54\ndriver_version = 535.54.03\ncuda_version = 12020\n' in text
    assert Path(running.env['NVITOP_SIM']).parent == running.folder


@pytest.mark.parametrize('era', ['390', '450', '470', '510', '535.54', '535.98', '550', '580', '418.56'])
def test_eras_has_one_list_for_every_era(run, era):
    running = run('--era', era, 'eras')
    assert len(running.pids) == 13
    assert f'era = {era}\n' in Path(running.env['NVITOP_SIM']).read_text()


def test_pid_map_is_readable_by_others(run, scenario):
    running = run(scenario(SMALL))
    assert running.folder.stat().st_mode & 0o777 == 0o755
    assert running.map.stat().st_mode & 0o444 == 0o444
    assert running.map.read_text() == ''.join(f'{name} {pid}\n' for name, pid in running.pids.items())


def test_terminal_is_the_commands(launcher, scenario):
    """Ctrl-C reaches the command, which is in the foreground, and none of the demo processes."""
    code = ('import os, signal, sys\n'
            'def caught(*_):\n'
            '    alive = [line.split()[0] for line in open(os.environ["NVITOP_SIM_PIDS"]) if os.path.exists("/proc/" + line.split()[1])]\n'
            '    os.write(1, " ".join(["caught", str(os.tcgetpgrp(0) == os.getpgrp()), *alive, ""]).strip().encode() + b"\\n")\n'
            '    os._exit(0)\n'
            'signal.signal(signal.SIGINT, caught)\n'
            'os.write(1, b"ready\\n")\n'  # print must not be interrupted by a handler that prints
            'signal.pause()\n')
    pid, master = pty.fork()
    if pid == 0:
        os.execv(launcher, [launcher, scenario(SMALL), '--', sys.executable, '-c', code])
    output = b''
    while b'ready' not in output:
        output += os.read(master, 1000)
    os.write(master, b'\x03')
    while b'B\r\n' not in output:
        output += os.read(master, 1000)
    assert os.waitpid(pid, 0)[1] == 0
    os.close(master)
    assert b'caught True A B\r\n' in output


def test_command_can_be_stopped_and_goes_on(launcher, scenario):
    pid, master = pty.fork()
    if pid == 0:
        os.execv(launcher, [launcher, scenario(SMALL), '--', sys.executable, '-c',
                            'print("ready", flush=True); input(); print("went on", flush=True)'])
    output = b''
    while b'ready' not in output:
        output += os.read(master, 1000)
    os.kill(pid, signal.SIGSTOP)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    os.kill(pid, signal.SIGCONT)
    os.write(master, b'\n')
    while b'went on' not in output:
        output += os.read(master, 1000)
    assert os.waitpid(pid, 0)[1] == 0
    os.close(master)


def test_256_processes_start_quickly(launcher):
    """Well under 300 ms on a quiet machine of two cores; the bound leaves room for a busy one."""
    times = []
    for _ in range(3):
        start = time.monotonic()
        assert call(launcher, 'procs256', '--', 'true').returncode == 0
        times.append(time.monotonic() - start)
    bound = max(1.0, 0.6 * os.getloadavg()[0] / os.cpu_count())
    if any(name in launcher.read_bytes() for name in (b'__asan_init', b'__tsan_init')):
        bound *= 20
    print(f'256 processes: {", ".join(f"{t * 1000:.0f} ms" for t in times)}; bound {bound * 1000:.0f} ms')
    assert min(times) < bound


def test_two_launchers_at_once_do_not_disturb_each_other(run, scenario):
    first, second = run(scenario(SMALL)), run(scenario(SMALL))
    assert first.folder != second.folder
    first.close()
    assert all(exists(pid) for pid in second.pids.values())
