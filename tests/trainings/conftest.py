"""Real frameworks over the simulator: scripts run in a Python that has them and our package."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Callable

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

_python_tests = importlib.util.spec_from_file_location(
    'python_conftest', Path(__file__).parents[1] / 'python' / 'conftest.py')
assert _python_tests and _python_tests.loader
_module = importlib.util.module_from_spec(_python_tests)
_python_tests.loader.exec_module(_module)

CALM = Path(__file__).parents[1] / 'python' / 'calm.ini'
SITES = os.pathsep.join([str(_module.SITE), os.environ.get('NVITOP_TF_KERAS', '')])

over = _module.over


@pytest.fixture
def train(over, tmp_path):
    """train(SCRIPT) → the lines it prints; its first argument is an empty folder."""
    def run(script: str, **env: str) -> list[str]:
        done = over(CALM).run(script, str(tmp_path), timeout=240, env={
            'PYTHONPATH': SITES, 'CUDA_VISIBLE_DEVICES': '0', 'HOME': str(tmp_path), **env})
        assert done.rc == 0, done.out + done.err
        return [line[5:] for line in done.lines if line.startswith('told ')]
    return run


@pytest.fixture
def scalars() -> Callable[[Path], dict[str, list[tuple[int, float]]]]:
    """scalars(FOLDER) → step and value of all scalars in the event files below it, by tag."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
        found: dict[str, list[tuple[int, float]]] = {}
        for path in sorted(folder.rglob('events.*')):
            events = EventAccumulator(str(path), size_guidance={'scalars': 0, 'tensors': 0})
            events.Reload()
            for tag in events.Tags()['scalars']:
                found.setdefault(tag, []).extend((event.step, event.value) for event in events.Scalars(tag))
            for tag in events.Tags()['tensors']:  # as TensorFlow writes them
                found.setdefault(tag, []).extend(
                    (event.step, float(make_ndarray(event.tensor_proto))) for event in events.Tensors(tag))
        return found
    return read
