"""A driver that is slow or never answers: the report comes in time, complete but for what is missing."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal

import pytest

from support import paths, sim
from support.watching import NOT_RESPONDING, NOTICE, READS, SLACK, CallLog, Program, Shell, has_ended

WAITING = 'nvitop: waiting for the driver (up to 30 s)\n'
CARDS = '[device 0-1]\nname = NVIDIA Card\nmem_total = 16GiB\nmem_used = 1GiB\ngpu_util = 30\ntemperature = {i+61}\n'
JOBS = '[process JOB]\ncount = 2\ndevice = {i}\ncommand = job number {i}\nmem = 7MiB\n'


def gpus(out: str) -> list[int]:
    """Numbers of the GPUs whose rows are there."""
    return [int(n) for n in re.findall(r'^│ +([0-9]+)  \S', out.split('Processes:')[0], re.M)]


def assert_hang_report(out: str):
    """The scenario `hang`: GPU 2 says so, the others are well."""
    assert gpus(out) == [0, 1, 2, 3]
    assert out.count(NOT_RESPONDING) == 1
    for pid in (0, 1, 3):
        assert f'--port {pid + 30000}' in out
    assert out.rstrip().endswith('╛')


@pytest.mark.parametrize('args', [['-1'], ['-1', '-C'], ['-1', '-o', '2', '0', '1', '3']])
def test_one_gpu_of_four_never_answers(args):
    with sim.scenario('hang') as running, Program(*args, env={**running.env, 'COLUMNS': '140'}) as program:
        status, out, err, seconds = program.finish()
    assert (status, err) == (0, '')
    assert NOT_RESPONDING in out
    assert READS - 0.1 < seconds < READS + SLACK
    if args == ['-1']:
        assert_hang_report(out)


def test_the_prompt_comes_back_from_a_gpu_that_never_answers():
    with sim.scenario('hang') as running, contextlib.closing(Shell(running.env)) as shell:
        shell.type(f'COLUMNS=140 {paths.nvitop()} -1\n')
        text, status = shell.prompt(READS + 2 * SLACK)
    assert status == 0
    assert NOT_RESPONDING in text


@pytest.mark.parametrize('script', ['"$0" -1 | cat', 'text=$("$0" -1); echo "$text"'])
def test_the_end_of_file_comes_from_a_gpu_that_never_answers(script):
    with sim.scenario('hang') as running, Program('-c', script, str(paths.nvitop()), program='sh',
                                                  env={**running.env, 'COLUMNS': '140'}) as program:
        status, out, err, seconds = program.finish()
    assert (status, err) == (0, '')
    assert_hang_report(out)
    assert seconds < READS + SLACK


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_the_wait(tmp_path, number):
    with contextlib.closing(CallLog(tmp_path)) as log, sim.scenario('hang') as running, \
            Program('-1', env={**running.env, **log.env}) as program:
        log.wait_for(r'^nvmlDevice\w+ 2$')
        sent = program.seconds
        program.process.send_signal(number)
        status, out, err, seconds = program.finish()
    assert (status, out, err) == (-number, '', '')
    assert seconds - sent < 1


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_shell_sees_the_signal(tmp_path, number):
    with contextlib.closing(CallLog(tmp_path)) as log, sim.scenario('hang') as running, \
            contextlib.closing(Shell({**running.env, **log.env})) as shell:
        shell.type(f'{paths.nvitop()} -1\n')
        log.wait_for(r'^nvmlDevice\w+ 2$')
        if number == signal.SIGINT:
            shell.type('\x03')
        else:
            os.kill(shell.foreground(), number)
        text, status = shell.prompt(1)
    assert status == 128 + number
    assert NOT_RESPONDING not in text


def test_a_killed_guard_takes_the_waiting_child_along(tmp_path):
    with contextlib.closing(CallLog(tmp_path)) as log, sim.scenario('hang') as running, \
            Program('-1', env={**running.env, **log.env}) as program:
        log.wait_for(r'^nvmlDevice\w+ 2$')
        child = os.pidfd_open(program.child())
        program.process.kill()
        assert has_ended(child, 1)
        os.close(child)
        status, out, err, _ = program.finish()
    assert (status, out, err) == (-signal.SIGKILL, '', '')


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSEGV])
def test_a_child_ended_by_a_signal_ends_the_guard(tmp_path, number):
    with contextlib.closing(CallLog(tmp_path)) as log, sim.scenario('hang') as running, \
            Program('-1', env={**running.env, **log.env}, cwd=tmp_path) as program:
        log.wait_for(r'^nvmlDevice\w+ 2$')
        sent = program.seconds
        os.kill(program.child(), number)
        status, out, err, seconds = program.finish()
    assert (status, out, err) == (-number, '', '')
    assert seconds - sent < 2  # the guard looks at it once a second, if nothing tells it earlier


def test_a_handle_that_takes_four_seconds_is_waited_for(open_scenario):
    text = f'{CARDS}[device 1]\ndelay.nvmlDeviceGetHandleByIndex_v2 = 4s\n{JOBS}'
    with open_scenario(text) as running, Program('-1', env=running.env) as program:
        second, line = program.err.first()
        status, out, err, seconds = program.finish()
    assert line == WAITING
    assert NOTICE - 0.1 < second < 4
    assert (status, err) == (0, WAITING)
    assert gpus(out) == [0, 1] and '61C' in out and '62C' in out
    assert 'job number 0' in out and 'job number 1' in out and NOT_RESPONDING not in out
    assert 4 <= seconds < 4 + SLACK


def test_an_end_that_hangs_delays_no_message(open_scenario):
    text = f'hang.nvmlShutdown = yes\n{CARDS}{JOBS}'
    with open_scenario(text) as running, Program('-1', '-o', '0', '1', '7', env=running.env) as program:
        second, line = program.err.first()
        status, out, err, seconds = program.finish()
    assert line == err == 'ERROR: Invalid device index: 7.\n'
    assert second < SLACK
    assert status == 1
    assert gpus(out) == [0, 1] and 'job number 0' in out and 'job number 1' in out
    assert seconds < READS + SLACK


def test_an_end_that_hangs_is_no_failure(open_scenario):
    with open_scenario(f'hang.nvmlShutdown = yes\n{CARDS}{JOBS}') as running, \
            Program('-1', env=running.env) as program:
        status, out, err, seconds = program.finish()
    assert (status, err) == (0, '')
    assert gpus(out) == [0, 1] and NOT_RESPONDING not in out
    assert seconds < READS + SLACK


# ---- what CUDA sees is asked by a helper


@pytest.fixture
def tree(tmp_path):
    """The program in a tree of its own, with a helper that never answers."""
    program, helper = tmp_path / 'bin' / 'nvitop', tmp_path / 'libexec' / 'nvitop' / 'nvitop-cuda-order'
    for path in (program, helper):
        path.parent.mkdir(parents=True)
    shutil.copy(paths.nvitop(), program)
    os.mkfifo(tmp_path / 'never')
    helper.write_text(f'#!/bin/sh\necho $$ > {tmp_path}/asked\nexec cat {tmp_path}/never\n')
    helper.chmod(0o755)
    return tmp_path


def test_a_cuda_that_never_answers_leaves_time_for_the_gpus(open_scenario, tree):
    text = f'{CARDS}delay.nvmlDeviceGetTemperature* = 200ms\n{JOBS}'
    with open_scenario(text) as running, Program('-1', '-ov', program=tree / 'bin' / 'nvitop', env={
            **running.env, 'CUDA_VISIBLE_DEVICES': '1,0'}) as program:
        status, out, err, seconds = program.finish()
    assert (tree / 'asked').exists()
    assert (status, err) == (0, '')
    assert gpus(out) == [0, 1] and NOT_RESPONDING not in out
    assert seconds < READS + SLACK


def test_slow_reads_after_a_slow_question_share_one_deadline(open_scenario):
    text = f'{CARDS}[device 0-1]\ndelay.nvmlDeviceGetUUID = 2.8s\ndelay.nvmlDeviceGetTemperature* = 2.8s\n{JOBS}'
    with open_scenario(text) as running, \
            Program('-1', '-ov', env={**running.env, 'CUDA_VISIBLE_DEVICES': '0'}) as program:
        status, out, err, seconds = program.finish()
    assert status == 0 and err in ('', WAITING)  # by then the driver has taken 3 s
    assert gpus(out) == [0] and NOT_RESPONDING in out
    assert out.rstrip().endswith('╛')
    assert seconds < READS + SLACK
