"""The monitor on a terminal, scenarios for it, and shells it is started from."""

from __future__ import annotations

import contextlib
import os
import re
import select
from pathlib import Path
from typing import Mapping, Sequence

from support import paths, sim
from support.tty import PATIENCE, Tty

SYSTEM = '[system]\ndriver_version = 550.163.01\ncuda_version = 12040\n'
CARD = 'name = NVIDIA Card\nmem_total = 16GiB\nmem_used = 1GiB\ntemperature = 61\npower = 120W\npower_limit = 300W\n'
STEPS = 'gpu_util = steps 11@0s 22@10s 33@20s 44@30s\n'  # what the clock moves
THREE = f'[device 0-2]\n{CARD}{STEPS}[process P]\ncount = 3\ndevice = {{i}}\nmem = {{i+1}}GiB\ncommand = train --rank {{i}}\n'

FREEZER = Path('/sys/fs/cgroup/freezer')
WAITING = r'[Ww]aiting for the driver'
SILENT = r'no answer since \d\d:\d\d:\d\d'
LEAVE = 2.0  # seconds in which the terminal must be back: 0.5 is the aim, the rest is for a busy machine


class Monitor(Tty):
    """nvitop over a running scenario; `full` unless something else is said."""

    def __init__(self, running: sim.Sim, *args: str, rows: int = 50, columns: int = 100,
                 env: Mapping[str, str] | None = None, program: Sequence[str] | None = None, **more):
        args = args or ('-m', 'full')
        super().__init__([*(program or [paths.nvitop()]), *args], rows, columns, {**running.env, **(env or {})}, **more)

    def wait_ready(self):
        """Until it is there and lists a process."""
        self.wait_text(r'^│ +\d+(:\d+)? +\d+ [CGX] ')
        return self

    def leaves(self, timeout: float = LEAVE) -> int:
        """Its status; it must leave at once, and the terminal as it was."""
        status = self.finish(timeout)
        assert self.insanities() == [], self.insanities()
        return status


class Shell(Tty):
    """An interactive bash, whose prompt tells the last status."""

    def __init__(self, env: Mapping[str, str], rows: int = 50, columns: int = 100):
        self.seen = 0
        super().__init__(['bash', '--norc', '--noprofile', '-i'], rows, columns,
                         {**env, 'PS1': '<prompt $?>', 'HISTFILE': '/dev/null'})
        self.prompt()
        self.sane = self.terminal_state()

    def terminal_state(self):
        """What a program must leave as it was (bash's own line editing comes and goes)."""
        return [one for one in self.insanities() if one != 'settings']

    def prompt(self, timeout: float = PATIENCE) -> int:
        """Waits for the next prompt; the status it tells."""
        def look(tty):
            return re.compile(rb'<prompt (\d+)>').search(tty.raw, tty.seen)
        found = self.wait_for(look, 'the prompt', timeout)
        self.seen = found.end()
        return int(found.group(1))

    def type(self, *keys: str | bytes):
        """… and no prompt that stood there before counts any more."""
        while self.pump(0):
            pass
        self.seen = len(self.raw)
        super().type(*keys)

    def still_works(self):
        """It is a shell again, on the screen where it was."""
        self.run('echo still $((40 + 2))')
        self.wait_text('still 42')
        assert self.prompt() == 0

    def run(self, *words: str | Path):
        """Types a command line."""
        self.type(' '.join(map(str, words)) + '\r')

    def foreground(self) -> int:
        """The process group that has the terminal."""
        return os.tcgetpgrp(self.master)


def is_end(status: int, number: int) -> bool:
    """Whether a program ended by that signal, or said it did; 0: as usual."""
    return status in (-number, 128 + number) if number else status == 0


def children(pid: int) -> list[int]:
    """The processes it has started, and that are still there."""
    with contextlib.suppress(OSError):
        return [int(word) for task in Path(f'/proc/{pid}/task').iterdir()
                for word in (task / 'children').read_text().split()]
    return []


def has_ended(pidfd: int, timeout: float = PATIENCE) -> bool:
    """Whether the process of this descriptor ended in time."""
    return bool(select.select([pidfd], [], [], timeout)[0])


def state(pid: int) -> str:
    """The state in /proc/PID/stat, '' for a process that is no more."""
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ''


def frozen_processes(running: sim.Sim) -> set[int]:
    """Processes that have a thread in the scenario's freezer."""
    folder = Path(running.env['NVITOP_SIM_FREEZER'])
    found = set()
    with contextlib.suppress(FileNotFoundError):
        for thread in (folder / 'tasks').read_text().split():
            with contextlib.suppress(FileNotFoundError):
                status = Path(f'/proc/{thread}/status').read_text()
                found.add(int(status.split('Tgid:')[1].split()[0]))
    return found


def why_no_freezer() -> str:
    """'' where a thread can be frozen inside the kernel, else why not."""
    probe = FREEZER / f'nvitop-tty-{os.getpid()}'
    try:
        probe.mkdir()
        (probe / 'freezer.state').write_text('THAWED')
        probe.rmdir()
    except OSError as error:
        return f'no cgroup freezer (version 1) to use: {error}'
    return ''


