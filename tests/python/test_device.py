"""Devices: how they are made, who they are, what they tell, and what a user's subclass may change."""

import json

import pytest

import outcomes

IMPORTS = '''
import copy, pickle
from nvitop.api.device import *
from nvitop.api.utils import NA
mig_uuid = 'MIG-ce331a8e-e5a4-a32a-7d1c-d6ea2aa45fe4'
gpu_uuid = 'GPU-2f32a784-96c6-7c60-b28c-4c30d302532e'
gpu = 'PhysicalDevice(index=0, name="NVIDIA A100-SXM4-80GB", total_memory=80.00GiB)'
mig = 'MigDevice(index=(2, 0), name="NVIDIA A100-SXM4-80GB MIG 3g.40gb", total_memory=40.00GiB)'
cuda = 'CudaMigDevice(cuda_index=0, nvml_index=(2, 0), name="NVIDIA A100-SXM4-80GB MIG 3g.40gb", total_memory=40.00GiB)'
'''

# On the server whose GPUs 2 and 5 are split. A word after the arrow is a name above, or what is printed.
MADE = outcomes.table('''
    repr(Device(0)) == repr(PhysicalDevice(0)) == gpu        -> True
    repr(Device(index=0)) == gpu                             -> True
    repr(Device(uuid=gpu_uuid)) == gpu                       -> True
    repr(Device(gpu_uuid)) == gpu                            -> True
    repr(Device(bus_id='00000000:07:00.0')) == gpu           -> True
    repr(Device((2, 0))) == repr(MigDevice((2, 0))) == mig   -> True
    repr(Device(mig_uuid)) == repr(MigDevice(mig_uuid)) == mig -> True
    repr(MigDevice(uuid=mig_uuid)) == mig                    -> True
    Device(True).index                                       -> 1
    Device((2, 0)).index                                     -> (2, 0)
    Device('MIG-' + Device(2).uuid() + '/' + str(Device((2, 0)).gpu_instance_id()) + '/0').index -> (2, 0)
    Device('MIG-' + Device(2).uuid() + '/99/0')              -> raised NVMLError_NotFound: Not Found
    Device(99)                                               -> raised NVMLError_InvalidArgument: Invalid Argument
    Device(-1)                                               -> raised NVMLError_InvalidArgument: Invalid Argument
    Device(2**40)                                            -> raised NVMLError_InvalidArgument: Invalid Argument
    Device((-1, 0))                                          -> raised NVMLError_InvalidArgument: Invalid Argument
    Device((99, 0))                                          -> raised NVMLError_InvalidArgument: Invalid Argument
    Device((0, 0))                                           -> raised NVMLError_NotFound: Not Found
    Device((2, 99))                                          -> raised NVMLError_NotFound: Not Found
    Device((2, -1))                                          -> raised NVMLError_NotFound: Not Found
    Device(gpu_uuid[:-1] + 'f')                              -> raised NVMLError_NotFound: Not Found
    Device(uuid='zzz')                                       -> raised NVMLError_NotFound: Not Found
    Device(uuid=gpu_uuid[:12])                               -> raised NVMLError_NotFound: Not Found
    Device(uuid='')                                          -> raised NVMLError_NotFound: Not Found
    Device(bus_id='00000000:99:00.0')                        -> raised NVMLError_NotFound: Not Found
    PhysicalDevice(mig_uuid)                                 -> raised NVMLError_InvalidArgument: Invalid Argument
    MigDevice(uuid=gpu_uuid)                                 -> raised NVMLError_InvalidArgument: Invalid Argument
    Device(2).mig_device(0).index                            -> (2, 0)
    Device(2).mig_device(9)                                  -> raised NVMLError_NotFound: Not Found
    Device(0).mig_device(0)                                  -> raised NVMLError_NotFound: Not Found
    repr(CudaDevice(0)) == repr(CudaMigDevice(0)) == cuda    -> True
    repr(CudaDevice(nvml_index=(2, 0))) == cuda              -> True
    repr(CudaDevice(uuid=mig_uuid)) == cuda                  -> True
    type(CudaDevice(0, nvml_index=0)).__name__               -> 'CudaDevice'
    CudaDevice(1)                                            -> raised RuntimeError: CUDA Error: invalid device ordinal: 1.
    CudaDevice(-1)                                           -> raised RuntimeError: CUDA Error: invalid device ordinal: -1.
    CudaDevice('0')                                          -> raised RuntimeError: CUDA Error: invalid device ordinal: '0'.
    CudaDevice((2, 0))                                       -> raised RuntimeError: CUDA Error: invalid device ordinal: (2, 0).
    CudaDevice(nvml_index=0)                                 -> raised RuntimeError: CUDA Error: Device(index=0) is not visible to CUDA applications
    CudaDevice(nvml_index=99)                                -> raised NVMLError_InvalidArgument: Invalid Argument
    CudaDevice(uuid='abc')                                   -> raised NVMLError_NotFound: Not Found
    Device(0).cuda_index                                     -> raised RuntimeError: CUDA Error: Device(index=0) is not visible to CUDA applications
    Device((2, 0)).cuda_index                                -> 0
    Device.cuda is CudaDevice                                -> True
    [device.index for device in Device.all()]                -> [0, 1, 2, 3, 4, 5, 6, 7]
    [device.index for device in MigDevice.all()]             -> [(2, 0), (2, 1), (2, 2), (5, 0), (5, 1), (5, 2), (5, 4), (5, 5)]
    (Device.count(), MigDevice.count(), CudaDevice.count(), CudaMigDevice.count()) -> (8, 8, 1, 1)
    [device.index for device in Device.from_indices([(2, 0), 0])] -> [(2, 0), 0]
    [device.index for device in Device.from_indices(3)]      -> [3]
    [device.index for device in MigDevice.from_indices([(2, 0)])] -> [(2, 0)]
    Device.from_indices([])                                  -> []
    repr(CudaDevice.all()) == repr(Device.cuda_all()) == f'[{cuda}]' -> True
    repr(Device.from_cuda_indices(0)) == repr(CudaDevice.from_indices([0])) == f'[{cuda}]' -> True
    CudaDevice.from_indices(9)                               -> raised RuntimeError: CUDA Error: invalid device ordinal: 9.
    (Device(2).is_leaf_device(), Device(0).is_leaf_device(), Device((2, 0)).is_leaf_device()) -> (False, True, True)
    [leaf.index for leaf in Device(2).to_leaf_devices()]     -> [(2, 0), (2, 1), (2, 2)]
    [leaf.index for leaf in Device(0).to_leaf_devices()]     -> [0]
    (CudaDevice(0).is_leaf_device(), CudaDevice(0).mig_devices()) -> (True, [])
    (Device(2).max_mig_device_count(), Device(0).max_mig_device_count(), Device((2, 0)).max_mig_device_count()) -> (7, 0, 0)
    (Device((2, 0)).parent.index, Device((2, 0)).mig_index, Device((2, 0)).physical_index, Device((2, 0)).nvml_index) -> (2, 0, 2, (2, 0))
    (Device.driver_version(), Device.cuda_driver_version(), Device.cuda_version(), Device.max_cuda_version()) -> ('550.54.14', '12.4', '12.4', '12.4')
    (Device.is_available(), MigDevice.is_available(), CudaDevice.is_available()) -> (True, True, True)
    Device(0).minor_number()                                 -> 0
    Device(0).max_pcie_link_width()                          -> 16
    Device(0).temperature_threshold(1)                       -> 95
    Device((2, 0)).num_fans()                                -> 'N/A'
    Device(0).board_id()                                     -> 'N/A'
    Device(0).nonsense_thing                                 -> raised AttributeError: 'PhysicalDevice' object has no attribute 'nonsense_thing'
    Device(0)._nonsense                                      -> raised AttributeError: 'PhysicalDevice' object has no attribute '_nonsense'
    Device(0) == Device(0)                                   -> True
    hash(Device(0)) == hash(Device(0))                       -> True
    Device(0) is Device(0)                                   -> False
    Device(0) == Device(1)                                   -> False
    Device((2, 0)) == CudaDevice(0)                          -> False
    Device(0) == 'x'                                         -> False
    len({Device(0), Device(0), Device(1), CudaDevice(0)})    -> 3
    pickle.loads(pickle.dumps(Device(0))) == Device(0)       -> True
    repr(pickle.loads(pickle.dumps(Device((2, 0))))) == mig  -> True
    repr(pickle.loads(pickle.dumps(CudaDevice(0)))) == cuda  -> True
    (copy.copy(Device(0)) == Device(0), copy.deepcopy([Device(0)]) == [Device(0)]) -> (True, True)
    (Device(0).__reduce__()[1], CudaDevice(0).__reduce__()[1]) -> ((0,), (0,))
    bool(Device.UUID_PATTERN.match(gpu_uuid.upper()))        -> False
''')

