"""--explain, and what stands on which stream."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import choosing
from choosing import run
from support import paths, sim, term
from support.watching import PATIENCE, Program


def table(err: str) -> list[list[str]]:
    """The rows of the table: six figures and the reason."""
    lines = err.splitlines()
    start = next(i for i, line in enumerate(lines) if line.split()[:2] == ['GPU', 'CHOICE'])
    return [line.split(None, 6) for line in lines[start + 1:] if not line.startswith(('CUDA_', 'nvisel: '))]


def reasons(err: str) -> dict[str, tuple[str, str]]:
    """Device → its place and why."""
    return {row[0]: (row[1], row[6]) for row in table(err)}


def test_trap_37_full_is_not_unknown(scenarios):
    done = run(scenarios('trap37'), '-f', '1MiB', '--explain')
    assert (done.rc, done.out) == (0, '2\n')
    assert table(done.err) == [
        ['2', '1', '9900MiB', '10000MiB', '0%', '0%', 'keeps all bounds'],
        ['0', '-', '0B', '10000MiB', '0%', '0%', 'free memory 0B, at least 1MiB wanted'],
        ['1', '-', 'N/A', 'N/A', '0%', '0%', 'free memory N/A (error), at least 1MiB wanted']]
    assert run(scenarios('trap37'), '-f', '0').out == '2,0\n'
    assert run(scenarios('trap37'), '-f', '0', '--tol', '200').out == '2,0\n'
    none = run(scenarios('trap37'), '-f', '20GiB')
    assert (none.rc, none.out, none.err) == (0, '\n', 'CUDA_VISIBLE_DEVICES=""\n')
    few = run(scenarios('trap37'), '-f', '20GiB', '-c', '1')
    assert (few.rc, few.out) == (4, '\n')
    assert few.err == 'CUDA_VISIBLE_DEVICES=""\nnvisel: warning: Not enough devices found.\n'


def test_each_bound_is_named(scenarios):
    why = reasons(run(scenarios('s6'), '-f', '5GiB', '-G', '20', '-M', '8', '--tol', '10', '-n', '1', '--explain').err)
    assert why == {
        '5': ('1', 'keeps all bounds'), '1': ('-', 'enough others were taken'),
        '0': ('-', 'free memory 2000MiB, at least 5120MiB wanted, 4608MiB tolerated'),
        '2': ('-', 'enough others were taken'),
        '3': ('-', 'free memory 4500MiB, at least 5120MiB wanted, 4608MiB tolerated'),
        '4': ('-', 'free memory 4500MiB, at least 5120MiB wanted, 4608MiB tolerated')}
    why = reasons(run(scenarios('s6'), '-G', '20', '--explain').err)
    assert why['2'] == ('-', 'GPU utilization 30%, at most 20% wanted')
    why = reasons(run(scenarios('s6'), '-M', '4', '--tol', '1', '-t', '1', '--explain').err)
    assert why['2'] == ('-', 'memory utilization 10%, at most 4% wanted, 5% tolerated')
    assert why['3'] == ('3', 'tolerated: memory utilization 5%, at most 4% wanted')


def test_what_rounds_to_the_bound_is_told_in_bytes(scenarios):
    free = 9900 * 2**20
    why = reasons(run(scenarios('s6'), '-f', str(free + 1), '--explain').err)
    assert why['5'] == ('-', f'free memory {free}B, at least 9900MiB wanted')


def test_accounts_count_as_free_in_the_table(scenarios):
    rows = table(run(scenarios('s6'), '--account-as-free', '--explain').err)
    assert {row[0]: row[2] for row in rows}['0'] == '9000MiB'


def test_others_have_their_reasons(scenarios):
    assert reasons(run(scenarios('s6'), '-i', '2,0', '--explain').err)['5'] == ('-', 'CUDA_VISIBLE_DEVICES does not show it')
    # What stands behind a mistake stands there, and still is not shown.
    assert reasons(run(scenarios('s6'), '-i', '2,99,0', '--explain').err)['0'] == ('-', 'CUDA_VISIBLE_DEVICES does not show it')
    assert reasons(run(scenarios('l'), '--explain').err) == {
        '0': ('1', 'no bounds were set'), '1': ('-', 'lost: it needs a reset')}
    assert reasons(run(scenarios('m'), '--explain').err) == {
        '0': ('1', 'no bounds were set'), '2': ('-', 'MIG is on, and there is no MIG device'),
        '1:0': ('-', 'a MIG device: CUDA takes one, and no GPU beside it'),
        '1:1': ('-', 'a MIG device: CUDA takes one, and no GPU beside it')}
    assert reasons(run(scenarios('m'), '-i', '1', '-f', '1GiB', '--explain').err)['1:0'] == ('1', 'keeps all bounds')


def test_the_table_does_not_touch_stdout(scenarios):
    done = run(scenarios('s6'), '-n', '2', '--explain')
    assert done.out == '5,1\n'
    assert done.err.startswith('GPU  CHOICE') and done.err.endswith('CUDA_VISIBLE_DEVICES="5,1"\n')


def test_on_a_terminal_only_the_devices_are_shown(scenarios):
    done = term.run_pty([paths.nvisel(), '-n', '2'], 80, env=scenarios('s6'))
    assert (done.rc, done.out, done.err) == (0, '5,1\n', '')


@pytest.mark.parametrize('words', [['-s', ':'], ['-0'], ['--newline']])
def test_stderr_has_commas_whatever_the_separator(scenarios, words):
    assert run(scenarios('s6'), '-n', '2', *words).err == 'CUDA_VISIBLE_DEVICES="5,1"\n'


def test_no_library_is_explained(scenarios):
    done = run(scenarios(choosing.NO_LIBRARY))
    assert (done.rc, done.out) == (1, '')
    assert done.err.startswith('FATAL ERROR: NVIDIA Management Library (NVML) not found.\nHINT: ')


@pytest.mark.parametrize(('scenario', 'reason'), [
    ('nodriver', 'Driver Not Loaded'), ('noperm', 'Insufficient Permissions'),
    ('mismatch', 'RM has detected an NVML/RM version mismatch.')])
def test_a_driver_that_fails_is_explained(scenarios, scenario, reason):
    done = run(scenarios(scenario))
    assert (done.rc, done.out) == (2, '')
    assert done.err.splitlines()[0].startswith(f'NVML ERROR: {reason}')


def test_no_proc_is_an_error(scenarios, tmp_path):
    done = run(scenarios('s6'), '--procfs', str(tmp_path))
    assert (done.rc, done.out) == (1, '')
    assert done.err == f'nvisel: error: no process file system at {tmp_path}: expected a mounted /proc\n'


def test_output_that_cannot_be_written_is_an_error(scenarios):
    with open('/dev/full', 'w', encoding='ascii') as full:
        with Program('-n', '1', env=scenarios('s6'), program=paths.nvisel(), stdout=full) as program:
            assert program.process.wait(PATIENCE) == 1
            assert 'nvisel: error: cannot write the output' in program.err.end()


# ---- boards on the host's memory, CUDA's order, the demo


@pytest.mark.parametrize('words', [[], ['--wait'], ['--sustain', '0.5']])
def test_processes_tell_unified_boards_apart(tmp_path, words):
    """All of them have the same memory free; the one whose processes hold most of it comes first."""
    scenario = tmp_path / 'scenario.ini'
    scenario.write_text('[device 0-2]\nmem_total = NOT_SUPPORTED\n[process JOB]\ndevice = 1\nmem = 6MiB\n')
    with sim.scenario(scenario) as running:
        assert run(running.env, *words, '-S').out == '0,1,2\n'
        assert run(running.env, *words).out == '1,2,0\n'


def test_inherit_follows_the_order_of_cuda(scenarios, tmp_path):
    """CUDA counts from the last GPU on, as it may where that is the fastest."""
    (tmp_path / 'libcuda.so.1').symlink_to(paths.built('tests/fakecuda/libcuda.so.1', 'tests/fakecuda/libcuda.so'))
    uuids = ','.join((str(i) * 8).ljust(32, '0') for i in range(6))
    env = {**scenarios('s6'), 'FAKE_CUDA_UUIDS': uuids, 'CUDA_VISIBLE_DEVICES': '0,1'}
    env['LD_LIBRARY_PATH'] = f'{tmp_path}:{env.get("LD_LIBRARY_PATH", "")}'
    assert run(env, '-i', '-S').out == '5,4\n'
    assert run({**env, 'CUDA_DEVICE_ORDER': 'PCI_BUS_ID'}, '-i', '-S').out == '0,1\n'


def test_demo_chooses_from_simulated_gpus():
    done = run({}, '--demo', 'two', '-t', '20GiB')
    assert (done.rc, done.out) == (0, '0\n')
    listed = run({}, '--demo=list')
    assert (listed.rc, listed.err) == (0, '') and 'two' in listed.out
    wrong = run({}, '--demo', 'nonesuch')
    assert (wrong.rc, wrong.out) == (2, '')
    assert wrong.err.startswith("nvisel: error: argument --demo: no scenario is called 'nonesuch'")


def test_options_of_ours_leave_old_prefixes_alone(scenarios):
    """`--n` could be --nvml, `--s` --sustain and `--no` is what it was."""
    assert run(scenarios('s6'), '--no').out == '0,1,2,3,4,5\n'
    assert run(scenarios('s6'), '--ex', '-n', '1').out == '5\n'
    assert run(scenarios('s6'), '--sus', '0', '-n', '1').out == '5\n'


# ---- what it costs


def calls(env: dict[str, str], log: Path, *words: str) -> set[str]:
    """The driver's functions that are called."""
    log.write_text('')
    assert run({**env, 'NVITOP_SIM_LOG': str(log)}, *words).rc == 0
    return {re.sub('_v[0-9]$', '', line.split()[0]) for line in log.read_text().splitlines()}


def test_only_what_is_needed_is_asked(scenarios, tmp_path):
    plain = calls(scenarios('s6'), tmp_path / 'log')
    assert {'nvmlDeviceGetMemoryInfo', 'nvmlDeviceGetUtilizationRates', 'nvmlDeviceGetUUID'} <= plain
    assert not any(re.search('Process|Temperature|Power|Clock|Fan|Pcie|Ecc', name) for name in plain)
    assert len(plain) < 14
    more = calls(scenarios('s6'), tmp_path / 'log', '--account-as-free')
    assert any('RunningProcesses' in name for name in more - plain)
