"""take_snapshots over the simulator: which devices, which processes."""

from __future__ import annotations

import json
import os
import sys
import textwrap

import nvitop
import pytest
from support import paths

SITE = os.path.dirname(os.path.dirname(nvitop.__file__))

# Prints for each expression the indices of the devices, and the processes as names of the scenario.
LOOK = '''
    import json, os, sys
    from nvitop import *
    from nvitop import take_snapshots
    pids, expressions = json.loads(sys.argv[1])
    ds = Device.all()
    ps = [p for d in ds for leaf in d.to_leaf_devices() for p in leaf.processes().values()]
    ps.sort(key=lambda p: (str(p.device.index), p.pid))
    one = [p for p in ps if p.pid == pids.get('BOTH')]
    def shown(index):
        return str(index).replace(' ', '')
    for expression in expressions:
        try:
            devices, processes = take_snapshots(**eval('dict(%s)' % expression))
            found = [shown(d.real.index) for d in devices], sorted(
                [names.get(p.pid, '?'), shown(p.device.index)] for p in processes for names in
                [{pid: name for name, pid in pids.items()}])
        except Exception as error:
            found = type(error).__name__
        print(json.dumps(found))
'''

X, R0, R1, B0, B1 = ['XORG', '0'], ['RANK0', '0'], ['RANK1', '1'], ['BOTH', '0'], ['BOTH', '1']
ON_0, ON_1 = [B0, R0, X], [B1, R1]
ALL = [B0, B1, R0, R1, X]

TWO = {
    '': [['0', '1'], ALL],
    'devices=None': [['0', '1'], ALL],
    'devices=ds': [['0', '1'], ALL],
    'devices=ds[::-1]': [['1', '0'], ALL],
    'devices=iter(ds)': [['0', '1'], ALL],
    'devices=Device(1)': [['1'], ON_1],
    'devices=[Device(0), Device(0)]': [['0', '0'], sorted(ON_0 * 2)],
    'devices=[]': [[], []],
    'devices=Device.cuda.all()': [['0', '1'], ALL],
    'devices=MigDevice.all()': [[], []],
    'devices=5': 'TypeError',
    'devices=[5]': 'AttributeError',
    'gpu_processes=True': [['0', '1'], ALL],
    'gpu_processes=False': [['0', '1'], []],
    'gpu_processes=[]': [['0', '1'], []],
    'gpu_processes=ps': [['0', '1'], ALL],
    'gpu_processes=iter(ps)': [['0', '1'], ALL],
    'gpu_processes=one[1]': [['1'], [B1]],
    'gpu_processes=one[:1] * 2': [['0'], [B0, B0]],
    'gpu_processes=5': 'TypeError',
    'gpu_processes=[5]': 'AttributeError',
    'devices=ds[0], gpu_processes=ps': [['0'], ALL],
    'devices=ds, gpu_processes=[]': [['0', '1'], []],
    'devices=ds[1:], gpu_processes=True': [['1'], ON_1],
    'devices=ds, gpu_processes=False': [['0', '1'], []],
    'devices=[], gpu_processes=True': [[], []],
    'devices=[], gpu_processes=one[:1]': [[], [B0]],
}


def look(scripts, expressions):
    """What each expression comes to."""
    done = scripts.sim.command(
        [sys.executable, '-W', 'ignore', '-c', textwrap.dedent(LOOK), json.dumps([scripts.pids, list(expressions)])],
        {'PYTHONPATH': SITE, 'PYTHONDONTWRITEBYTECODE': '1'})
    assert done.rc == 0, done.err
    return {expression: json.loads(line) for expression, line in zip(expressions, done.lines)}


def test_what_is_chosen(two):
    assert look(two, TWO) == TWO


MIG = ['0', '1', '2', '(2,0)', '(2,1)', '(2,2)', '3', '4', '5', '(5,0)', '(5,1)', '(5,2)']
BEYOND = ['(5,4)', '(5,5)']


@pytest.fixture
def mig(over):
    return over('mig')


def test_mig_devices_follow_their_gpu_and_have_its_processes(mig):
    devices, processes = look(mig, [''])['']
    assert devices == [*MIG, *BEYOND, '6', '7']
    places = [place for _, place in processes]
    assert {'(2,0)', '(2,1)', '(2,2)', '(5,0)'} <= set(places) and not {'2', '5'} & set(places)


CHOSEN = ['devices=Device(2)', 'devices=Device.cuda.all()', 'gpu_processes=[]', 'gpu_processes=ps[3]']


def test_mig_is_looked_into_only_where_nothing_was_chosen(mig):
    found = look(mig, CHOSEN)
    assert [devices for devices, _ in found.values()][:3] == [['2'], ['(2,0)'], list('01234567')]
    assert {place for _, place in found['devices=Device(2)'][1]} == {'2'}


def test_result(two):
    assert two.lines('''
        from nvitop import Device, GpuProcess, take_snapshots
        result = take_snapshots(Device(1))
        devices, gpu_processes = result
        print(type(result).__name__, result._fields, devices is result.devices)
        print(type(devices).__name__, [type(d.real).__name__ for d in devices], devices[0].memory_total)
        print(type(gpu_processes).__name__, {type(p.real) is GpuProcess for p in gpu_processes})
        print(all(p.real is Device(1).processes()[p.pid] for p in gpu_processes))
        print(repr(result)[:60].splitlines())
        try:
            take_snapshots(Device(0), [])
        except TypeError:
            print('TypeError')
    ''') == ["SnapshotResult ('devices', 'gpu_processes') True", "list ['PhysicalDevice'] 17179869184", 'list {True}',
             'True', "['SnapshotResult(devices=[PhysicalDeviceSnapshot(', '    real=Phy']", 'TypeError']


