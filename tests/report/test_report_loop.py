"""nvitop --loop: a line a look, whatever the GPUs do and however the reader reads."""

from __future__ import annotations

import array
import contextlib
import fcntl
import json
import os
import re
import select
import signal
import socket
import subprocess
import termios
import time
from pathlib import Path

import pytest
from reading import check, parse, rows_of
from support import paths, term

PATIENCE = 20  # seconds until a test is given up
PERIOD = 0.25
JOBS = '[process JOB]\ncount = 40\ncommand = python3 job.py --number {i} {i+100000}\ndevice = {i%8}\nmem = {i+1}MiB\n'
BIG = f'[device 0-7]\n{JOBS}'
ONE = '[device 0]\ngpu_util = 11\n'


def small_pipe() -> tuple[int, int]:
    """One with room for less than a line of BIG; else one line could fill it to the brim, and who waits to write has nothing to write."""
    read_end, write_end = os.pipe()
    fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 4096)
    return read_end, write_end


class Loop:
    """nvitop in its loop; its stdout is a pipe of ours, or what it was given."""

    def __init__(self, running, *arguments, stdout=None, **env):
        self.read_end, self.write_end = small_pipe() if stdout is None else (-1, -1)
        self.process = subprocess.Popen(
            [paths.nvitop(), *(arguments or ('--json',)), '--loop', '--interval', str(PERIOD)] if '--interval' not in arguments
            else [paths.nvitop(), *arguments, '--loop'],
            env=term.clean_env({**running.env, **env}), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            stdout=self.write_end if stdout is None else stdout)
        self.text = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self.process.stderr.close()
        for end in (self.read_end, self.write_end):
            with contextlib.suppress(OSError):
                os.close(end)

    def line(self) -> bytes:
        """The next whole line."""
        deadline = time.monotonic() + PATIENCE
        while b'\n' not in self.text:
            assert select.select([self.read_end], [], [], max(0, deadline - time.monotonic()))[0], 'no line came'
            self.text += os.read(self.read_end, 65536)
        line, _, self.text = self.text.partition(b'\n')
        return line

    def snapshot(self) -> dict:
        return check(parse(self.line()))

    def child(self) -> Path:
        """The folder in /proc of the process that the guard watches."""
        pid = self.process.pid
        (child,) = Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
        return Path('/proc', child)

    def end(self, timeout=PATIENCE) -> tuple[int, str]:
        """Status and stderr."""
        status = self.process.wait(timeout)
        return status, self.process.stderr.read().decode()

    def close_writer(self):
        os.close(self.write_end)
        self.write_end = -1

    def rest(self) -> bytes:
        """All that is left, once nobody writes any more."""
        self.close_writer()
        while chunk := os.read(self.read_end, 65536):
            self.text += chunk
        return self.text


class Calls:
    """The simulator's calls, as they are made."""

    def __init__(self, folder: Path):
        self.path = folder / 'calls'
        os.mkfifo(self.path)
        self.fd = os.open(self.path, os.O_RDWR)

    def wait_for(self, name: str, count: int):
        """Until so many more calls of that name were made."""
        deadline, seen = time.monotonic() + PATIENCE, 0
        while seen < count:
            assert select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0], f'{seen} calls of {name}'
            seen += os.read(self.fd, 65536).count(name.encode())


@pytest.fixture
def calls(tmp_path):
    made = Calls(tmp_path)
    yield made
    os.close(made.fd)


def pending(fd: int) -> int:
    """Bytes in a pipe."""
    size = array.array('i', [0])
    fcntl.ioctl(fd, termios.FIONREAD, size)
    return size[0]


def resident_kib(folder: Path) -> int:
    return int(re.search(r'^VmRSS:\s+(\d+)', (folder / 'status').read_text(), re.M).group(1))


def descriptors(folder: Path) -> int:
    return len(list((folder / 'fd').iterdir()))


# ---- lines ----


def test_a_line_each_interval(open_scenario):
    with open_scenario(BIG) as running, Loop(running) as loop:
        snapshots = [loop.snapshot() for _ in range(6)]
        pids = set(running.pids.values())
    for snapshot in snapshots:
        assert {process['pid'] for process in snapshot['processes']} == pids
        assert all('job.py' in process['command'] for process in snapshot['processes']), 'the first line has them too'
        assert {device['condition'] for device in snapshot['devices']} == {'ok'}
    times = [snapshot['timestamp'] for snapshot in snapshots[1:]]
    gaps = [later - sooner for sooner, later in zip(times, times[1:])]
    assert all(PERIOD / 2 < gap < 4 * PERIOD for gap in gaps) and sum(gaps) < 8 * PERIOD, gaps


