"""What users of such tools ran into, on the Python package. The number is the trap's."""

from __future__ import annotations

import processes
import pytest

SYSTEM = '[system]\ndriver_version = 550.54.14\ncuda_version = 12040\n'
CARD = 'name = NVIDIA Card\nmem_total = 16GiB\nmem_used = 1GiB\ngpu_util = 30\n'
ROWS = '''
from nvitop import *
from nvitop.api.device import *
def rows(device=0):
    return [(process.type, process.gpu_memory(), process.gpu_sm_utilization()) for process in Device(device).processes().values()]
'''


@pytest.fixture
def lines(over, tmp_path):
    """lines(SCENARIO, SCRIPT): a scenario of a few lines, or a shipped one by its name."""
    def run(scenario, script, *args, **options):
        if '\n' in scenario:
            path = tmp_path / 'scenario.ini'
            path.write_text(scenario)
            scenario = path
        return over(scenario).lines(ROWS + script, *args, **options)
    return run


@pytest.mark.parametrize('era', ['390', '470', '535.54', '535.98', '550', '580'])
def test_trap_01_every_era_gives_the_same_list(lines, era):
    text = f'[system]\nera = {era}\n[device 0]\n{CARD}[process P]\ncount = 40\ncommand = job\nmem = {{i+1}}MiB\n'
    assert lines(text, '''
        print(sorted(memory >> 20 for _, memory, _ in rows()) == list(range(1, 41)))
        print(len(take_snapshots().gpu_processes))
    '''.replace('\n        ', '\n')) == ['True', '40']


def test_trap_04_unknown_memory_is_not_a_number(lines):
    assert lines('wsl', '''
collector = ResourceMetricCollector(root_pids={1})
with collector('a'):
    metrics = collector.collect()
print({memory for _, memory, _ in rows()}, {process.gpu_memory_percent for process in take_snapshots().gpu_processes})
print({str(value) for key, value in metrics.items() if 'gpu_memory (MiB)' in key})
''') == ["{'N/A'} {'N/A'}", "{'nan'}"]


def test_trap_05_numbers_that_are_no_pid_are_no_process(lines):
    text = f'{SYSTEM}[device 0]\n{CARD}' + ''.join(
        f'[process BAD{pid}]\npid = {pid}\nmem = 1MiB\nstate = gone\n' for pid in (0, 4294967295, 2147483648))
    assert lines(text + '[process P]\ncommand = job\nmem = 7MiB\n', 'print([memory >> 20 for _, memory, _ in rows()])') == ['[7]']


def test_trap_06_garbage_samples_are_dropped(lines):
    text = f'{SYSTEM}[device 0]\n{CARD}garbage = huge, unlisted, unsorted\n' \
           '[process A]\ncommand = a\nmem = 1MiB\nsm = 991\n[process B]\ncommand = b\nmem = 2MiB\nsm = 40\n'
    assert lines(text, 'print(sorted(rows(), key=lambda row: row[1]))') == ["[('C', 1048576, 0), ('C', 2097152, 40)]"]


def test_trap_07_under_mig_nothing_is_0(lines):
    assert lines('mig', '''
for index in (2, (2, 0)):
    snapshot = Device(index).as_snapshot()
    print(snapshot.utilization_rates, {row[2] for row in rows(index)})
''') == ["UtilizationRates(gpu='N/A', memory='N/A', encoder='N/A', decoder='N/A') {'N/A'}"] * 2


def test_trap_08_mig_device_that_is_made_again_is_another(lines, tmp_path):
    clock = tmp_path / 'clock'
    clock.write_text('0')
    text = f'{SYSTEM}[device 0]\n{CARD}mig_mode = 1\n[mig 0:0]\nprofile = 1g.10gb\nrecreated_at = 10\n'
    assert lines(text, '''
import os
device, clock = MigDevice.all()[0], os.environ['NVITOP_SIM_CLOCK']
before, known = device.uuid(), {device}  # who it is, is known from now on
with open(clock + '.new', 'w') as file:
    file.write('10')
os.replace(clock + '.new', clock)
again = MigDevice.all()[0]
print(again.uuid() != before, again.index == device.index, again in known, again.memory_total() == device.memory_total() > 0)
''', env={'NVITOP_SIM_CLOCK': str(clock)}) == ['True True False True']


