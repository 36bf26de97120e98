"""A driver that hangs: keys act while the call is still out, the other GPUs go on, the prompt comes back.

A call that hangs here never returns. So whatever happens on the screen happens while it is out;
no clock is needed to show that nothing waited for it.
"""

from __future__ import annotations

import re
import signal
import statistics
import time

import pytest

from monitors import CARD, LEAVE, SILENT, STEPS, THREE, WAITING, Monitor, is_end

ONE = f'{THREE}[device 1]\nhang.nvmlDeviceGetUtilizationRates = yes after 1\n'
ALL = f'{THREE}[device 0-2]\nhang.nvmlDeviceGetMemoryInfo* = yes after 1\n'
LISTS = f'{THREE}[device 1]\nhang.nvmlDeviceGetComputeRunningProcesses* = yes after 1\n'
INIT = f'hang.nvmlInit* = yes\n{THREE}'
HANDLE = f'{THREE}[device 1]\nhang.nvmlDeviceGetHandleByIndex* = yes\n'
TROUBLE = {'one': ONE, 'all': ALL, 'init': INIT, 'handle': HANDLE}


def wait_for_trouble(monitor: Monitor, kind: str):
    """Until the screen says what is wrong."""
    monitor.wait_text(WAITING if kind in ('init', 'handle') else SILENT)


def value_of(monitor: Monitor, gpu: int) -> str:
    """The GPU's utilization as its row shows it."""
    lines = monitor.lines()
    for at, line in enumerate(lines):
        if re.match(rf'│ +{gpu}  ', line):
            return (re.search(r'(\d+)% +Default', lines[at + 1]) or [None, ''])[1]
    return ''


def test_trap_12_the_screen_comes_before_the_driver(open_scenario):
    with open_scenario(INIT) as running, Monitor(running) as monitor:
        monitor.wait_text(WAITING)
        assert monitor.screen.has_mode(1049)
        monitor.type('h')
        monitor.wait_for(lambda tty: not re.search(WAITING, tty.text()), 'the help')
        monitor.type('q')
        monitor.wait_text(WAITING)
        monitor.type('q')
        monitor.leaves()


def test_trap_12_then_the_driver_comes(open_scenario):
    with open_scenario(f'delay.nvmlInit* = 1s\n{THREE}') as running, Monitor(running) as monitor:
        monitor.wait_text(WAITING)
        monitor.wait_ready()
        assert not re.search(WAITING, monitor.text())
        monitor.type('q')
        assert monitor.leaves() == 0


def test_trap_11_the_other_gpus_go_on(open_scenario, set_clock):
    with open_scenario(ONE) as running, Monitor(running) as monitor:
        monitor.wait_text(SILENT)
        for second, value in ((10, '22'), (20, '33')):
            set_clock(second)
            monitor.wait_for(lambda tty, v=value: value_of(tty, 0) == v and value_of(tty, 2) == v, f'{value} %')
            assert re.search(rf'^│ +1 .*{SILENT}', monitor.text(), re.M)


def test_trap_11_since_when_does_not_move(open_scenario, set_clock):
    with open_scenario(ONE) as running, Monitor(running) as monitor:
        since = monitor.wait_text(SILENT).group()
        for second, value in ((10, '22'), (20, '33'), (30, '44')):
            set_clock(second)
            monitor.wait_for(lambda tty, v=value: value_of(tty, 0) == v, f'{value} %')
            assert re.findall(SILENT, monitor.text()) == [since]


@pytest.mark.parametrize('mode', ['full', 'compact', 'dense'])
def test_trap_11_every_layout_says_it(open_scenario, mode):
    with open_scenario(ONE) as running, Monitor(running, '-m', mode) as monitor:
        assert len(monitor.wait_text(rf'^│ +1\b.*{SILENT}').group()) <= 100


@pytest.mark.parametrize('kind', TROUBLE)
def test_trap_11_keys_act_while_the_call_is_out(open_scenario, kind):
    with open_scenario(TROUBLE[kind]) as running, Monitor(running) as monitor:
        wait_for_trouble(monitor, kind)
        monitor.type('h')
        monitor.wait_for(lambda tty: 'Processes:' not in tty.text(), 'the help')
        monitor.type('x')
        wait_for_trouble(monitor, kind)
        monitor.type('c')
        monitor.wait_for(lambda tty: 'Load Average:' in tty.text() and '╴30s' not in tty.text(), 'the compact layout')
        monitor.type('f')
        monitor.wait_text('╴30s')


@pytest.mark.parametrize('kind', ['one', 'all'])
def test_trap_11_the_selection_moves(open_scenario, kind):
    with open_scenario(TROUBLE[kind]) as running, Monitor(running).wait_ready() as monitor:
        wait_for_trouble(monitor, kind)
        monitor.type('Down')
        first = monitor.wait_for(lambda tty: max(0, tty.reversed_row()), 'the selection')
        monitor.type('Down')
        monitor.wait_for(lambda tty: tty.reversed_row() > first, 'the next row')


@pytest.mark.parametrize('kind', TROUBLE)
@pytest.mark.parametrize('way', ['q', 'SIGTERM', 'SIGHUP'])
def test_trap_11_leaving_takes_no_time(open_scenario, kind, way):
    with open_scenario(TROUBLE[kind]) as running, Monitor(running) as monitor:
        wait_for_trouble(monitor, kind)
        if way == 'q':
            monitor.type('q')
        else:
            monitor.process.send_signal(getattr(signal, way))
        assert is_end(monitor.leaves(LEAVE), 0 if way == 'q' else getattr(signal, way))


