"""How programs end: with their own status and at once, whatever is at work or stuck; and what signals do to them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from support import term

# With the interpreter's own checks: no warning, nothing that could not be raised, no lost resource.
CHECKED = ('-X', 'dev', '-W', 'error')
PATIENCE = 3.0  # how long whoever is in a driver is waited for, in seconds
START_UP = 10.0  # and an interpreter on a busy machine needs some
START = 'import atexit, os, signal, sys, threading\nfrom nvitop import *\n'


@pytest.fixture
def ends(two, over):
    """ends(SCRIPT) → status and lines; nothing may be complained of, and nobody waited for."""
    def run(script: str, scripts=two):
        done = scripts.sim.command([sys.executable, *CHECKED, '-c', START + script], scripts.env, 60)
        assert done.err == ''
        return done.rc, done.lines
    return run


@pytest.mark.parametrize('at_work', [
    'kept = ResourceMetricCollector(root_pids={1}, interval=0.001).start("a"); kept.collect()',
    'ResourceMetricCollector(interval=0.001).start("a")',
    'kept = [ResourceMetricCollector(interval=0.001).start("a").start("b") for _ in range(20)]',
    'seen = threading.Event(); collect_in_background(lambda metrics: seen.set() or True, interval=0.001); seen.wait()',
    'seen = threading.Event(); ResourceMetricCollector(root_pids={1}).daemonize(lambda metrics: seen.set() or True, 0.001); seen.wait()',
    'threading.Thread(target=lambda: [take_snapshots() for _ in iter(int, 1)], daemon=True).start()',
    'threading.Thread(target=sys.exit).start()',
    'library = libnvml.__enter__()',
], ids=['collector', 'dropped', 'many', 'background', 'daemon', 'thread', 'thread that exits', 'libnvml'])
def test_status_is_kept(ends, at_work):
    assert ends(f'{at_work}\nsys.exit(7)') == (7, [])


def test_error_is_told_and_nothing_else(two):
    done = two.run(START + 'kept = ResourceMetricCollector(interval=0.001).start("a")\nraise KeyError("mine")')
    assert (done.rc, done.err.splitlines()[-1], done.err.count('Error')) == (1, "KeyError: 'mine'", 1)


def test_everything_can_be_used_at_the_end(ends):
    """By functions that are called when the interpreter ends, and by what it then destroys."""
    assert ends('''
class Last:
    def __del__(self):
        print('destroyed', self.device.name(), self.collector.stop() is self.collector)

def at_end():
    import everything
    everything.use()
    print(len(collector.collect()) > 30, collector.stop() is collector)

collector = ResourceMetricCollector(interval=0.001).start('a')
last = Last()
last.device, last.collector, last.itself = Device(0), ResourceMetricCollector(interval=0.001).start('a'), last
atexit.register(at_end)
sys.exit(9)
''') == (9, ['True True', 'destroyed NVIDIA GeForce RTX 3090 True'])


STUCK = '''
inside = threading.Event()
def ask(device=Device(2)):
    inside.set()
    device.temperature()
threading.Thread(target=ask, daemon=True).start()
inside.wait()
'''


@pytest.mark.parametrize('at_work', [
    '',
    'collect_in_background(lambda metrics: True, ResourceMetricCollector(Device(0)), 0.001)',
    'threading.Thread(target=lambda: libnvml.nvmlQuery("nvmlDeviceGetName", Device(2).handle), daemon=True).start()',
    'kept = ResourceMetricCollector(Device(0), interval=0.001).start("a")',
], ids=['alone', 'background', 'libnvml', 'collector'])
def test_nobody_waits_for_a_driver_that_does_not_answer(ends, over, at_work):
    scripts = over('hang')
    before = time.monotonic()
    assert ends(f'{STUCK}{at_work}\nsys.exit(8)', scripts) == (8, [])
    assert time.monotonic() - before < 2 * PATIENCE + START_UP


# ---- signals

SLOW = '''
[system]
driver_version = 550.54.14
cuda_version = 12040
[device 0-1]
name = NVIDIA Card
[device 0]
delay.nvmlDeviceGetTemperature* = 0.5s
[device 1]
hang.nvmlDeviceGetTemperature* = yes
'''


@pytest.fixture
def slow(over, tmp_path):
    scenario = tmp_path / 'slow.ini'
    scenario.write_text(SLOW)
    return over(scenario)


def test_signals_are_handled_when_the_call_is_back(ends, slow):
    """As of any call into C: Ctrl-C ends it then, and the device is as good as before."""
    assert ends('''
device, told = Device(0), []
signal.signal(signal.SIGALRM, lambda *_: told.append(device.name()))
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
print(device.temperature(), set(told))
signal.setitimer(signal.ITIMER_REAL, 0)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    device.temperature()
except KeyboardInterrupt:
    print('interrupted')
print(device.temperature())
''', slow) == (0, ["35 {'NVIDIA Card'}", 'interrupted', '35'])


def test_ctrl_c_ends_a_collecting_program(ends):
    assert ends('''
told = []
collector = ResourceMetricCollector(root_pids={1}, interval=0.001)
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    with collector('a'):
        while True:
            told.append(len(collector.collect()) > 30)
except KeyboardInterrupt:
    pass
print(all(told), len(told) > 0, collector.stop() is collector, [thread.name for thread in threading.enumerate() if thread.daemon])
sys.exit(130)
''') == (130, ['True True True []'])


# Whoever runs the tests may ignore a signal or hold it back, which a program would inherit.
WAITING = '''
import resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if {number} != signal.SIGKILL:
    signal.signal({number}, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [{number}])
device = Device(1)
print("asks", flush=True)
device.temperature()
'''


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL], ids=lambda number: number.name)
def test_signal_ends_a_program_that_waits_for_the_driver(slow, number):
    """The main thread is in the call; a signal that Python does not handle needs nobody to come back."""
    script = START + WAITING.format(number=int(number))
    with subprocess.Popen([sys.executable, '-c', script], env=term.clean_env({**slow.sim.env, **slow.env}),
                          stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout.readline() == 'asks\n'
            program.send_signal(number)
            assert program.wait(30) == -number
        finally:
            program.kill()