def test_trap_09_a_lost_gpu_leaves_the_others(lines):
    assert lines('lost', '''
print([(device.index, device.name()) for device in Device.all() if device.handle is None])
print([snapshot.index for snapshot in take_snapshots().devices], select_devices(Device.all()).count(1))
''') == ["[(1, 'ERROR: GPU is Lost')]", '[0, 1, 2, 3] 0']


@pytest.mark.parametrize(('scenario', 'error', 'code'), [
    ('mismatch', 'NVMLError_LibRmVersionMismatch', 18), ('nodriver', 'NVMLError_DriverNotLoaded', 9),
    ('noperm', 'NVMLError_NoPermission', 4)])
def test_trap_13_a_failing_start_is_an_error_with_the_driver_s_number(lines, scenario, error, code):
    assert lines(scenario, '''
for ask in (lambda: Device(0), Device.count, Device.driver_version, lambda: libnvml.nvmlQuery('nvmlDeviceGetCount')):
    try:
        ask()
    except NVMLError as error:
        print(type(error).__name__, error.value)
print(Device.all(), select_devices(), take_snapshots().devices)
''') == [f'{error} {code}'] * 4 + ['[] [] []']


def test_trap_15_unified_memory_is_what_processes_use(lines):
    assert lines('uma', '''
device, memory = Device(0), host.virtual_memory()
print(device.memory_total() == memory.total, device.memory_used() == sum(memory for _, memory, _ in rows()))
''') == ['True True']


@pytest.mark.parametrize('code', ['UNKNOWN', 'GPU_IS_LOST', 'NO_PERMISSION'])
def test_trap_16_failed_memory_is_never_the_hosts(lines, code):
    text = f'{SYSTEM}[device 0]\n{CARD}error.nvmlDeviceGetMemoryInfo* = {code}\n'
    assert lines(text, 'print(set(Device(0).memory_info()), Device(0).memory_usage())') == ["{'N/A'} N/A / N/A"]


def test_trap_17_one_failure_costs_one_value(lines):
    text = f'{SYSTEM}[device 0]\n{CARD}power = 120W\nerror.nvmlDeviceGetPowerManagementLimit* = NOT_SUPPORTED\n' \
           'error.nvmlDeviceGetEnforcedPowerLimit* = NOT_SUPPORTED\nerror.nvmlDeviceGetTemperatureThreshold = UNKNOWN\n'
    assert lines(text, 'device = Device(0)\nprint(device.power_status(), device.temperature(), device.as_snapshot().power_limit)') == [
        '120W / N/A 35 N/A']


def test_trap_21_the_greatest_clock_is_not_the_present_one_and_tx_is_not_rx(lines):
    text = f'{SYSTEM}[device 0]\n{CARD}pcie_tx = 1000\npcie_rx = 2000\n' + ''.join(
        f'clock_{name} = {100 + i}\nmax_clock_{name} = {2000 + i}\n' for i, name in enumerate(('graphics', 'sm', 'mem', 'video')))
    assert lines(text, '''
device = Device(0)
print(device.clock_infos()[:], device.max_clock_infos()[:], device.max_sm_clock(), device.sm_clock())
print(device.pcie_throughput()[:], device.pcie_tx_throughput(), device.pcie_rx_throughput())
snapshot = device.as_snapshot()
print(snapshot.max_clock_infos == device.max_clock_infos(), snapshot.clock_speed_infos.current.sm, snapshot.pcie_rx_throughput)
''') == ['(100, 101, 102, 103) (2000, 2001, 2002, 2003) 2001 101', '(1000, 2000) 1000 2000', 'True 101 2000']


