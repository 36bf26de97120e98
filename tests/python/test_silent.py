"""A driver that never answers: whoever asks it waits, and nobody else; each question in a process of its own.

A child of a fork asks the silent GPU with one of its threads. Another thread must see the call go
out, and get its own answers from another GPU; if the call kept the interpreter's lock, the alarm
would end the child.
"""

from __future__ import annotations

import pytest

ASK = '''
import os, signal, sys, threading
from nvitop import *

sys.setswitchinterval(1e-4)
SILENT = 2
device, cuda, log = Device(SILENT), CudaDevice(SILENT), sys.argv[1]
process = GpuProcess(os.getpid(), device)
NO_QUESTIONS = {'oneshot', 'cuda', 'mig_device', 'from_indices', 'from_cuda_indices', 'failsafe', 'take_snapshots',
                'host', 'device', 'GPU_PROCESS_CLASS', 'temperature_threshold', 'set_gpu_memory', 'set_gpu_utilization'}

def query(name):
    return libnvml.nvmlQuery(name, libnvml.nvmlQuery('nvmlDeviceGetHandleByIndex', SILENT))

def questions():
    """What each question is called, and how it is asked."""
    seen = set()
    for kind, it in (('device', device), ('cuda', cuda), ('process', process)):
        for name in dir(type(it)):
            method = getattr(it, name)
            code = getattr(method, '__func__', method)
            if callable(method) and not name.startswith('_') and name not in NO_QUESTIONS and code not in seen:
                seen.add(code)
                yield f'{kind}.{name}', method
    yield 'device.minor_number', lambda: device.minor_number()
    yield 'repr(device)', lambda: repr(device)
    yield 'hash(device)', lambda: hash(Device(SILENT))
    yield 'MigDevice.all', MigDevice.all
    yield 'take_snapshots', lambda: take_snapshots(device)
    yield 'select_devices', lambda: select_devices(device)
    yield 'collector', lambda: ResourceMetricCollector(device)('a').__enter__().collect()
    for name in ('nvmlDeviceGetName', 'nvmlDeviceGetUtilizationRates', 'nvmlDeviceGetComputeRunningProcesses'):
        yield name, lambda name=name: query(name)

def is_asked(since):
    """Whether a question about the silent GPU has gone out; it does answer to look-ups of its handle."""
    with open(log) as calls:
        calls.seek(since)
        return any(line.endswith(f' {SILENT}\\n') and 'HandleBy' not in line for line in calls)

def answer(ask):
    signal.alarm(20)
    since = os.path.getsize(log)
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    while thread.is_alive() and not is_asked(since):
        pass
    if not thread.is_alive():
        return 'is told'
    return 'waits' if Device(0).temperature() > 0 and thread.is_alive() else 'is told late'

for name, ask in questions():
    child = os.fork()
    if child == 0:
        try:
            print(f'{name}: {answer(ask)}', flush=True)
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status:
        print(f'{name}: ended by {status}', flush=True)
'''

# What asks nobody about this GPU: facts of the driver as a whole, of the host, and those that are known.
TOLD = {
    *(f'device.{name}' for name in (
        'all', 'count', 'is_available', 'driver_version', 'cuda_driver_version', 'cuda_runtime_version',
        'cuda_version', 'cudart_version', 'max_cuda_version', 'is_mig_device')),
    *(f'cuda.{name}' for name in ('all', 'count', 'is_leaf_device', 'max_mig_device_count', 'mig_devices')),
    *(f'process.{name}' for name in (
        'is_running', 'status', 'create_time', 'running_time', 'running_time_human', 'running_time_in_seconds',
        'elapsed_time', 'elapsed_time_human', 'elapsed_time_in_seconds', 'username', 'name', 'cmdline', 'command',
        'cpu_percent', 'memory_percent', 'host_memory_percent', 'host_memory', 'host_memory_human', 'rss_memory',
        'host_snapshot', 'type', 'gpu_instance_id', 'compute_instance_id', 'gpu_memory', 'gpu_memory_human',
        'gpu_sm_utilization', 'gpu_memory_utilization', 'gpu_encoder_utilization', 'gpu_decoder_utilization')),
}


@pytest.fixture(scope='module')
def answers(tmp_path_factory):
    from conftest import Scripts
    from support import sim
    log = tmp_path_factory.mktemp('silent') / 'calls'
    log.touch()
    with sim.scenario('hang') as opened:
        lines = Scripts(opened).lines(ASK, str(log), env={'NVITOP_SIM_LOG': str(log)})
    return dict(line.rsplit(': ', 1) for line in lines)


def test_trap_11_whoever_asks_the_silent_gpu_waits_and_nobody_else(answers):
    waiting = {name for name, answer in answers.items() if answer == 'waits'}
    assert {'device.temperature', 'device.processes', 'device.as_snapshot', 'process.update_gpu_status',
            'nvmlDeviceGetName', 'select_devices', 'collector'} <= waiting
    assert len(waiting) > 90


def test_only_what_asks_nobody_is_told(answers):
    assert {name: answer for name, answer in answers.items() if answer != 'waits' and name not in TOLD} == {}


def test_who_is_not_chosen_is_not_asked(over, tmp_path):
    log = tmp_path / 'calls'
    assert over('hang').lines('''
        from nvitop import *
        print(select_devices(Device(0)), select_devices([Device(0), Device(1)]), len(take_snapshots(Device(0)).devices))
        print(len(ResourceMetricCollector([Device(3), Device(1)]).devices))
    ''', env={'NVITOP_SIM_LOG': str(log)}) == ['[0] [0, 1] 1', '2']
    calls = log.read_text().splitlines()
    assert 'nvmlDeviceGetMigMode 1' in calls and not [call for call in calls if call.endswith(' 2') and 'HandleBy' not in call]


@pytest.mark.parametrize('ask', [
    'print(select_devices())',
    'print([snapshot.index for snapshot in take_snapshots().devices if snapshot.temperature is not NA])',
    'collector = ResourceMetricCollector(interval=0.01).start("a")\n'
    'print([i for i in range(4) if collector.collect()[f"a/gpu:{i}/temperature (C)/last"] > 0])',
], ids=['choosing', 'snapshots', 'collector'])
def test_who_looks_at_all_waits_for_nobody_for_ever(over, ask):
    """For 3 seconds; after that it is known who does not answer, and not asked again."""
    lines = over('hang').lines(f'from nvitop import *\n{ask}\nprint(select_devices(Device.all()), Device(2).mig_devices())',
                               timeout=20)
    assert lines == ['[0, 1, 3]', '[0, 1, 3] []']
