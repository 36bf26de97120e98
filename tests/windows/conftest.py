"""What the tests of the Windows programs share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import consoles  # noqa: E402
import wine  # noqa: E402


@pytest.fixture(scope='session', autouse=True)
def windows():
    """A Windows for all of them, which stays up in between: to start takes it seconds."""
    wine.prepare()
    with wine.staying():
        yield


@pytest.fixture(scope='session')
def console(tmp_path_factory):
    """The program that is a console for another."""
    return consoles.build(tmp_path_factory.mktemp('console'))
