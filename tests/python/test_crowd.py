"""Many threads, and ten thousand times the same: nobody gets in another's way, and nothing is left behind."""

from __future__ import annotations

import pytest

CROWD = '''
import sys, threading
import everything
from nvitop import *

THREADS = 32
sys.setswitchinterval(1e-5)
everything.use()
shared, start, failed = ResourceMetricCollector(root_pids={1}, interval=0.002), threading.Barrier(THREADS), []
devices = Device.all()
facts = [(device.uuid(), device.memory_total()) for device in devices]

def shares():
    """What belongs to all: devices, a collector with one window of each thread."""
    assert [(device.uuid(), device.memory_total()) for device in devices] == facts
    for device in devices:
        with device.oneshot():
            assert device.memory_info() == device.memory_info() and device.as_snapshot().uuid == device.uuid()
    metrics = shared.collect()  # empty where another thread has just cleared it
    assert metrics.get('all/gpu:1/memory_total (MiB)/last', 16 * 1024) == 16 * 1024
    shared.clear('all')

def work(number):
    parts = (*everything.PARTS, shares)
    start.wait()
    try:
        for turn in range(2):
            parts[(number + turn) % len(parts)]()
            parts[-1 - number % 2]()
    except BaseException as error:
        failed.append((number, repr(error)))

with shared('all'):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(failed, threading.active_count())
'''


def test_32_threads_use_everything_at_once(two):
    assert two.lines(CROWD, timeout=120) == ['[] 1']


# Done often; after the first tenth nothing grows but by what an allocator rounds up.
LEAKS = '''
import gc, os, threading, time
import everything
from nvitop import *
from nvitop.api import _visible

def held():
    gc.collect()
    until = time.monotonic() + 10  # a sampler ends soon, but by itself
    while threading.active_count() > 1 and time.monotonic() < until:
        pass
    with open('/proc/self/statm') as file:
        pages = int(file.read().split()[1])
    return pages * os.sysconf('SC_PAGE_SIZE') >> 10, len(os.listdir('/proc/self/fd')), len(os.listdir('/proc/self/task'))

collector, device = ResourceMetricCollector(Device(0), set(), 1e9), Device(0)

def activation():
    with collector('a'):
        pass

def dropped_collector():
    ResourceMetricCollector(device, set(), 1e9).start('a')

def collecting():
    with collector('a'):
        collector.collect()

def device_and_its_copies():
    assert Device(0) == Device(0) and CudaDevice(0).temperature() > 0

def error():
    try:
        Device(99)
    except NVMLError:
        pass

def values_of_cuda_visible_devices():
    values.append(None)
    parse_cuda_visible_devices(f'0,{len(values)}')

values = []
DONE = {
    activation: 10000, dropped_collector: 300, collecting: 200, device_and_its_copies: 10000, error: 1000,
    device.as_snapshot: 1000, take_snapshots: 100, select_devices: 200, values_of_cuda_visible_devices: 500,
    HostProcess().cmdline: 1000, Device(1).processes: 300,
}
everything.use()
for what, times in DONE.items():
    for _ in range(times // 10):
        what()
    before = held()
    for _ in range(times):
        what()
    after = held()
    grown = [now - was for was, now in zip(before, after)]
    if grown[0] > 512 or grown[1] > 0 or grown[2] > 0:
        print(getattr(what, '__name__', what), before, after)
print(sum(DONE.values()), len(_visible._kept) <= 64)
'''


def test_nothing_grows(two):
    assert two.lines(LEAKS, timeout=200) == ['24600 True']


def test_what_nobody_holds_is_gone(two):
    assert two.lines('''
        import gc, weakref
        from nvitop import *
        gc.disable()
        device, collector = Device(0), ResourceMetricCollector(interval=1e9)
        with collector('a'):
            collector.collect()
        thread = collector.daemonize(lambda metrics: False)
        thread.join()
        device.as_snapshot()
        with device.oneshot():
            device.memory_info()
        process = next(iter(device.processes().values()))
        gone = [weakref.ref(it) for it in (device, collector, process, process.host)]
        del device, process, collector, thread
        print([it() is None for it in gone])
    ''') == ['[True, True, True, True]']


@pytest.mark.parametrize('what', ['NOFILE', 'NPROC'])
def test_where_the_system_gives_no_more(two, what):
    """Without descriptors or threads there are values that are not available, or an error, but no end of the program."""
    assert two.lines(f'''
        import os, resource, threading
        import everything
        from nvitop import *
        before = resource.getrlimit(resource.RLIMIT_{what})
        collector = ResourceMetricCollector(Device(0))
        if {what == 'NPROC'}:
            os.setresuid(65534, 65534, 0)
            limit = 0
        else:
            limit = len(os.listdir('/proc/self/fd')) - 1
        resource.setrlimit(resource.RLIMIT_{what}, (limit, before[1]))
        told = []
        def ask(*questions):
            for question in questions:
                try:
                    question()
                    told.append('told')
                except (AssertionError, OSError, RuntimeError, NVMLError, host.PsutilError) as error:
                    told.append(type(error).__name__)
        ask(*everything.PARTS, take_snapshots, lambda: collector.start('a'), collector.collect, collector.stop, lambda:
            ResourceMetricCollector(Device(0))('b').__enter__().collect(), lambda: libnvml.nvmlQuery('nvmlDeviceGetCount'), parse_cuda_visible_devices, Device(1).as_snapshot)
        resource.setrlimit(resource.RLIMIT_{what}, before)
        if {what == 'NPROC'}:
            os.setresuid(0, 0, 0)
        everything.use()
        print(len(told), told[-1])
    ''', timeout=60) == ['13 told']
