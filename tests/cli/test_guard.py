"""The guard seen from the shell's side: statuses, signals, the terminal, and a child that can't end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import resource
import select
import signal
import subprocess
import termios
import time
from pathlib import Path

import pytest

from support import paths, term

FREEZER = Path('/sys/fs/cgroup/freezer')
PATIENCE = 20  # seconds until a test is given up
LOOK = 1  # seconds from one look at the child's state to the next
PROMPT = 5  # seconds in which the shell must have its prompt back


def probe() -> str:
    return str(paths.built('tests/cli/guard-probe'))


def start(*args: str, **more) -> subprocess.Popen:
    return subprocess.Popen([probe(), *args], env=term.clean_env(), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, text=True, **more)


def finish(process: subprocess.Popen) -> tuple[str, int]:
    out, _ = process.communicate(timeout=PATIENCE)
    return out, process.returncode


@pytest.mark.parametrize('status', [0, 1, 2, 77, 255])
def test_exit_status_is_the_childs(status):
    assert finish(start('exit', str(status))) == ('', status)


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGKILL, signal.SIGPIPE, signal.SIGSEGV, signal.SIGABRT])
def test_ends_by_the_childs_signal(number):
    assert finish(start('raise', str(int(number)))) == ('', -number)


def test_only_the_child_dumps_core(tmp_path):
    def allow_core():
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    program = probe()
    pid = os.fork()
    if pid == 0:
        try:
            allow_core()
            os.chdir(tmp_path)
            os.execv(program, [program, 'raise', str(int(signal.SIGSEGV))])
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    assert not os.WCOREDUMP(status)
    assert len(list(tmp_path.glob('core*'))) <= 1


def test_output_is_flushed_and_its_end_is_seen():
    assert subprocess.check_output(['sh', '-c', '"$0" print words | cat', probe()], timeout=PATIENCE) == b'words\n'
    script = 'text=$("$0" print words); echo "[$text] $?"'
    assert subprocess.check_output(['sh', '-c', script, probe()], timeout=PATIENCE) == b'[words] 0\n'


def test_child_is_another_process_in_the_same_group():
    process = start('ids', start_new_session=True)
    out, _ = finish(process)
    pid, group = map(int, out.split())
    assert pid != process.pid
    assert group == process.pid


def test_nvitop_guard_0_runs_in_one_process():
    process = subprocess.Popen([probe(), 'ids'], env=term.clean_env({'NVITOP_GUARD': '0'}), stdout=subprocess.PIPE,
                               text=True)
    out, status = finish(process)
    assert (int(out.split()[0]), status) == (process.pid, 0)


def test_no_descriptor_of_ours_reaches_other_programs():
    out, status = finish(start('descriptors'))
    assert (out.split(), status) == (['0', '1', '2', '3'], 0)  # 3: the folder that ls reads


def test_child_has_the_signal_mask_we_were_started_with():
    def block():
        signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGUSR1])

    assert finish(start('mask'))[0].split() == []
    assert finish(start('mask', preexec_fn=block))[0].split() == [str(int(signal.SIGUSR1))]


def test_status_arrives_though_sigchld_was_ignored():
    def ignore():
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    assert finish(start('exit', '7', preexec_fn=ignore)) == ('', 7)
    assert finish(start('raise', '9', preexec_fn=ignore)) == ('', -9)


def test_signals_of_processes_are_passed_on():
    process = start('listen')
    assert process.stdout
    assert process.stdout.readline().startswith('ready')
    for number in (signal.SIGHUP, signal.SIGINT):
        process.send_signal(number)
        assert process.stdout.readline() == f'got {int(number)}\n'
    process.send_signal(signal.SIGTERM)
    assert finish(process) == (f'got {int(signal.SIGTERM)}\n', 0)


def test_a_stopped_child_is_waited_for():
    process = start('listen')
    assert process.stdout
    child = int(process.stdout.readline().split()[1])
    os.kill(child, signal.SIGSTOP)
    assert os.waitid(os.P_PID, process.pid, os.WEXITED | os.WSTOPPED | os.WNOHANG) is None
    process.send_signal(signal.SIGHUP)  # kept until the child goes on
    os.kill(child, signal.SIGCONT)
    assert process.stdout.readline() == f'got {int(signal.SIGHUP)}\n'
    process.terminate()
    assert finish(process)[1] == 0


def test_a_killed_guard_takes_its_child_along():
    process = start('listen')
    assert process.stdout
    assert process.stdout.readline().startswith('ready')
    process.kill()
    out, status = finish(process)  # the end of the output: the child is gone
    assert (out, status) == (f'got {int(signal.SIGTERM)}\n', -signal.SIGKILL)


# ---- on a terminal


class Terminal:
    """A program as the leader of a session of its own, on a pseudo-terminal."""

    def __init__(self, *command: str):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(command[0], command, term.clean_env())
            finally:
                os._exit(1)
        self.text = b''

    def read_until(self, mark: bytes) -> bytes:
        deadline = time.monotonic() + PATIENCE
        while mark not in self.text:
            assert select.select([self.master], [], [], max(0, deadline - time.monotonic()))[0], self.text
            self.text += os.read(self.master, 4096)
        return self.text

    def read_all(self) -> bytes:
        with contextlib.suppress(OSError):  # EIO: nobody has it open any more
            while chunk := os.read(self.master, 4096):
                self.text += chunk
        return self.text

    def wait(self, options: int = 0) -> int:
        return os.waitpid(self.pid, options)[1]


def test_ctrl_c_reaches_the_child_once():
    """The guard is held until the child has its own signal: two of a kind would be one."""
    terminal = Terminal(probe(), 'listen')
    terminal.read_until(b'ready')
    os.kill(terminal.pid, signal.SIGSTOP)
    assert os.WIFSTOPPED(terminal.wait(os.WUNTRACED))
    os.write(terminal.master, b'\x03')
    terminal.read_until(b'got 2\r\n')
    os.kill(terminal.pid, signal.SIGTERM)  # of both, the guard sees INT first
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.read_until(b'got 15\r\n')
    assert terminal.wait() == 0
    assert terminal.text.count(b'got 2') == 1


def test_suspended_as_one_group_and_back():
    # A shell is needed above: the group of a session's leader is orphaned and can't be stopped.
    script = 'set -m; "$0" suspend; echo "stopped $?"; fg >/dev/null; echo "ended $?"'
    terminal = Terminal('bash', '-c', script, probe())
    terminal.read_all()
    assert terminal.wait() == 0
    words = [line.split()[0] for line in terminal.text.decode().split('\r\n') if line]
    assert [word for word in words if word in ('ready', 'stopped', 'back', 'ended')] == [
        'ready', 'stopped', 'back', 'ended']
    assert f'stopped {128 + signal.SIGTSTP}' in terminal.text.decode()
    assert 'ended 5' in terminal.text.decode()


def read_all(master: int) -> bytes:
    """What was written to a terminal that nobody has open any more; it may come in several pieces."""
    written = b''
    with contextlib.suppress(OSError):  # EIO is its end
        while piece := os.read(master, 4096):
            written += piece
    return written


@pytest.mark.parametrize('is_given_back', [False, True])
def test_terminal_is_restored_only_if_it_was_still_taken(is_given_back):
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)

    def take():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    try:
        process = subprocess.Popen([probe(), 'terminal', 'give-back' if is_given_back else 'keep'],
                                   env=term.clean_env(), stdin=slave, stdout=slave, stderr=slave, preexec_fn=take)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        after = termios.tcgetattr(slave)
    finally:
        os.close(slave)
        written = read_all(master)
        os.close(master)
    assert written.startswith(b'taken ')
    assert (after == before) is not is_given_back
    assert (b'\x1b[?1049l' in written and b'\x1b[?25h' in written) is not is_given_back


# ---- a thread that no signal ends


@pytest.fixture
def frozen():
    """The tasks file of a frozen cgroup (version 1): a thread put there stays, whatever is sent to it."""
    folder = FREEZER / f'nvitop-guard-{os.getpid()}'
    try:
        folder.mkdir()
        (folder / 'freezer.state').write_text('FROZEN')
    except OSError as error:
        pytest.skip(f'no cgroup freezer to use: {error}')
    yield str(folder / 'tasks')
    (folder / 'freezer.state').write_text('THAWED')
    deadline = time.monotonic() + PATIENCE
    while (folder / 'tasks').read_text() and time.monotonic() < deadline:
        os.sched_yield()
    folder.rmdir()


def held(tasks: str) -> int:
    return len(Path(tasks).read_text().split())


def test_guard_stuck_thread_does_not_delay_status_or_prompt(frozen):
    begin = time.monotonic()
    assert finish(start('freeze-exit', frozen, '6')) == ('frozen\n', 6)
    assert time.monotonic() - begin < PROMPT
    assert held(frozen) == 1  # it is still there: nothing but the guard let us go on


def test_guard_leaves_when_the_status_comes_not_at_the_next_look(frozen):
    def seconds() -> float:
        begin = time.monotonic()
        assert finish(start('freeze-exit', frozen, '0')) == ('frozen\n', 0)
        return time.monotonic() - begin

    assert any(seconds() < LOOK / 2 for _ in range(5))


@pytest.mark.parametrize('script', ['"$0" freeze-exit "$1" 0 | cat', 'echo "$("$0" freeze-exit "$1" 0)"'])
def test_guard_stuck_thread_does_not_delay_the_end_of_file(frozen, script):
    begin = time.monotonic()
    assert subprocess.check_output(['sh', '-c', script, probe(), frozen], timeout=PATIENCE) == b'frozen\n'
    assert time.monotonic() - begin < PROMPT
    assert held(frozen) == 1


def test_guard_killed_child_with_stuck_thread_is_left(frozen):
    """Its main thread is a zombie that can't be reaped: only its state tells."""
    process = start('freeze-raise', frozen, '9')
    begin = time.monotonic()
    assert process.wait(PATIENCE) == -signal.SIGKILL
    assert time.monotonic() - begin < PROMPT
    assert held(frozen) == 1
    assert process.stdout
    process.stdout.close()
