"""Tests of nvisel: the program over scenarios made for it. A scenario is opened once a module."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import choosing  # noqa: E402


@pytest.fixture(scope='module')
def scenarios():
    """scenarios(name) is the environment in which that scenario runs."""
    opened: dict[str, dict[str, str]] = {}
    with contextlib.ExitStack() as stack:
        def environment(name: str) -> dict[str, str]:
            if name not in opened:
                opened[name] = choosing.open_scenario(stack, name)
            return opened[name]
        yield environment
