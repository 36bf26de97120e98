"""A program that is watched while it runs: when each line came, who its processes are, how it ended."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Mapping

from support import paths, term

PATIENCE = 20  # seconds until a test is given up
SLACK = 1.5  # what a busy machine may add to a deadline
READS = 3.0  # seconds that all reads of a report have together
NOTICE = 3.0  # seconds until a line says that nvitop waits
NOT_RESPONDING = 'driver not responding'


class Stream:
    """The lines of a pipe, each with the second at which it came."""

    def __init__(self, pipe, start: float):
        self.lines: list[tuple[float, str]] = []
        self._pipe, self._start, self._news = pipe, start, threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self._pipe:
            with self._news:
                self.lines.append((time.monotonic() - self._start, line))
                self._news.notify_all()

    def first(self, timeout: float = PATIENCE) -> tuple[float, str]:
        """Second and text of the first line."""
        with self._news:
            assert self._news.wait_for(lambda: self.lines, timeout), 'no line came'
            return self.lines[0]

    def end(self, timeout: float = PATIENCE) -> str:
        """All that was written, once nobody has the pipe open any more."""
        self._thread.join(timeout)
        assert not self._thread.is_alive(), 'somebody keeps the pipe open'
        self._pipe.close()
        return ''.join(line for _, line in self.lines)


class Program:
    """nvitop over pipes, from its start."""

    def __init__(self, *args: str, env: Mapping[str, str] | None = None, program: Path | None = None, **more):
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            [program or paths.nvitop(), *args], env=term.clean_env(env), stdin=subprocess.DEVNULL,
            **{'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, 'text': True, **more})
        self.out = Stream(self.process.stdout, self.start) if self.process.stdout else None
        self.err = Stream(self.process.stderr, self.start) if self.process.stderr else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.start

    def child(self) -> int:
        """The process that the guard watches."""
        return child_of(self.process.pid)

    def finish(self, timeout: float = PATIENCE) -> tuple[int, str, str, float]:
        """Status, stdout, stderr, and the second at which all had ended."""
        status = self.process.wait(timeout)
        return status, self.out.end(), self.err.end(), self.seconds


def child_of(pid: int) -> int:
    """Its only child."""
    children = Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
    assert len(children) == 1, children
    return int(children[0])


def has_ended(pidfd: int, timeout: float = PATIENCE) -> bool:
    """Whether the process of this descriptor ended in time."""
    return bool(select.select([pidfd], [], [], timeout)[0])


def until(condition, timeout: float = PATIENCE) -> bool:
    """For states of the kernel that nobody announces (a cgroup is gone)."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        os.sched_yield()
    return True


def state(pid: int) -> str:
    """The state in /proc/PID/stat, '' for a process that is no more."""
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ''


class CallLog:
    """The simulator's calls, as they are made: a FIFO in place of its log file."""

    def __init__(self, folder: Path):
        self.path = folder / 'calls'
        os.mkfifo(self.path)
        self._fd = os.open(self.path, os.O_RDWR)
        self._text = b''

    @property
    def env(self) -> dict[str, str]:
        return {'NVITOP_SIM_LOG': str(self.path)}

    def wait_for(self, pattern: str):
        """Until a call was made whose line `FUNCTION DEVICE` matches."""
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern.encode(), self._text, re.M):
            left = max(0, deadline - time.monotonic())
            assert select.select([self._fd], [], [], left)[0], self._text[-500:]
            self._text += os.read(self._fd, 65536)

    def forget(self):
        """What was called so far does not count for the next `wait_for`."""
        while select.select([self._fd], [], [], 0)[0]:
            os.read(self._fd, 65536)
        self._text = b''

    def close(self):
        os.close(self._fd)


class Shell:
    """An interactive bash on a terminal, whose prompt tells the last status."""

    def __init__(self, env: Mapping[str, str]):
        self.master, slave = os.openpty()
        self.text = ''
        self.process = subprocess.Popen(
            ['bash', '--norc', '--noprofile', '-i'], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=term.clean_env({**env, 'PS1': '<prompt $?>', 'COLUMNS': '100', 'HISTFILE': '/dev/null'}),
            preexec_fn=self._take_terminal)
        os.close(slave)
        self.prompt()

    @staticmethod
    def _take_terminal():
        import fcntl  # pylint: disable=import-outside-toplevel
        import termios  # pylint: disable=import-outside-toplevel
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def type(self, keys: str):
        os.write(self.master, keys.encode())

    def foreground(self) -> int:
        """The process group that has the terminal."""
        return os.tcgetpgrp(self.master)

    def prompt(self, timeout: float = PATIENCE) -> tuple[str, int]:
        """Waits for the next prompt: what was written until there, and the status it tells."""
        deadline = time.monotonic() + timeout
        while not (found := re.search(r'<prompt ([0-9]+)>', self.text)):
            assert select.select([self.master], [], [], max(0, deadline - time.monotonic()))[0], self.text
            self.text += os.read(self.master, 65536).decode(errors='replace')
        before, self.text = self.text[:found.start()], self.text[found.end():]
        return before, int(found.group(1))

    def close(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        os.close(self.master)
