"""Small Python programs over the simulated driver, each in a process of its own: what the library
is, is settled when it is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import bindings, paths, term  # noqa: E402

# What every probe begins with. `show` is the probe's answer; `code` the error a call ends with.
PRELUDE = '''
import ctypes, json, os, sys, threading, time
LIBRARY = {library!r}
def show(**answer):
    print(json.dumps(answer), flush=True)
'''
PYNVML = '''
import pynvml as n
def code(function, *args):
    try:
        function(*args)
    except n.NVMLError as error:
        return error.value
    return 0
def at(seconds):
    with open(os.environ['NVITOP_SIM_CLOCK'] + '.new', 'w') as file:
        file.write(str(seconds))
    os.rename(file.name, os.environ['NVITOP_SIM_CLOCK'])
'''


@dataclass
class Driver:
    """A scenario in a folder of its own."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def scenario(self) -> Path:
        return self.folder / 'test.ini'

    @property
    def log(self) -> Path:
        return self.folder / 'calls.log'

    def write(self, text: str) -> None:
        self.scenario.write_text(textwrap.dedent(text))

    def pids(self, **pids: int) -> None:
        """Puts a new pid map in place."""
        (self.folder / 'pids.new').write_text(''.join(f'{name} {pid}\n' for name, pid in pids.items()))
        (self.folder / 'pids.new').rename(self.folder / 'pids')

    def environment(self) -> dict[str, str]:
        clock = self.folder / 'clock'
        if not clock.exists():
            clock.write_text('0')
        return {'NVITOP_SIM': str(self.scenario), 'NVITOP_SIM_CLOCK': str(clock), 'NVITOP_SIM_LOG': str(self.log),
                'LD_LIBRARY_PATH': str(paths.sim_library().parent), 'PYTHONPATH': str(bindings.folder('13.595.45')),
                **self.env}

    def program(self, body: str, with_binding: bool = True) -> list[str]:
        text = PRELUDE.format(library=str(paths.sim_library())) + (PYNVML if with_binding else '')
        return [sys.executable, '-c', text + textwrap.dedent(body)]

    def start(self, body: str) -> subprocess.Popen:
        return subprocess.Popen(self.program(body), env=term.clean_env(self.environment()), text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def probe(self, body: str, with_binding: bool = True) -> dict:
        """Runs a program; its one `show` is the answer."""
        result = self.raw(body, with_binding)
        assert result.rc == 0, result.err
        return json.loads(result.out)

    def raw(self, body: str, with_binding: bool = True) -> term.Result:
        return term.run(self.program(body, with_binding), self.environment())


@pytest.fixture
def driver(tmp_path: Path) -> Driver:
    return Driver(tmp_path)


@pytest.fixture
def own_pid() -> int:
    """A process that lives as long as the test."""
    return os.getpid()
