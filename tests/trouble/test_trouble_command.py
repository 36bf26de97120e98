"""Command lines that come late or never: FIFOs stand where the kernel would block the reader."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from pathlib import Path

import pytest

from support import procfs
from support.watching import READS, SLACK, Program

CARD = '[device 0]\nname = NVIDIA Card\nmem_total = 16GiB\nmem_used = 1GiB\n'
LATE = 0.25  # half of what one command may take


class LateFiles:
    """FIFOs that answer each reader after a while; never, if there is no text for them."""

    def __init__(self, seconds: float = LATE):
        self.seconds, self.over = seconds, threading.Event()
        self.threads: list[tuple[threading.Thread, Path]] = []

    def replace(self, path: Path, text: bytes | None):
        path.unlink()
        os.mkfifo(path)
        if text is not None:
            thread = threading.Thread(target=self._answer, args=(path, text), daemon=True)
            thread.start()
            self.threads.append((thread, path))

    def _answer(self, path: Path, text: bytes):
        with contextlib.suppress(BrokenPipeError), open(path, 'wb', buffering=0) as file:  # waits for the reader
            self.over.wait(self.seconds)
            file.write(text)

    def close(self):
        self.over.set()
        for thread, path in self.threads:
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # for those nobody came to read
            thread.join()
            os.close(reader)


def rows(out: str) -> dict[int, str]:
    """pid → what the table says about the process."""
    return {int(pid): line for line, pid in re.findall(r'^(│ +0 +([0-9]+) .*)$', out.split('Processes:')[1], re.M)}


@pytest.fixture
def late():
    files = LateFiles()
    yield files
    files.close()


@pytest.mark.parametrize('silent', [1, 6])
def test_a_command_that_never_comes_costs_its_row_only(open_scenario, tmp_path, late, silent):
    """Six are more than one thread each is spent on."""
    text = f'{CARD}[process JOB]\ncount = {silent + 2}\ncommand = job number {{i}}\nmem = 7MiB\n'
    with open_scenario(text) as running:
        tree = procfs.freeze(tmp_path / 'proc')
        stuck = [running.pids[f'JOB{i}'] for i in range(silent)]
        for pid in stuck:
            late.replace(tree / str(pid) / 'cmdline', None)
        with Program('-1', '--procfs', str(tree), env={**running.env, 'COLUMNS': '120'}) as program:
            status, out, err, seconds = program.finish()
    assert (status, err) == (0, '')
    assert set(rows(out)) == set(running.pids.values())
    for name, pid in running.pids.items():
        said = rows(out)[pid]
        if pid in stuck:
            assert 'N/A (no answer in time)' in said
        elif silent == 1:
            assert f'job number {name.removeprefix("JOB")}' in said
    assert seconds < READS + SLACK


def test_30_late_commands_share_3_seconds(open_scenario, tmp_path, late):
    text = f'{CARD}[process JOB]\ncount = 30\ncommand = job number {{i}}\nmem = 7MiB\n'
    with open_scenario(text) as running:
        tree = procfs.freeze(tmp_path / 'proc')
        for name, pid in running.pids.items():
            late.replace(tree / str(pid) / 'cmdline', b'answer\0of\0%s\0' % name.encode())
        with Program('-1', '--procfs', str(tree), env={**running.env, 'COLUMNS': '120'}) as program:
            status, out, err, seconds = program.finish()
    assert (status, err) == (0, '')
    assert set(rows(out)) == set(running.pids.values())
    answered = [said for said in rows(out).values() if 'answer of JOB' in said]
    assert answered
    assert all('N/A (no answer in time)' in said for said in rows(out).values() if said not in answered)
    assert seconds < READS + SLACK


def test_a_late_command_is_waited_for(open_scenario, tmp_path, late):
    with open_scenario(f'{CARD}[process JOB]\ncommand = job\nmem = 7MiB\n') as running:
        tree = procfs.freeze(tmp_path / 'proc')
        late.replace(tree / str(running.pids['JOB']) / 'cmdline', b'late\0but\0here\0')
        with Program('-1', '--procfs', str(tree), env={**running.env, 'COLUMNS': '120'}) as program:
            status, out, err, seconds = program.finish()
    assert (status, err) == (0, '')
    assert 'late but here' in rows(out)[running.pids['JOB']]
    assert seconds >= LATE
