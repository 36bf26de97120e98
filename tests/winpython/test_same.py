"""The same calls here and on Windows, over the same scenario at the same time, give the same."""

from __future__ import annotations

import json
import os
import sys
import textwrap

import pytest
import winpython
from support import paths, sim

CLOCK = {'NVITOP_SIM_CLOCK': '12.5'}  # seconds of the scenario at which its time stands still

BEGIN = '''
import json
import re
import nvitop
from nvitop import Device
def tell(**facts):
    print(json.dumps(facts, default=repr))
'''

# By what they show; each tells what is the same on both systems.
SCRIPTS = {
    'devices': '''
        for device in Device.all():
            snapshot = device.as_snapshot()
            tell(repr=repr(device), **{name: repr(getattr(snapshot, name)) for name in type(snapshot.real).SNAPSHOT_KEYS})
        tell(count=Device.count(), driver=Device.driver_version(), cuda=Device.cuda_driver_version())
    ''',
    'processes': '''
        names = ('type', 'gpu_memory', 'gpu_memory_human', 'gpu_memory_percent', 'gpu_sm_utilization', 'cmdline', 'is_running')
        found = nvitop.take_snapshots().gpu_processes
        for process in sorted(found, key=lambda process: (repr(process.device.index), process.cmdline, process.gpu_memory)):
            tell(device=process.device.index, **{name: repr(getattr(process, name)) for name in names})
        for device in Device.all():
            tell(pids=len(device.processes()))
    ''',
    'choices': '''
        from nvitop import select_devices
        tell(all=select_devices(format='index'), uuids=select_devices(format='uuid'),
             free=select_devices(format='index', min_free_memory='10GiB', sort=True), few=select_devices(format='index', max_count=1),
             none=select_devices(format='index', min_free_memory='10TiB'))
    ''',
    'visible devices': '''
        import os
        for value in ('1', '1,0', '0,0', '', '7', 'GPU-', Device(1).uuid(), Device(0).uuid()[:12]):
            os.environ['CUDA_VISIBLE_DEVICES'] = value
            tell(value=value, seen=[repr(device) for device in Device.cuda.all()], parsed=nvitop.parse_cuda_visible_devices(value),
                 normal=nvitop.normalize_cuda_visible_devices(value), chosen=nvitop.select_devices(format='index'))
        del os.environ['CUDA_VISIBLE_DEVICES']
        tell(seen=[repr(device) for device in Device.cuda.all()])
    ''',
    'collector': '''
        collector = nvitop.ResourceMetricCollector(Device.all(), root_pids={1}, interval=0.1)
        with collector(tag='one'):
            found = collector.collect()
        of_gpus = sorted((re.sub('pid:[0-9]+', 'pid', name), round(value, 6)) for name, value in found.items() if '/gpu:' in name)
        tell(names=[name for name, _ in of_gpus], values=[value for _, value in of_gpus])
    ''',
    'NVML': '''
        from nvitop import libnvml
        tell(count=libnvml.nvmlQuery('nvmlDeviceGetCount'), absent=repr(libnvml.nvmlQuery('nvmlNoSuchFunction', 1)),
             version=libnvml.nvmlSystemGetDriverVersion(), name=libnvml.nvmlDeviceGetName(libnvml.nvmlDeviceGetHandleByIndex(1)))
        for index in (7, -1):
            try:
                Device(index)
            except libnvml.NVMLError as error:
                tell(index=index, error=type(error).__name__, text=str(error))
    ''',
}


def rows(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize('name', SCRIPTS)
@pytest.mark.parametrize('scenario', ['two', 'mig'])
def test_same(scenario, name):
    script = BEGIN + textwrap.dedent(SCRIPTS[name])
    with sim.scenario(scenario) as opened:
        here = opened.command([sys.executable, '-c', script], {'PYTHONPATH': str(paths.PACKAGE_SITE), **CLOCK})
    assert (here.rc, here.err) == (0, '')
    with winpython.scenario(scenario) as opened:
        there = opened.lines(script, env=CLOCK)
    assert len(there) > 0
    assert rows('\n'.join(there)) == rows(here.out)


def test_host_is_that_of_the_system(two):
    """What the host says cannot be the same; it has to be possible."""
    told, = two.lines('''
        import json, os
        from nvitop import GpuProcess, HostProcess, host
        own = HostProcess()
        own.cpu_percent()
        load = host.load_average()
        print(json.dumps(dict(
            name=own.name(), command=own.command(), user=own.username(), running=own.is_running(), same=HostProcess(os.getpid()) is own,
            memory=host.memory_percent(), cpus=host.cpu_count(), up=host.uptime(), user_of_host=host.getuser(),
            node=host.hostname(), load=load, wsl=host.WSL, took=own.running_time_in_seconds(), rss=own.rss_memory())))
    ''')
    told = json.loads(told)
    assert told['name'] == 'python.exe' and 'python.exe' in told['command']
    assert told['user'] and told['user_of_host'] and told['node']
    assert told['running'] is told['same'] is True and told['wsl'] is None
    assert 0 < told['memory'] < 100
    assert told['cpus'] == os.cpu_count() and told['up'] > 0 and 0 <= told['took'] < 120 and told['rss'] > 1 << 20
    assert told['load'] is None or min(told['load']) >= 0


def test_process_of_a_gpu_is_ended_and_no_other(over):
    opened = over('two')
    name, pid = next(iter(opened.pids.items()))
    done = opened.lines(f'''
        from nvitop import HostProcess, NA
        process = HostProcess({pid})
        print(process.is_running(), process.name())
        process.terminate()
        process.wait(10)
        print(process.is_running(), HostProcess({pid}).is_running())
    ''')
    assert done == ['True nvitop-sim.exe', 'False False'], name


def test_module_goes_on_when_it_is_interrupted(two):
    """Ctrl-C is the program's: who waits for it goes on, and ends with its status."""
    done = two.run('''
        import subprocess, sys
        from nvitop.api import _platform
        wait, asked = subprocess.Popen.wait, []
        def interrupted(self, *args, **more):
            asked.append(self)
            if len(asked) == 1:
                raise KeyboardInterrupt
            return wait(self, *args, **more)
        subprocess.Popen.wait = interrupted
        _platform.become(sys.executable, ['python', '-c', 'print("whole"); raise SystemExit(5)'])
    ''')
    assert (done.rc, done.lines) == (5, ['whole']), done.err
