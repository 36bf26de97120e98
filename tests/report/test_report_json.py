"""nvitop --json: valid whatever the GPUs and processes are, typed, and never 0 for what is not known."""

from __future__ import annotations

import pytest
from reading import check, metrics, parse, schema, snapshot_of
from support import paths, sim, term

HOSTILE = r'''[device 0]
name = \x1b[31m"quoted" \\ \x01\xff\xc3\x28
serial = \xed\xa0\x80
[process QUOTES]
command = python3 '"a"' "it's" back\\slash tab\there
mem = 1MiB
[process CONTROL]
command = python3 \x01\x02\x1b[2J\x7f\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9 'line\nfeed\x0d'
mem = 2MiB
[process INVALID]
command = python3 \xff\xfe\xc3\x28\xe2\x82\xf0\x9f\x92\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf
mem = 3MiB
[process EMPTY]
command = ''
mem = 4MiB
[process NULL]
command = gone
no_argv = yes
mem = 5MiB
[process HUGE]
command = python3 huge.py '"' \x01
command_pad = 102400
mem = 6MiB
[process EMOJI]
command = 'python3 👩‍👩‍👧‍👦 e\xcc\x81\xcc\x82'
mem = 7MiB
'''
# The driver is not there for these, and a report says why instead.
FAILING = {'nodriver', 'mismatch', 'noperm'}


@pytest.mark.parametrize('name', paths.shipped_scenarios())
def test_every_scenario_parses_and_validates(name):
    with sim.scenario(name) as running:
        result = running.run('--json')
        if name in FAILING:
            report = running.run('-1')
            assert (result.rc, result.out, result.err) == (1, '', report.err) == (report.rc, report.out, report.err)
            return
    snapshot = snapshot_of(result) if not result.err else check(parse(result.raw))
    assert result.rc == 0
    assert result.raw.count(b'\n') == 1
    names = [row['name'] for row in metrics('device') if not row['is_blocking']]
    for device in snapshot['devices']:
        assert [name for name in device if name in names] == [name for name in names if name in device]
        assert set(names) - set(device) <= {'memory_used', 'memory_percent'}


def test_trap_32_hostile_command_lines(open_scenario):
    with open_scenario(HOSTILE) as running:
        snapshot = snapshot_of(running.run('--json'))
        pretty = snapshot_of(running.run('--json=pretty'))
        pids = running.pids
    commands = {name: process['command'] for process in snapshot['processes']
                for name, pid in pids.items() if pid == process['pid']}
    assert set(commands) == set(pids)
    assert commands.pop('NULL') is None, 'a process without any argument has no command line'
    assert commands['EMPTY'] == ''
    assert all(isinstance(command, str) for command in commands.values())
    assert '"a"' in commands['QUOTES'] and 'back\\slash' in commands['QUOTES']
    assert '�' in commands['INVALID']
    assert len(commands['HUGE']) >= 32768
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for command in commands.values() for letter in command)
    assert '"quoted" \\' in snapshot['devices'][0]['name']
    assert {p['pid']: p['command'] for p in pretty['processes']} == {p['pid']: p['command'] for p in snapshot['processes']}


