"""Keras: a real fit, with the writers of logs behind our callback; what they wrote is the GPU's.

Which Keras is NVITOP_KERAS's to say: with torch behind it in any run of all tests, with TensorFlow
and the old ones by `./dev test frameworks`. Keras's own TensorBoard callback imports TensorFlow
whatever is behind; where there is none, a writer of torch's gets the logs instead.
"""

import csv
import json
import os

import pytest
import troubles

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
        options = dict(dict(batch_size=4, epochs=2, verbose=0), **options)
        (model or make()).fit(numpy.ones((8, 2)), numpy.ones((8, 1)), callbacks=list(callbacks), **options)
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
    def run(script, gpus='', **more):
        return train(SCRIPT.format(keras=line) + script, gpus, **env, **more)
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
    told = keras(TENSORBOARD.get(keras.kind, KERAS_TENSORBOARD) + '''
    stats = GpuStatsLogger(['/gpu:0'], temperature=True, intra_step_time=True, inter_step_time=True)
    fit(stats, Recorder(), keras.callbacks.CSVLogger(sys.argv[1] + '/log.csv'), board)
''')
    found = [json.loads(line) for line in told]
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


def test_fit_never_waits_for_the_driver(keras, tmp_path):
    (tmp_path / 'clock').write_text('0')
    assert keras(troubles.SCRIPT + '''
    class Timed(GpuStatsLogger):
        def on_train_batch_begin(self, batch, logs=None):
            timed(super().on_train_batch_begin, batch, logs)
        def on_train_batch_end(self, batch, logs=None):
            timed(super().on_train_batch_end, batch, logs)
        def on_train_end(self, logs=None):
            timed(super().on_train_end, logs)
    class Trouble(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            state['utilization'] = float(logs['gpu_id: 0/utilization.gpu (%)'])
            self.model.stop_training = next(stages)
    fit(Timed(1, interval=0.05), Trouble(), epochs=10 ** 6)
    tell_hooks()
''', troubles.GPUS, NVITOP_SIM_CLOCK=str(tmp_path / 'clock')) == troubles.TOLD


def test_one_callback_for_many_trainings(keras):
    """Of every kind that there is; none leaves a thread, not even one that fails."""
    assert keras('''
    import copy, gc, pickle, threading
    class Keys(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            told(epoch, sum('gpu_id' in name for name in logs), 'val_loss' in logs)
    class Failing(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            told([thread.name for thread in threading.enumerate() if 'gpu' in thread.name])
            raise KeyError('on purpose')
    stats, data = GpuStatsLogger(1), (numpy.ones((8, 2)), numpy.ones((8, 1)))
    def threads():
        return sum(thread.name == 'gpu-stats-sampler' for thread in threading.enumerate())
    def try_failing(*callbacks):
        try:
            fit(*callbacks, Failing())
        except KeyError as error:
            told(str(error))
    model = make()
    fit(stats, Keys(), model=model)
    fit(stats, Keys(), model=model, validation_data=data)
    model.evaluate(*data, verbose=0, callbacks=[stats])
    model.predict(data[0], verbose=0, callbacks=[stats])
    told(threads())
    for copied in copy.copy(stats), pickle.loads(pickle.dumps(GpuStatsLogger(1))), copy.deepcopy(GpuStatsLogger(1)):
        fit(copied, Keys(), epochs=1)
    try_failing(stats)
    fit(stats, Keys(), epochs=1)
    told(threads())
    try_failing(GpuStatsLogger(1))
    gc.collect()
    for thread in threading.enumerate():
        if thread.name == 'gpu-stats-sampler':
            thread.join(10)
    told(threads())
''') == ['[0, 4, false]', '[1, 4, false]', '[0, 4, true]', '[1, 4, true]', '[0]'] + ['[0, 4, false]'] * 3 + [
        '[["gpu-stats-sampler"]]', '["\'on purpose\'"]', '[0, 4, false]', '[0]',
        '[["gpu-stats-sampler"]]', '["\'on purpose\'"]', '[0]']
