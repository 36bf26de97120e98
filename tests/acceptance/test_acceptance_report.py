"""Cases 1 to 20: the once-report and the command line."""

from __future__ import annotations

import re

import pytest

from support import cells, paths, term

LIBRARY = 'NVITOP_NVML'


def widths(rows):
    """The widths of a report's rows, the date and the empty line left out."""
    return {cells.text_width(row) for row in rows[1:] if row}


def process_rows(rows):
    """The body of the process box: process rows and separators."""
    start = next(i for i, row in enumerate(rows) if 'GPU-MEM' in row) + 2
    end = next(i for i in range(start, len(rows)) if rows[i][0] in '╘+')
    return rows[start:end]


def shown_gpus(text):
    """The indices in the device box, from the top."""
    return [int(n) for n in re.findall(r'^│ {1,3}(\d+)  \S.* (?:On|Off|N/A) +│ \w{8}:', text, re.M)]


def pids_shown(rows):
    return [int(row[6:13]) for row in process_rows(rows) if row[6:13].strip().isdigit()]


def test_case_01_piped(fixture_a):
    done = fixture_a.run('-1')
    assert (done.rc, done.err) == (0, '')
    assert b'\x1b' not in done.raw
    assert widths(done.lines) == {79}


def test_case_02_bar_with_clock(fixture_a, rows_at):
    rows = rows_at(fixture_a, 120)
    assert rows[8] == ('│ 22%   39C   P2     66W / 250W │   1041MiB / 11019MiB │     17%      Default │'
                       ' UTL: ████▉ 17%               @ 1815MHz │')


def test_case_03_full_bar(fixture_a, rows_at):
    rows = rows_at(fixture_a, 120)
    assert rows[10][78:] == '│ MEM: ████████████████████████████ 96%  │'
    assert rows[11][78:] == '│ UTL: █████████████████████████████ MAX │'
    assert rows[11][2:5] == 'N/A'
    assert rows[11][66:77] == ' E. Process'


def test_case_04_long_name_and_limits(fixture_a, rows_at):
    rows = rows_at(fixture_a, 120)
    assert rows[13][7:26] == '..Long Name Edition'
    assert rows[14][2:5] == 'MAX'
    assert rows[14][7:11] == '101C'
    assert rows[14][18:31].strip() == '5W / N/A'
    assert re.fullmatch(r'│ MEM: ▏ .*3MiB +0\.0% │', rows[13][78:]), rows[13]


def test_case_05_mig_header(fixture_a, rows_at):
    rows = rows_at(fixture_a, 120)
    assert rows[4][57:77] == 'MIG M.   Uncorr. ECC'
    assert rows[7][57:77] == '    N/A          N/A'


def test_case_06_ninety_nine_columns(fixture_a, rows_at):
    rows = rows_at(fixture_a, 99)
    split = next(i for i, row in enumerate(rows) if row.startswith('╘')) + 1
    assert widths(rows[:split]) == {79}
    assert widths(['', *rows[split:]]) == {99}
    assert not [row for row in rows[:split] if 'UTL' in row]


def test_case_07_forty_columns(fixture_a, rows_at):
    assert widths(rows_at(fixture_a, 40)) == {79}


def test_case_08_no_process(fixture_a, rows_at):
    rows = rows_at(fixture_a, 300, '-p', '1')
    assert max(widths(rows)) == 140
    assert process_rows(rows) == ['│  No running processes found '.ljust(139) + '│']
    assert process_rows(rows)[0][2:30] == ' No running processes found '


def test_case_09_never_wider_than_needed(fixture_a, rows_at):
    rows = rows_at(fixture_a, 300)
    width = max(widths(rows))
    widest = max(cells.text_width(row[:-1].rstrip()) + 2 for row in process_rows(rows) if '│' in row)
    assert width == max(140, widest)
    assert width < 300


def test_case_10_order_and_gone_process(fixture_a, rows_at):
    rows = process_rows(rows_at(fixture_a, 120))
    p1, p2, p3 = (fixture_a.pids[name] for name in ('P1', 'P2', 'P3'))
    gpu0, gpu1 = rows[:2], rows[3:]
    assert [int(row[6:13]) for row in gpu0] == [p1, p2]
    assert rows[2] == '├' + '─' * 118 + '┤'
    assert [int(row[6:13]) for row in gpu1] == [p3, p2, 999999]
    assert gpu1[0][16:23] == ' nobody'
    assert gpu1[2].startswith('│   1  999999 G     N/A      N/A   0     0   N/A   N/A   N/A  No Such Process')


