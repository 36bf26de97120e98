"""The callbacks, with frameworks that are nothing but the classes they are made of.

The hooks get what the frameworks hand them, and the numbers are those of a GPU on which nothing
moves. Real trainings are in tests/trainings.
"""

import pytest

from support import paths

CALM = paths.ROOT / 'tests/python/calm.ini'

# Before the import: modules of the name of a framework, with a base class and an error.
STUBS = '''
import sys, types
def stub(name, **members):
    module = sys.modules[name] = types.ModuleType(name)
    module.__dict__.update(members)
    return module
def lightning(name):
    class Callback:
        home = name
    class MisconfigurationException(Exception):
        home = name
    for package in [name.rsplit('.', i)[0] for i in range(name.count('.') + 1)]:
        stub(package)
    stub(name + '.callbacks', Callback=Callback)
    stub(name + '.utilities')
    stub(name + '.utilities.exceptions', MisconfigurationException=MisconfigurationException)
def keras(name):
    class Callback:
        home = name
    for package in [name.rsplit('.', i)[0] for i in range(name.count('.') + 1)]:
        stub(package)
    stub(name + '.callbacks', Callback=Callback)
def no(*names):
    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name.split('.')[0] in names:
                raise ImportError(name)
    sys.meta_path.insert(0, Finder())
def told(call):
    try:
        return call()
    except Exception as error:
        print(type(error).__name__, error)
'''

STATE = {'utilization.memory (%)': 31.0, 'utilization.gpu (%)': 57.0,
         'memory.used (MiB)': 2048.0, 'memory.free (MiB)': 22528.0}


def state(prefix='gpu_id: 0', **more):
    """What the calm GPU logs."""
    return {f'{prefix}/{name}': value for name, value in {**STATE, **more}.items()}


# ---- what they share


def test_stats_are_numbers_in_order(over):
    found = over(CALM).lines('''
        from nvitop import CudaDevice
        from nvitop.callbacks.utils import get_gpu_stats
        every = get_gpu_stats(CudaDevice.all(), fan_speed=True, temperature=True)
        print(every)
        print(get_gpu_stats(CudaDevice.all(), memory_utilization=False, temperature=True))
        print(get_gpu_stats(CudaDevice.all(), gpu_utilization=False))
        print(set(map(type, every.values())))
    ''')
    whole = state(**{'fan.speed (%)': float('nan'), 'temperature.gpu (C)': 61.0})
    assert found[0] == str(whole)
    assert found[1] == "{'gpu_id: 0/utilization.gpu (%)': 57.0, 'gpu_id: 0/temperature.gpu (C)': 61.0}"
    assert found[2] == str({key: value for key, value in state().items() if 'gpu (%)' not in key})
    assert found[3] == "{<class 'float'>}"


def test_names_tell_the_physical_index_where_it_is_another(over):
    assert over('two', {'CUDA_VISIBLE_DEVICES': '1,0'}).lines('''
        from nvitop.callbacks.utils import get_devices_by_logical_ids, get_gpu_stats
        devices = get_devices_by_logical_ids([1, 0, 1])
        print(len(devices), len(get_devices_by_logical_ids([1, 0, 1], unique=False)))
        print(*get_gpu_stats(devices, memory_utilization=False), sep='\\n')
    ''') == ['2 3', 'gpu_id: 1 (physical index: 0)/utilization.gpu (%)',
             'gpu_id: 0 (physical index: 1)/utilization.gpu (%)']


def test_sampler_looks_in_a_thread_and_means_begin_anew(two):
    assert two.lines('''
        import threading
        from nvitop.callbacks.utils import GpuStatsSampler
        names, thrice, values = [], threading.Event(), [4.0]
        def look():
            names.append(threading.current_thread().name)
            if len(names) > 3:
                thrice.set()
            return {'it': values[0]}
        sampler = GpuStatsSampler(look, 0.01)
        sampler.start()
        thrice.wait()
        print(set(names), sampler.newest(), sampler.means())
        sampler.stop()
        values[0] = 6.0
        sampler.sample()
        sampler.restart_means()
        print(sampler.newest(), sampler.means(), threading.active_count())
        try:
            GpuStatsSampler(look, 0)
        except ValueError as error:
            print(error)
    ''') == ["{'gpu-stats-sampler'} {'it': 4.0} {'it': 4.0}", "{'it': 6.0} {'it': 6.0} 1",
             'Invalid argument interval=0']