def test_d20_process_on_two_gpus_is_read_from_the_host_once(two):
    assert two.lines('''
        import sys
        from nvitop import take_snapshots
        both = [p for p in take_snapshots().gpu_processes if p.pid == int(sys.argv[1])]
        print(len(both), both[0].host is both[1].host)
    ''', str(two.pids['BOTH'])) == ['2 True']


def test_process_that_ends_between_list_and_look_is_told_of(two):
    assert two.lines('''
        import subprocess
        from nvitop import NA, Device, GpuProcess, take_snapshots
        child = subprocess.Popen(['cat'], stdin=subprocess.PIPE)
        process = GpuProcess(child.pid, Device(0), gpu_memory=5, type='C')
        child.kill()
        child.wait()
        _, (found,) = take_snapshots(gpu_processes=process)
        print(found.is_running, found.status, found.command, found.gpu_memory, found.name is NA)
        with_none = take_snapshots()
        print(all(p.is_running for p in with_none.gpu_processes))
    ''') == ['False terminated No Such Process 5 True', 'True']


@pytest.mark.parametrize('scenario', ['none', 'nodriver'])
def test_d19_nothing_where_there_is_no_gpu(over, scenario):
    assert over(scenario).lines('''
        from nvitop import take_snapshots
        print(*take_snapshots(), *take_snapshots(gpu_processes=False))
    ''') == ['[] [] [] []']


def test_lost_gpu_is_a_device_without_processes(over):
    assert over('lost').lines('''
        from nvitop import NA, take_snapshots
        devices, processes = take_snapshots()
        lost = [d.index for d in devices if d.temperature is NA and d.memory_total is NA]
        print(len(devices) > len(lost) > 0, {p.device.index for p in processes} & set(lost))
    ''') == ['True set()']


def test_process_class_of_a_device_is_kept(two):
    assert two.lines('''
        from nvitop import Device, GpuProcess, PhysicalDevice, take_snapshots
        class Job(GpuProcess):
            def as_snapshot(self, **kwargs):
                snapshot = super().as_snapshot(**kwargs)
                snapshot['label'] = 'job %d' % self.pid
                return snapshot
        class Card(PhysicalDevice):
            GPU_PROCESS_CLASS = Job
        found = take_snapshots(Card(1)).gpu_processes
        print(len(found), {type(p.real).__name__ for p in found}, all(p.label == 'job %d' % p.pid for p in found))
        print({type(p).__name__ for p in Device(1).processes().values()})
    ''') == ["2 {'Job'} True", "{'GpuProcess'}"]


TOGETHER = '''
from nvitop import *
class Mine(PhysicalDevice):
    def as_snapshot(self):
        snapshot = super().as_snapshot()
        snapshot.more = self.temperature() is snapshot.temperature
        return snapshot
    def power_usage(self):
        return 5000
devices = [one for gpu in Device.all() for one in (gpu, *gpu.mig_devices(), Mine(gpu.index))] + Device.cuda.all()
'''


@pytest.mark.parametrize('scenario', ['a100x8', 'mig', 'lost', 'eras', 'uma', 'mixed4', 'noperm', 'none'])
def test_devices_are_read_together_and_say_what_each_says_alone(over, scenario):
    assert over(scenario).lines(TOGETHER + '''
alone = [device.as_snapshot() for device in devices]
together = take_snapshots(devices, gpu_processes=False).devices
print(len(together) == len(devices), [device for device, snapshot in zip(devices, together) if snapshot.real is not device])
print([(one.real, key) for one, other in zip(alone, together) for key in dict(one) if repr(one[key]) != repr(other[key])])
print([list(other) for one, other in zip(alone, together) if list(one) != list(other)])
print({snapshot.more for snapshot in together if isinstance(snapshot.real, Mine)} <= {True})
''', env={'NVITOP_SIM_CLOCK': '30'}) == ['True []', '[]', '[]', 'True']


def test_devices_do_not_wait_for_each_other(over, tmp_path):
    scenario = tmp_path / 'slow.ini'
    scenario.write_text((paths.SCENARIOS / 'a100x8.ini').read_text() + '\n[device 0-7]\npcie_wait = 0.25\n')
    assert over(scenario).lines('''
        import time
        from nvitop import take_snapshots
        since = time.monotonic()
        devices = take_snapshots(gpu_processes=False).devices
        print(time.monotonic() - since < 8 * 2 * 0.25, [device.index for device in devices if type(device.pcie_tx_throughput) is int])
    ''') == ['True [0, 1, 2, 3, 4, 5, 6, 7]']


def test_what_a_window_keeps_is_what_a_snapshot_in_it_has(two, tmp_path):
    clock, later = tmp_path / 'clock', tmp_path / 'later'
    clock.write_text('10')
    later.write_text('25')
    assert two.lines('''
        import os, sys
        from nvitop import Device, take_snapshots
        devices = Device.all()
        with devices[0].oneshot():
            before = devices[0].power_usage(), devices[1].power_usage()
            os.replace(sys.argv[2], sys.argv[1])
            taken = take_snapshots(devices, gpu_processes=False).devices
            print(taken[0].power_usage == before[0], taken[1].power_usage == before[1])
            print(devices[0].clock_infos() is taken[0].clock_infos, devices[0].clock_infos() == taken[0].clock_infos)
    ''', str(clock), str(later), env={'NVITOP_SIM_CLOCK': str(clock)}) == ['True False', 'False True']