TYPE_ERRORS = ['Device()', 'Device(0, uuid="x")', 'Device(index=0, bus_id="x")', 'Device("0")', 'Device(1.5)',
               'Device([0, 0])', 'Device((0, 0, 0))', 'Device((0, "a"))', 'Device("00000000:07:00.0")',
               'Device(bus_id=5)', 'PhysicalDevice((2, 0))', 'MigDevice(0)', 'MigDevice()', 'CudaDevice()',
               'CudaDevice(nvml_index="x")', 'Device.from_indices("01")', 'MigDevice.from_indices((2, 0))',
               'Device(0) < Device(1)']


@pytest.fixture(scope='module')
def made():
    from conftest import Scripts
    from support import sim
    with sim.scenario('mig') as opened:
        yield outcomes.ours(Scripts(opened), [*MADE, *TYPE_ERRORS], IMPORTS)


@pytest.mark.parametrize('expression', MADE)
def test_making_and_telling_apart(made, expression):
    assert made[expression] == MADE[expression]


@pytest.mark.parametrize('expression', TYPE_ERRORS)
def test_what_is_no_index_is_a_type_error(made, expression):
    assert made[expression].startswith('raised TypeError: ')


def test_arguments_are_named_in_the_error(made):
    assert '(index, uuid, bus_id) = (None, None, None)' in made['Device()']
    assert "(0, 'x', None)" in made['Device(0, uuid="x")']