def test_state_that_nobody_has_confirmed_is_not_known(two):
    """Nor is there any before the first look, which is waited for, but not for ever; copies begin anew."""
    assert two.lines('''
        import copy, threading, types
        from nvitop.callbacks import utils
        now, goes_on, asked = [0.0], threading.Event(), threading.Event()
        utils.time = types.SimpleNamespace(monotonic=lambda: now[0])
        utils.PATIENCE = 0.1
        def look():
            asked.set()
            goes_on.wait()
            return {'it': 4.0}
        sampler = utils.GpuStatsSampler(look, 1000)
        sampler.start()
        print(asked.is_set(), sampler.newest(), sampler.means(), copy.deepcopy(sampler).newest())
        goes_on.set()
        sampler.stop()
        sampler.restart_means()
        for seconds in 1000, 1000.2:
            now[0] = seconds
            print(sampler.newest(), sampler.means())
        sampler.restart_means()
        print(sampler.means())
    ''') == ["True {} {} {}", "{'it': 4.0} {'it': 4.0}", "{'it': nan} {'it': 4.0}", "{'it': nan}"]


def test_timer_tells_what_it_is_asked_for(two):
    assert two.lines('''
        from nvitop.callbacks import utils
        clock = iter([1.0, 1.25, 2.0, 2.5, 10.0, 11.0])
        utils.time = type('', (), {'monotonic': lambda: next(clock)})
        timer = utils.BatchTimer(True, True)
        print(timer.start(), timer.end(), timer.start(), timer.end(), timer.means())
        timer.restart()
        print(timer.start(), timer.means(), timer.end())
    ''') == ["{} {'batch_time/intra_step (ms)': 250.0} {'batch_time/inter_step (ms)': 750.0} "
             "{'batch_time/intra_step (ms)': 500.0} "
             "{'batch_time/intra_step (ms)': 375.0, 'batch_time/inter_step (ms)': 750.0}",
             "{} {} {'batch_time/intra_step (ms)': 1000.0}"]


# ---- Keras


def test_keras_base_is_the_first_that_there_is(two):
    for there in ('keras', 'tensorflow.keras', 'tensorflow.python.keras'):
        assert two.lines(STUBS + f'''
if {there!r} != 'keras':
    no('keras')
keras({there!r})
from nvitop.callbacks.keras import GpuStatsLogger
print(GpuStatsLogger.home)
''') == [there]


def test_keras_needs_one_of_them(two):
    assert 'ImportError: nvitop.callbacks.keras needs' in two.run(
        STUBS + "no('keras', 'tensorflow')\nimport nvitop.callbacks.keras").err


def test_keras_understands_what_gpus_are_called(over):
    found = over('two', {'CUDA_VISIBLE_DEVICES': '1,0'}).lines(STUBS + '''
keras('keras')
from nvitop.callbacks.keras import GpuStatsLogger
def devices(gpus):
    made = told(lambda: GpuStatsLogger(gpus))
    if made is not None:
        print([device.cuda_index for device in made._devices])
for gpus in (2, 0, -1, ['/gpu:1'], ['/device:GPU:0', '/GPU:0'], ('1', 0), [1, 0, 1],
             ['gpu:0'], None, '0', [5], 9):
    devices(gpus)
''')
    assert found[:7] == ['[0, 1]', '[]', '[]', '[1]', '[0]', '[0, 1]', '[0, 1]']
    assert found[7].startswith('ValueError ') and 'unavailable' not in found[7]
    assert found[8].startswith('TypeError ') and found[9].startswith('TypeError ')
    unavailable = 'ValueError Cannot use GpuStatsLogger callback because devices unavailable. Received: `gpus='
    assert found[10:] == [unavailable + '[5]`', unavailable + '[0, 1, 2, 3, 4, 5, 6, 7, 8]`']