def test_trap_32_not_available_is_null_with_its_reason(open_scenario):
    text = '''hide = nvmlDeviceGetFanSpeed*, nvmlDeviceGetNumFans
[device 0]
error.nvmlDeviceGetUtilizationRates = UNKNOWN
error.nvmlDeviceGetPowerUsage = NO_PERMISSION
error.nvmlDeviceGetTemperature* = NOT_SUPPORTED
error.nvmlDeviceGetMemoryInfo* = NO_PERMISSION
error.nvmlDeviceGetProcessUtilization* = NOT_SUPPORTED
[process P]
command = job
mem = unavailable
'''
    with open_scenario(text) as running:
        snapshot = snapshot_of(running.run('--json'))
    device, process = snapshot['devices'][0], snapshot['processes'][0]
    expected = {'fan_speed': 'no_symbol', 'gpu_utilization': 'error', 'memory_utilization': 'error',
                'power_usage': 'no_permission', 'temperature': 'not_supported', 'memory_used': 'no_permission',
                'memory_percent': 'no_permission', 'power_percent': 'no_permission'}
    assert {name: device[name] for name in expected} == dict.fromkeys(expected)
    assert {name: device['unavailable'][name]['why'] for name in expected} == expected
    assert device['unavailable']['power_usage'] == {'why': 'no_permission', 'nvml_code': 4}
    for name in ('gpu_memory', 'gpu_sm_utilization', 'gpu_memory_percent'):
        assert process[name] is None and process['unavailable'][name]['why'] == 'not_supported' or \
            name == 'gpu_memory_percent'
    assert device['clock_sm'] == 210 and device['power_limit'] == 350000


def test_zero_is_zero(open_scenario):
    with open_scenario('[device 0]\ngpu_util = 0\npower = 0W\nmem_used = 0B\n') as running:
        device = snapshot_of(running.run('--json'))['devices'][0]
    assert (device['gpu_utilization'], device['power_usage'], device['memory_used']) == (0, 0, 0)
    assert device['memory_percent'] == 0.0 and isinstance(device['memory_percent'], float)


def test_what_a_screen_shows_is_what_the_object_has(open_scenario):
    with open_scenario('[device 0]\ntemperature = 61\npower = 123W\nmem_total = 16GiB\nmem_used = 4GiB\n'
                       '[process P]\ncommand = job one\nmem = 1041MiB\nuser = games\ntype = CG\n') as running:
        snapshot = snapshot_of(running.run('--json'))
        pid = running.pids['P']
    device, (process,) = snapshot['devices'][0], snapshot['processes']
    assert (device['temperature'], device['power_usage']) == (61, 123000)
    assert (device['memory_total'], device['memory_used'], device['memory_percent']) == (16 << 30, 4 << 30, 25.0)
    assert (process['pid'], process['type'], process['gpu_memory']) == (pid, 'C+G', 1041 << 20)
    assert (process['command'], process['presence']) == ('job one', 'here')
    assert process['start_ticks'] > 0 and process['host_memory'] > 0
    assert snapshot['driver']['version'] == '550.163.01' and snapshot['driver']['cuda_version'] == '12.4'
    assert snapshot['nvitop_version'] == paths.version()


def test_mig_devices_stand_below_their_gpu():
    with sim.scenario('mig') as running:
        snapshot = snapshot_of(running.run('--json'))
    indices = [(device['index'], -1 if device['mig_index'] is None else device['mig_index'])
               for device in snapshot['devices']]
    assert indices == sorted(indices) and any(mig >= 0 for _, mig in indices)
    for device in snapshot['devices']:
        if device['mig_index'] is not None:
            assert device['is_leaf'] and device['unavailable']['fan_count'] == {'why': 'not_applicable'}


def test_a_lost_gpu_keeps_its_shape():
    with sim.scenario('lost') as running:
        snapshot = snapshot_of(running.run('--json'))
    lost = [device for device in snapshot['devices'] if device['condition'] == 'lost']
    assert lost and all(device['nvml_code'] in (15, 16) for device in lost)
    well = next(device for device in snapshot['devices'] if device['condition'] == 'ok')
    names = {row['name'] for row in metrics('device')}
    assert all(names & set(device) == names & set(well) for device in lost)
    assert all(device['gpu_utilization'] is None for device in lost)


def test_indented_is_the_same_object(open_scenario):
    with open_scenario('clock = 3s\n[device 0]\nenergy = 5kJ\n') as running:
        one, pretty = running.run('--json'), running.run('--json=pretty')
    assert pretty.out.count('\n') > 50 and '\n  "devices": [\n' in pretty.out
    assert list(snapshot_of(one)) == list(snapshot_of(pretty))
    assert snapshot_of(one)['devices'] == snapshot_of(pretty)['devices']


