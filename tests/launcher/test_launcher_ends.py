"""Nothing is left behind, however the launcher ends; a demo process can be killed like any other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launching import HOLD, Watch, exists, stat, until

ROOT = os.geteuid() == 0
TREE = '''[device 0]
[process A]
[process B]
parent = A
[process C]
parent = B
threads = 3
[process Z]
state = zombie
parent = B
[process MANY]
count = 5
cpu = 2
'''


def watches(running):
    return {name: Watch(pid) for name, pid in running.live().items()}


def assert_all_ended(running, watched, keeper):
    for name, watch in watched.items():
        assert watch.has_ended(), name
    assert keeper.has_ended()
    assert not running.folder.exists()


def test_normal_end(run, scenario):
    running = run(scenario(TREE))
    watched, keeper = watches(running), Watch(running.keeper())
    running.process.stdin.close()
    assert running.process.wait(20) == 0
    assert_all_ended(running, watched, keeper)
    assert not any(exists(pid) for pid in running.pids.values())


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV])
def test_end_by_signal(run, scenario, number):
    running = run(scenario(TREE))
    watched, keeper = watches(running), Watch(running.keeper())
    running.process.send_signal(number)
    assert running.process.wait(20) == -number
    assert_all_ended(running, watched, keeper)


def test_stopped_demo_processes_end_too(run, scenario):
    running = run(scenario(TREE))
    watched, keeper = watches(running), Watch(running.keeper())
    for name in watched:
        os.kill(running.pids[name], signal.SIGSTOP)
    running.process.kill()
    assert_all_ended(running, watched, keeper)


def test_keeper_ends_by_sigterm(run, scenario):
    running = run(scenario(TREE))
    watched, keeper = watches(running), Watch(running.keeper())
    os.kill(keeper.pid, signal.SIGTERM)
    assert_all_ended(running, watched, keeper)
    assert running.process.poll() is None


def test_killed_keeper_takes_all_along_and_its_folder_is_removed_next_time(run, scenario, tmp_path):
    file = scenario(TREE)
    running = run(file, env={'TMPDIR': str(tmp_path)})
    watched, keeper = watches(running), Watch(running.keeper())
    os.kill(keeper.pid, signal.SIGKILL)
    for name, watch in watched.items():
        assert watch.has_ended(), name
    assert running.folder.exists()
    run(file, env={'TMPDIR': str(tmp_path)})
    assert running.folder.exists(), 'too young to be called left over'
    os.utime(running.folder, (0, 0))
    run(file, env={'TMPDIR': str(tmp_path)})
    assert not running.folder.exists()


def test_folder_in_use_is_kept_however_old(run, scenario, tmp_path):
    file = scenario(TREE)
    running = run(file, env={'TMPDIR': str(tmp_path)})
    os.utime(running.folder, (0, 0))
    run(file, env={'TMPDIR': str(tmp_path)})
    assert running.map.exists()


@pytest.mark.skipif(not ROOT, reason='only root can have processes of others')
def test_child_of_another_user_ends_with_a_killed_keeper(run, scenario, tmp_path):
    # The kernel refuses the parent-death signal from nobody to root; the life pipe does it.
    file = scenario('[device 0]\n[process P]\nuser = nobody\n[process C]\nparent = P\n')
    running = run(file, env={'TMPDIR': str(tmp_path)})
    watched = watches(running)
    os.kill(running.keeper(), signal.SIGKILL)
    assert watched['P'].has_ended() and watched['C'].has_ended()


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_killed_demo_process_vanishes(run, scenario, number):
    running = run(scenario(TREE))
    for name in ('MANY0', 'C'):
        os.kill(running.pids[name], number)
        assert until(lambda: not exists(running.pids[name])), name
    assert set(running.live()) == {'A', 'B', 'Z', 'MANY1', 'MANY2', 'MANY3', 'MANY4'}
    assert running.process.poll() is None


def test_children_end_with_their_parent(run, scenario):
    running = run(scenario(TREE))
    os.kill(running.pids['A'], signal.SIGTERM)
    assert until(lambda: not exists(running.pids['B']) and not exists(running.pids['C']))
    assert exists(running.pids['MANY0'])


def test_output_ends_with_the_command_not_with_the_keeper(launcher, scenario):
    # Whoever reads the pipe must see its end although demo processes may still be ending.
    done = subprocess.run([launcher, scenario(TREE), '--', 'echo', 'x'], capture_output=True, timeout=20, check=True)
    assert done.stdout == b'x\n' and done.stderr == b''


def test_no_descriptor_of_ours_reaches_the_command(launcher, scenario):
    code = 'import os; print(sorted(int(n) for n in os.listdir("/proc/self/fd"))[:-1])'
    done = subprocess.run([launcher, scenario(TREE), '--', sys.executable, '-c', code], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=20, check=True)
    assert done.stdout == '[0, 1, 2]\n'


def test_inherited_descriptors_are_not_kept_open(launcher, scenario):
    reader, writer = os.pipe()
    process = subprocess.Popen([launcher, scenario(TREE), '--', sys.executable, '-c', f'import os; os.close({writer}); '
                                + HOLD], pass_fds=[writer], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    os.close(writer)
    assert process.stdout.readline()
    assert os.read(reader, 1) == b''
    os.close(reader)
    process.communicate(timeout=20)


def test_command_is_the_launchers_own_process(run, scenario):
    running = run(scenario(TREE))
    assert stat(running.process.pid)[1] == str(os.getpid())
    assert Path(f'/proc/{running.process.pid}/cmdline').read_bytes().split(b'\0')[1] == b'-c'
    children = Path(f'/proc/{running.process.pid}/task/{running.process.pid}/children').read_text()
    assert children.strip() == ''
    sessions = {stat(pid)[3] for pid in running.live().values()}
    assert len(sessions) == 1 and sessions != {stat(running.process.pid)[3]}


# A thread asks GPU 1 for its temperature and never comes back; the main thread sees it stop and ends.
FREEZE = '''import ctypes, os, threading
nvml = ctypes.CDLL('libnvidia-ml.so.1')
device, value = ctypes.c_void_p(), ctypes.c_uint()
assert nvml.nvmlInit_v2() == 0 and nvml.nvmlDeviceGetHandleByIndex_v2(1, ctypes.byref(device)) == 0
thread = threading.Thread(target=nvml.nvmlDeviceGetTemperature, args=(device, 0, ctypes.byref(value)), daemon=True)
thread.start()
state = os.path.join(os.environ['NVITOP_SIM_FREEZER'], 'freezer.state')
while open(state).read() != 'FROZEN\\n':
    os.sched_yield()
print(os.environ['NVITOP_SIM_FREEZER'], flush=True)
%s
'''


@pytest.mark.parametrize('end, status', [('os._exit(5)', 5), ('os.kill(os.getpid(), 9)', -9)])
def test_frozen_thread_is_let_go_when_the_command_wants_to_end(launcher, end, status):
    done = subprocess.run([launcher, 'frozen', '--', sys.executable, '-c', FREEZE % end], capture_output=True, text=True,
                          timeout=30, check=False)
    if 'freezer cgroup' in done.stderr:
        pytest.skip(done.stderr.strip())
    assert (done.returncode, done.stderr) == (status, '')
    assert until(lambda: not Path(done.stdout.strip()).exists())


def test_stopped_demo_processes_end_with_a_killed_keeper(run, scenario, tmp_path):
    # They can't notice anything themselves: only the kernel's parent-death signal reaches them.
    running = run(scenario(TREE), env={'TMPDIR': str(tmp_path)})
    watched = watches(running)
    for name in watched:
        os.kill(running.pids[name], signal.SIGSTOP)
    os.kill(running.keeper(), signal.SIGKILL)
    for name, watch in watched.items():
        assert watch.has_ended(), name


@pytest.mark.parametrize('closed', ['0', '1', '2', '01', '02', '12', '012'])
def test_closed_descriptors_cost_neither_status_nor_folder(launcher, scenario, tmp_path, closed):
    place = tmp_path / 'place'
    place.mkdir()
    redirections = ''.join(f' {n}>&-' for n in closed)
    script = f'exec "$0" "$1" -- sh -c "exit 7"{redirections}'
    done = subprocess.run(['sh', '-c', script, launcher, scenario(TREE)], env={**os.environ, 'TMPDIR': str(place)},
                          capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, b'', b'')
    assert until(lambda: not any(place.iterdir()))


@pytest.mark.parametrize('whole_group', [False, True])
@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_end_while_it_starts_leaves_nothing(launcher, tmp_path, number, whole_group):
    """The signal comes as soon as the folder is there: long before the last of 256 processes is."""
    process = subprocess.Popen([launcher, 'procs256', '--', 'true'], env={**os.environ, 'TMPDIR': str(tmp_path)},
                               start_new_session=True)
    assert until(lambda: any(tmp_path.iterdir()))
    (os.killpg if whole_group else os.kill)(process.pid, number)
    assert process.wait(20) == -number
    assert until(lambda: not any(tmp_path.iterdir()))


def test_forbidden_writing_leaves_nothing(launcher, scenario, tmp_path):
    place = tmp_path / 'place'
    place.mkdir()
    for options in ([], ['--seed', '3']):
        done = subprocess.run(['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh', launcher, *options, scenario(TREE), '--', 'true'],
                              env={**os.environ, 'TMPDIR': str(place)}, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 1 and done.stderr.startswith('nvitop-sim: error: ') and done.stderr.count('\n') == 1
        assert until(lambda: not any(place.iterdir()))


def test_folder_that_cannot_be_made_is_named(launcher, scenario, tmp_path):
    missing = tmp_path / 'missing'
    done = subprocess.run([launcher, scenario(TREE), '--', 'true'], env={**os.environ, 'TMPDIR': str(missing)},
                          capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert str(missing) in done.stderr and 'TMPDIR' in done.stderr and done.stderr.endswith(': No such file or directory\n')