@pytest.mark.parametrize('env', [{}, {'LD_LIBRARY_PATH': '', 'NVITOP_NVML': ''}], ids=['driver', 'library'])
def test_callbacks_without_a_driver_or_its_library_cannot_be_made(over, env):
    assert over('nodriver').run(STUBS + '''
keras('keras'), lightning('lightning.pytorch'), lightning('pytorch_lightning')
from nvitop.callbacks.keras import GpuStatsLogger
told(lambda: GpuStatsLogger(1))
from nvitop.callbacks.lightning import GpuStatsLogger
told(GpuStatsLogger)
from nvitop.callbacks.pytorch_lightning import GpuStatsLogger
told(GpuStatsLogger)
''', env=env).lines == ['ValueError Cannot use the GpuStatsLogger callback because the NVIDIA driver is not installed.'] + [
        'MisconfigurationException Cannot use GpuStatsLogger callback because NVIDIA driver is not installed.'] * 2


KERAS_RUN = STUBS + '''
import json
keras('keras')
from nvitop.callbacks.keras import GpuStatsLogger
def run(callback, batches=2, epochs=2):
    callback.on_train_begin()
    for epoch in range(epochs):
        callback.on_epoch_begin(epoch, {})
        for batch in range(batches):
            for hook in (callback.on_train_batch_begin, callback.on_train_batch_end):
                logs = {}
                hook(batch, logs)
                print(json.dumps(logs))
        logs = {'loss': 0.5}
        callback.on_epoch_end(epoch, logs)
        print(json.dumps(logs))
    callback.on_train_end({})
'''


def test_keras_logs_of_batches_and_epochs_are_filled_in_place(over):
    import json
    found = [json.loads(line) for line in over(CALM).lines(KERAS_RUN + 'run(GpuStatsLogger([0]), epochs=1)')]
    assert found == [state()] * 4 + [{'loss': 0.5, **state()}]


def test_keras_logs_times(over):
    import json
    found = [json.loads(line) for line in over(CALM).lines(
        KERAS_RUN + 'run(GpuStatsLogger(1, False, False, intra_step_time=True, inter_step_time=True))')]
    intra, inter = 'batch_time/intra_step (ms)', 'batch_time/inter_step (ms)'
    assert [list(logs) for logs in found] == [[], [intra], [inter], [intra], ['loss', intra, inter]] * 2
    assert all(0 <= value < 1000 for logs in found for value in logs.values())


def test_keras_hooks_do_not_ask_the_driver(over):
    """Sampling is off the training thread."""
    assert over(CALM).lines(KERAS_RUN + '''
import threading
from nvitop.callbacks import keras as module
callback = GpuStatsLogger(1)
asked, look = [], callback._sampler._look
def watched():
    asked.append(threading.current_thread().name)
    return look()
callback._sampler._look = watched
callback.on_train_begin()
del asked[:]
for hook in (callback.on_epoch_begin, callback.on_train_batch_begin, callback.on_train_batch_end,
             callback.on_epoch_end):
    hook(0, {})
print('MainThread' in asked)
callback.on_train_end()
print(threading.active_count())
''') == ['False', '1']


# ---- Lightning


LIGHTNING_RUN = STUBS + '''
from types import SimpleNamespace
class Logger:
    def __init__(self):
        self.lines = []
    def log_metrics(self, metrics, step):
        self.lines.append((step, metrics))
def trainer(**members):
    root = SimpleNamespace(type=members.pop('device', 'cuda'))
    return SimpleNamespace(global_step=7, strategy=SimpleNamespace(root_device=root), **members)
'''


def test_lightning_base_is_the_one_of_its_name_first(two):
    for module, there, base in (('lightning', ('lightning.pytorch', 'pytorch_lightning'), 'lightning.pytorch'),
                                ('lightning', ('pytorch_lightning',), 'pytorch_lightning'),
                                ('pytorch_lightning', ('lightning.pytorch', 'pytorch_lightning'), 'pytorch_lightning'),
                                ('pytorch_lightning', ('lightning.pytorch',), 'lightning.pytorch')):
        absent = {'lightning', 'pytorch_lightning'} - {name.split('.')[0] for name in there}
        assert two.lines(STUBS + f'''
no(*{sorted(absent)!r})
for name in {there!r}:
    lightning(name)
from nvitop.callbacks import {module} as module
print(module.GpuStatsLogger.home, module.MisconfigurationException.home)
''') == [f'{base} {base}']