def test_case_11_colours(fixture_a):
    done = fixture_a.run('-1', '--force-color', env={'COLUMNS': '100'})
    assert (done.rc, done.err) == (0, '')
    lines = done.lines
    for first, colour in ((7, 33), (10, 31), (13, 32)):
        for line in lines[first:first + 2]:
            assert line.startswith(f'│\x1b[{colour}m ')
            assert line.count(f'\x1b[{colour}m') >= 3
            assert f'\x1b[0m│\x1b[{colour}m' in line
    host = next(line for line in lines if 'CPU: ' in line)
    assert host.startswith('\x1b[1m\x1b[36m[ CPU')


def test_case_12_ascii(fixture_a):
    done = fixture_a.run('-1', '-U', env={'COLUMNS': '120'})
    assert done.rc == 0
    assert done.raw.isascii()
    assert done.lines[1] == '+' + '=' * 77 + '+'
    assert re.search(r'\| UTL: \|+ 17% +@ 1815MHz \|$', done.out, re.M)


def test_case_13_no_devices(fixture_z, rows_at):
    rows = rows_at(fixture_z, 120)
    assert rows[4] == '│  No visible devices found                                                   │'
    assert rows[3].startswith('╞') and rows[5].startswith('╘')
    assert widths(rows) == {79}


def test_case_14_bad_indices(fixture_a):
    done = fixture_a.run('-1', '-o', '5', '7', '0')
    assert shown_gpus(done.out) == [0]
    assert (done.rc, done.err) == (1, 'ERROR: Invalid device indices: [5, 7].\n')
    done = fixture_a.run('-1', '-o', '5')
    assert 'No visible devices found' in done.out
    assert (done.rc, done.err) == (1, 'ERROR: Invalid device index: 5.\n')


def test_case_15_monitor_without_terminal(fixture_a):
    done = fixture_a.run('-m')
    assert shown_gpus(done.out) == [0, 1, 2]
    assert (done.rc, done.err) == (1, 'ERROR: You must run monitor mode from a TTY terminal.\n')


def test_case_16_no_library(tmp_path):
    done = term.run([paths.nvitop(), '-1'], {LIBRARY: str(tmp_path / 'libnvidia-ml.so.1')})
    first, *rest = done.err.splitlines()
    assert first == 'FATAL ERROR: NVIDIA Management Library (NVML) not found.'
    assert len(rest) == 1 and rest[0].startswith('HINT:') and '--demo' in rest[0]
    assert (done.rc, done.out) == (1, '')


def test_case_17_driver_not_loaded(no_driver):
    done = no_driver.run('-1')
    first, *rest = done.err.splitlines()
    assert first == 'NVML ERROR: Driver Not Loaded'
    assert len(rest) == 1 and rest[0].startswith('HINT:')
    assert (done.rc, done.out) == (1, '')


THRESHOLDS = ', '.join(map(str, range(1, 100)))


@pytest.mark.parametrize(('args', 'message'), [
    (['--interval', '0'], "argument --interval: invalid positive float value: '0'"),
    (['--gpu-util-thresh', '0', '50'], f'argument --gpu-util-thresh: invalid choice: 0 (choose from {THRESHOLDS})'),
    (['-m', 'x'], "argument --monitor/-m: invalid choice: 'x' (choose from 'auto', 'full', 'compact', 'dense')"),
    (['extra'], 'unrecognized arguments: extra'),
    (['-1', '-m'], 'argument --monitor/-m: not allowed with argument --once/-1'),
    (['-o', '-1'], 'argument --only/-o: expected at least one argument'),
    (['-ov1'], "argument --only/-o: invalid int value: 'v1'"),
    (['--on'], 'ambiguous option: --on could match --once, --only, --only-visible, --only-compute, --only-graphics'),
])
def test_case_18_usage_errors(args, message):
    done = term.run([paths.nvitop(), *args])
    assert (done.rc, done.out) == (2, '')
    assert done.err.startswith('usage: nvitop ')
    assert done.err.endswith(f'\nnvitop: error: {message}\n')


@pytest.mark.parametrize(('value', 'gpus'), [('2,1', [1, 2]), ('0,9', [0]), ('', [])])
def test_case_19_visible_devices(fixture_a, value, gpus):
    done = fixture_a.run('-1', '-ov', env={'CUDA_VISIBLE_DEVICES': value})
    assert (done.rc, done.err) == (0, '')
    assert shown_gpus(done.out) == gpus
    assert ('No visible devices found' in done.out) == (not gpus)


def test_case_20_users(fixture_a, rows_at):
    assert pids_shown(rows_at(fixture_a, 120, '-u', 'nobody')) == [fixture_a.pids['P3']]
    assert pids_shown(rows_at(fixture_a, 120, '-u', 'nosuch')) == []
