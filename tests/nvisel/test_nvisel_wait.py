"""--wait and --sustain: over a scenario whose clock the test sets, and whose calls it sees."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import time
from pathlib import Path

import pytest

from support import paths, sim
from support.watching import PATIENCE, READS, SLACK, CallLog, Program, Shell

SYSTEM = '[system]\ndriver_version = 550.163.01\ncuda_version = 12040\n'
BUSY = '[device 0-2]\nmem_total = 10000MiB\nmem_used = 9000MiB\n'
FREED = BUSY + '[device 1]\nmem_used = steps 9000MiB@0 100MiB@10\n'
LOOK = r'^nvmlDeviceGetUtilizationRates 1$'  # a call is in the log before it is answered; memory was, by then
PERIOD = 1.0  # seconds from one look to the next
WARNING = 'nvisel: warning: Not enough devices found.\n'


class Stage:
    """nvisel over a scenario of the test's, with a clock and a log of calls."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack, text: str):
        self.clock = folder / 'clock'
        self.set_clock(0)
        scenario = folder / 'scenario.ini'
        scenario.write_text(SYSTEM + text, encoding='utf-8')
        self.log = stack.enter_context(contextlib.closing(CallLog(folder)))
        running = stack.enter_context(sim.scenario(scenario))
        self.env = {**running.env, **self.log.env, 'NVITOP_SIM_CLOCK': str(self.clock)}
        self.stack = stack

    def set_clock(self, seconds: float):
        new = self.clock.with_suffix('.new')
        new.write_text(str(seconds))
        new.rename(self.clock)

    def start(self, *words: str, **more) -> Program:
        return self.stack.enter_context(Program(*words, env=self.env, program=paths.nvisel(), **more))

    def look(self):
        """Until the devices have been looked at once more."""
        self.log.forget()
        self.log.wait_for(LOOK)


@pytest.fixture
def stage(tmp_path):
    """stage(text) is a Stage over the scenario."""
    with contextlib.ExitStack() as stack:
        yield lambda text: Stage(tmp_path, stack, text)


def test_waits_until_a_device_is_free(stage):
    on = stage(FREED)
    program = on.start('--wait', '-f', '5GiB')
    on.look()
    on.look()
    assert program.process.poll() is None and program.out.lines == []
    on.set_clock(10)
    changed = program.seconds
    assert program.finish()[:3] == (0, '1\n', 'CUDA_VISIBLE_DEVICES="1"\n')
    assert program.seconds - changed < 2 * PERIOD + SLACK


def test_waits_for_as_many_as_are_needed(stage):
    on = stage(FREED + '[device 2]\nmem_used = steps 9000MiB@0 200MiB@20\n')
    program = on.start('--wait', '-n', '2', '-f', '5GiB')
    on.look()
    on.set_clock(10)
    on.look()
    on.look()
    assert program.process.poll() is None
    on.set_clock(20)
    assert program.finish()[:2] == (0, '1,2\n')


def test_does_not_wait_for_what_is_there(stage):
    status, out, err, seconds = stage(BUSY).start('--wait', '-n', '2').finish()
    assert (status, out, err) == (0, '2,1\n', 'CUDA_VISIBLE_DEVICES="2,1"\n')
    assert seconds < SLACK


@pytest.mark.parametrize(('words', 'status'), [(['--wait', '-n', '0'], 0), (['--wait=0'], 0), (['--wait=0', '-f', '5GiB'], 4)])
def test_no_patience_is_one_look(stage, words, status):
    rc, out, _, seconds = stage(BUSY).start(*words).finish()
    assert (rc, out) == (status, '2,1,0\n' if words == ['--wait=0'] else '\n')
    assert seconds < SLACK


def test_when_time_is_up_the_short_list_is_printed(stage):
    on = stage(FREED)
    on.set_clock(10)
    status, out, err, seconds = on.start('--wait=1.2', '-c', '2', '-f', '5GiB').finish()
    assert (status, out, err) == (4, '1\n', f'CUDA_VISIBLE_DEVICES="1"\n{WARNING}')
    assert 1.2 <= seconds < 1.2 + SLACK


def test_says_if_there_are_not_so_many(stage):
    status, out, err, _ = stage(BUSY).start('--wait=0.1', '-c', '4').finish()
    assert (status, out) == (4, '2,1,0\n')
    assert err == ('nvisel: warning: waiting for 4 devices, but there are 3.\n'
                   f'CUDA_VISIBLE_DEVICES="2,1,0"\n{WARNING}')


def test_accounts_are_known_before_anything_is_chosen(stage):
    text = BUSY + '[process JOB]\ndevice = 0\nmem = 8000MiB\n'
    assert stage(text).start('--wait', '-f', '5GiB', '--account-as-free').finish()[:2] == (0, '0\n')


# ---- steadiness


def test_a_device_that_flickers_is_not_steady(stage):
    on = stage(BUSY + '[device 1]\nmem_used = 100MiB\n[device 2]\nmem_used = square 100MiB 9000MiB 0.7s\n')
    del on.env['NVITOP_SIM_CLOCK']
    status, out, err, seconds = on.start('--sustain', '2', '-f', '5GiB', '--explain').finish()
    assert (status, out) == (0, '1\n')
    assert 2 <= seconds < 2 + PERIOD + SLACK
    assert re.search(r'^ +2 +- .*(has kept the bounds for [01]\.\d of 2 s|free memory 1000MiB, at least 5120MiB wanted)$', err, re.M)


def test_sustain_begins_anew_after_a_lapse(stage):
    on = stage(BUSY + '[device 1]\nmem_used = steps 100MiB@0 9000MiB@10 100MiB@20\n')
    program = on.start('--wait', '--sustain', '1', '-f', '5GiB')
    on.look()
    on.set_clock(10)
    on.look()
    on.look()
    on.set_clock(20)
    changed = program.seconds
    assert program.finish()[:2] == (0, '1\n')
    assert program.seconds - changed >= 1