def test_load_is_that_of_the_interval(open_scenario):
    with open_scenario(f'{ONE}[process BUSY]\ncommand = busy\ncpu = 30\nmem = 1MiB\n') as running, Loop(running) as loop:
        loop.snapshot()
        later = [loop.snapshot() for _ in range(6)]
    assert all(snapshot['host']['cpu_percent'] is not None for snapshot in later)
    assert max(snapshot['processes'][0]['cpu_percent'] for snapshot in later) > 5


def test_csv_has_one_header(open_scenario):
    with open_scenario(BIG) as running, Loop(running, '--query', 'temperature') as loop:
        lines = [loop.line().decode() for _ in range(1 + 8 * 3)]
    rows = rows_of('\n'.join(lines))
    assert [row['index'] for row in rows] == [str(i) for i in range(8)] * 3
    assert len({row['timestamp'] for row in rows}) == 3


def test_no_processes_in_the_loop(open_scenario, calls):
    with open_scenario(f'{ONE}[process P]\ncommand = the job\nmem = 1MiB\n') as running, \
            Loop(running, '--json', '--no-processes', NVITOP_SIM_LOG=str(calls.path)) as loop:
        assert not any('processes' in loop.snapshot() for _ in range(3))
        os.set_blocking(calls.fd, False)
        made = os.read(calls.fd, 1 << 20).decode()
    assert 'nvmlDeviceGet' in made and 'RunningProcesses' not in made and 'ProcessUtilization' not in made


def test_trap_32_hostile_lines_are_lines(open_scenario):
    hostile = (paths.SCENARIOS / 'hostile.ini').read_text(encoding='utf-8').split('[device 0-1]', 1)[1]
    with open_scenario(f'[device 0-1]{hostile}') as running, Loop(running) as loop:
        first, second = loop.snapshot(), loop.snapshot()
    assert len(first['processes']) == len(second['processes']) >= 10
    assert [p['command'] for p in first['processes']] == [p['command'] for p in second['processes']]


# ---- the GPUs and the driver ----


def test_a_gpu_that_hangs_holds_nobody_up(open_scenario):
    text = '[device 0-1]\ngpu_util = 11\n[device 1]\nhang.nvmlDeviceGetUtilizationRates = yes after 1\n'
    with open_scenario(text) as running, Loop(running) as loop:
        times, hung = [], {}
        while hung.get('condition') != 'not_responding':
            snapshot = loop.snapshot()
            well, hung = snapshot['devices']
            assert (well['condition'], well['gpu_utilization']) == ('ok', 11)
            times.append(snapshot['timestamp'])
    assert hung['gpu_utilization'] is None and hung['unavailable']['gpu_utilization'] == {'why': 'not_responding'}
    assert hung['name'] == 'NVIDIA Simulated GPU' and hung['silent_since'] < times[-1] - 2
    assert max(later - sooner for sooner, later in zip(times, times[1:])) < 4 * PERIOD


@pytest.mark.parametrize('scenario', ['init_error = DRIVER_NOT_LOADED\n', 'init_error = LIB_RM_VERSION_MISMATCH\n'])
def test_a_driver_that_fails_is_an_error(open_scenario, scenario):
    with open_scenario(f'{scenario}{ONE}') as running, Loop(running) as loop:
        status, err = loop.end()
        assert (status, loop.rest()) == (1, b'')
        assert err == running.run('-1').err


def test_without_a_library(open_scenario):
    with open_scenario(ONE) as running, Loop(running, '--json', '--nvml', '/no/such/library') as loop:
        status, err = loop.end()
        assert (status, loop.rest()) == (1, b'') and 'HINT' in err


