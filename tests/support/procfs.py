"""A copy of /proc as it is now, so that two programs read the same numbers at different moments."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Mapping

PROC = Path('/proc')
HOST_FILES = ('stat', 'meminfo', 'loadavg', 'uptime', 'vmstat', 'swaps', 'sys/kernel/pid_max')
PROCESS_FILES = ('stat', 'status', 'statm', 'cmdline', 'comm', 'cgroup')


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def _copy_links(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for link in os.listdir(source):
        with contextlib.suppress(OSError):
            (target / link).symlink_to(os.readlink(source / link))


def _copy_process(source: Path, target: Path) -> None:
    owner = source.stat()
    target.mkdir(parents=True)
    for name in PROCESS_FILES:
        with contextlib.suppress(PermissionError):
            _copy_file(source / name, target / name)
    with contextlib.suppress(OSError):  # a zombie has none
        _copy_file(source / 'environ', target / 'environ')
        (target / 'environ').chmod(0o400)
        os.chown(target / 'environ', owner.st_uid, owner.st_gid)
    for folder in ('fd', 'ns'):
        with contextlib.suppress(PermissionError):
            _copy_links(source / folder, target / folder)
    with contextlib.suppress(PermissionError):
        os.chown(target, owner.st_uid, owner.st_gid)


def add_process(target: Path, pid: int) -> None:
    """Copies one process into a copy of /proc; nothing of one that ends meanwhile."""
    try:
        _copy_process(PROC / str(pid), target / str(pid))
    except OSError:
        shutil.rmtree(target / str(pid), ignore_errors=True)


def _rewrite(path: Path, lines: Mapping[str, str]) -> None:
    """Gives lines of a `NAME: …` file, told by their beginning, other values."""
    text = path.read_text()
    for name, value in lines.items():
        text = re.sub(f'^{re.escape(name)}:.*$', f'{name}: {value}', text, flags=re.M)
    path.write_text(text)


def freeze(target: Path, ahead: float = 0, load: str = '', memory: Mapping[str, str] | None = None) -> Path:
    """Copies what a process viewer reads of all processes into `target`; returns it.

    `ahead` moves the clock on by so many seconds (everything gets older), `load` replaces the
    three load averages, `memory` lines of meminfo. The uptime gets half a tick more than the
    kernel tells: no age is then a whole number of seconds, where two correct roundings may differ.
    """
    for name in HOST_FILES:
        if (PROC / name).exists():
            _copy_file(PROC / name, target / name)
    up, idle = (PROC / 'uptime').read_text().split()
    (target / 'uptime').write_text(f'{float(up) + ahead + 0.005:.3f} {idle}\n')
    if load:
        (target / 'loadavg').write_text(f'{load} 1/100 4242\n')
    _rewrite(target / 'meminfo', memory or {})
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            add_process(target, int(entry.name))
    _copy_links(PROC / 'self' / 'ns', target / 'self' / 'ns')
    return target


TICK_SECONDS = 0.01
BUSY_PERCENT = 25.0  # what `ticking` makes the host's CPU


@contextlib.contextmanager
def ticking(frozen: Path) -> Iterator[None]:
    """Lets the CPU of a copy of /proc run on, at the same load for ever, while the context is open.

    Who reads it twice finds BUSY_PERCENT whenever that is. It is written in place and keeps its
    length, so that neither an open descriptor nor a reader at the same moment sees anything else.
    """
    rest = (frozen / 'stat').read_text().partition('\n')[2]
    (frozen / 'stat').write_text(f'{_cpu_line(0)}\n{rest}')
    # A process of its own, since a thread of a busy test may not run for a while.
    ticker = subprocess.Popen([sys.executable, __file__, frozen / 'stat'], stdin=subprocess.PIPE)
    try:
        yield
    finally:
        ticker.communicate(timeout=30)


def _tick(stat: str) -> None:
    """Goes on until stdin ends."""
    target = os.open(stat, os.O_WRONLY)
    ticks = 0
    while not select.select([0], [], [], TICK_SECONDS)[0]:
        ticks += 1
        os.pwrite(target, _cpu_line(ticks).encode(), 0)


def _cpu_line(ticks: int) -> str:
    return f'cpu  {10_000_000 + ticks} 0 0 {30_000_000 + 3 * ticks} 0 0 0 0 0 0'


if __name__ == '__main__':
    _tick(sys.argv[1])
