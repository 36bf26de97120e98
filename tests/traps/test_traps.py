"""What users of such tools ran into, on the program as a whole. The number is the trap's."""

import os
import re
import shutil
import unicodedata

import pytest

from support import paths, sim, term

SYSTEM = '[system]\ndriver_version = 550.54.14\ncuda_version = 12040\n'
CARD = 'name = NVIDIA Card\nmem_total = 16GiB\nmem_used = 1GiB\ngpu_util = 30\n'


def body(result):
    """The report without its stderr; it must have succeeded quietly."""
    assert (result.rc, result.err) == (0, ''), result.err
    return result.out


def process_rows(text):
    """Cells of the process table: lists of words, one per process."""
    table = text.split('Processes:')[1].splitlines()[3:]
    return [line.strip('│').split() for line in table if re.match(r'│ +[0-9]+(:[0-9]+)? +[0-9]+', line)]


@pytest.mark.parametrize('era', ['390', '450', '470', '510', '535.54', '535.98', '550', '580'])
@pytest.mark.parametrize('count', [0, 1, 2, 40])
def test_trap_01_every_era_gives_the_same_list(open_scenario, era, count):
    processes = f'[process P]\ncount = {count}\ncommand = job {{i}}\nmem = {{i+1}}MiB\ndevice = 0\n' if count else ''
    text = f'[system]\nera = {era}\ncuda_version = 12040\n[device 0]\n{CARD}{processes}'
    with open_scenario(text) as running:
        rows = process_rows(body(running.run('-1')))
    assert len(rows) == count
    assert sorted(int(row[1]) for row in rows) == sorted(running.pids.values())
    assert sorted(int(row[4].removesuffix('MiB')) for row in rows) == list(range(1, count + 1))


@pytest.mark.parametrize('stride', [16, 24, 32])
def test_trap_01_any_row_size_under_any_symbol(open_scenario, stride):
    text = (f'{SYSTEM}process_stride = {stride}\n[device 0]\n{CARD}'
            '[process P]\ncount = 5\ncommand = job {i}\nmem = 7MiB\ndevice = 0\n')
    with open_scenario(text) as running:
        rows = process_rows(body(running.run('-1')))
    assert sorted(int(row[1]) for row in rows) == sorted(running.pids.values())
    assert {row[4] for row in rows} == {'7MiB'}


@pytest.mark.parametrize('hidden', ['*_v3', '*_v3, *_v2'])
def test_trap_02_missing_symbols_are_silent(open_scenario, hidden):
    names = ',\n '.join(f'nvmlDeviceGet{kind}RunningProcesses{version.strip()[1:]}'
                      for kind in ('Compute', 'Graphics', 'MPSCompute') for version in hidden.split(','))
    text = f'{SYSTEM}hide = {names}\n[device 0]\n{CARD}[process P]\ncommand = job\nmem = 7MiB\ndevice = 0\n'
    with open_scenario(text) as running:
        assert len(process_rows(body(running.run('-1')))) == 1


def test_trap_02_only_no_list_at_all_is_worth_a_line(open_scenario):
    text = f'{SYSTEM}hide = nvmlDeviceGetComputeRunningProcesses*, nvmlDeviceGetGraphicsRunningProcesses*, ' \
           f'nvmlDeviceGetMPSComputeRunningProcesses*\n[device 0]\n{CARD}'
    with open_scenario(text) as running:
        result = running.run('-1')
    assert result.rc == 0
    assert result.err.startswith('WARNING: ') and result.err.count('\n') == 1


def test_trap_03_a_growing_list_loses_nothing(open_scenario):
    text = f'{SYSTEM}[device 0]\n{CARD}process_growth = 2\n[process P]\ncount = 12\ncommand = job {{i}}\nmem = 1MiB\ndevice = 0\n'
    with open_scenario(text) as running:
        assert len(process_rows(body(running.run('-1')))) == 12


def test_trap_04_unknown_memory_is_not_a_number():
    with sim.scenario('wsl') as running:
        rows = process_rows(body(running.run('-1')))
    assert rows and all(row[4] == 'WDDM:N/A' for row in rows)


def test_trap_05_impossible_pids_are_not_shown(open_scenario):
    text = f'{SYSTEM}[device 0]\n{CARD}' + ''.join(
        f'[process BAD{i}]\npid = {pid}\nmem = 1MiB\ndevice = 0\nstate = gone\n' for i, pid in enumerate((0, 4294967295)))
    with open_scenario(text + '[process P]\ncommand = job\nmem = 7MiB\ndevice = 0\n') as running:
        rows = process_rows(body(running.run('-1')))
    assert [int(row[1]) for row in rows] == list(running.pids.values())[-1:]


def test_trap_06_garbage_samples_are_dropped(open_scenario):
    text = f'{SYSTEM}[device 0]\n{CARD}[process A]\ncommand = a\nmem = 7MiB\ndevice = 0\nsm = 991\n' \
           '[process B]\ncommand = b\nmem = 7MiB\ndevice = 0\nsm = 40\n'
    with open_scenario(text) as running:
        rows = {row[-1]: row for row in process_rows(body(running.run('-1')))}
    assert rows['a'][5] == '0' and rows['b'][5] == '40'


