"""Keras: a real fit, with the writers of logs behind our callback; what they wrote is the GPU's."""

import csv
import json

STATE = {'gpu_id: 0/utilization.memory (%)': 31.0, 'gpu_id: 0/utilization.gpu (%)': 57.0,
         'gpu_id: 0/memory.used (MiB)': 2048.0, 'gpu_id: 0/memory.free (MiB)': 22528.0,
         'gpu_id: 0/temperature.gpu (C)': 61.0}

FIT = '''
    import json, sys
    import numpy
    import keras
    from nvitop.callbacks.keras import GpuStatsLogger
    class Recorder(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            print('told', json.dumps(['batch', dict(logs)]))
        def on_epoch_end(self, epoch, logs=None):
            print('told', json.dumps(['epoch', dict(logs)]))
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(loss='mse')
    stats = GpuStatsLogger(['/gpu:0'], temperature=True, intra_step_time=True, inter_step_time=True)
    def fit(*others):
        model.fit(numpy.ones((8, 2)), numpy.ones((8, 1)), batch_size=4, epochs=2, verbose=0,
                  callbacks=[stats, *others])
'''

INTRA, INTER = 'batch_time/intra_step (ms)', 'batch_time/inter_step (ms)'


def test_fit_hands_on_the_state_of_the_gpus(train):
    found = [json.loads(line) for line in train(FIT + '    fit(Recorder())')]
    assert [kind for kind, _ in found] == ['batch', 'batch', 'epoch'] * 2
    for kind, logs in found:
        assert {key: logs[key] for key in STATE} == STATE
        assert logs['loss'] >= 0 and logs[INTRA] > 0
        assert (INTER in logs) is (kind == 'epoch')


def test_csv_logger_has_the_means_of_epochs(train, tmp_path):
    train(FIT + "    fit(keras.callbacks.CSVLogger(sys.argv[1] + '/log.csv'))")
    rows = list(csv.DictReader((tmp_path / 'log.csv').open()))
    assert [row['epoch'] for row in rows] == ['0', '1']
    for row in rows:
        assert {key: float(row[key]) for key in STATE} == STATE
        assert float(row[INTRA]) > 0 and float(row[INTER]) > 0