def test_trap_11_a_list_that_hangs_is_a_gpu_that_hangs(open_scenario, set_clock):
    with open_scenario(LISTS) as running, Monitor(running) as monitor:
        monitor.wait_text(rf'^│ +1\b.*{SILENT}')
        set_clock(10)
        monitor.wait_for(lambda tty: value_of(tty, 0) == '22' and value_of(tty, 2) == '22', 'the others')


@pytest.fixture
def calls(tmp_path):
    """calls() counts the driver calls begun so far, or those of one function; `calls.log` is where they are told."""
    log = tmp_path / 'calls'

    def count(name: str = '') -> int:
        lines = log.read_text().splitlines() if log.exists() else []
        return sum(line.startswith(name) for line in lines)
    count.log = str(log)
    return count


def is_help(tty) -> bool:
    return 'Load Average' not in tty.text()


def is_main(tty) -> bool:
    return 'Load Average:' in tty.text()


@pytest.mark.parametrize('delay, limit', [('20ms', 5), ('0.5s', 1)])
def test_slow_calls_hold_up_no_key(open_scenario, calls, delay, limit):
    """All is read anew, and a key comes in the midst of it: so does its answer, a call or two later.

    Who waits for a pass, with its dozen calls and more, would answer after them. A machine that is busy
    may be late now and then, not every other time.
    """
    text = f'delay.nvmlDevice* = {delay}\n[device 0]\n{CARD}[process P]\ncommand = train\n'
    with open_scenario(text, NVITOP_SIM_LOG=calls.log) as running, Monitor(running) as monitor:
        monitor.wait_for(is_main, 'the main screen')
        between = []
        for _ in range(7):
            before = calls()
            monitor.type('r')
            monitor.wait_for(lambda _, b=before: calls() > b, 'a call', step=0.002)
            before = calls()
            monitor.type('h')
            monitor.wait_for(is_help, 'the help')
            between.append(calls() - before)
            monitor.type('x')
            monitor.wait_for(is_main, 'the main screen')
        assert statistics.median(between) <= limit, between


def test_a_pass_has_more_calls_than_a_key_is_granted(open_scenario, calls):
    """Else the test above would show nothing."""
    text = f'[device 0]\n{CARD}[process P]\ncommand = train\n'
    with open_scenario(text, NVITOP_SIM_LOG=calls.log) as running, Monitor(running).wait_ready() as monitor:
        before = calls('nvmlDevice')
        monitor.type('r')
        monitor.wait_for(lambda _: calls('nvmlDevice') >= before + 12, 'a dozen calls', 0.9)


LONG = 20.0  # seconds


@pytest.mark.parametrize('name', ['nvmlInit', 'nvmlDeviceGetHandleByIndex', 'nvmlDeviceGetMemoryInfo',
                                  'nvmlDeviceGetComputeRunningProcesses'])
def test_a_long_call_holds_up_no_key(open_scenario, calls, name):
    """Everything below happens in less time than the one call that is out takes."""
    text = f'delay.{name}* = {LONG}s\n{THREE}'
    with open_scenario(text, NVITOP_SIM_LOG=calls.log) as running, Monitor(running) as monitor:
        monitor.wait_for(lambda _: calls(name), 'the call', step=0.01)
        begun = time.monotonic()
        monitor.wait_for(is_main, 'the main screen')
        for key, sight in (('h', is_help), ('x', is_main), ('c', lambda tty: is_main(tty) and '╴30s' not in tty.text()),
                           ('f', lambda tty: '╴30s' in tty.text())):
            monitor.type(key)
            monitor.wait_for(sight, f'the answer to {key}')
        monitor.type('q')
        assert monitor.leaves() == 0
        assert time.monotonic() - begun < LONG - 1


def test_trap_10_a_gpu_lost_and_found(open_scenario, set_clock):
    text = f'[device 0-1]\n{CARD}{STEPS}[device 1]\nlost_at = 5\nback_at = 15\n'
    with open_scenario(text) as running, Monitor(running) as monitor:
        monitor.wait_for(lambda tty: value_of(tty, 1) == '11', 'GPU 1')
        set_clock(10)
        monitor.wait_text(r'^│ +1 .*(?i:lost)|^│.*(?i:gpu is lost)')
        monitor.wait_for(lambda tty: value_of(tty, 0) == '22', 'GPU 0')
        set_clock(20)
        monitor.wait_for(lambda tty: value_of(tty, 1) == '33', 'GPU 1 again')
        monitor.type('q')
        assert monitor.leaves() == 0


def test_trap_40_a_driver_that_is_replaced(open_scenario, set_clock):
    faults = ''.join(f'error.{name} = LIB_RM_VERSION_MISMATCH at 5 until 15\n'
                     for name in ('nvmlDeviceGet*', 'nvmlInit*', 'nvmlSystem*'))
    with open_scenario(f'{faults}{THREE}') as running, Monitor(running) as monitor:
        monitor.wait_for(lambda tty: value_of(tty, 1) == '11', 'the GPUs')
        set_clock(10)
        monitor.wait_text(r'trying again')
        monitor.type('h')
        monitor.wait_for(lambda tty: 'trying again' not in tty.text(), 'the help')
        monitor.type('x')
        set_clock(20)
        monitor.wait_for(lambda tty: value_of(tty, 1) == '33', 'the GPUs again')
        monitor.type('q')
        assert monitor.leaves() == 0