def test_trap_07_under_mig_utilization_is_not_zero():
    with sim.scenario('fixture-m') as running:
        out = body(running.run('-1'))
    rows = process_rows(out)
    assert [(row[0], row[5], row[6]) for row in rows[:2]] == [('0:0', 'N/A', 'N/A'), ('0:1', 'N/A', 'N/A')]
    assert 'GI/CI: 7/0' in out and 'GI/CI: 1/0' in out


def test_trap_09_a_lost_gpu_leaves_the_others():
    with sim.scenario('lost') as running:
        out = body(running.run('-1'))
    assert 'ERROR: GPU is Lost' in out
    assert [int(n) for n in re.findall(r'^│ +([0-9]+)  \S', out.split('Processes:')[0], re.M)] == [0, 1, 2, 3]


@pytest.mark.parametrize('name, words', [
    ('mismatch', 'NVML ERROR: RM has detected an NVML/RM version mismatch.'),
    ('nodriver', 'NVML ERROR: Driver Not Loaded'),
    ('noperm', 'NVML ERROR: Insufficient Permissions'),
])
def test_trap_13_a_failing_start_is_two_lines(name, words):
    with sim.scenario(name) as running:
        result = running.run('-1')
    assert (result.rc, result.out) == (1, '')
    first, second = result.err.splitlines()
    assert first == words and second.startswith('HINT: ')


def test_trap_13_no_library_is_two_lines(tmp_path):
    result = term.run([paths.nvitop(), '-1', '--nvml', tmp_path / 'none.so'])
    assert (result.rc, result.out) == (1, '')
    first, second = result.err.splitlines()
    assert first == 'FATAL ERROR: NVIDIA Management Library (NVML) not found.'
    assert second.startswith('HINT: ') and '--demo' in second


def test_trap_14_a_stub_is_passed_over(tmp_path):
    """A stub under the first name, the real library under the last one that is tried."""
    stubs, real = tmp_path / 'stubs', tmp_path / 'real'
    stubs.mkdir()
    real.mkdir()
    shutil.copy(paths.sim_library(), stubs / 'libnvidia-ml.so.1')
    shutil.copy(paths.sim_library(), real / 'libnvidia-ml.so')
    with sim.scenario('two') as running:
        env = {name: value for name, value in running.env.items() if name != 'NVITOP_NVML'}
        env['LD_LIBRARY_PATH'] = f'{stubs}:{real}'
        result = term.run([paths.nvitop(), '-1'], {**env, 'NVITOP_NVML': ''})
    assert result.rc == 0, result.err
    assert 'NVITOP' in result.out


def test_trap_15_unified_memory_is_what_processes_use():
    with sim.scenario('uma') as running:
        out = body(running.run('-1', env={'COLUMNS': '120'}))
    used = sum(int(row[4].removesuffix('MiB')) for row in process_rows(out))
    assert 'UMA: ' in out and 'MEM: ' not in out.split('Processes:')[0].split('╘')[0]
    assert re.search(rf' {used}MiB / ', out)


@pytest.mark.parametrize('code', ['UNKNOWN', 'NO_PERMISSION', 'GPU_IS_LOST'])
def test_trap_16_failed_memory_is_never_the_hosts(open_scenario, code):
    text = f'{SYSTEM}[device 0]\n{CARD}error.nvmlDeviceGetMemoryInfo_v2 = {code}\nerror.nvmlDeviceGetMemoryInfo = {code}\n'
    with open_scenario(text) as running:
        out = body(running.run('-1', env={'COLUMNS': '120'}))
    assert 'N/A / N/A' in out and 'UMA' not in out


def test_trap_17_one_failure_costs_one_value(open_scenario):
    text = f'{SYSTEM}[device 0]\n{CARD}power = 120W\npower_limit = NOT_SUPPORTED\ntemperature = 61\n' \
           'error.nvmlDeviceGetTemperatureThreshold = NOT_SUPPORTED\n'
    with open_scenario(text) as running:
        out = body(running.run('-1'))
    assert '120W / N/A' in out and '61C' in out


@pytest.mark.parametrize('values', [
    'power = 1400W\npower_limit = 1400W\nfan = 103\ntemperature = 105\nmem_total = 288GiB\nmem_used = 280GiB\n',
    'power = 5W\npower_limit = 75W\nfan = 7\ntemperature = -5\nmem_total = 512MiB\nmem_used = 3MiB\n',
])
def test_trap_18_no_number_moves_a_column(open_scenario, values):
    with open_scenario(f'{SYSTEM}[device 0]\nname = NVIDIA Card\n{values}') as running:
        out = body(running.run('-1', env={'COLUMNS': '120'}))
    rows = [line for line in out.splitlines() if line.startswith('│')]
    cards = [line for line in rows if 'Card' in line or ' / ' in line]
    assert len(cards) == 2
    for line in cards:
        assert [at for at, c in enumerate(line) if c == '│'][:4] == [0, 32, 55, 78], line


