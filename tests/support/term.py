"""Run a program: over pipes, or on a pseudo-terminal of a given size."""

from __future__ import annotations

import fcntl
import os
import pty
import pwd
import select
import struct
import subprocess
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

# Where nothing is and nothing can be made: whoever runs the tests has settings of their own.
NO_CONFIG = '/proc/nvitop-tests'

# What the tests never hand on to a program under test.
DROPPED = ('COLUMNS', 'LINES', 'NO_COLOR', 'FORCE_COLOR', 'ANSI_COLORS_DISABLED', 'CUDA_VISIBLE_DEVICES',
           'WSL_DISTRO_NAME', 'CUDA_DEVICE_ORDER')


@dataclass(frozen=True)
class Result:
    """How a run ended. On a terminal stderr is part of stdout unless it was kept apart."""

    rc: int
    out: str
    err: str
    raw: bytes = b''

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def clean_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without what would colour, size or filter a report."""
    env = {k: v for k, v in os.environ.items() if k not in DROPPED and not k.startswith('NVITOP_')}
    env['TERM'] = 'xterm-256color'
    env['XDG_CONFIG_HOME'] = NO_CONFIG
    env.update(extra or {})
    return env


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None, timeout: float = 60,
        user: str | None = None) -> Result:
    """Run over pipes, stdin empty. A run that does not end in time is killed and fails.
    As root a `user` may be named to run it as."""
    identity = {'user': user, 'group': pwd.getpwnam(user).pw_gid, 'extra_groups': []} if user else {}
    done = subprocess.run(list(map(str, command)), env=clean_env(env), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=timeout, check=False, **identity)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode(errors='surrogateescape'), done.stdout)


def _read_all(master: int, deadline: float) -> bytes:
    taken = b''
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f'no end of output; so far: {taken!r}')
        if not select.select([master], [], [], left)[0]:
            continue
        try:
            chunk = os.read(master, 65536)
        except OSError:  # EIO: the last writer has closed its end
            return taken
        if not chunk:
            return taken
        taken += chunk


def run_pty(command: Sequence[str | Path], columns: int, rows: int = 50, env: Mapping[str, str] | None = None,
            timeout: float = 60) -> Result:
    """Run with stdin and stdout on a terminal of that size; stderr is a pipe of its own."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    try:
        process = subprocess.Popen(list(map(str, command)), env=clean_env(env), stdin=slave, stdout=slave,
                                   stderr=subprocess.PIPE, start_new_session=True)
        os.close(slave)
        slave = -1
        raw = _read_all(master, time.monotonic() + timeout)
        err = process.stderr.read() if process.stderr else b''
        rc = process.wait(timeout)
    finally:
        os.close(master)
        if slave >= 0:
            os.close(slave)
    return Result(rc, raw.decode().replace('\r\n', '\n'), err.decode(errors='surrogateescape'), raw)
