"""Processes to aim at: they tell every signal they get, and a killed one is replaced."""

from __future__ import annotations

import os
import pwd
import select
import signal
import subprocess
from pathlib import Path

from support import paths, term

SCENARIO = """
[system]
driver_version = 550.163.01
cuda_version = 12040
[device 0-2]
name = NVIDIA Card
mem_total = 16GiB
mem_used = auto 1GiB
gpu_util = sine 1 100 7s {{i}}
mem_util = sine 1 60 5s {{i}}
temperature = 61
power = sine 20W 300W 9s
power_limit = 300W
[device 1]
fan = NOT_SUPPORTED
event_reasons = 4
[process S]
count = {count}
device = {{i%3}},{{(i+1)%3}}
mem = {{i+1}}GiB
sm = sine 1 50 3s
"""


def other_user() -> str | None:
    """As root: somebody whom the kernel lets signal nothing but processes of his own, if our program is his to run."""
    if os.getuid() != 0:
        return None
    try:
        done = term.run([paths.nvitop(), '--version'], user='nobody')
    except (OSError, KeyError, subprocess.SubprocessError):
        return None
    return 'nobody' if done.rc == 0 else None


class Targets:
    """So many stand-ins in the list of GPU processes, in a scenario of their own."""

    def __init__(self, folder: Path, count: int, user: str | None):
        self.user = user
        self.told: list[tuple[int, int]] = []  # pid and signal, in the order they came
        self.early: list[tuple[int, int]] = []  # … and what came while a new one was waited for
        self.replaced = 0
        self._text = b''
        self._read, self._write = os.pipe()
        self._hold, self._end = os.pipe()  # their stdin: they end with us
        self.scenario, self.map = folder / 'scenario.ini', folder / 'pids'
        self.scenario.write_text(SCENARIO.format(count=count))
        self.processes = [self._start(number) for number in range(count)]
        self._publish()

    @property
    def env(self) -> dict[str, str]:
        """What a program needs to find the scenario and its driver."""
        return {'NVITOP_SIM': str(self.scenario), 'NVITOP_SIM_PIDS': str(self.map),
                'NVITOP_NVML': str(paths.sim_library())}

    def _start(self, number: int) -> subprocess.Popen:
        identity = {}
        if self.user:
            identity = {'user': self.user, 'group': pwd.getpwnam(self.user).pw_gid, 'extra_groups': []}
        process = subprocess.Popen([paths.built('tests/tty/stand_in'), *(['child'] if number == 0 else [])],
                                   stdin=self._hold, stdout=self._write, pass_fds=(), start_new_session=True, **identity)
        for _ in range(2 if number == 0 else 1):
            while (news := self._next()) and news[1]:  # somebody else's
                self.early.append(news)
            assert news, 'a stand-in does not start'
        return process

    def _publish(self):
        fresh = self.map.with_suffix('.new')
        fresh.write_text(''.join(f'S{number} {process.pid}\n' for number, process in enumerate(self.processes)))
        fresh.chmod(0o644)
        fresh.rename(self.map)

    def _next(self, timeout: float = 20) -> tuple[int, int] | None:
        while b'\n' not in self._text:
            if not select.select([self._read], [], [], timeout)[0]:
                return None
            self._text += os.read(self._read, 65536)
        line, self._text = self._text.split(b'\n', 1)
        pid, number = line.split()
        return int(pid), int(number)

    def look(self) -> list[tuple[int, int]]:
        """Who got which signal since the last look; those that were killed are replaced."""
        found, self.early = self.early, []
        while (news := self._next(0)) is not None:
            found.append(news)
        for number, process in enumerate(self.processes):
            if process.poll() is not None:
                found.append((process.pid, -process.returncode))
                assert process.returncode == -signal.SIGKILL, process.returncode
                self.processes[number] = self._start(number)
                self.replaced += 1
                self._publish()
        self.told += found
        return found

    def come_and_go(self):
        """The oldest ends, another one comes in its place."""
        number = self.replaced % len(self.processes)
        self.processes[number].kill()
        self.processes[number].wait()
        self.processes[number] = self._start(number)
        self.replaced += 1
        self._publish()

    def close(self):
        os.close(self._end)
        for process in self.processes:
            process.kill()
            process.wait()
        for fd in (self._read, self._write, self._hold):
            os.close(fd)
