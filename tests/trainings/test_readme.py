"""Those Python blocks of the original's README that train, or need pandas, over its ten GPUs.

What they log is read back. The blocks and what is changed in them are in tests/python/readme.
"""

from __future__ import annotations

import csv
import datetime
import os
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).parents[1] / 'python'
sys.path[:0] = [str(PYTHON), str(PYTHON / 'readme')]

from blocks import TRAININGS, code  # noqa: E402
from playing import play  # noqa: E402

USED = {9: 8342.0, 8: 8976.0}  # MiB of the first two GPUs that CUDA shows
KERAS = os.environ.get('NVITOP_KERAS', 'torch').split()


@pytest.fixture
def run(tmp_path):
    """run(BLOCK, CODE …) → what the pieces of code after the block came to; they run in an empty folder."""
    def run(name, *codes, kind='', **env):
        folder = tmp_path / 'cwd'
        folder.mkdir()
        before = f'import os, machine; os.chdir({str(folder)!r}); machine.begin_on_gpu("this_cupy")'
        played = play(tmp_path, [before, code(name, kind), *codes], timeout=240, HOME=str(tmp_path), **env)
        return played.results[2:], folder
    return run


@pytest.mark.skipif('torch' not in KERAS, reason='another Keras is asked for')
def test_keras(run):
    """With torch behind it; a log of epochs."""
    _, folder = run('02-keras', kind='torch', KERAS_BACKEND='torch')
    row, = csv.DictReader((folder / 'log.csv').open())
    assert float(row['loss']) >= 0
    for cuda, (gpu, used) in enumerate(USED.items()):
        assert float(row[f'gpu_id: {cuda} (physical index: {gpu})/memory.used (MiB)']) == pytest.approx(used, rel=1e-12)


@pytest.mark.skipif('tensorflow' not in KERAS, reason='another Keras is asked for')
def test_keras_with_tensorflow(run, scalars):
    """With TensorBoard, as the README has it."""
    _, folder = run('02-keras', kind='tensorflow', KERAS_BACKEND='tensorflow')
    written = scalars(folder / 'logs')
    for cuda, (gpu, used) in enumerate(USED.items()):
        assert written[f'epoch_gpu_id: {cuda} (physical index: {gpu})/memory.used (MiB)'] == [(0, pytest.approx(used))]


# What a training calls of our callback; the trainer's own ones want more of a training than there is.
TRAIN = """
trainer.callbacks = [gpu_stats]
for hook in (['on_train_start'], ['on_train_epoch_start'], ['on_train_batch_start', None, 0],
             ['on_train_batch_end', None, None, 0], ['on_train_end']):
    trainer._call_callback_hooks(*hook)
trainer.logger.finalize('success')
"""


def test_lightning(run, scalars):
    """The trainer calls the callback, and its logger has what that logs; a whole training is in test_lightning.py."""
    _, folder = run('03-lightning', TRAIN)
    written = scalars(folder)
    for cuda, (gpu, used) in enumerate(USED.items()):
        assert written[f'gpu_id: {cuda} (physical index: {gpu})/memory.used (MiB)'] == [(0, used), (0, used)]


def test_tensorboard(run, scalars):
    """A collector around trainings, batches and validations."""
    (_, pid), folder = run('08-tensorboard', 'writer.close()', 'os.getpid()')
    written = scalars(folder)
    assert [step for step, _ in written['train/loss']] == [1, 2, 3, 4, 5, 6]
    assert [step for step, _ in written['validate/loss']] == [0, 1]
    for tags, steps in (('train/batch', range(1, 7)), ('train', range(2)), ('validate', range(2))):
        for name, value in (('cuda:0 (gpu:9)/memory_used (MiB)', USED[9]), ('cuda:3 (gpu:6)/fan_speed (%)', 22),
                            (f'pid:{pid}/cuda:0 (gpu:9)/gpu_memory (MiB)', 255)):
            assert written[f'resources/{tags}/{name}/mean'] == [(step, pytest.approx(value)) for step in steps]


def test_csv(run):
    """A table with a row each minute, about all processes."""
    _, folder = run('09-csv')
    rows = list(csv.DictReader((folder / 'results.csv').open()))
    assert len(rows) == 60 and list(rows[0])[0] == 'time'
    times = [datetime.datetime.fromisoformat(row['time']) for row in rows]
    assert times == sorted(times)
    wanted = {'gpu:0/memory_used (MiB)': 9293398016 / 2**20, 'gpu:1/power_usage (W)': 66.051,
              'pid:53002/gpu:0/gpu_memory (MiB)': 967, 'pid:84748/gpu:8/gpu_memory (MiB)': 8975}
    for name, value in wanted.items():
        assert [float(row[f'resources/{name}/mean']) for row in rows] == pytest.approx([value] * 60, rel=1e-12)


def test_no_block_is_left_out():
    assert [name for name in TRAININGS if f'test_{name[3:]}' not in globals()] == []
