"""Real frameworks over the simulator: scripts run in a Python that has them and our package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

_python_tests = importlib.util.spec_from_file_location(
    'python_conftest', Path(__file__).parents[1] / 'python' / 'conftest.py')
assert _python_tests and _python_tests.loader
_module = importlib.util.module_from_spec(_python_tests)
_python_tests.loader.exec_module(_module)

CALM = Path(__file__).parents[1] / 'python' / 'calm.ini'

over = _module.over


@pytest.fixture
def train(over, tmp_path):
    """train(SCRIPT) → the lines it prints; its first argument is an empty folder."""
    def run(script: str, **env: str) -> list[str]:
        done = over(CALM).run(script, str(tmp_path), timeout=240, env={
            'KERAS_BACKEND': 'torch', 'CUDA_VISIBLE_DEVICES': '0', 'HOME': str(tmp_path), **env})
        assert done.rc == 0, done.out + done.err
        return [line[5:] for line in done.lines if line.startswith('told ')]
    return run
