"""The specification's acceptance cases, by number."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import cells, sim  # noqa: E402

FROZEN = {'NVITOP_SIM_CLOCK': '8.0'}


def _fixture(name: str, scenario: str) -> Callable[..., Iterator[sim.Sim]]:
    @pytest.fixture(scope='session', name=name)
    def start() -> Iterator[sim.Sim]:
        with sim.scenario(scenario, env=FROZEN) as running:
            yield running

    return start


fixture_a = _fixture('fixture_a', 'fixture-a')
fixture_z = _fixture('fixture_z', 'fixture-z')
no_driver = _fixture('no_driver', 'nodriver')


@pytest.fixture(params=['COLUMNS', 'pty'])
def rows_at(request: pytest.FixtureRequest) -> Callable[..., list[str]]:
    """The rows of `nvitop -1` at a width, told by the variable or by a real terminal."""

    def get(running: sim.Sim, columns: int, *args: str) -> list[str]:
        if request.param == 'pty':
            done = running.run_pty(columns, '-1', *args)
        else:
            done = running.run('-1', *args, env={'COLUMNS': str(columns)})
        assert (done.rc, done.err) == (0, '')
        return cells.texts(cells.parse(done.out))

    return get
