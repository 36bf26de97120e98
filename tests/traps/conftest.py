"""Scenarios of a few lines, written by the test that needs them."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support import sim  # noqa: E402


@pytest.fixture
def open_scenario(tmp_path):
    """open_scenario(text) is a context with the scenario running."""
    def open_text(text, **kwargs):
        path = tmp_path / 'scenario.ini'
        path.write_text(text, encoding='utf-8')
        return sim.scenario(path, **kwargs)
    return open_text