def test_trap_24_pids_of_another_namespace_are_nobody_s_here(lines):
    """What has the number here is not asked, and never sent a signal."""
    with processes.child('-') as victim:
        text = f'[launcher]\npid_namespace = host\n{SYSTEM}[device 0-1]\n{CARD}' \
               f'[process P]\npid = {victim.pid}\ndevice = 0 1\nmem = 7MiB\nstate = gone\nlisted = always\n'
        assert lines(text, '''
import copy, pickle, signal, sys
pid = int(sys.argv[1])
mine = HostProcess(pid)  # who has the pid here, and is known
def is_refused(ask):
    try:
        return ask()
    except host.PsutilError as error:
        return type(error).__name__ == 'NoSuchProcess' and error.pid == pid
listed = Device(0).processes()[pid]
again = pickle.loads(pickle.dumps(listed))
for process in (listed, again, copy.copy(listed), listed.host, pickle.loads(pickle.dumps(listed.host))):
    print(process.is_running(), [is_refused(ask) for ask in (
        process.terminate, process.kill, process.suspend, process.resume, lambda: process.send_signal(signal.SIGTERM),
        lambda: process.nice(5), process.name, process.cmdline, process.username, process.create_time, process.parents)])
print(listed.host, listed.update_gpu_status() >> 20, listed == Device(0).processes()[pid], listed.host == mine)
snapshots = take_snapshots().gpu_processes
print([(row.pid == pid, row.gpu_memory >> 20, row.is_running, row.name, row.command, row.username) for row in snapshots])
for own in ((), (GpuProcess(pid, Device(0)),)):
    print([row.name for row in GpuProcess.take_snapshots([*own, listed, *own], failsafe=True)])
for root in (pid, mine.ppid(), 1):
    for cls in (ResourceMetricCollector, type('Mine', (ResourceMetricCollector,), {
            'take_snapshots': lambda self: ResourceMetricCollector.take_snapshots(self)})):
        collector = cls(root_pids={root})
        with collector('a'):
            found = {key.split('/')[2]: value for key, value in collector.collect().items() if f'a/pid:{pid}/' in key}
        print(sorted(found), [value for key, value in found.items() if key.startswith('host')])
print(HostProcess(pid) is mine, mine.is_running())
''', str(victim.pid)) == [
            *[f'False {[True] * 11}'] * 5,
            f"HostProcess(pid={victim.pid}, status='PID of another namespace') 7 True False",
            str([(True, 7, False, 'N/A', 'No Such Process', 'N/A')] * 2),
            "['N/A']", "['cat', 'N/A', 'cat']",
            *['[] []'] * 4, *["['gpu:0', 'gpu:1', 'host'] [nan]"] * 2, 'True True']
        assert victim.process.poll() is None


def test_trap_37_memory_that_is_not_available_is_no_reason_to_choose(lines):
    text = f'{SYSTEM}[device 0-2]\n{CARD}[device 1]\nerror.nvmlDeviceGetMemoryInfo* = UNKNOWN\n[device 2]\nmem_used = 16GiB\n'
    assert lines(text, '''
print(select_devices(), select_devices(min_free_memory='1MiB'), select_devices(min_free_memory=0, tolerance=100))
class Mine(PhysicalDevice):
    pass
print(select_devices(Mine.all()), select_devices(Mine.all(), min_free_memory='1MiB'))
''') == ['[0, 2, 1] [0] [0, 2]', '[0, 2, 1] [0]']


def test_trap_41_one_process_in_three_lists_is_one(lines):
    text = f'{SYSTEM}[device 0]\n{CARD}[process P]\ncommand = job\nmem = 7MiB\ntype = CGM\nsm = 20\n'
    assert lines(text, 'print(rows(), len(take_snapshots().gpu_processes))') == ["[('C+G', 7340032, 20)] 1"]
