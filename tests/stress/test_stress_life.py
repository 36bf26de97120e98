"""Forks, activations by the thousand, leaks, two drivers in one process, and wrong use."""

from __future__ import annotations

import re
import subprocess

import pytest
import stressing

from support import checker, paths, term

FORKS = 200
PAIRS = {'': 10000, 'asan': 500, 'tsan': 300}[checker.NAME]
BREATH = {'': 512}.get(checker.NAME, 1 << 20)  # KiB; freed memory stays with a sanitizer for a while
ONE_THREAD = pytest.mark.skipif(checker.NAME == 'tsan', reason='it has one thread')
ONLY_PLAIN = pytest.mark.skipif(checker.NAME != '', reason='the checker does not go with it')
PROCESSES = '[process P]\ncount = 4\ndevice = {i%2}\npid = {i+1}\nmem = 100MiB\nsm = 7\n'
MIG = '[device 2]\nname = Card\nmig_mode = 1\npcie_wait = 2ms\n[mig 2:0-1]\nprofile = 1g.10gb\n'


@ONLY_PLAIN
def test_forks_in_the_middle_of_calls(tmp_path, two_gpus):
    stressing.run(tmp_path, [stressing.program('forks'), two_gpus(PROCESSES), FORKS], seconds=150)


def test_activations_leave_nothing_behind(tmp_path, two_gpus):
    told = stressing.run(tmp_path, [stressing.program('pairs'), two_gpus(), PAIRS, BREATH], seconds=150)
    assert 'descriptors' in told


def twins(folder, numbers):
    """Arguments of the program for two drivers with so many GPUs."""
    arguments = []
    for name, count in zip('AB', numbers):
        text = f'{stressing.SYSTEM}[device 0-{count - 1}]\nname = Card {name}\nuuid = GPU-{name * 8}-{{i}}\n'
        arguments += [stressing.driver(folder / name, text), f'Card {name}', count]
    return arguments


def test_two_drivers_in_one_process(tmp_path):
    stressing.run(tmp_path, [stressing.program('twins'), *twins(tmp_path, (3, 5))])


@ONE_THREAD
def test_wrong_use_is_refused(tmp_path, two_gpus):
    stressing.run(tmp_path, [stressing.program('misuse'), two_gpus(PROCESSES)])


@ONE_THREAD
def test_every_function(tmp_path, two_gpus):
    stressing.run(tmp_path, [stressing.program('every'), two_gpus(PROCESSES + MIG)])


@ONLY_PLAIN
def test_no_leak_under_valgrind(tmp_path, two_gpus):
    log = tmp_path / 'valgrind'
    done = term.run(['valgrind', '--leak-check=full', '--show-leak-kinds=definite,indirect,possible', '--track-fds=yes',
                     '--errors-for-leak-kinds=definite,indirect', '--error-exitcode=9', f'--log-file={log}',
                     stressing.program('every'), two_gpus(PROCESSES + MIG)], timeout=120)
    told = log.read_text()
    assert done.rc == 0, done.err + told
    assert 'ERROR SUMMARY: 0 errors' in told
    assert ('All heap blocks were freed' in told or
            all(re.search(rf'{kind} lost: 0 bytes', told) for kind in ('definitely', 'indirectly'))), told
    standard = int(re.search(r'FILE DESCRIPTORS: \d+ open \((\d+) std\) at exit', told).group(1))
    ours = [entry for entry in re.findall(r'Open file descriptor .*\n.*', told) if '<inherited from parent>' not in entry]
    assert standard == 3 and ours == [], told


@ONLY_PLAIN
def test_every_exported_function_is_used():
    """The program that uses every function does; a new one must be added to it."""
    listed = set((paths.ROOT / 'tests/library/symbols.txt').read_text().split())
    names = subprocess.run(['nm', '-D', '--undefined-only', stressing.program('every')], check=True,
                           capture_output=True, text=True).stdout
    used = set(re.findall(r'\b(nvitop_\w+)', names))
    assert len(listed) > 30
    assert listed - used == set(), 'tests/stress/every.c does not use them'
