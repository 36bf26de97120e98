"""Sixteen threads on one session, while GPUs get lost and come back and processes come and go."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import stressing

from support import checker

SECONDS = {'': 6, 'asan': 8, 'tsan': 15}[checker.NAME]
NAMES = [*(f'STAY{i}' for i in range(6)), *(f'SHORT{i}' for i in range(8)), 'ONMIG', *(f'CHURN{i}' for i in range(8))]


class Processes:
    """Processes that the driver lists by these names; the oldest of those called CHURN goes at each turn."""

    def __init__(self, folder: Path):
        self.map = folder / 'pids'
        self._hold, self._end = os.pipe()  # their stdin: they end with us
        self.running = {name: self._start() for name in NAMES}
        self.turns = 0
        self._publish()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(['/bin/cat'], stdin=self._hold, stdout=subprocess.DEVNULL)

    def _publish(self):
        fresh = self.map.with_suffix('.new')
        fresh.write_text(''.join(f'{name} {process.pid}\n' for name, process in self.running.items()))
        fresh.rename(self.map)

    def turn(self):
        """One ends, and is a zombie for the time that its follower takes to come."""
        name = f'CHURN{self.turns % 8}'
        self.running[name].kill()
        follower = self._start()
        self.running[name].wait()
        self.running[name] = follower
        self.turns += 1
        self._publish()

    def close(self):
        os.close(self._end)
        os.close(self._hold)
        for process in self.running.values():
            process.kill()
            process.wait()


@pytest.fixture
def processes(tmp_path):
    found = Processes(tmp_path)
    yield found
    found.close()


def test_crowd(tmp_path, processes):
    library = stressing.driver(tmp_path / 'driver', (Path(__file__).parent / 'crowd.ini').read_text())
    clock = tmp_path / 'clock'
    clock.write_text('0\n')
    log = tmp_path / 'calls'
    env = {'NVITOP_SIM_LOG': str(log), 'NVITOP_SIM_CLOCK': str(clock), 'NVITOP_SIM_PIDS': str(processes.map)}
    crowd = stressing.start(tmp_path, [stressing.program('crowd'), library, clock, SECONDS], env,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        for _ in crowd.stdout:  # a line after each step of the clock
            processes.turn()
        told = crowd.stderr.read()
        assert checker.findings(tmp_path) == ''
        assert crowd.wait(60) == 0, told
        assert processes.turns >= 130, told  # so the clock went round, and the driver away and back
        assert log.read_text().count('nvmlInit') >= 2, 'the driver that was away was never opened again'
    finally:
        crowd.kill()
        crowd.communicate()
