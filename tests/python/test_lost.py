"""A driver that goes and comes back while a program runs: values say so, nothing ends, and the program finds it again."""

from __future__ import annotations

import pytest

# Some go at 10 s and are back at 20 s: one, or all of them, as when the driver is loaded anew.
GOING = '''
[system]
driver_version = 550.54.14
cuda_version = 12040
[device 0-2]
name = NVIDIA Card
mem_total = 16GiB
power = 100W
[device {goes}]
lost_at = 10
back_at = 20
[process ONE]
device = all
command = cat
mem = 1GiB
'''

# at(TIME) sets the scenario's clock.
CLOCK = '''
import os, sys, time
from nvitop import *

def at(seconds):
    with open(sys.argv[1] + '.new', 'w') as file:
        file.write(str(seconds))
    os.replace(sys.argv[1] + '.new', sys.argv[1])

def until(condition):
    """Looks until it is so; a GPU that was lost is looked up again every 5 seconds."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end

at(0)
devices = Device.all()
'''


@pytest.fixture
def lines(request, over, tmp_path):
    scenario, clock = tmp_path / 'going.ini', tmp_path / 'clock'
    scenario.write_text(GOING.format(goes=request.param))
    clock.write_text('0')
    scripts = over(scenario, {'NVITOP_SIM_CLOCK': str(clock)})
    return lambda script: scripts.lines(CLOCK + script, str(clock), env={'NVITOP_SIM_CLOCK': str(clock)})


@pytest.mark.parametrize('lines', ['1'], indirect=True)
def test_trap_10_gpu_goes_and_comes_back_in_the_middle_of_everything(lines):
    assert lines('''
def look():
    found = take_snapshots()
    print([snapshot.power_usage for snapshot in found.devices], [snapshot.name for snapshot in found.devices].count('NVIDIA Card'),
          len(found.gpu_processes), select_devices(), len(devices[1].processes()), Device(1).name())

collector = ResourceMetricCollector(root_pids={1}, interval=0.01)
process = devices[1].processes().popitem()[1]
with collector('all'):
    look()
    print(collector.collect()['all/gpu:1/power_usage (W)/last'])
    at(10)
    look()
    print(process.update_gpu_status(), process.is_running(), repr(devices[1]))
    with collector('lost'):
        metrics = collector.collect()
        print(metrics['all/lost/gpu:1/power_usage (W)/mean'], metrics['all/lost/gpu:0/power_usage (W)/mean'])
    at(20)
    until(lambda: devices[1].power_usage() is not NA)
    look()
    collector.clear('all')
    until(lambda: collector.collect().get('all/gpu:1/power_usage (W)/last') == 100)
    print(process.update_gpu_status() >> 20, devices[1] == Device(1))
''') == [
        '[100000, 100000, 100000] 3 3 [2, 1, 0] 1 NVIDIA Card', '100.0',
        "[100000, 'N/A', 100000] 3 2 [2, 0] 0 NVIDIA Card",
        'N/A True PhysicalDevice(index=1, name="NVIDIA Card", total_memory=16384MiB)', 'nan 100.0',
        '[100000, 100000, 100000] 3 3 [2, 1, 0] 1 NVIDIA Card', '1024 True']


@pytest.mark.parametrize('lines', ['0-2'], indirect=True)
def test_trap_40_driver_that_was_loaded_anew_is_found_again(lines):
    assert lines('''
with ResourceMetricCollector(root_pids={1}, interval=0.01)('all') as collector:
    at(10)
    until(lambda: not select_devices())
    print([device.power_usage() for device in devices], sum(len(device.processes()) for device in devices))
    at(20)
    until(lambda: select_devices() == [2, 1, 0])
    until(lambda: [device.power_usage() for device in devices] == [100000] * 3)
    until(lambda: collector.collect()['all/gpu:2/power_usage (W)/last'] == 100)
    print(len(take_snapshots().gpu_processes), [device == Device(device.index) for device in devices])
''') == ["['N/A', 'N/A', 'N/A'] 0", '3 [True, True, True]']


def test_driver_that_comes_later_than_the_program(two, tmp_path):
    """Without a library nothing is found; each question looks again, since it may be installed meanwhile."""
    library = tmp_path / 'libnvidia-ml.so.1'
    done = two.run('''
        import os, sys
        from nvitop import *
        print(Device.all(), select_devices(), take_snapshots(), parse_cuda_visible_devices('0'), Device.is_available())
        with ResourceMetricCollector(interval=0.01)('early') as collector:
            print({key.split('/')[1] for key in collector.collect() if key.count('/') > 1})
            os.symlink(sys.argv[1], sys.argv[2])
            print([device.name() for device in Device.all()], len(select_devices()), len(take_snapshots().gpu_processes))
    ''', str(two.sim.env['NVITOP_NVML']), str(library), env={'NVITOP_NVML': str(library)})
    assert done.rc == 0 and set(done.err.splitlines()[::4]) == {'FATAL ERROR: NVIDIA Management Library (NVML) not found.'}
    assert done.lines == [
        '[] [] SnapshotResult(devices=[], gpu_processes=[]) [] False', "{'host'}",
        "['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti'] 2 5"]
