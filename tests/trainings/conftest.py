"""Real frameworks over the simulator: scripts run in a Python that has them and our package."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import Callable

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths, sim  # noqa: E402

CALM = Path(__file__).parents[1] / 'python' / 'calm.ini'
SITES = os.pathsep.join([str(paths.PACKAGE_SITE), os.environ.get('NVITOP_TF_KERAS', '')])


@pytest.fixture
def train(tmp_path):
    """train(SCRIPT) → the lines it tells; its first argument is an empty folder. It is a file, so that
    processes which it spawns find what is in it. `gpus` adds to the scenario of the calm GPU."""
    def run(script: str, gpus: str = '', **env: str) -> list[str]:
        path, scenario = tmp_path / 'training.py', tmp_path / 'scenario.ini'
        path.write_text(textwrap.dedent(script))
        scenario.write_text(CALM.read_text() + textwrap.dedent(gpus))
        with sim.scenario(scenario) as opened:
            done = opened.command([sys.executable, path, tmp_path], timeout=240, env={
                'PYTHONPATH': SITES, 'PYTHONDONTWRITEBYTECODE': '1', 'HOME': str(tmp_path), **env})
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
            for tag in events.Tags()['tensors']:  # as TensorFlow writes them, and models beside them
                if events.SummaryMetadata(tag).plugin_data.plugin_name == 'scalars':
                    found.setdefault(tag, []).extend(
                        (event.step, float(make_ndarray(event.tensor_proto))) for event in events.Tensors(tag))
        return found
    return read
