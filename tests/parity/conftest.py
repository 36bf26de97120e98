"""Parity: nvitop 1.7.2 and ours on the same simulator, the same processes, the same /proc."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator

import pytest

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import monitor_table  # noqa: E402
import screens as screens_module  # noqa: E402
import table  # noqa: E402
import walk  # noqa: E402


@pytest.fixture(scope='session')
def screens(tmp_path_factory: pytest.TempPathFactory) -> screens_module.Screens:
    """The screens of this run, got as the tests ask for them."""
    return screens_module.Screens(tmp_path_factory.mktemp('parity'), list(table.combos()))


@pytest.fixture(scope='session')
def walks() -> Iterator[walk.Walks]:
    """The monitors' walks of this run."""
    running = walk.Walks(monitor_table.walks())
    yield running
    running.close()


@pytest.fixture(scope='session')
def report(pytestconfig: pytest.Config) -> dict[str, object]:
    """What the summary at the end prints."""
    return pytestconfig.stash.setdefault(REPORT, {'screens': 0, 'cells': 0, 'masked': 0, 'worst': 0.0})


REPORT: pytest.StashKey[dict] = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How much was compared, how much was masked, and which adaptations mattered."""
    told = config.stash.get(REPORT, None)
    if not told or not told['cells']:
        return
    terminalreporter.write_line(
        f'parity: {told["screens"]} screens, {told["cells"]} cells, {told["masked"]} masked '
        f'({100 * told["masked"] / told["cells"]:.2f} %, at most {100 * told["worst"]:.2f} % of a screen)')
    for name, reason, count in told.get('adaptations', ()):
        terminalreporter.write_line(f'parity: adapted {name:20} {count:6} times: {reason}')
