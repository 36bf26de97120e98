"""Scenarios of a few lines, written by the test that needs them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import sim  # noqa: E402

SYSTEM = '[system]\ndriver_version = 550.163.01\ncuda_version = 12040\n'


@pytest.fixture
def open_scenario(tmp_path):
    """open_scenario(text) is a context with the scenario running; `[system]` is open for more lines."""
    def open_text(text, **kwargs):
        path = tmp_path / 'scenario.ini'
        path.write_text(SYSTEM + text, encoding='utf-8')
        return sim.scenario(path, **kwargs)
    return open_text