def test_a_driver_that_fails_later_is_said_in_the_lines(open_scenario, tmp_path):
    clock = tmp_path / 'clock'

    def set_clock(seconds):
        (tmp_path / 'new').write_text(f'{seconds}\n')
        (tmp_path / 'new').rename(clock)

    faults = ''.join(f'error.{name} = LIB_RM_VERSION_MISMATCH at 5\n' for name in ('nvmlDeviceGet*', 'nvmlInit*', 'nvmlSystem*'))
    set_clock(0)
    with open_scenario(f'{faults}{ONE}') as running, Loop(running, NVITOP_SIM_CLOCK=str(clock)) as loop:
        assert loop.snapshot()['driver']['state'] == 'ok'
        set_clock(10)
        while (snapshot := loop.snapshot())['driver']['state'] == 'ok':
            pass
        driver = snapshot['driver']
        assert driver['state'] == 'failed' and driver['error'] and driver['since'] <= snapshot['timestamp']
        assert snapshot['devices'][0]['condition'] == 'error' and snapshot['devices'][0]['gpu_utilization'] is None
        assert loop.snapshot()['driver']['state'] == 'failed'


def test_an_index_that_no_gpu_has_is_said_once(open_scenario):
    with open_scenario(ONE) as running, Loop(running, '--json', '-o', '0', '5') as loop:
        assert [len(loop.snapshot()['devices']) for _ in range(3)] == [1, 1, 1]
        loop.process.send_signal(signal.SIGTERM)
        assert loop.end() == (128 + signal.SIGTERM, 'ERROR: Invalid device index: 5.\n')


def test_only_visible_gpus(open_scenario):
    with open_scenario('[device 0-2]\n') as running, \
            Loop(running, '--json', '-ov', CUDA_VISIBLE_DEVICES='2', CUDA_DEVICE_ORDER='PCI_BUS_ID') as loop:
        assert [[device['index'] for device in loop.snapshot()['devices']] for _ in range(2)] == [[2], [2]]


# ---- the reader ----


def fill(loop: Loop):
    """Until there is no room in the pipe for another byte of ours."""
    poll = select.poll()
    poll.register(loop.write_end, select.POLLOUT)
    deadline = time.monotonic() + PATIENCE
    while poll.poll(0):
        assert time.monotonic() < deadline, pending(loop.read_end)
        os.sched_yield()


def test_trap_33_a_reader_that_is_slow(open_scenario, calls):
    with open_scenario(BIG) as running, Loop(running, NVITOP_SIM_LOG=str(calls.path)) as loop:
        first = loop.snapshot()
        child = loop.child()
        fill(loop)
        calls.wait_for('nvmlDeviceGetUtilizationRates', 8 * 4)
        before = resident_kib(child), descriptors(child)
        calls.wait_for('nvmlDeviceGetUtilizationRates', 8 * 24)
        after = resident_kib(child), descriptors(child)
        blocked_until = time.time()
        assert after[1] == before[1]
        assert after[0] - before[0] < 512, (before, after)
        stale, times = pending(loop.read_end), [first['timestamp']]
        while times[-1] < blocked_until - PERIOD:
            times.append(loop.snapshot()['timestamp'])
    gaps = [later - sooner for sooner, later in zip(times, times[1:])]
    assert max(gaps) > 10 * PERIOD, 'what nobody read is not kept'
    assert len(times) < 10 + stale / 10000, 'and the newest comes next'


def test_trap_33_a_slow_reader_does_not_stop_signals(open_scenario):
    for number in (signal.SIGINT, signal.SIGTERM):
        with open_scenario(BIG) as running, Loop(running) as loop:
            loop.snapshot()
            fill(loop)
            loop.process.send_signal(number)
            assert loop.end(5)[0] == 128 + number


