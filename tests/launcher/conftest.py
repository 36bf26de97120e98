"""The launcher under test."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from launching import Running  # noqa: E402


@pytest.fixture(scope='session')
def launcher() -> Path:
    if not os.environ.get('NVITOP_BUILD'):
        pytest.fail('NVITOP_BUILD must name the build folder', pytrace=False)
    path = Path(os.environ['NVITOP_BUILD']).resolve() / 'sim' / 'nvitop-sim'
    assert path.exists(), f'{path} is not built'
    return path


@pytest.fixture
def run(launcher):
    """Starts launchers and ends them with the test."""
    running = []

    def start(*arguments, env=None) -> Running:
        running.append(Running(launcher, [str(a) for a in arguments], env))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def scenario(tmp_path):
    """Writes a scenario; returns its file."""

    def write(text: str, name: str = 'scenario.ini') -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write
