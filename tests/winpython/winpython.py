"""The wheel for Windows in a CPython for Windows, which wine runs."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from support import paths, term

import wine

BED = Path(os.environ.get('NVITOP_WINPYTHON', paths.ROOT / 'build-winpython')).resolve()
PYTHON = BED / 'python.exe'
PACKAGES = BED / 'Lib/site-packages'
PROGRAMS = BED / 'Scripts'
SHARE = BED / 'share/nvitop'

# Modules for the scripts that tests of the Python package run.
WITHIN = paths.ROOT / 'tests/python/within'

# Runs as the launcher's command: tells what it was given, then waits for us.
HOLD = '''
import json, os, sys
print(json.dumps({name: value for name, value in os.environ.items() if name.startswith('NVITOP_')}), flush=True)
sys.stdin.read()
'''


def env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What that Python finds around it."""
    return wine.env({'PYTHONUTF8': '1', 'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONPATH': wine.path(WITHIN),
                     **(extra or {})})


def run(*command: str | Path, extra: Mapping[str, str] | None = None, timeout: float = 240) -> term.Result:
    """A program of Windows, to its end."""
    given = env({name: value for name, value in (extra or {}).items() if name != 'PYTHONPATH'})  # that would be ours
    done = term.run([*wine.COMMAND, *command], given, timeout)
    return replace(done, out=done.out.replace('\r\n', '\n'), err=done.err.replace('\r\n', '\n'))


def pip(*arguments: str) -> str:
    """That Python's pip, which asks nobody."""
    done = run(PYTHON, '-m', 'pip', '--isolated', '--disable-pip-version-check', '--no-cache-dir', *arguments)
    assert done.rc == 0, done.out + done.err
    return done.out


def files() -> set[Path]:
    """All that is there, but folders, which pip leaves empty when it takes a package away."""
    return {path for path in BED.rglob('*') if not path.is_dir()}


class Scripts:
    """Runs scripts over a scenario that is open: as tests/python/conftest.py has it, there."""

    def __init__(self, variables: Mapping[str, str], pids: Mapping[str, int]) -> None:
        self.env, self.pids = dict(variables), dict(pids)
        self.sim = self  # which runs other commands, too

    def command(self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, timeout: float = 240) -> term.Result:
        """A command whose program is a Python: it is that one."""
        assert words[0] == sys.executable, words
        return run(PYTHON, *words[1:], extra={**self.env, **(env or {})}, timeout=timeout)

    def run(self, script: str, *args: str, env: Mapping[str, str] | None = None, timeout: float = 240) -> term.Result:
        """Runs a script to its end, however it ends."""
        return run(PYTHON, '-c', textwrap.dedent(script), *args, extra={**self.env, **(env or {})}, timeout=timeout)

    def lines(self, script: str, *args: str, **options) -> list[str]:
        """The lines that a script prints; it must end well, and complain of nothing."""
        done = self.run(script, *args, **options)
        assert (done.rc, done.err) == (0, ''), done.out + done.err
        return done.lines


def pids_of(file: str) -> dict[str, int]:
    """What the launcher has written of a scenario's processes; it is open there, but not here."""
    here = wine.PROGRAMS / 'wine/drive_c' / file.removeprefix('C:\\').replace('\\', '/')
    return {name: int(pid) for name, pid in (line.split() for line in here.read_text(encoding='utf-8').splitlines())}


@contextlib.contextmanager
def scenario(name: str | Path, more: Mapping[str, str] | None = None) -> Iterator[Scripts]:
    """Opens a scenario, a shipped one or a file, with the launcher that is installed."""
    shipped = SHARE / 'scenarios' / f'{name}.ini'
    words = [SHARE / 'libexec/nvitop-sim.exe', wine.path(shipped if shipped.exists() else name), '--', PYTHON, '-c', HOLD]
    holding = subprocess.Popen([*wine.COMMAND, *map(str, words)], env=env(more), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        variables = json.loads(holding.stdout.readline())
        yield Scripts({**(more or {}), **variables}, pids_of(variables['NVITOP_SIM_PIDS']))
    finally:
        holding.stdin.close()
        holding.stdout.close()
        holding.wait(60)
