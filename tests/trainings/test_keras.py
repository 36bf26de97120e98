"""Keras: a real fit, with the writers of logs behind our callback; what they wrote is the GPU's.

Which Keras is NVITOP_KERAS's to say: with torch behind it in any run of all tests, with TensorFlow
and the old ones by `./dev test frameworks`. Keras's own TensorBoard callback imports TensorFlow
whatever is behind; where there is none, a writer of torch's gets the logs instead.
"""

import csv
import json
import os

import pytest

KERAS = {  # the import, and what must be set before it
    'torch': ('import keras', {'KERAS_BACKEND': 'torch'}),
    'tensorflow': ('from tensorflow import keras', {'KERAS_BACKEND': 'tensorflow'}),
    'tf_keras': ('import tf_keras as keras', {}),
    'legacy': ('from tensorflow import keras', {'TF_USE_LEGACY_KERAS': '1'}),
}
CHOSEN = os.environ.get('NVITOP_KERAS', 'torch').split()

STATE = {'gpu_id: 0/utilization.memory (%)': 31.0, 'gpu_id: 0/utilization.gpu (%)': 57.0,
         'gpu_id: 0/memory.used (MiB)': 2048.0, 'gpu_id: 0/memory.free (MiB)': 22528.0,
         'gpu_id: 0/temperature.gpu (C)': 61.0}
INTRA, INTER = 'batch_time/intra_step (ms)', 'batch_time/inter_step (ms)'

SCRIPT = '''
    import json, sys
    import numpy
    {keras}
    from nvitop.callbacks.keras import GpuStatsLogger
    def told(*what):
        print('told', json.dumps(what))
    def make():
        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile(loss='mse')
        return model
    def fit(*callbacks, model=None, **options):
        (model or make()).fit(numpy.ones((8, 2)), numpy.ones((8, 1)), batch_size=4, epochs=2, verbose=0,
                              callbacks=list(callbacks), **options)
    class Recorder(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            told('batch', {{name: float(value) for name, value in logs.items()}})
        def on_epoch_end(self, epoch, logs=None):
            told('epoch', {{name: float(value) for name, value in logs.items()}})
'''


@pytest.fixture(params=CHOSEN)
def keras(request, train):
    """keras(SCRIPT) → what it told, in a Python where `keras` is the one in question."""
    line, env = KERAS[request.param]
    def run(script):
        return [json.loads(told) for told in train(SCRIPT.format(keras=line) + script, **env)]
    run.kind = request.param
    return run


TENSORBOARD = {'torch': '''
    from torch.utils.tensorboard import SummaryWriter
    from nvitop.callbacks.tensorboard import add_scalar_dict
    class Board(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.step, self.writer = 0, SummaryWriter(sys.argv[1])
        def on_train_batch_end(self, batch, logs=None):
            add_scalar_dict(self.writer, 'batch', logs, self.step)
            self.step += 1
        def on_epoch_end(self, epoch, logs=None):
            add_scalar_dict(self.writer, 'epoch', logs, epoch)
        def on_train_end(self, logs=None):
            self.writer.close()
    board = Board()
'''}
KERAS_TENSORBOARD = '''
    board = keras.callbacks.TensorBoard(sys.argv[1], write_graph=False, update_freq=1)
'''


def test_fit_hands_on_the_state_of_the_gpus(keras, tmp_path, scalars):
    """To callbacks behind ours, to CSVLogger and to TensorBoard."""
    found = keras(TENSORBOARD.get(keras.kind, KERAS_TENSORBOARD) + '''
    stats = GpuStatsLogger(['/gpu:0'], temperature=True, intra_step_time=True, inter_step_time=True)
    fit(stats, Recorder(), keras.callbacks.CSVLogger(sys.argv[1] + '/log.csv'), board)
''')
    assert [kind for kind, _ in found] == ['batch', 'batch', 'epoch'] * 2
    for kind, logs in found:
        assert {key: logs[key] for key in STATE} == STATE
        assert logs['loss'] >= 0 and logs[INTRA] > 0
        assert (INTER in logs) is (kind == 'epoch')
    rows = list(csv.DictReader((tmp_path / 'log.csv').open()))
    assert [row['epoch'] for row in rows] == ['0', '1']
    for row in rows:
        assert {key: float(row[key]) for key in STATE} == STATE
        assert float(row[INTRA]) > 0 and float(row[INTER]) > 0
    between = '/' if keras.kind == 'torch' else '_'
    written = scalars(tmp_path)
    for name, value in STATE.items():
        steps = [step for step, _ in written[f'batch{between}{name}']]
        assert len(steps) == 4 and steps == sorted(set(steps))
        assert {found for _, found in written[f'batch{between}{name}']} == {value}
        assert written[f'epoch{between}{name}'] == [(0, value), (1, value)]
    assert [value for _, value in written[f'epoch{between}{INTRA}']] == \
        pytest.approx([logs[INTRA] for kind, logs in found if kind == 'epoch'])