def columns_of(text):
    """Display columns, by the standard library's tables."""
    width = 0
    for c in text:
        if unicodedata.combining(c) or c in '\u200b\u200c\u200d':
            continue
        width += 2 if unicodedata.east_asian_width(c) in 'WF' else 1
    return width


@pytest.mark.parametrize('mode', [[], ['--ascii'], ['--force-color']])
def test_trap_19_hostile_text_is_harmless(mode):
    with sim.scenario('hostile') as running:
        result = running.run('-1', *mode, env={'COLUMNS': '140'})
    assert result.rc == 0
    plain = re.sub(r'\033\[[0-9;]*m', '', result.out)
    assert not [c for c in plain if unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp') and c != '\n']
    table = plain.split('Processes:')[1].splitlines()[1:]
    widths = {columns_of(line) for line in table if line}
    assert len(widths) == 1, widths


def test_trap_22_mixed_types_pass_both_filters():
    with sim.scenario('fixture-a') as running:
        def types(*options):
            return [row[2] for row in process_rows(body(running.run('-1', *options)))]
        assert types('-c').count('X') == 1 and 'G' not in types('-c')
        assert types('-g').count('X') == 1 and 'C' not in types('-g')
        assert types('-c', '-g') == ['X']
        assert set(types('-C')) == {'C'}
        assert set(types('-G')) == {'G'}


def test_trap_24_pids_of_another_namespace_are_said_to_be():
    with sim.scenario('container') as running:
        out = body(running.run('-1', env={'COLUMNS': '120'}))
    rows = process_rows(out)
    assert rows
    assert all('host PID' in line for line in out.splitlines() if re.match(r'│ +[0-9]+ +[0-9]+ [CGX]', line))
    assert all(row[3] == 'N/A' for row in rows)


def test_trap_31_colour_is_for_terminals_and_those_who_insist():
    with sim.scenario('two') as running:
        assert '\033' not in running.run('-1').out
        assert '\033' not in running.run('-1', env={'FORCE_COLOR': '1'}).out
        assert '\033' in running.run('-1', '--force-color').out
        assert '\033' in running.run('-1', '--force-color', env={'NO_COLOR': '1'}).out
        assert '\033' in running.run_pty(120, '-1').out
        assert '\033' not in running.run_pty(120, '-1', env={'NO_COLOR': '1'}).out
        assert '\033' not in running.run_pty(120, '-1', env={'ANSI_COLORS_DISABLED': '1'}).out
        assert '\033' not in running.run_pty(120, '-1', env={'TERM': 'dumb'}).out


@pytest.mark.parametrize('value, shown', [
    ('1,0', [0, 1]), ('0', [0]), ('', []), ('-1', []), ('0,0', []), ('3,9', [3]), ('9,0', []), ('GPU-none', []),
])
def test_trap_36_visible_devices_as_the_runtime_decides(value, shown):
    with sim.scenario('mixed4') as running:
        out = body(running.run('-1', '-ov', env={'CUDA_VISIBLE_DEVICES': value}))
    indices = re.findall(r'^│ +([0-9]+)  \S', out.split('Processes:')[0], re.M)
    assert [int(n) for n in indices] == shown


def test_trap_41_one_process_in_three_lists_is_one_row(open_scenario):
    text = f'{SYSTEM}[device 0]\n{CARD}[process P]\ncommand = all three\nmem = 70MiB\ndevice = 0\ntype = CGM\nsm = 11\n'
    with open_scenario(text) as running:
        rows = process_rows(body(running.run('-1')))
    assert [(row[2], row[4], row[5]) for row in rows] == [('X', '70MiB', '11')]


@pytest.mark.parametrize('args, rc', [
    (['--interval', '0.1'], 2), (['--interval', '0'], 2), (['--interval', 'nan'], 2), (['--interval', '1e9', '-1'], 0),
    (['-1', '-o', '0', '0'], 0), (['-1', '-o', '-1'], 2), (['-1', '-o', '77'], 1),
])
def test_trap_42_intervals_and_indices(args, rc):
    with sim.scenario('two') as running:
        result = running.run(*args)
    assert result.rc == rc
    assert (result.out == '') == (rc == 2)
    if rc == 1:
        assert result.err == 'ERROR: Invalid device index: 77.\n'
        assert 'No visible devices found' in result.out
    if args[-2:] == ['0', '0']:
        assert len(re.findall(r'^│ +0  \S', result.out, re.M)) == 1


def test_no_processes_asked_for_are_not_none_running():
    with sim.scenario('uma') as running:
        out = body(running.run('-1', '--no-processes', env={'COLUMNS': '120'}))
    assert 'Processes' not in out and 'No running' not in out
    assert ' N/A / ' in out  # what the processes use is not known then


def test_the_environment_of_these_tests_is_clean():
    assert 'CUDA_VISIBLE_DEVICES' not in term.clean_env() and os.environ.get('PATH')