# What is asked of the driver behind a list of the names that were read.
COUNTING = '''
import json
from nvitop.api import _device_native
from nvitop.api.device import *
asked = []
read = _device_native.read
def counting(pointer, names):
    asked.append(names)
    return read(pointer, names)
_device_native.read = counting
'''


def test_snapshot_is_one_read(over):
    assert over('mig').lines(COUNTING + '''
for device in (Device(0), Device((2, 0))):
    asked.clear()
    device.as_snapshot()
    print(len(asked), len(set(sum(asked, ()))) == len(sum(asked, ())))
''') == ['1 True', '2 True']  # a MIG device asks its GPU as well


def test_snapshot_has_the_keys_in_their_order(over):
    lines = over('mig').lines('''
        from nvitop.api.device import *
        for device in (Device(0), Device((2, 0)), CudaDevice(0)):
            names = list(device.as_snapshot())
            keys = type(device).SNAPSHOT_KEYS
            print(names[:2], names[2:2 + len(keys)] == keys, names[2 + len(keys):], len(keys))
    ''')
    assert lines == ["['index', 'physical_index'] True [] 41",
                     "['index', 'physical_index'] True ['mig_index'] 43",
                     "['index', 'physical_index'] True ['mig_index', 'cuda_index'] 43"]


def test_snapshot_says_what_the_methods_say(over):
    assert over('mig').lines('''
        from nvitop.api.device import *
        for device in (Device(0), Device(2), Device((2, 0)), CudaDevice(0)):
            snapshot = device.as_snapshot()
            print([key for key in snapshot if key not in ('index', 'physical_index', 'mig_index', 'cuda_index')
                   and repr(snapshot[key]) != repr(getattr(device, key)())])
    ''', env={'NVITOP_SIM_CLOCK': '30'}) == ['[]', '[]', '[]', '[]']