@pytest.mark.parametrize('arguments', [['--json'], ['--csv'], ['--query', 'name']])
def test_without_a_driver_nothing_is_half_printed(arguments):
    result = term.run([paths.nvitop(), *arguments, '--nvml', '/no/such/library'])
    report = term.run([paths.nvitop(), '-1', '--nvml', '/no/such/library'])
    assert (result.rc, result.out, result.err) == (1, '', report.err)
    assert 'HINT' in result.err


def test_procfs_that_is_not_there():
    with sim.scenario('two') as running:
        result = running.run('--json', '--procfs', '/no/such/folder')
    assert (result.rc, result.out) == (1, '') and 'No process file system' in result.err


def test_an_index_that_no_gpu_has():
    with sim.scenario('two') as running:
        result = running.run('--json', '-o', '1', '7')
        report = running.run('-1', '-o', '1', '7')
    assert (result.rc, result.err) == (1, report.err)
    assert [device['index'] for device in check(parse(result.raw))['devices']] == [1]


def test_filters_apply(open_scenario):
    text = ('[device 0-1]\n[process A]\ncommand = a\nuser = games\nmem = 1MiB\n'
            '[process B]\ncommand = b\nuser = nobody\ntype = G\nmem = 1MiB\ndevice = 1\n')
    with open_scenario(text) as running:
        def commands(*arguments):
            return [p['command'] for p in snapshot_of(running.run('--json', *arguments))['processes']]
        assert commands() == ['a', 'b']
        assert commands('-u', 'games') == commands('-c') == commands('-o', '0') == ['a']
        assert commands('-g') == commands('-p', str(running.pids['B'])) == ['b']
        seen = snapshot_of(running.run('--json', '-ov', env={'CUDA_VISIBLE_DEVICES': '1', 'CUDA_DEVICE_ORDER': 'PCI_BUS_ID'}))
    assert [device['index'] for device in seen['devices']] == [1]


LISTS = ('nvmlDeviceGetComputeRunningProcesses', 'nvmlDeviceGetGraphicsRunningProcesses', 'nvmlDeviceGetProcessUtilization')


@pytest.mark.parametrize('arguments', [['-1'], ['--json'], ['--json=pretty'], ['--csv'], ['--query', 'name,memory_used'],
                                       ['--query', 'host', '--json']], ids=' '.join)
def test_trap_32_no_processes_in_every_mode(open_scenario, tmp_path, arguments):
    log = tmp_path / 'calls'
    with open_scenario('[device 0]\n[process P]\ncommand = the job\nmem = 1MiB\n') as running:
        result = running.run(*arguments, '--no-processes', env={'NVITOP_SIM_LOG': str(log)})
        pid = running.pids['P']
    assert (result.rc, result.err) == (0, '')
    assert 'the job' not in result.out and '"processes"' not in result.out and f'{pid}' not in result.out.split('.')
    calls = log.read_text()
    assert 'nvmlInit' in calls and not any(name in calls for name in LISTS)


def test_the_schema_names_every_metric():
    for scope in ('device', 'process', 'host'):
        properties = schema()['$defs'][scope]['properties']
        rows = metrics(scope)
        assert len(rows) >= 10
        assert [name for name in properties if name in {row['name'] for row in rows}] == [row['name'] for row in rows]
        for row in rows:
            assert properties[row['name']]['description'] == row['help']
            assert properties[row['name']].get('unit', 'none') == row['unit']


def test_the_schema_is_that_of_the_tables():
    made = term.run([paths.built('src/cmd/gen-docs'), 'schema'])
    assert made.raw == (paths.ROOT / 'schema/snapshot.schema.json').read_bytes(), \
        'write it anew: build-test/src/cmd/gen-docs schema >schema/snapshot.schema.json'
