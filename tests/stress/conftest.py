"""Where the tests of the library in hostile hands find what they share with others."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import stressing  # noqa: E402


@pytest.fixture
def two_gpus(tmp_path):
    """two_gpus(more lines) → the path of a driver of its own, with two GPUs."""
    return lambda more='': stressing.driver(tmp_path / 'driver', stressing.TWO_GPUS + more)
