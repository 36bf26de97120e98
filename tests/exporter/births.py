"""Processes that are made up: a driver that lists them, and a /proc that knows them.

Real ones take a millisecond each to be born, and as long to die. Here a generation of them is a file of pids for the
simulated driver, and a tree that looks like /proc, where the folder of one who died becomes that of one who is born.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import NamedTuple

from support import procfs

COUNT = 1000     # alive at a time
FRESH = 500      # of each generation have pids that nobody had; the others have those of half the generation before
FIRST_PID = 100_000
NAME = 'worker'  # of all: who has a pid again is known by nothing but its start
PAGE = resource.getpagesize()
MIB = 2**20

SCENARIO = f"""
[system]
driver_version = 550.163.01
cuda_version = 12040
[device 0-1]
mem_total = 4096GiB
[process p]
count = {COUNT}
device = {{i%2}}
mem = {{i+1}}MiB
listed = always
"""
# After the name: state, parent and what else stands before the start (22) and behind the resident pages (24).
STAT = 'S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 {start:010d} 1000000 {pages:06d}' + ' 0' * 28 + '\n'
STATUS = 'Name:\tp\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t{pid}\n'


class Born(NamedTuple):
    """What is to be told of a process; None: it is not."""

    gpu_memory: int | None = None
    resident_memory: int | None = None
    name: str | None = None
    command: str | None = None


class Births:
    """Generation after generation; each process is born once."""

    def __init__(self, folder: Path):
        self.scenario, self.pids, self.proc = folder / 'scenario.ini', folder / 'pids', folder / 'proc'
        self.scenario.write_text(SCENARIO)
        procfs.freeze(self.proc)
        namespace = self.proc / '1' / 'ns' / 'pid'
        namespace.parent.mkdir(parents=True, exist_ok=True)
        namespace.unlink(missing_ok=True)
        namespace.symlink_to('pid:[4026531836]')  # the first one: the driver's pids are this tree's
        (self.proc / 'sys/kernel/pid_max').write_text('4194304\n')
        self.files = {pid: self._add(pid) for pid in range(FIRST_PID, FIRST_PID + COUNT)}
        self.generation, self.born, self.next_pid = 0, 0, FIRST_PID + COUNT
        self.alive: dict[int, Born] = {}  # by pid
        self.bear()

    def _add(self, pid: int) -> list[int]:
        """Descriptors of what changes with its birth: stat and cmdline."""
        folder = self.proc / str(pid)
        folder.mkdir()
        (folder / 'status').write_text(STATUS.format(pid=pid))
        (folder / 'cgroup').write_text('0::/\n')
        return [os.open(folder / name, os.O_RDWR | os.O_CREAT) for name in ('stat', 'cmdline')]

    def _move_in(self, dead: int) -> None:
        """Another pid instead of this one."""
        (self.proc / str(dead)).rename(self.proc / str(self.next_pid))
        self.files[self.next_pid] = self.files.pop(dead)
        self.next_pid += 1

    def bear(self) -> None:
        """All that are alive die, and as many others are born."""
        self.generation += 1
        for dead in list(self.files)[:FRESH]:
            self._move_in(dead)
        alive, lines = {}, []
        for number, (pid, (stat, cmdline)) in enumerate(self.files.items()):
            pages = self.generation * COUNT + number
            # In this order: whoever sees the new start finds the new command line.
            os.pwrite(cmdline, f'{NAME}\0{self.generation:04d}\0{number:04d}\0'.encode(), 0)
            os.pwrite(stat, (f'{pid} ({NAME}) ' + STAT.format(start=self.born, pages=pages)).encode(), 0)
            alive[pid] = Born((number + 1) * MIB, pages * PAGE, NAME, f'{NAME} {self.generation:04d} {number:04d}')
            lines.append(f'p{number} {pid}\n')
            self.born += 1
        fresh = self.pids.with_suffix('.new')
        fresh.write_text(''.join(lines))
        fresh.rename(self.pids)
        self.alive = alive

    def close(self) -> None:
        for stat, cmdline in self.files.values():
            os.close(stat)
            os.close(cmdline)
