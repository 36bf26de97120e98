"""The machine of the examples in the original's README, as far as it can be had: its /proc, and its time of day.

Whoever reads the tree finds the processes and the numbers that are printed there. One process of it
is a real one, since it is killed; its pid is another one, and so is that of the example itself.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from processes import BOOT, Tree

PAGE = os.sysconf('SC_PAGESIZE')
DAY = 86400
KIB = 1024
# Bytes, but for what vmstat counts in pages of 4 KiB.
MEMORY = {'MemTotal': 270352478208, 'MemFree': 88924037120, 'MemAvailable': 192275968000, 'Buffers': 37006450688,
          'Cached': 91071471616, 'Active': 125081112576, 'Inactive': 44803993600, 'Shmem': 23820632064,
          'Slab': 8200687616, 'SwapTotal': 65534947328, 'SwapFree': 65534472192}
SWAPPED = {'pswpin': 2404139008, 'pswpout': 4259434496}
CPU = '234637762 5332144 57917752 1032371985 2875022 0 1156687 0 0 0'
# What is printed of them: pid, name, state, when they were started, days ago, and the command line.
PRINTED = [(52059, 'ipython3', 'S', '14:31:22', 0, ['ipython3']), (53002, 'python', 'R', '14:31:59', 0, ['python']),
           (84748, 'python', 'R', '11:13:38', 0, ['python'])]
KILLED_PID, EXAMPLE_PID = 23266, 35783
KILLED_DAY, KILLED_DAYS_AGO = '2021-05-10', 2
IPYTHON = ['python', '-c', 'import IPython; IPython.terminal.ipapp.launch_new_instance()']
NOW = '19:19:30'


def seconds_of(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.split(':'))
    return 3600 * hours + 60 * minutes + seconds


def time_zone() -> str:
    """Where it is NOW: what began at some time of day began today there."""
    ahead = (seconds_of(NOW) - int(time.time()) + DAY // 2) % DAY - DAY // 2
    sign, ahead = '-' if ahead > 0 else '+', abs(ahead)
    return f'HERE{sign}{ahead // 3600}:{ahead % 3600 // 60:02}:{ahead % 60:02}'


def midnight(days_ago: int) -> float:
    """When a day began."""
    return time.mktime((*time.localtime()[:3], 0, 0, 0, 0, 0, -1)) - days_ago * DAY


def begin_on_gpu(name: str) -> None:
    """This process is the scenario's process of that name from now on."""
    pids = Path(os.environ['NVITOP_SIM_PIDS'])
    new = pids.with_suffix('.new')
    new.write_text(f'{pids.read_text()}{name} {os.getpid()}\n')
    new.replace(pids)


class Machine:
    """Writes the tree; the time zone must be in effect."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tree = Tree(root)
        self._write_host()

    def write(self, killed_pid: int) -> None:
        """All processes but the example itself."""
        for pid, name, state, clock, days, words in PRINTED:
            self._write_process(pid, name, state, clock, days, words)
        self._write_process(killed_pid, 'python3', 'R', '21:02:40', KILLED_DAYS_AGO, ['python3', 'rllib_train.py'],
                            rss=9113628672, uid=1001)
        (self.root / str(killed_pid) / 'cwd').symlink_to('/home/xxxxxx/Projects/xxxxxx')

    def write_example(self, pid: int) -> None:
        """The process that runs the example."""
        self._write_process(pid, 'python', 'R', '19:19:00', 0, IPYTHON, rss=83988480, vms=343543808, shared=12079104,
                            text=8192, data=297435136)

    def _write_host(self) -> None:
        (self.root / 'stat').write_text(f'cpu  {CPU}\nbtime {BOOT}\n')
        (self.root / 'meminfo').write_text(''.join(f'{name}: {size // KIB} kB\n' for name, size in MEMORY.items()))
        (self.root / 'vmstat').write_text(''.join(f'{name} {size // (4 * KIB)}\n' for name, size in SWAPPED.items()))
        (self.root / 'loadavg').write_text('14.88 17.80 19.91 1/100 4242\n')
        (self.root / 'uptime').write_text(f'{time.time() - BOOT:.2f} 0.00\n')

    def _write_process(self, pid: int, name: str, state: str, clock: str, days: int, words: list[str],
                       uid: int = 0, **sizes: int) -> None:
        self.tree.write(pid, start=midnight(days) + seconds_of(clock) - BOOT, name=name, state=state,
                        words=''.join(f'{word}\0' for word in words))
        pages = [sizes.get(kind, 0) // PAGE for kind in ('vms', 'rss', 'shared', 'text', 'lib', 'data', 'dirty')]
        (self.root / str(pid) / 'statm').write_text(' '.join(map(str, pages)) + '\n')
        status = self.root / str(pid) / 'status'
        status.write_text(status.read_text().replace('Uid:\t0\t0\t0\t0', f'Uid:\t{uid}\t{uid}\t{uid}\t{uid}'))