def test_trap_33_a_socket_whose_reader_is_slow(open_scenario, calls):
    """It can't be opened anew, so it is written to as it is."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with open_scenario(BIG) as running, ours, theirs, \
            Loop(running, stdout=theirs.fileno(), NVITOP_SIM_LOG=str(calls.path)) as loop:
        calls.wait_for('nvmlDeviceGetUtilizationRates', 8 * 8)
        with ours.makefile('rb') as lines:
            for _ in range(3):
                check(parse(next(lines)))
            loop.process.send_signal(signal.SIGTERM)
            theirs.close()
            assert all(check(parse(line)) for line in lines)
        assert loop.end() == (128 + signal.SIGTERM, '')


@pytest.mark.parametrize('interval', ['0.25', '3600'])
def test_trap_33_a_reader_that_has_gone(open_scenario, interval):
    """Also when nothing is to be written for an hour."""
    with open_scenario(ONE) as running, Loop(running, '--json', '--interval', interval) as loop:
        loop.snapshot()
        loop.close_writer()
        os.close(loop.read_end)
        start = time.monotonic()
        assert loop.end() == (128 + signal.SIGPIPE, '')
        assert time.monotonic() - start < 2


def test_trap_33_a_reader_that_goes_before_the_driver_answers(open_scenario):
    with open_scenario(f'hang.nvmlInit* = yes\n{ONE}') as running, Loop(running) as loop:
        loop.close_writer()
        os.close(loop.read_end)
        assert loop.end(5) == (128 + signal.SIGPIPE, '')


def test_trap_33_a_reader_that_goes_while_the_pipe_is_full(open_scenario):
    with open_scenario(BIG) as running, Loop(running) as loop:
        loop.snapshot()
        fill(loop)
        loop.close_writer()
        os.close(loop.read_end)
        assert loop.end(5) == (128 + signal.SIGPIPE, '')


def test_each_line_is_flushed(open_scenario):
    """jq, for one, gets it when it is written, not when a buffer is full."""
    with open_scenario(ONE) as running:
        jq = ['jq', '--unbuffered', '-c', '.devices[0].gpu_utilization']
        with subprocess.Popen(jq, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader, \
                Loop(running, stdout=reader.stdin.fileno()):
            reader.stdin.close()
            assert [reader.stdout.readline() for _ in range(3)] == [b'11\n'] * 3
            reader.terminate()


# ---- the end ----


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_with_whole_lines(open_scenario, number):
    with open_scenario(BIG) as running, Loop(running) as loop:
        loop.snapshot()
        loop.process.send_signal(number)
        rest = loop.rest()  # a line that is longer than a pipe needs somebody who reads
        assert loop.end() == (128 + number, '')
    assert rest == b'' or rest.endswith(b'\n')
    assert all(check(json.loads(line)) for line in rest.splitlines())


def test_stdout_stays_as_it_was(open_scenario):
    with open_scenario(ONE) as running, Loop(running) as loop:
        loop.snapshot()
        assert not fcntl.fcntl(loop.write_end, fcntl.F_GETFL) & os.O_NONBLOCK
        loop.process.send_signal(signal.SIGTERM)
        loop.end()
        assert not fcntl.fcntl(loop.write_end, fcntl.F_GETFL) & os.O_NONBLOCK


def test_lines_are_added_to_a_file(open_scenario, tmp_path):
    path = tmp_path / 'log'
    path.write_bytes(b'# before\n')
    with open_scenario(ONE) as running, open(path, 'ab') as log, open(path, 'rb') as reader, \
            Loop(running, stdout=log.fileno()) as loop:
        deadline = time.monotonic() + PATIENCE
        while reader.seek(0, os.SEEK_SET) == 0 and reader.read().count(b'\n') < 4:
            assert time.monotonic() < deadline
            os.sched_yield()
        loop.process.send_signal(signal.SIGTERM)
        assert loop.end() == (128 + signal.SIGTERM, '')
    first, *lines = path.read_bytes().splitlines()
    assert first == b'# before' and len(lines) >= 3
    assert all(check(parse(line)) for line in lines)


def test_a_full_disk_is_an_error(open_scenario):
    with open_scenario(ONE) as running, open('/dev/full', 'wb') as full, Loop(running, stdout=full.fileno()) as loop:
        assert loop.end() == (1, 'ERROR: Cannot write the output: No space left on device.\n')


def test_a_closed_stdout_is_an_error(open_scenario):
    with open_scenario(ONE) as running:
        for arguments in ('--json --loop', '--json', '-1'):
            done = running.command(['sh', '-c', f'exec "{paths.nvitop()}" {arguments} >&-'], timeout=PATIENCE)
            assert done.rc == 1 and 'Bad file descriptor' in done.err, arguments


def test_on_a_terminal_too(open_scenario):
    with open_scenario(ONE) as running:
        master, slave = os.openpty()
        with Loop(running, '--query', 'gpu_utilization', stdout=slave) as loop:
            os.close(slave)
            text = b''
            while text.count(b'\n') < 3:
                assert select.select([master], [], [], PATIENCE)[0]
                text += os.read(master, 4096)
            loop.process.send_signal(signal.SIGINT)
            assert loop.end() == (128 + signal.SIGINT, '')
        os.close(master)
    assert [line.split(',')[-1] for line in text.decode().split()[:3]] == ['gpu_utilization', '11', '11']
