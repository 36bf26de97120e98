"""Processes that are watched without waiting blindly, and a launcher that runs as long as a test."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

TIMEOUT = 20
# The launcher's command in most tests: tells its environment, then waits for its stdin's end.
HOLD = 'import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()'


class Watch:
    """A pid and a pidfd of it, so that its end is an event and the pid can't be mistaken."""

    def __init__(self, pid: int):
        self.pid = pid
        self.fd = os.pidfd_open(pid)

    def __del__(self):
        os.close(self.fd)

    def has_ended(self, timeout: float = TIMEOUT) -> bool:
        poller = select.poll()
        poller.register(self.fd, select.POLLIN)
        return bool(poller.poll(timeout * 1000))


def until(condition, timeout: float = TIMEOUT) -> bool:
    """For states of the kernel that nobody announces (a zombie was reaped, time was used)."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        os.sched_yield()
    return True


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on: [0] is the state, [1] the parent, [3] the session."""
    return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()


def cmdline(pid: int) -> bytes:
    return Path(f'/proc/{pid}/cmdline').read_bytes()


class Running:
    """A launcher whose command waits for us."""

    def __init__(self, launcher: Path, arguments: list[str], env: dict[str, str] | None = None):
        self.process = subprocess.Popen(
            [launcher, *arguments, '--', sys.executable, '-c', HOLD], env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(TIMEOUT)
            raise RuntimeError(self.process.stderr.read())
        self.env = json.loads(line)
        self.map = Path(self.env['NVITOP_SIM_PIDS'])
        self.folder = self.map.parent
        pairs = [line.split() for line in self.map.read_text().splitlines()]
        self.pids = {name: int(pid) for name, pid in pairs}

    def live(self) -> dict[str, int]:
        return {name: pid for name, pid in self.pids.items() if exists(pid)}

    def keeper(self) -> int:
        """The process that has the first of the demo processes as its child."""
        return int(stat(next(iter(self.live().values())))[1])

    def close(self) -> int:
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        return self.process.wait(TIMEOUT)