def test_subclass_decides_what_a_snapshot_holds(two):
    assert two.lines('''
        from nvitop.api.device import *
        class Mine(PhysicalDevice):
            SNAPSHOT_KEYS = ['name', 'twice', 'memory_total_human']
            def twice(self):
                return 2 * self.index
            def memory_total(self):
                return 1024
        snapshot = Mine(1).as_snapshot()
        print(type(Mine(1)).__name__, list(snapshot), snapshot.twice, snapshot.memory_total_human)
        print([type(device).__name__ for device in Mine.all()])
    ''') == ["Mine ['index', 'physical_index', 'name', 'twice', 'memory_total_human'] 2 1KiB", "['Mine', 'Mine']"]


def test_method_of_a_subclass_or_an_object_is_what_a_snapshot_asks(two):
    assert two.lines('''
        from nvitop.api.device import *
        from nvitop.api.device import ClockInfos
        class Mine(PhysicalDevice):
            def memory_used(self):
                return 3 * 2**20
            def power_limit(self):
                return 1000
            def max_clock_infos(self):
                return ClockInfos(1, 2, 3, 4)
        snapshot = Mine(1).as_snapshot()
        print(snapshot.memory_used_human, snapshot.memory_usage, snapshot.power_status.split('/')[1])
        print(snapshot.clock_speed_infos.max.video, snapshot.memory_info.used > 2**30)
        device = Device(0)
        device.as_snapshot()
        device.temperature = lambda: -1
        print(device.as_snapshot().temperature, Device(0).as_snapshot().temperature > 0)
        PhysicalDevice.temperature = lambda self: -2
        print(Device(1).as_snapshot().temperature)
    ''') == ['3MiB 3MiB / 16384MiB  1W', '4 True', '-1 True', '-2']


def test_subclass_decides_what_a_process_is(two):
    assert two.lines('''
        from nvitop.api.device import *
        from nvitop.api.process import GpuProcess
        class Process(GpuProcess):
            pass
        class Mine(PhysicalDevice):
            GPU_PROCESS_CLASS = Process
        print({type(process).__name__ for process in Mine(0).processes().values()})
        print({type(process).__name__ for process in Device(0).processes().values()})
    ''') == ["{'Process'}", "{'GpuProcess'}"]


