"""Copies and pickles: NA is the only one of its kind wherever it goes, and devices and processes are what they were."""

from __future__ import annotations

import copy
import pickle

import pytest

THROUGH = {
    'copy': copy.copy,
    'deepcopy': copy.deepcopy,
    **{f'pickle {protocol}': lambda it, protocol=protocol: pickle.loads(pickle.dumps(it, protocol))
       for protocol in range(pickle.HIGHEST_PROTOCOL + 1)},
    'C pickle, Python unpickle': lambda it: pickle._loads(pickle.dumps(it)),
    'Python pickle, C unpickle': lambda it: pickle.loads(pickle._dumps(it)),
}


@pytest.fixture(params=THROUGH.values(), ids=THROUGH)
def through(request):
    return request.param


def test_d18_na_is_the_only_one(through):
    from nvitop import NA, NaType, NotApplicable, NotApplicableType
    from nvitop.api.device import MemoryInfo
    assert through(NA) is NA is NotApplicable is NaType() and through(NaType) is NaType is NotApplicableType
    assert all(value is NA for value in through([NA, NA])) and through({'a': NA})['a'] is NA
    info = through(MemoryInfo(1, NA, NA, NA))
    assert info == MemoryInfo(1, 'N/A', 'N/A', 'N/A') and type(info) is MemoryInfo and info.free is NA


def test_d18_na_as_a_key_and_in_sets(through):
    from nvitop import NA
    assert next(iter(through({NA}))) is NA and next(iter(through({NA: 1}))) is NA


THERE_AND_BACK = '''
import copy, pickle, sys
from nvitop import *

class Mine(PhysicalDevice):
    def temperature(self):
        return -1

def ways():
    yield copy.copy
    yield copy.deepcopy
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield lambda it: pickle.loads(pickle.dumps(it, protocol))

devices = [*Device.all(), *MigDevice.all(), *CudaDevice.all(), Mine(1)]
'''


def test_devices_are_found_again(over):
    assert over('mig').lines(THERE_AND_BACK + '''
for way in ways():
    for device in devices:
        with device.oneshot():
            found = way(device)
        assert (type(found), found, repr(found), hash(found)) == (type(device), device, repr(device), hash(device))
        assert found.as_snapshot().uuid == device.uuid() and found.temperature() in (device.temperature(), -1)
print(len(devices))
''') == ['18']


def test_device_goes_where_it_is_not_visible(two, tmp_path):
    """It is found by CUDA's index, which is another device's there, or nobody's."""
    kept = tmp_path / 'kept'
    two.lines('import pickle, sys; from nvitop import *; pickle.dump([Device(1), CudaDevice(1)], open(sys.argv[1], "wb"))',
              str(kept))
    look = '''
        import pickle, sys
        import nvitop
        try:
            with open(sys.argv[1], 'rb') as file:
                print([device.index for device in pickle.load(file)])
        except RuntimeError as error:
            print(error)
    '''
    assert two.lines(look, str(kept)) == ['[1, 1]']
    assert two.lines(look, str(kept), env={'CUDA_VISIBLE_DEVICES': '1,0'}) == ['[1, 0]']
    assert two.lines(look, str(kept), env={'CUDA_VISIBLE_DEVICES': '0'}) == ['CUDA Error: invalid device ordinal: 1.']


def test_processes_are_the_same_objects(two):
    assert two.lines(THERE_AND_BACK + '''
processes = take_snapshots().gpu_processes
for way in ways():
    for snapshot in processes:
        process = snapshot.real
        assert way(process) is process and way(process.host) is process.host
        pair = way((process, process.device, NA))
        assert pair[0].device == pair[1] and pair[2] is NA
print(len(processes))
''') == ['5']


def test_errors_keep_their_class_and_number(two):
    assert two.lines(THERE_AND_BACK + '''
for way in ways():
    for error in (NVMLError(2), NVMLError(999), libcuda.CUDAError(3)):
        found = way(error)
        assert (type(found), found.value, str(found)) == (type(error), error.value, str(error)), found
print('same')
''') == ['same']
