"""Tests of libnvitop as programs of others meet it: what is installed, and nothing else of ours."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import prefix as prefix_module  # noqa: E402


@pytest.fixture(scope='session')
def prefix(tmp_path_factory: pytest.TempPathFactory) -> prefix_module.Prefix:
    """A clean prefix with what `meson install` puts into it."""
    return prefix_module.install(tmp_path_factory.mktemp('prefix'))
