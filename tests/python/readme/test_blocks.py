"""Every Python block of the original's README runs over its ten GPUs, and comes to what is printed there.

Those that train need frameworks and are in tests/trainings/test_readme.py.
"""

from __future__ import annotations

import pytest
from adaptations import ADAPTATIONS
from blocks import KINDS, NAMES, TRAININGS, cells, code, difference
from playing import LATER, play

SESSIONS = {'snapshot': ['06-snapshot'], 'collector': ['07-collector'],
            'low-level': ['10-device', '11-na', '12-sorting', '13-process', '14-host']}
SCRIPTS = ['01-select', '04-quick', '05-colored']


@pytest.fixture
def replay(tmp_path):
    """replay(CODES, second) → what each of them came to in one process."""
    def run(codes, second=0):
        played = play(tmp_path, codes, second)
        assert played.errors == ''
        return played
    return run


@pytest.mark.parametrize('session', SESSIONS)
def test_session_comes_to_what_is_printed(replay, session):
    steps = [cell for name in SESSIONS[session] for cell in cells(name)]
    played = replay([step.code for step in steps], LATER if session == 'collector' else 0)
    wrong = [f'[{step.number}]: {difference(step.printed, found or "")}'
             for step, found in zip(steps, played.results) if difference(step.printed, found or '')]
    assert len(played.results) == len(steps) and not wrong, '\n'.join(wrong)


def test_choice_becomes_the_visible_devices(replay):
    played = replay([code('01-select'), "os.environ['CUDA_VISIBLE_DEVICES'].split(',') == "
                     "select_devices(format='uuid', min_free_memory='8GiB')", 'len(select_devices(min_free_memory="8GiB"))'])
    assert played.results[1:] == ['True', '7']


def test_quick_start_prints_every_device(replay):
    blocks = replay([code('04-quick')]).printed.split('-' * 120 + '\n')
    assert len(blocks) == 11 and blocks.pop() == ''
    assert [block.splitlines()[0] for block in blocks] == [
        f'PhysicalDevice(index={index}, name="GeForce RTX 2080 Ti", total_memory=11019MiB)' for index in range(10)]
    assert blocks[0].splitlines()[1:8] == [
        '  - Fan speed:       22%', '  - Temperature:     25C', '  - GPU utilization: 5%', '  - Total memory:    11019MiB',
        '  - Used memory:     8863MiB', '  - Free memory:     2157MiB', '  - Processes (2): [52059, 53002]']
    assert [line.split(', device=')[0] for line in blocks[0].splitlines()[8:]] == [
        '    - GpuProcess(pid=52059, gpu_memory=7885MiB, type=C', '    - GpuProcess(pid=53002, gpu_memory=967MiB, type=C']


def test_colored_monitor_prints_a_table_of_processes(replay):
    lines = replay([code('05-colored')]).printed.splitlines()
    assert '' not in lines
    devices = [line for line in lines if line.startswith('CudaDevice')]
    assert devices == [f'CudaDevice(cuda_index={cuda}, nvml_index={9 - cuda}, name="GeForce RTX 2080 Ti", '
                       'total_memory=11019MiB)' for cuda in range(4)]
    assert lines[8:11] == ['  - Processes (1):',
                           '    PID    USERNAME  CPU%  HOST-MEM     TIME   GPU-MEM  SM%  COMMAND', lines[10]]
    assert lines[10].split() == ['84748', 'root', '0.0', '0B', lines[10].split()[4], '8341MiB', '0', 'python']
    assert sum(line == '  - No Running Processes' for line in lines) == 2


def test_no_block_is_left_out_and_no_adaptation_is_idle():
    assert sorted([*SCRIPTS, *sum(SESSIONS.values(), []), *TRAININGS]) == NAMES
    assert [int(name[:2]) for name in NAMES] == list(range(1, 15))
    ways = [(name, kind) for name in NAMES for kind in KINDS.get(name, [''])]
    assert all(code(name, kind) for name, kind in ways)  # where an idle row is found
    assert {row.block for row in ADAPTATIONS} <= {*NAMES, *map(', '.join, ways)} and all(row.why for row in ADAPTATIONS)


@pytest.mark.parametrize(('printed', 'found'), [
    ('f(1, a="x")', 'f(1,\n  a="x",\n)'), ('[...]', '[]'), ('[...]', '[1, 2]'), ('[1, ..., 4]', '[1, 2, 3, 4]'),
    ('{7: A_FLOAT, ...}', '{7: 1.5, 8: 2}'), ("f(pid=xxxxxx, ..., t='C')", "f(pid=12, m=3MiB, t='C')"),
    ('8.967849777683456', '0.5'), ('80.4', '80.40000000000002')])
def test_what_is_like_what_is_printed(printed, found):
    assert difference(printed, found) == ''


@pytest.mark.parametrize(('printed', 'found'), [
    ('f(1)', 'g(1)'), ('f(1)', 'f(1, 2)'), ('f(1, 2)', 'f(1)'), ('"x"', "'x'"), ('[1, ..., 4]', '[1, 4, 5]'),
    ('[1, ..., 4]', '[4]'), ('[..., 2, 3, ...]', '[2, 1, 3]'), ('A_FLOAT', '1'), ('AN_INT', '1.5'), ('80.4', '80.5'),
    ('1031MiB', '1032MiB'), ('8.967849777683456', "'N/A'"), ('8.967849777683456', 'nan'), ('A_FLOAT', 'nan'), ("f(pid=xxxxxx)", "f(pid='x')"), ('1', '')])
def test_what_is_not_like_it(printed, found):
    assert difference(printed, found) != ''
