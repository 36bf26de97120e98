"""nvitop.exe --json --loop: whoever reads slowly holds up nobody but himself."""

from __future__ import annotations

import array
import fcntl
import json
import os
import re
import select
import subprocess
import termios
import time

import pytest
from support import paths
from support.tty import PATIENCE

import wine

PERIOD = 0.25
PIPE_SIZE = 4096  # less than a line, so that whoever writes one has to wait
SIGNAL_INT = 2


class Loop:
    """The program in a console of its own; what it writes goes into a small pipe."""

    def __init__(self, console):
        self.text = b''
        self.told = ''
        self.read_end, write_end = os.pipe()
        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        env = wine.env({'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll'), 'NVITOP_SIM_PIDS': 'NUL',
                        'NVITOP_SIM': wine.path(paths.SCENARIOS / 'a100x8.ini')})
        words = [wine.path(wine.program('nvitop')), '--json', '--loop', '--interval', str(PERIOD)]
        self.process = subprocess.Popen([*wine.COMMAND, str(console), '30', '100', *words], env=env,
                                        stdin=subprocess.PIPE, stdout=write_end, stderr=subprocess.PIPE)
        os.close(write_end)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdin, self.process.stderr):
            pipe.close()
        if self.read_end >= 0:
            os.close(self.read_end)

    def stop_reading(self):
        """For good: there is no reader any more."""
        os.close(self.read_end)
        self.read_end = -1

    def wait_full(self):
        """Until no byte more goes into the pipe."""
        deadline = time.monotonic() + PATIENCE
        waiting = array.array('i', [0])
        while waiting[0] < PIPE_SIZE:
            assert time.monotonic() < deadline, f'{waiting[0]} bytes have come'
            self.hear(PERIOD / 10)
            fcntl.ioctl(self.read_end, termios.FIONREAD, waiting)

    def hear(self, seconds: float):
        """What the console tells in so many seconds, which are over as soon as it tells something."""
        if select.select([self.process.stderr], [], [], seconds)[0]:
            self.told += os.read(self.process.stderr.fileno(), 65536).decode()

    def wait_end(self) -> int:
        """The program's exit status, as the console tells it."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r'^console: exit (-?\d+)', self.told, re.M)):
            assert time.monotonic() < deadline, f'it goes on: {self.told}'
            self.hear(PERIOD)
        return int(found.group(1))

    def line(self) -> dict:
        """The next whole line."""
        deadline = time.monotonic() + PATIENCE
        while b'\n' not in self.text:
            assert select.select([self.read_end], [], [], max(0, deadline - time.monotonic()))[0], 'no line came'
            self.text += os.read(self.read_end, 65536)
        line, _, self.text = self.text.partition(b'\n')
        return json.loads(line)


@pytest.fixture(name='loop')
def running_loop(console):
    with Loop(console) as running:
        yield running


def test_a_reader_who_does_not_read_holds_up_no_signal(loop):
    loop.wait_full()
    loop.process.stdin.write(b'interrupt\n')
    loop.process.stdin.flush()
    assert loop.wait_end() == 128 + SIGNAL_INT


def test_a_slow_reader_gets_whole_lines_and_misses_those_between(loop):
    loop.wait_full()
    pause = 8 * PERIOD
    deadline = time.monotonic() + pause
    while (left := deadline - time.monotonic()) > 0:
        loop.hear(left)
    stamps = [loop.line()['timestamp'] for _ in range(4)]
    assert stamps == sorted(stamps)
    assert stamps[2] - stamps[0] > pause / 2  # one line was being written, one at most was kept
    assert stamps[3] - stamps[2] < pause / 2


def test_a_reader_who_leaves_is_the_end(loop):
    assert loop.line()['devices']
    loop.stop_reading()
    assert loop.wait_end() != 0