def test_sustain_alone_watches_once(stage):
    on = stage(FREED)
    program = on.start('--sustain', '1.5', '-f', '5GiB')
    on.look()
    on.look()  # the first snapshot may lack a device, and is passed over then
    on.set_clock(10)  # free from then on, which is too late
    status, out, err, seconds = program.finish()
    assert (status, out) == (0, '\n')
    assert 1.5 <= seconds < 1.5 + PERIOD + SLACK


@pytest.mark.parametrize('seconds', ['1e9', '1e12', '1e19', '1e308'])
def test_ever_so_long_is_never_reached(stage, seconds):
    """Spans beyond what the clock can count are still no shorter than others."""
    status, out, err, _ = stage(BUSY).start('--wait=0.1', '--sustain', seconds).finish()
    assert (status, out, err) == (4, '\n', f'CUDA_VISIBLE_DEVICES=""\n{WARNING}')


@pytest.mark.parametrize('seconds', ['1e9', '1e12', '1e19', '1e308'])
def test_ever_so_patient_waits(stage, seconds):
    on = stage(FREED)
    program = on.start(f'--wait={seconds}', '-f', '5GiB')
    on.look()
    on.look()
    assert program.process.poll() is None and program.out.lines == []
    on.set_clock(10)
    assert program.finish()[:2] == (0, '1\n')


# ---- endings


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_at_once(stage, number):
    on = stage(BUSY)
    program = on.start('--wait', '-f', '5GiB')
    on.look()
    sent = program.seconds
    program.process.send_signal(number)
    assert program.finish()[:3] == (-number, '', '')
    assert program.seconds - sent < 1


def test_ctrl_c_is_130_to_the_shell(stage):
    on = stage(BUSY)
    with contextlib.closing(Shell(on.env)) as shell:
        shell.type(f'x=$({paths.nvisel()} --wait -f 5GiB); echo "$? <$x>"\n')
        on.look()
        shell.type('\x03')
        assert shell.prompt(PATIENCE)[1] == 130


def test_a_driver_that_goes_away_comes_back(stage):
    gone = 'LIB_RM_VERSION_MISMATCH at 10 until 20'
    on = stage(f'error.nvmlDeviceGet* = {gone}\nerror.nvmlInit* = {gone}\n{BUSY}'
               '[device 1]\nmem_used = steps 9000MiB@0 100MiB@10\n')
    program = on.start('--wait', '-f', '5GiB')
    on.look()
    on.set_clock(10)
    on.log.forget()
    on.log.wait_for(r'^nvmlInit\w* -$')
    assert program.process.poll() is None
    on.set_clock(20)
    assert program.finish()[:2] == (0, '1\n')


def test_no_driver_at_the_start_is_an_error(stage):
    on = stage('init_error = DRIVER_NOT_LOADED\n[device 0]\n')
    status, out, err, seconds = on.start('--wait').finish()
    assert (status, out) == (2, '')
    assert err.startswith('NVML ERROR: Driver Not Loaded\nHINT: ')
    assert seconds < SLACK


@pytest.mark.parametrize('words', [[], ['--wait'], ['--sustain', '0.5']])
def test_a_gpu_that_hangs_is_not_chosen(stage, words):
    on = stage('[device 0-2]\nmem_total = 10000MiB\nmem_used = 100MiB\n[device 1]\nhang.nvmlDeviceGetMemoryInfo* = yes\n')
    status, out, err, seconds = on.start(*words, '--explain').finish()
    assert (status, out) == (0, '2,0\n')
    assert re.search(r'^ +1 +- +N/A +N/A +\S+ +\S+  does not respond$', err, re.M)
    assert seconds < READS + PERIOD + SLACK


def test_the_only_gpu_hangs_in_its_process_list(stage):
    """Nobody is left to say who uses what, and nobody is waited for."""
    on = stage('[device 0]\nhang.nvmlDeviceGetComputeRunningProcesses* = yes\n')
    status, out, err, seconds = on.start('--sustain', '0.5', '--account-as-free', '--explain').finish()
    assert (status, out) == (0, '\n')
    assert 'does not respond' in err
    assert seconds < READS + PERIOD + SLACK


def test_waits_for_devices_that_cuda_may_see(stage):
    on = stage(FREED + '[device 2]\nmem_used = 100MiB\n')
    program = on.start('--wait', '-f', '5GiB', '-i', '1,0')
    on.look()
    on.look()
    assert program.process.poll() is None
    on.set_clock(10)
    assert program.finish()[:2] == (0, '1\n')


# ---- progress


def read_terminal(master: int, pattern: str) -> str:
    """What is written to the terminal, until the pattern is there."""
    text, end = '', time.monotonic() + PATIENCE
    while not re.search(pattern, text):
        assert select.select([master], [], [], max(0, end - time.monotonic()))[0], text
        text += os.read(master, 4096).decode()
    return text


def test_progress_is_a_line_on_a_terminal_only(stage):
    on = stage(FREED)
    master, slave = pty.openpty()
    program = on.start('--wait', '-f', '5GiB', stderr=slave)
    os.close(slave)
    text = read_terminal(master, r'0:0\d, 0 of 1 devices found')
    assert '\n' not in text
    on.set_clock(10)
    text = read_terminal(master, 'CUDA_VISIBLE_DEVICES="1"')
    assert text.split('CUDA')[0].endswith('\r\033[K')
    assert (program.process.wait(PATIENCE), program.out.end()) == (0, '1\n')
    os.close(master)