def test_lightning_logs_to_all_loggers_as_the_hooks_are_called(over):
    found = over(CALM).lines(LIGHTNING_RUN + '''
lightning('lightning.pytorch')
from nvitop.callbacks.lightning import GpuStatsLogger
callback = GpuStatsLogger(intra_step_time=True, inter_step_time=True, gpu_utilization=False)
it = trainer(device_ids=[0, 0], loggers=[Logger(), Logger()], is_global_zero=True)
module = object()
callback.on_train_start(it, module)
for epoch in range(2):
    callback.on_train_epoch_start(it, module)
    for batch in range(2):
        callback.on_train_batch_start(it, module, 'batch', batch)
        callback.on_train_batch_end(it, module, 'outputs', 'batch', batch)
callback.on_train_end(it, module)
assert it.loggers[0].lines == it.loggers[1].lines
import threading
print(threading.active_count(), set(step for step, _ in it.loggers[0].lines))
for _, metrics in it.loggers[0].lines:
    print([key for key in metrics if 'batch' in key], {k: v for k, v in metrics.items() if 'gpu' in k})
''')
    numbers = str({key: value for key, value in state().items() if 'gpu (%)' not in key})
    intra, inter = 'batch_time/intra_step (ms)', 'batch_time/inter_step (ms)'
    assert found == ['1 {7}'] + [f'{names} {numbers}' for names in ([], [intra], [inter], [intra])] * 2


def test_lightning_of_before_2_has_one_logger_and_other_names(over):
    found = over('two', {'CUDA_VISIBLE_DEVICES': '1,0'}).lines(LIGHTNING_RUN + '''
lightning('pytorch_lightning')
from nvitop.callbacks.pytorch_lightning import GpuStatsLogger
callback = GpuStatsLogger(memory_utilization=False)
it = trainer(data_parallel_device_ids=[1, 0, 1], logger=Logger())
callback.on_train_start(it)
callback.on_train_batch_start(it)
callback.on_exception(it, None, KeyError())
callback.on_train_batch_end(it)
print(len(it.logger.lines), *it.logger.lines[0][1])
''')
    assert found == ['1 gpu_id: 1 (physical index: 0)/utilization.gpu (%) '
                     'gpu_id: 0 (physical index: 1)/utilization.gpu (%)']


def test_lightning_tells_which_trainers_it_cannot_log_for(over):
    assert over(CALM).lines(LIGHTNING_RUN + '''
lightning('lightning.pytorch')
from nvitop.callbacks.lightning import GpuStatsLogger
start = GpuStatsLogger().on_train_start
told(lambda: start(trainer(device_ids=[0], loggers=[]), None))
told(lambda: start(trainer(device_ids=[0], logger=None), None))
told(lambda: start(trainer(device_ids=[0], logger=Logger(), device='cpu'), None))
told(lambda: start(trainer(device_ids=[3], logger=Logger()), None))
''') == ['MisconfigurationException Cannot use GpuStatsLogger callback with Trainer that has no logger.'] * 2 + [
        'MisconfigurationException You are using GpuStatsLogger but are not running on GPU. '
        'The root device type is cpu.',
        'ValueError Cannot use GpuStatsLogger callback because devices unavailable. Received: `gpus=[3]`']


def test_lightning_logs_on_rank_zero_alone(over):
    assert over(CALM).lines(LIGHTNING_RUN + '''
import threading
lightning('lightning.pytorch')
from nvitop.callbacks.lightning import GpuStatsLogger
callback = GpuStatsLogger()
it = trainer(device_ids=[0], loggers=[Logger()], is_global_zero=False)
callback.on_train_start(it, None)
callback.on_train_batch_start(it, None, None, 0)
callback.on_train_batch_end(it, None, None, None, 0)
print(it.loggers[0].lines, threading.active_count())
''') == ['[] 1']


# ---- TensorBoard


def test_scalars_are_written_in_order(two):
    assert two.lines('''
        from nvitop.callbacks.tensorboard import add_scalar_dict
        class Writer:
            def add_scalar(self, *args, **kwargs):
                print(args, kwargs)
        add_scalar_dict(Writer(), 'main', {'b/x': 1, 'a': 2.5}, global_step=3)
        from nvitop import NA
        add_scalar_dict(Writer(), 'm', {'a': 1, 'n': NA}, 4, 5.5)
    ''') == ["('main/b/x', 1) {'global_step': 3, 'walltime': None}", "('main/a', 2.5) {'global_step': 3, 'walltime': None}",
             "('m/a', 1) {'global_step': 4, 'walltime': 5.5}", "('m/n', nan) {'global_step': 4, 'walltime': 5.5}"]
