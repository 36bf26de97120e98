"""Those blocks of Python in our README and in the site's pages that need a framework."""

import os

import pytest
from support import markdown

# What a page leaves to its reader, and what must have come of the block.
BEFORE = {'keras': """
import keras, numpy
x, y, model = numpy.ones((8, 2)), numpy.ones((8, 1)), keras.Sequential([keras.layers.Dense(1)])
model.compile(loss='mse')
""", 'lightning': """
import torch
torch.cuda.device_count = lambda: 1  # there is a GPU, but no CUDA
""", 'tensorboard': ''}
AFTER = {'keras': """
print('told', open('log.csv').readline().strip())
""", 'lightning': """
print('told', trainer.strategy.root_device, any(isinstance(callback, GpuStatsLogger) for callback in trainer.callbacks))
""", 'tensorboard': """
import pathlib
print('told', sum(path.stat().st_size > 1000 for path in pathlib.Path('runs').iterdir()))
"""}
TOLD = {'keras': 'gpu_id: 0/memory.free (MiB),', 'lightning': 'cuda:0 True', 'tensorboard': '1'}
BLOCKS = [block for page in markdown.PAGES for block in markdown.blocks(page) if block.training]


@pytest.mark.skipif('torch' not in os.environ.get('NVITOP_KERAS', 'torch'), reason='another Keras is asked for')
@pytest.mark.parametrize('block', BLOCKS, ids=map(str, BLOCKS))
def test_block(train, block):
    script = f'import os, sys; os.chdir(sys.argv[1])\n{BEFORE[block.training]}{block.code}{AFTER[block.training]}'
    told, = train(script, KERAS_BACKEND='torch')
    assert TOLD[block.training] in told


def test_each_framework_has_its_example():
    assert {block.training for block in BLOCKS} == set(BEFORE)
