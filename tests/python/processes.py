"""Processes to look at: real children that wait to be told to end, and a tree like /proc to change at will."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Iterator

import psutil

# Above the default of pid_max, so that no real process has it.
PID = 4194311
TICKS = os.sysconf('SC_CLK_TCK')
BOOT = 1_700_000_000


class Child:
    """A process of ours that does nothing: a cat."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(['cat', *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self.process.pid
        # It may be seen before it has its command line; when it answers it has it.
        self.process.stdin.write(b'here\n')
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b'here\n'

    def become_zombie(self) -> None:
        """Ends it, but leaves its exit status."""
        self.process.stdin.close()
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)

    def end(self) -> None:
        """Ends it wholly."""
        self.process.stdin.close()
        self.process.wait(30)

    def stop(self) -> None:
        """Ends it, however it fares."""
        self.process.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


@contextlib.contextmanager
def child(*words: str) -> Iterator[Child]:
    made = Child(*words)
    try:
        yield made
    finally:
        made.stop()


class Tree:
    """A tree like /proc, of which psutil reads; it holds what is written to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / 'stat').write_text(f'cpu  10 0 10 100 0 0 0 0 0 0\nbtime {BOOT}\n')
        (root / 'meminfo').write_text(''.join(f'{name}: {size} kB\n' for name, size in (
            ('MemTotal', 1000), ('MemFree', 400), ('MemAvailable', 750), ('Buffers', 0), ('Cached', 100),
            ('Active', 0), ('Shmem', 0), ('Inactive', 0), ('SwapTotal', 200), ('SwapFree', 150))))
        (root / 'vmstat').write_text('pswpin 0\npswpout 0\n')

    def write(self, pid: int = PID, *, start: float = 5, name: str = 'one', words: str = 'one\0two\0',
              cpu: int = 0, ppid: int = 1, state: str = 'S') -> None:
        """A process that was started so many seconds after boot and has used so many ticks of the CPU."""
        folder = self.root / str(pid)
        folder.mkdir(exist_ok=True)
        fields = [state, str(ppid), *['0'] * 50]
        fields[11], fields[19] = str(cpu), str(int(start * TICKS))
        (folder / 'stat').write_text(f'{pid} ({name}) {" ".join(fields)}\n')
        (folder / 'cmdline').write_text(words)
        (folder / 'statm').write_text('100 50 0 0 0 0 0\n')
        (folder / 'status').write_text(
            f'Name:\t{name}\nState:\t{state}\nPPid:\t{ppid}\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n'
            'Threads:\t1\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t1\n')

    def remove(self, pid: int = PID) -> None:
        """The process is no more."""
        for path in (self.root / str(pid)).iterdir():
            path.unlink()
        (self.root / str(pid)).rmdir()


@contextlib.contextmanager
def tree(root: Path) -> Iterator[Tree]:
    """psutil reads such a tree while this is open."""
    before = psutil.PROCFS_PATH
    psutil.PROCFS_PATH = str(root)
    psutil._pslinux.BOOT_TIME = None  # older versions remember it
    try:
        yield Tree(root)
    finally:
        psutil.PROCFS_PATH = before
        psutil._pslinux.BOOT_TIME = None


class Card:
    """Stands in for a device; `rows` are the keywords of its processes by pid."""

    def __init__(self, index: int = 0, total=1000, rows=None, maker=None) -> None:
        self.index, self.total, self.rows, self.maker = index, total, rows or {}, maker

    def __repr__(self) -> str:
        return f'Card(index={self.index})'

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.index == other.index

    def __hash__(self) -> int:
        return hash((type(self), self.index))

    def __reduce__(self):
        return type(self), (self.index, self.total)

    def memory_total(self):
        return self.total

    def processes(self):
        from nvitop.api.process import GpuProcess
        made = {}
        for pid, (arguments, utilization) in self.rows.items():
            made[pid] = (self.maker or GpuProcess)(pid, self, **arguments)
            made[pid].set_gpu_utilization(*utilization)
        return made


class OtherCard(Card):
    """The same card by another way of counting."""
