"""--query, --csv and --list-metrics."""

from __future__ import annotations

import pytest
from reading import metrics, parse, rows_of, snapshot_of, validator
from support import paths, sim, term

LEADS = ['timestamp', 'index', 'mig_index', 'condition']
PROCESS_LEADS = [*LEADS, 'pid', 'presence']
AWKWARD = ('[device 0-1]\nname = Card, "the best"\n[device 1]\nfan = NOT_SUPPORTED\n'
           '[process P]\ncommand = \'a,b\' \'say "x"\' \xe9\nmem = 1MiB\n[process Q]\ncommand = \'\'\nmem = unavailable\ndevice = 1\n')


def table(running, *arguments):
    result = running.run(*arguments)
    assert (result.rc, result.err) == (0, '')
    assert '\r' not in result.out and result.out.endswith('\n')
    return rows_of(result.out)


@pytest.mark.parametrize('name', [name for name in paths.shipped_scenarios() if name not in ('nodriver', 'mismatch', 'noperm', 'hang', 'frozen')])
def test_csv_of_every_scenario(name):
    columns = [row['metric'] for row in metrics('device') if not row['is_blocking']]
    with sim.scenario(name) as running:
        result, snapshot = running.run('--csv'), parse(running.run('--json').raw)
    rows = rows_of(result.out)
    assert result.rc == 0
    assert result.out.splitlines()[0].split(',') == LEADS + columns
    assert [(row['index'], row['mig_index']) for row in rows] == \
        [(str(device['index']), '' if device['mig_index'] is None else str(device['mig_index'])) for device in snapshot['devices']]
    for row, device in zip(rows, snapshot['devices']):
        for column in columns:
            assert (row[column] == '') == (device.get(column) is None), column


def test_csv_fields_are_quoted(open_scenario):
    with open_scenario(AWKWARD) as running:
        devices = table(running, '--csv')
        processes = table(running, '--query', 'name,process.command', 'process.gpu_memory', 'process.pid')
    assert [row['name'] for row in devices] == ['Card, "the best"'] * 2
    assert [row['fan_speed'] for row in devices] == ['30', '']
    assert list(processes[0]) == [*PROCESS_LEADS, 'name', 'process.command', 'process.gpu_memory']
    assert processes[0]['process.command'] == "a,b 'say \"x\"' \xe9"
    assert [row['process.gpu_memory'] for row in processes] == [str(1 << 20), '']


@pytest.mark.parametrize('name', ['hostile', 'container', 'procs256'])
def test_trap_32_commands_in_csv(name):
    with sim.scenario(name) as running:
        rows = table(running, '--query', 'process.command,process.username')
        snapshot = snapshot_of(running.run('--json'))
    assert len(rows) == len(snapshot['processes']) > 0
    assert [row['process.command'] for row in rows] == [process['command'] or '' for process in snapshot['processes']]


@pytest.mark.parametrize(('words', 'columns', 'count'), [
    ('temperature,name', [*LEADS, 'temperature', 'name'], 2),
    ('name temperature,name', [*LEADS, 'name', 'temperature'], 2),
    ('device.name', [*LEADS, 'name'], 2),
    ('index,name', [*LEADS, 'name'], 2),
    ('process.gpu_memory', [*PROCESS_LEADS, 'process.gpu_memory'], 5),
    ('gpu_memory', [*PROCESS_LEADS, 'process.gpu_memory'], 5),
    ('pid,name', [*PROCESS_LEADS, 'name'], 5),
    ('host.memory_total', ['timestamp', 'host.memory_total'], 1),
    ('load_average_1m', ['timestamp', 'host.load_average_1m'], 1),
    ('host.cpu_count,uuid', [*LEADS, 'host.cpu_count', 'uuid'], 2),
    ('process.pid,host.cpu_count,uuid', [*PROCESS_LEADS, 'host.cpu_count', 'uuid'], 5),
])
def test_the_finest_thing_makes_the_rows(words, columns, count):
    with sim.scenario('two') as running:
        result = running.run('--query', *words.split())
    assert (result.rc, result.err) == (0, '')
    assert result.out.splitlines()[0].split(',') == columns
    assert len(rows_of(result.out)) == count


def test_a_scope_is_all_that_does_not_block():
    with sim.scenario('two') as running:
        rows = table(running, '--query', 'host', 'device', 'pcie_rx_throughput')
    host = [row['metric'] for row in metrics('host')]
    device = [row['metric'] for row in metrics('device') if not row['is_blocking']]
    assert list(rows[0]) == [*LEADS, *host, *device, 'pcie_rx_throughput']


def test_json_has_what_was_asked_for():
    with sim.scenario('two') as running:
        one = snapshot_of(running.run('--json', '--query', 'temperature'))
        two = snapshot_of(running.run('--json', '--query', 'process.username,host.cpu_count'))
    frame = {'index', 'mig_index', 'condition', 'is_leaf', 'is_stale', 'unavailable'}
    assert set(one['devices'][0]) == frame | {'temperature'}
    assert 'host' not in one and 'processes' not in one
    assert set(two['devices'][0]) == frame and set(two['host']) == {'cpu_count', 'unavailable'}
    assert {'username'} == set(two['processes'][0]) & {row['name'] for row in metrics('process')}
    assert all(process['device_uuid'].startswith('GPU-') for process in two['processes'])


