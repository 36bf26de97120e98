"""Drivers and programs of the stress tests: copies of the simulator, each with its scenario beside it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from support import checker, paths, term

SYSTEM = '[system]\ndriver_version = 550.163.01\ncuda_version = 12040\n'
TWO_GPUS = f'{SYSTEM}[device 0-1]\nname = Card\nmem_total = 16GiB\npcie_wait = 2ms\n'
SLOWER = {'': 1, 'asan': 2, 'tsan': 4}[checker.NAME]


def driver(folder: Path, scenario: str) -> Path:
    """A copy of the simulated driver in a folder of its own, with this scenario."""
    folder.mkdir(parents=True)
    (folder / 'scenario.ini').write_text(scenario)
    return Path(shutil.copy(paths.sim_library(), folder))


def program(name: str) -> Path:
    """One of the C programs of this folder."""
    return paths.built(f'tests/stress/stress-{name}')


def start(folder: Path, command: list, env: dict[str, str] | None = None, **more) -> subprocess.Popen:
    """The command in the folder, where a sanitizer writes what it finds."""
    return subprocess.Popen(list(map(str, command)), cwd=folder, text=True, stdin=subprocess.DEVNULL,
                            env=term.clean_env({**checker.env(folder), **(env or {})}), **more)


def run(folder: Path, command: list, env: dict[str, str] | None = None, seconds: float = 60) -> str:
    """Runs it to its end, which must be a good one, without a finding. Returns its stderr."""
    process = start(folder, command, env, stderr=subprocess.PIPE)
    try:
        _, told = process.communicate(timeout=seconds * SLOWER)
    finally:
        process.kill()
        process.wait()
    assert checker.findings(folder) == ''
    assert process.returncode == 0, f'status {process.returncode}: {told}'
    return told