def test_processes_are_the_driver_s(over):
    scripts = over('two')
    rows = {int(pid): row for pid, row in json.loads(scripts.lines('''
        import json
        from nvitop.api.device import *
        print(json.dumps({pid: [process.pid, process.type, process.gpu_memory(), process.gpu_sm_utilization(),
                                process.device.index]
                          for pid, process in Device(0).processes().items()}))
    ''')[0]).items()}
    assert list(rows) == sorted(rows)
    assert {row[0] for row in rows.values()} == set(rows) <= set(scripts.pids.values())
    assert sorted((row[1], row[2] // 2**20) for row in rows.values()) == [('C', 3300), ('C', 12400), ('G', 96)]
    assert all(isinstance(row[3], int) and row[4] == 0 for row in rows.values())


def test_oneshot_keeps_loads_but_not_temperature(two, tmp_path):
    clock = tmp_path / 'clock'
    clock.write_text('10')
    lines = two.lines('''
        import sys, threading
        from pathlib import Path
        from nvitop.api.device import *
        clock, device = Path(sys.argv[1]), Device(0)
        def look():
            return device.utilization_rates(), device.power_usage(), device.clock_infos(), device.gpu_utilization()
        def go_on(to):
            (clock.parent / 'next').write_text(to)
            (clock.parent / 'next').replace(clock)
        with device.oneshot():
            before, warm = look(), device.temperature()
            go_on('25')
            with device.oneshot():
                print(look() == before)
            print(look() == before, device.temperature() == warm)
            seen = []
            thread = threading.Thread(target=lambda: seen.append(look()))
            thread.start()
            thread.join()
            print(seen[0] == before, device.as_snapshot().power_usage == before[1])
        print(look() == before, look() == seen[0])
    ''', str(clock), env={'NVITOP_SIM_CLOCK': str(clock)})
    assert lines == ['True', 'True False', 'False True', 'False True']


def test_oneshot_asks_once_also_for_what_is_nested(two):
    assert two.lines(COUNTING + '''
device = Device(0)
with device.oneshot():
    asked.clear()
    with device.oneshot():
        device.memory_info()
    device.memory_usage(), device.memory_percent(), device.as_snapshot()
    print(sum(names.count('memory_used') for names in asked))
try:
    with device.oneshot():
        device.memory_info()
        raise KeyError
except KeyError:
    asked.clear()
    device.memory_used()
    print(len(asked))
''') == ['1', '1']


def test_lost_at_start_has_a_name_and_nothing_else(over):
    assert over('lost').lines('''
        from nvitop.api.device import *
        from nvitop.api.utils import NA
        device = Device(1)
        print(repr(device), device.handle, device.processes(), device.power_status())
        print({key: value for key, value in ((key, getattr(device, key)()) for key in device.SNAPSHOT_KEYS)
               if value is not NA and set(value if isinstance(value, tuple) else ()) not in ({NA}, set())
               and 'clock_speed' not in key})
        print(device.name(), device.as_snapshot().name, device.minor_number(), device.is_leaf_device())
        print(device.mig_devices(), device.max_mig_device_count(), device.nvlink_link_count(), device == Device(1))
    ''') == [
        'PhysicalDevice(index=1, name="ERROR: GPU is Lost", total_memory=N/A) None {} N/A / N/A',
        '{}',
        'ERROR: GPU is Lost ERROR: GPU is Lost N/A True',
        '[] 0 0 True',
    ]


SOON_LOST = '''
[device 0]
uuid = GPU-00000000-0000-0000-0000-000000000000
name = Soon Lost
mem_total = 1GiB
lost_at = 20
'''


def test_lost_later_keeps_its_facts(over, tmp_path):
    scenario, clock = tmp_path / 'soon.ini', tmp_path / 'clock'
    scenario.write_text(SOON_LOST)
    clock.write_text('1')
    assert over(scenario).lines('''
        import sys
        from pathlib import Path
        from nvitop.api.device import *
        clock, device, other = Path(sys.argv[1]), Device(0), Device(0)
        print(repr(device), device.temperature() > 0, other.as_snapshot().memory_total)
        before = hash(device)
        (clock.parent / 'next').write_text('30')
        (clock.parent / 'next').replace(clock)
        print(device.temperature(), device.memory_used(), device.processes(), device.power_status())
        print(repr(device), device.uuid(), hash(device) == before, device == Device(0))
        print(device.as_snapshot().utilization_rates, device.minor_number(), other.memory_total_human())
        print(other.as_snapshot().memory_total_human, other.as_snapshot().name)
    ''', str(clock), env={'NVITOP_SIM_CLOCK': str(clock)}) == [
        'PhysicalDevice(index=0, name="Soon Lost", total_memory=1024MiB) True 1073741824',
        'N/A N/A {} N/A / N/A',
        'PhysicalDevice(index=0, name="Soon Lost", total_memory=1024MiB) GPU-00000000-0000-0000-0000-000000000000 True True',
        "UtilizationRates(gpu='N/A', memory='N/A', encoder='N/A', decoder='N/A') N/A 1024MiB",
        '1024MiB Soon Lost',
    ]


@pytest.mark.parametrize('code, name', [('GPU_IS_LOST', 'ERROR: GPU is Lost'), ('UNKNOWN', 'ERROR: Unknown'),
                                        ('NO_PERMISSION', None)])
def test_handle_errors(over, tmp_path, code, name):
    scenario = tmp_path / 'error.ini'
    scenario.write_text(f'[device 0]\nhandle_error = {code}\n')
    lines = over(scenario).lines('''
        from nvitop.api.device import *
        from nvitop.api import libnvml
        try:
            print(Device(0).name())
        except libnvml.NVMLError as error:
            print(type(error).__name__)
    ''')
    assert lines == [name or 'NVMLError_NoPermission']


def test_unified_memory_is_that_of_the_host(over):
    assert over('uma').lines('''
        import psutil
        from nvitop.api.device import *
        device = Device(0)
        total, free, used, reserved = device.memory_info()
        print(total == psutil.virtual_memory().total, 0 < free < total, str(reserved))
        print(used == sum(process.gpu_memory() for process in device.processes().values()))
    ''') == ['True True N/A', 'True']


@pytest.mark.parametrize('scenario, error', [('nodriver', 'NVMLError_DriverNotLoaded'),
                                             ('mismatch', 'NVMLError_LibRmVersionMismatch'),
                                             ('none', 'NVMLError_InvalidArgument')])
def test_without_a_driver_lists_are_empty(over, scenario, error):
    lists = ['Device.all()', 'Device.from_indices()', 'MigDevice.all()', 'CudaDevice.all()', 'Device.cuda_all()',
             'parse_cuda_visible_devices()', 'Device.is_available()', 'CudaDevice.is_available()',
             'CudaDevice.count()', 'MigDevice.count()', 'normalize_cuda_visible_devices("0")']
    errors = ['Device(0)', 'Device.from_indices(0)', 'MigDevice((0, 0))', 'CudaDevice(nvml_index=0)']
    versions = ['Device.count()', 'Device.driver_version()', 'Device.cuda_driver_version()']
    found = outcomes.ours(over(scenario), lists + errors + versions + ['CudaDevice(0)'], IMPORTS)
    assert {found[expression] for expression in lists} == {'[]', 'False', '0', "''"}
    assert {found[expression].split(':')[0] for expression in errors} == {f'raised {error}'}
    assert found['CudaDevice(0)'] == 'raised RuntimeError: CUDA Error: invalid device ordinal: 0.'
    if scenario != 'none':
        assert {found[expression].split(':')[0] for expression in versions} == {f'raised {error}'}
    else:
        assert [found[expression] for expression in versions] == ['0', "'550.163.01'", "'12.4'"]


def test_threads_may_use_one_device_at_once(two):
    assert two.lines('''
        import threading
        from nvitop.api.device import *
        devices, failed = Device.all(), []
        def use():
            try:
                for _ in range(30):
                    for device in devices:
                        with device.oneshot():
                            assert device.as_snapshot().memory_info.total == device.memory_total()
                        assert device.name() and len(device.processes()) > 0
            except BaseException as error:
                failed.append(error)
        threads = [threading.Thread(target=use) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(failed)
    ''') == ['[]']


def test_devices_go_on_in_children(two):
    assert two.lines('''
        import multiprocessing, os, sys
        from nvitop.api.device import *
        device = Device(1)
        print(device.name(), device.minor_number(), flush=True)
        child = os.fork()
        if child == 0:
            print(device.name(), device.minor_number(), Device(0).index, len(device.processes()), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        for method in ('fork', 'spawn'):
            with multiprocessing.get_context(method).Pool(1) as pool:
                print(pool.apply(Device.name, (device,)))
    ''')[:4] == ['NVIDIA GeForce RTX 4060 Ti 1', 'NVIDIA GeForce RTX 4060 Ti 1 0 2', 'NVIDIA GeForce RTX 4060 Ti',
                 'NVIDIA GeForce RTX 4060 Ti']


def test_links_have_rates(over):
    lines = over('a100x8').lines('''
        import time
        from nvitop.api.device import *
        device, bare = Device(0), Device(0)
        started = time.monotonic()
        rates = device.nvlink_throughput()
        print(len(rates) == device.nvlink_link_count() == 12, 0.02 <= time.monotonic() - started)
        print(all(rate.transmit == rate.tx and rate.receive == rate.rx for rate in rates))
        print(40e6 < sum(rate.tx for rate in rates) < 50e6, sorted(rates, key=lambda rate: rate.tx) == rates)
        started = time.monotonic()
        total = device.nvlink_total_throughput(interval=0.1)
        print(0.1 <= time.monotonic() - started, 40e6 < total.tx < 50e6, 35e6 < total.rx < 45e6)
        mean = device.nvlink_mean_throughput(0.05)
        print(40e6 < 12 * mean.tx < 50e6, 40e6 < 12 * device.nvlink_mean_tx_throughput(0.05) < 50e6)
        print(len(device.nvlink_tx_throughput_human()), device.nvlink_total_rx_throughput_human().endswith('GiB/s'))
        try:
            device.nvlink_throughput(-1)
        except ValueError as error:
            print(error)
    ''')
    assert lines == ['True True', 'True', 'True True', 'True True True', 'True True', '12 True',
                     '`interval` must be a non-negative number, got -1.']


def test_without_links_there_are_no_rates(two):
    assert two.lines('''
        from nvitop.api.device import *
        device = Device(0)
        print(device.nvlink_link_count(), device.nvlink_throughput(), device.nvlink_total_throughput(), end=' ')
        print(device.nvlink_mean_tx_throughput(), device.nvlink_total_rx_throughput_human())
    ''') == ["0 [] ThroughputInfo(tx='N/A', rx='N/A') N/A N/A"]


def test_handle_is_good_for_nvidia_ml_py(two):
    assert two.lines('''
        import pynvml
        from nvitop.api.device import *
        print([pynvml.nvmlDeviceGetIndex(device.handle) for device in Device.all()])
    ''') == ['[0, 1]']


def test_handle_of_another_library_is_looked_up_anew(two, tmp_path):
    """nvidia-ml-py loads what the system has; with NVITOP_NVML, ours may be another library."""
    import shutil
    from pathlib import Path
    library = Path(two.sim.env['NVITOP_NVML'])
    copied = tmp_path / 'libnvidia-ml.so.1'
    shutil.copy(library, copied)
    assert two.lines('''
        import pynvml
        from nvitop.api.device import *
        print([pynvml.nvmlDeviceGetIndex(device.handle) for device in Device.all()], Device(1).minor_number())
    ''', env={'NVITOP_NVML': str(copied)}) == ['[0, 1] 1']


def test_rows_of_getters_are_methods_over_metrics(two):
    assert two.lines('''
        from nvitop.api import _device_read, _native
        from nvitop.api.device import *
        for name, getter in _device_read.GETTERS.items():
            assert callable(getattr(MigDevice, name)), name
            _native.metric_ids(*getter.metrics)
        for name, bases in _device_read.FOLLOWS.items():
            assert callable(getattr(Device, name)) and set(bases) <= set(_device_read.GETTERS), name
        for key in MigDevice.SNAPSHOT_KEYS:
            assert key in _device_read.GETTERS or key in _device_read.FOLLOWS, key
        print('good')
    ''') == ['good']


def test_public_methods_have_docstrings(two):
    assert two.lines('''
        import inspect
        from nvitop.api.device import *
        bare = [f'{cls.__name__}.{name}' for cls in (Device, PhysicalDevice, MigDevice, CudaDevice, CudaMigDevice)
                for name, member in inspect.getmembers(cls)
                if not name.startswith('_') and (callable(member) or isinstance(member, property))
                and not (inspect.getdoc(member) or '').strip()]
        print(bare)
    ''') == ['[]']


UNITS = {'BYTES': 'bytes', 'KIB_PER_S': 'KiB/s', 'PERCENT': '[Pp]er cent', 'CELSIUS': 'Celsius', 'MILLIWATT': 'Milliwatts',
         'MHZ': 'MHz', 'COUNT': 'count', 'NONE': ''}


def test_docstrings_say_unit_source_and_when_there_is_no_answer(two):
    """By the tables that the getters stand on: the unit is that of the metric, and it says who answers for a MIG device."""
    assert two.lines(f'UNITS = {UNITS!r}' + '''
import inspect, re
from nvitop import MigDevice
from nvitop.api import _native
from nvitop.api._device_read import FOLLOWS, GETTERS
def says(name, pattern):
    return re.search(pattern, inspect.getdoc(getattr(MigDevice, name)), re.I) is not None
units = {getattr(_native.lib, f'NVITOP_UNIT_{name}'): word for name, word in UNITS.items()}
for name, getter in GETTERS.items():
    metrics = [_native.METRICS['device'][metric] for metric in getter.metrics]
    for metric in metrics:
        assert says(name, units[metric.unit]), name
    assert says(name, 'Source: nvml') and says(name, '``NA``|0 also where'), name
    assert says(name, 'MIG devices answer for their GPU.') == getter.of_gpu, name
silent = [name for name in FOLLOWS if not says(name, 'N/?A``|False')]
print(len(GETTERS) > 35, silent)
''') == ['True []']


def test_nvidia_ml_py_is_imported_only_when_needed(two):
    assert two.lines('''
        import sys
        from nvitop.api.device import *
        [device.as_snapshot() for device in Device.all()]
        print('pynvml' in sys.modules)
        Device(0).minor_number()
        print('pynvml' in sys.modules)
    ''') == ['False', 'True']
