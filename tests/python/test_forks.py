"""Children: whatever the parent is in the middle of, they can use everything, and the parent goes on."""

from __future__ import annotations

import pytest

# child() runs a function in a child of a fork and gives back how that ended.
FORK = '''
import os, signal, sys, threading, traceback
import everything
from nvitop import *

def child(use=everything.use):
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            use()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
'''


@pytest.fixture
def lines(two):
    return lambda script: two.lines(FORK + script, timeout=120)


def test_children_of_a_parent_that_is_in_the_middle_of_everything(lines):
    """Its threads are at work in each part of the package; a child has a child, too."""
    assert lines('''
import itertools
everything.use()
collector, over, failed = ResourceMetricCollector(root_pids={1}, interval=0.002), threading.Event(), []

def work(part):
    try:
        while not over.is_set():
            part()
    except BaseException as error:
        failed.append((part.__name__, error))

def use():
    assert collector.collect()['outer/gpu:0/memory_total (MiB)/last'] == 24 * 1024
    everything.use()
    with collector('inner'):
        assert collector.collect()['outer/inner/gpu:1/memory_total (MiB)/last'] == 16 * 1024

sys.setswitchinterval(1e-5)
threads = [threading.Thread(target=work, args=(part,)) for part in everything.PARTS]
with collector('outer'):
    for thread in threads:
        thread.start()
    print([child(use) for _ in range(5)], child(lambda: os._exit(child(use))))
    over.set()
    for thread in threads:
        thread.join()
    print(failed, len(collector.collect()) > 30)
''') == ['[0, 0, 0, 0, 0] 0', '[] True']


def test_child_of_a_thread_goes_on_alone(lines):
    assert lines('''
with ResourceMetricCollector(interval=0.01)('parent') as collector:
    collector.collect()
    found = []
    thread = threading.Thread(target=lambda: found.append(child()))
    thread.start()
    thread.join()
    print(found, child(lambda: print(everything.use(), threading.active_count(), flush=True)))
''') == ['None 1', '[0] 0']


def test_child_of_a_parent_whose_thread_is_stuck(over):
    """The GPU that does not answer holds up nobody who does not ask it."""
    assert over('hang').lines(FORK + '''
stuck, inside = Device(2), threading.Event()

def ask():
    inside.set()
    stuck.temperature()

def use():
    assert [Device(0).name(), Device(3).temperature() > 0] == ['NVIDIA L40S', True]
    assert len(take_snapshots([Device(0), Device(1)]).gpu_processes) == 2
    with ResourceMetricCollector(Device(0))('a') as collector:
        assert len(collector.collect()) > 30
    threading.Thread(target=ask, daemon=True).start()
    sys.exit(0)

threads = [threading.Thread(target=ask, daemon=True) for _ in range(3)]
for thread in threads:
    thread.start()
inside.wait()
stuck.temperature()
pid = os.fork()
if pid == 0:
    use()
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), Device(0).name())
''', timeout=60) == ['0 NVIDIA L40S']


def test_program_that_takes_the_place_of_a_child_starts_anew(lines):
    assert lines('''
with ResourceMetricCollector(interval=0.01)('parent') as collector:
    everything.use()
    program = [sys.executable, '-X', 'dev', '-W', 'error', '-c', 'import everything; everything.use()']
    print(child(lambda: os.execv(program[0], program)))
    listing = [sys.executable, '-c', 'import os; print(len(os.listdir("/proc/self/fd")))']
    import subprocess
    kept = [subprocess.run(listing, close_fds=close, capture_output=True, text=True).stdout for close in (True, False)]
    inherited = sum(os.get_inheritable(int(fd)) for fd in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{fd}'))
    print(int(kept[1]) - int(kept[0]) == inherited - 3)
''') == ['0', 'True']


@pytest.mark.parametrize('method', ['fork', 'spawn', 'forkserver'])
def test_workers_get_and_give_back_devices_and_processes(two, method):
    assert two.lines('''
        import multiprocessing, os, sys
        from concurrent.futures import ProcessPoolExecutor
        import workers
        from nvitop import *
        device, context = Device(1), multiprocessing.get_context(sys.argv[1])
        process = next(iter(device.processes().values()))
        it = device, process, Snapshot(device, memory=process.gpu_memory(), serial=NA, name=device.name()), NA
        with ResourceMetricCollector(interval=0.01)('parent'):
            queue = context.Queue()
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                worker = context.Process(target=workers.put, args=(queue, it))
                worker.start()
                found = [*pool.map(workers.look, [it, it]), queue.get()]
                worker.join()
        for pid, (same, same_process, _, na) in found:
            assert pid != os.getpid() and same == device and same_process is process and na is NA
        print(worker.exitcode, len(found))
    ''', method, timeout=120) == ['0 3']
