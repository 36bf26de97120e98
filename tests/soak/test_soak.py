"""The monitor kept busy: memory, descriptors and threads stay as they are, however long it runs.

Every quarter of a second everything is read again, processes come and go, and somebody walks
through all screens. NVITOP_SOAK_SECONDS says for how long (180).
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import sys
import time
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / 'tty')]

from support import paths  # noqa: E402
from support.tty import PATIENCE, Tty  # noqa: E402

import targets  # noqa: E402

SECONDS = float(os.environ.get('NVITOP_SOAK_SECONDS', '180'))
PROCESSES = 24
SLACK_KIB = 128  # what the heap may breathe from one third of the time to the next
# A walk through everything that keeps something, and back to the main screen.
WALK = [['Down'], ['Down', 'Down'], ['t'], ['Down'], ['e'], ['r'], ['q'], ['q'], ['Down', 'Enter'], ['q'], ['e'], ['q'], ['og'], ['on'],
        ['Space', 'Space'], ['Esc'], ['w'], ['q'], ['x'], ['x'], ['h'], ['q'], ['\\', 'stand', 'Enter'], ['\\', 'Esc'], ['d'], ['f'], ['c'],
        ['a'], ['f'], ['Z'], ['Z'], ['r'], ['Ctrl-L'], ['H'], ['H'], ['End', 'Home'], ['Esc']]
SIZES = itertools.cycle([(50, 140), (24, 80), (60, 200), (30, 100)])


def status_of(pid: int, name: str) -> int:
    """A number of /proc/PID/status."""
    return int(re.search(rf'^{name}:\s+(\d+)', Path(f'/proc/{pid}/status').read_text(), re.M).group(1))


def look(pid: int) -> tuple[int, int, int]:
    """Memory in KiB, descriptors, threads."""
    return status_of(pid, 'VmRSS'), len(os.listdir(f'/proc/{pid}/fd')), status_of(pid, 'Threads')


def soak(terminal: Tty, aims: targets.Targets, seconds: float) -> list[list[tuple[int, int, int]]]:
    """What each round of the walk found at its end, of guard and child."""
    pids = terminal.process.pid, terminal.child()
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end or len(found) < 6:
        for keys in WALK:
            terminal.type(*keys)
            terminal.drain(0.1)
            aims.come_and_go()
        terminal.resize(*next(SIZES))
        terminal.drain(0.3)
        assert terminal.process.poll() is None, f'ended with {terminal.process.returncode}:\n{terminal.raw[-2000:]}'
        found.append([look(pid) for pid in pids])
    return found


def thirds(found: list) -> tuple[list, list]:
    """The second third and the last one; the first is for warming up."""
    third = len(found) // 3
    return found[third:-third], found[-third:]


@pytest.mark.timeout(SECONDS * 1.5 + 120)
def test_nothing_grows(tmp_path):
    aims = targets.Targets(tmp_path, PROCESSES, None)
    try:
        with Tty([paths.nvitop(), '-m', 'full', '--interval', '0.25', '--readonly'], 50, 140,
                 {**aims.env, 'HOME': str(tmp_path), 'XDG_CONFIG_HOME': str(tmp_path), 'LC_ALL': 'C.UTF-8'}, is_shown=False) as terminal:
            terminal.drain(2)
            found = soak(terminal, aims, SECONDS)
            terminal.type('Esc')
            terminal.drain(0.3)
            terminal.type('q', 'q', 'q')
            assert terminal.finish(PATIENCE) == 0
    finally:
        aims.close()
    before, after = thirds(found)
    print(f'{len(found)} rounds, {aims.replaced} processes came and went; child RSS KiB, descriptors, threads:',
          *(row[1] for row in found[::max(1, len(found) // 12)]), sep='\n  ')
    for process in range(2):
        memory, descriptors, threads = ([statistics.median(row[process][i] for row in rows) for rows in (before, after)]
                                        for i in range(3))
        assert memory[1] - memory[0] <= SLACK_KIB, f'memory grows, KiB: {memory}'
        assert max(row[process][1] for row in after) <= max(row[process][1] for row in before), f'descriptors: {descriptors}'
        assert max(row[process][2] for row in after) <= max(row[process][2] for row in before), f'threads: {threads}'
