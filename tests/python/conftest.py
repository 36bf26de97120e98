"""The Python package over the simulator: scripts run in a Python that has it installed."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import Callable, Iterator, Mapping

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths, sim, term, wheels  # noqa: E402

SITE = paths.PACKAGE_SITE
# Modules for the scripts that tests run.
WITHIN = Path(__file__).parent / 'within'
sys.path.insert(0, str(SITE))  # for tests that need no process of their own


class Scripts:
    """Runs scripts over a scenario that is open."""

    def __init__(self, opened: sim.Sim) -> None:
        self.sim = opened
        self.pids = opened.pids
        self.env = {'PYTHONPATH': f'{SITE}{os.pathsep}{WITHIN}', 'PYTHONDONTWRITEBYTECODE': '1'}

    def run(self, script: str, *args: str, env: Mapping[str, str] | None = None, timeout: float = 60) -> term.Result:
        """Runs a script to its end, however it ends."""
        return self.sim.command(
            [sys.executable, '-c', textwrap.dedent(script), *args], {**self.env, **(env or {})}, timeout)

    def lines(self, script: str, *args: str, **options) -> list[str]:
        """The lines that a script prints; it must end well, and complain of nothing."""
        done = self.run(script, *args, **options)
        assert (done.rc, done.err) == (0, ''), done.out + done.err
        return done.lines


@pytest.fixture
def over(request: pytest.FixtureRequest) -> Callable[[str | Path], Scripts]:
    """over(SCENARIO) → its scripts. The scenario, a shipped one or a file, is open while the test runs."""
    import contextlib
    stack = contextlib.ExitStack()
    request.addfinalizer(stack.close)
    return lambda name, env=None: Scripts(stack.enter_context(sim.scenario(name, env)))


@pytest.fixture(scope='session')
def two() -> Iterator[Scripts]:
    """The scenario with two GPUs, open for all tests that only look."""
    with sim.scenario('two') as opened:
        yield Scripts(opened)


@pytest.fixture(scope='session')
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it is released, made once."""
    return wheels.build(tmp_path_factory.mktemp('wheel'))