def calls(running, tmp_path, *arguments):
    log = tmp_path / 'calls'
    log.unlink(missing_ok=True)
    assert running.run(*arguments, env={'NVITOP_SIM_LOG': str(log)}).rc == 0
    return log.read_text()


def test_nothing_else_is_asked_of_the_driver(tmp_path):
    with sim.scenario('two') as running:
        made = calls(running, tmp_path, '--query', 'temperature')
        assert 'Temperature' in made
        for word in ('Power', 'Utilization', 'RunningProcesses', 'FanSpeed', 'PcieThroughput'):
            assert word not in made
        for arguments in (['--json'], ['--csv']):
            assert 'PcieThroughput' not in calls(running, tmp_path, *arguments)
        assert 'RunningProcesses' in calls(running, tmp_path, '--query', 'memory_used'), 'on some boards it is their sum'


def test_blocking_metrics_are_read_when_named(open_scenario):
    with open_scenario('[device 0]\npcie_tx = 5000\npcie_rx = 7000\n') as running:
        assert 'pcie_tx_throughput' not in snapshot_of(running.run('--json'))['devices'][0]
        device = snapshot_of(running.run('--json', '--query', 'pcie_tx_throughput,pcie_rx_throughput'))['devices'][0]
    assert device['pcie_tx_throughput'] > 0 and device['pcie_rx_throughput'] > 0


def test_memory_of_a_board_without_its_own_is_the_sum_over_processes():
    with sim.scenario('uma') as running:
        whole = snapshot_of(running.run('--json'))
        asked = snapshot_of(running.run('--json', '--query', 'memory_used,memory_kind'))
        bare = snapshot_of(running.run('--json', '--no-processes'))
    assert [d['memory_kind'] for d in asked['devices']] == [d['memory_kind'] for d in whole['devices']]
    unified = [i for i, device in enumerate(whole['devices']) if device['memory_kind'] == 'UMA']
    assert unified
    for i in unified:
        assert asked['devices'][i]['memory_used'] == whole['devices'][i]['memory_used'] > 0
        assert 'memory_used' not in bare['devices'][i], 'nobody asked for it'


@pytest.mark.parametrize(('words', 'message'), [
    (['temprature'], 'there is no metric `temprature`; near it: temperature; --list-metrics names them all'),
    (['name,memory_usd'], 'there is no metric `memory_usd`; near it: memory_used, host.memory_used, '),
    (['xyzzy'], 'there is no metric `xyzzy`; --list-metrics names them all'),
    (['cpu_percent'], '`cpu_percent` could be process.cpu_percent or host.cpu_percent'),
    (['host.temperature'], 'there is no metric `host.temperature`; near it: temperature, '),
    (['host.'], 'there is no metric `host.`; --list-metrics names them all'),
    (['\x1b[2J'], 'there is no metric `�[2J`; --list-metrics names them all'),
    ([','], 'no metric is named; --list-metrics names them all'),
])
def test_words_that_are_no_metric(words, message):
    result = term.run([paths.nvitop(), '--query', *words])
    assert (result.rc, result.out) == (2, '')
    last = result.err.splitlines()[-1]
    assert last.startswith(f'nvitop: error: argument --query: {message}')
    assert '\x1b' not in result.err


def test_the_list_is_the_table(tmp_path):
    whole = parse(term.run([paths.nvitop(), '--list-metrics', '--json']).raw)
    validator('metric_list').validate(whole)
    rows = rows_of(term.run([paths.nvitop(), '--list-metrics', '--csv']).out)
    lines = term.run([paths.nvitop(), '--list-metrics']).out.splitlines()
    assert len(whole['metrics']) == len(rows) == len(lines) - 1 >= 90
    for metric, row, line in zip(whole['metrics'], rows, lines[1:]):
        assert [row['metric'], row['scope'], row['unit'], row['kind'], row['help']] == \
            [metric[name] for name in ('metric', 'scope', 'unit', 'kind', 'help')]
        assert line.split()[:4] == [metric[name] for name in ('metric', 'scope', 'unit', 'kind')]
        assert metric['help'] in line
        assert ('Blocks' in line) == metric['is_blocking']
    words = [metric['metric'] for metric in whole['metrics']]
    assert len(words) == len(set(words))
    with sim.scenario('two') as running:
        named = table(running, '--query', ','.join(words))
    assert list(named[0])[len(PROCESS_LEADS):] == words


def test_the_list_fits_a_terminal():
    result = term.run_pty([paths.nvitop(), '--list-metrics'], 80)
    assert result.rc == 0
    assert max(len(line) for line in result.lines) <= 80
    assert sum(line.startswith('process.') for line in result.lines) == len(metrics('process'))


def test_the_list_needs_no_driver():
    assert term.run([paths.nvitop(), '--list-metrics', '--nvml', '/no/such/library']).rc == 0
    assert term.run([paths.nvitop(), '--list-metrics', '--demo', 'two', '--csv']).rc == 0
