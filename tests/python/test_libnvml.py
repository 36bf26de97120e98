"""nvitop.libnvml over the simulator: NVML's own names, opening and closing, asking, errors, forks."""

from __future__ import annotations

import os
import re

import pytest

from support import paths, term

IMPORT = 'from nvitop.api import libnvml\n'
WITHOUT_PYNVML = "import sys; sys.modules['pynvml'] = None\n" + IMPORT
CODES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 25, 999, 77777]


def peer(scripts, script, *args):
    """What the original prints."""
    done = scripts.sim.command([paths.peer_python(), '-c', script, *args])
    assert done.rc == 0, done.err
    return done.out


def test_a_star_import_brings_them(two):
    assert two.lines('''
        from nvitop.api.libnvml import *
        print(NVML_SUCCESS, nvmlQuery('nvmlDeviceGetCount'), NVMLError_NotFound.__name__)
    ''') == ['0 2 NVMLError_NotFound']


def test_errors_are_pynvml_s_own(two):
    assert two.lines(IMPORT + '''
import pynvml
print(libnvml.NVMLError is pynvml.NVMLError, libnvml.NVMLError_NotFound is pynvml.NVMLError_NotFound)
try:
    libnvml.nvmlQuery('nvmlDeviceGetHandleByIndex', 99, ignore_errors=False)
except pynvml.NVMLError as error:
    print(type(error).__name__, error.value)
''') == ['True True', 'NVMLError_InvalidArgument 2']


@pytest.mark.parametrize('start', ['import nvitop', 'import nvitop.api', IMPORT, 'from nvitop.api import libnvml; libnvml.nvmlCheckReturn(1)'])
def test_pynvml_is_not_imported_before_one_of_its_names_is_asked_for(two, start):
    assert two.lines(f"import sys\n{start}\nprint('pynvml' in sys.modules)") == ['False']


@pytest.mark.parametrize('start', ['from nvitop import NVMLError', 'from nvitop.api import NVMLError',
                                   'from nvitop.core.libnvml import NVMLError', 'from nvitop.libnvml import NVMLError',
                                   'from nvitop import *', 'from nvitop.api import *'])
def test_asking_for_the_error_imports_it(two, start):
    assert two.lines(f'{start}\nimport sys\nprint(NVMLError is sys.modules["pynvml"].NVMLError)') == ['True']


def test_an_unknown_name_is_told(two):
    assert two.lines(IMPORT + '''
try:
    libnvml.nvmlNope
except AttributeError as error:
    print(error)
print(hasattr(libnvml, '__nope__'), 'nvmlInit' in dir(libnvml), 'NVML_SUCCESS' in dir(libnvml))
''') == ["module 'nvitop.api.libnvml' has no attribute 'nvmlNope'", 'False True True']


# ---- without nvidia-ml-py


def test_own_errors_are_like_pynvml_s(two):
    """Classes, values and texts of every code."""
    script = f'''
print([(type(error).__name__, error.value, str(error), repr(error), error.args)
       for error in map(libnvml.NVMLError, {CODES})])
print(sorted((n, getattr(libnvml, n)) for n in dir(libnvml) if n.startswith('NVML_ERROR_')))
print(sorted(n for n in dir(libnvml) if n.startswith('NVMLError')))
print(libnvml.NVML_SUCCESS, libnvml.NVML_VALUE_NOT_AVAILABLE_uint.value, libnvml.NVML_INIT_FLAG_NO_GPUS)
'''
    assert two.lines(WITHOUT_PYNVML + script) == two.lines(IMPORT + script)


def test_own_errors_are_exceptions_like_others(two):
    assert two.lines(WITHOUT_PYNVML + '''
import copy, pickle
error = libnvml.NVMLError(6)
for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error), libnvml.NVMLError_NotFound()):
    print(type(twin).__name__, twin == error, hash(twin) == hash(error), twin.value)
print(error == libnvml.NVMLError(2), error == 6)
class Special(libnvml.NVMLError):
    pass
print(type(Special(6)).__name__, Special(6).value)
for wrong in (lambda: libnvml.NVMLError(), lambda: libnvml.NVMLError_NotFound(2)):
    try:
        wrong()
    except TypeError as complaint:
        print(complaint)
''') == ['NVMLError_NotFound True True 6'] * 4 + [
        'False False', 'Special 6', 'NVMLError() needs an error number', 'NVMLError_NotFound is error 6, not 2']


def test_without_pynvml_nvml_is_opened_and_closed(two):
    assert two.lines(WITHOUT_PYNVML + '''
with libnvml as opened:
    print(opened is libnvml, libnvml.nvmlQuery('nvmlDeviceGetCount'))
try:
    libnvml.nvmlShutdown()
except libnvml.NVMLError_Uninitialized as error:
    print(error)
try:
    libnvml.nvmlDeviceGetCount
except AttributeError as error:
    print(error)
''') == ['True N/A', 'Uninitialized', "module 'nvitop.api.libnvml' has no attribute 'nvmlDeviceGetCount'; "
         'it may be one of nvidia-ml-py, which is not installed']


def test_another_package_of_the_name_pynvml_is_not_taken(two):
    assert two.lines("import sys, types; sys.modules['pynvml'] = types.ModuleType('pynvml')\n" + IMPORT +
                     'print(libnvml.NVMLError.__module__, libnvml.NVMLError(3))') == ['nvitop.api.libnvml Not Supported']


# ---- opening and closing


def test_shutdown_wants_an_init(two):
    assert two.lines(IMPORT + '''
def shutdown():
    try:
        libnvml.nvmlShutdown()
        return 'closed'
    except libnvml.NVMLError_Uninitialized as error:
        return str(error)
print(shutdown())
libnvml.nvmlInit(); libnvml.nvmlInit()
print(shutdown(), shutdown())
print(libnvml.nvmlQuery('nvmlDeviceGetCount'), shutdown())
''') == ['Uninitialized', 'closed Uninitialized', '2 closed']


def test_it_is_open_once_devices_were_used(two):
    """As in the original, whose devices open it; a program that opens and closes it itself is not meddled with."""
    assert two.lines('''
from nvitop import Device, libnvml
def asked(name):
    try:
        return getattr(libnvml, name)()
    except libnvml.NVMLError as error:
        return str(error)
print(asked('nvmlDeviceGetCount'))
Device.count()
print(asked('nvmlDeviceGetCount'), asked('nvmlShutdown'), asked('nvmlDeviceGetCount'), asked('nvmlShutdown'))
''') == ['Uninitialized', '2 None 2 Uninitialized']


def test_closing_takes_the_driver_from_nobody_else(two):
    """The rest of nvitop, and a program's own use of pynvml."""
    assert two.lines(IMPORT + '''
import pynvml
from nvitop.api import _device_native
first = _device_native.count()
pynvml.nvmlInit()
with libnvml:
    pass
try:
    libnvml.nvmlShutdown()
except libnvml.NVMLError_Uninitialized:
    print(first, pynvml.nvmlDeviceGetCount(), _device_native.count())
''') == ['2 2 2']


def test_nested_use_closes_nothing_twice(two):
    assert two.lines(IMPORT + '''
with libnvml:
    libnvml.nvmlShutdown()
with libnvml:
    print(libnvml.nvmlQuery('nvmlDeviceGetCount'))
''') == ['2']


@pytest.mark.parametrize('scenario, name, text', [
    ('nodriver', 'NVMLError_DriverNotLoaded', 'Driver Not Loaded'),
    ('mismatch', 'NVMLError_LibRmVersionMismatch', 'RM has detected an NVML/RM version mismatch.'),
    ('noperm', 'NVMLError_NoPermission', 'Insufficient Permissions'),
])
@pytest.mark.parametrize('start', [IMPORT, WITHOUT_PYNVML])
def test_what_fails_at_the_start_is_raised_at_every_query(over, scenario, name, text, start):
    assert over(scenario).lines(start + '''
for ask in (libnvml.nvmlInit, lambda: libnvml.nvmlQuery('nvmlDeviceGetCount'), lambda: libnvml.nvmlQuery(len, [])):
    try:
        ask()
    except libnvml.NVMLError as error:
        print(type(error).__name__, error)
''') == [f'{name} {text}'] * 3


@pytest.mark.parametrize('start', [IMPORT, WITHOUT_PYNVML])
def test_a_missing_library_is_raised_with_a_hint(two, start):
    done = two.run(start + '''
import logging
logging.basicConfig(format='%(levelname)s %(name)s %(message)s')
try:
    libnvml.nvmlQuery('nvmlDeviceGetCount')
except libnvml.NVMLError_LibraryNotFound as error:
    print(repr(error), error.value)
''', env={'LD_LIBRARY_PATH': '', 'NVITOP_NVML': ''})
    assert (done.rc, done.lines) == (0, ['NVMLError_LibraryNotFound(12) 12'])
    assert done.err.startswith('CRITICAL nvitop.api.libnvml FATAL ERROR: NVIDIA Management Library (NVML) not found.\nHINT: ')
    assert done.err.count('FATAL ERROR') == 1


def test_the_hint_is_there_for_the_native_part_as_well(two):
    done = two.run('''
        from nvitop.api import _device_native, libnvml
        try:
            _device_native.count()
        except libnvml.NVMLError_LibraryNotFound as error:
            print(error)
    ''', env={'LD_LIBRARY_PATH': '', 'NVITOP_NVML': ''})
    assert (done.rc, done.lines) == (0, ['NVML Shared Library Not Found'])
    assert done.err.startswith('FATAL ERROR: NVIDIA Management Library (NVML) not found.\nHINT: ')


@pytest.mark.parametrize(('start', 'ask', 'answer'), [
    (IMPORT, 'libnvml.nvmlQuery("nvmlDeviceGetCount"), Device(1).minor_number()', '2 1'),
    (WITHOUT_PYNVML, 'libnvml.nvmlQuery(lambda: "open")', 'open'),
])
def test_the_library_is_where_the_native_part_finds_it(two, tmp_path, start, ask, answer):
    """Here by the name without a version, which nvidia-ml-py does not try."""
    (tmp_path / 'libnvidia-ml.so').symlink_to(paths.sim_library())
    assert two.lines(f'''{start}
from nvitop import Device
libnvml.nvmlInitWithFlags(libnvml.NVML_INIT_FLAG_NO_ATTACH)
print({ask})
''', env={'LD_LIBRARY_PATH': str(tmp_path), 'NVITOP_NVML': ''}) == [answer]


@pytest.mark.parametrize('start', [IMPORT, WITHOUT_PYNVML])
def test_the_library_s_path_may_be_said(two, start):
    script = start + '''
try:
    libnvml.nvmlInit()
    print('open')
except libnvml.NVMLError_LibraryNotFound as error:
    print(error)
'''
    assert two.run(script, env={'LD_LIBRARY_PATH': '', 'NVITOP_NVML': str(paths.sim_library())}).lines == ['open']
    assert two.run(script, env={'NVITOP_NVML': '/no/such/library.so'}).lines == ['NVML Shared Library Not Found']


# ---- asking


def test_a_function_that_is_missing_is_silent(two):
    """Neither a log line nor an exception (the original logs one)."""
    assert two.lines(IMPORT + '''
import logging
logging.basicConfig(level=logging.DEBUG)
print(libnvml.nvmlQuery('nvmlNoSuch'), libnvml.nvmlQuery('nvmlNoSuch', default=7))
''') == ['N/A 7']


def test_nothing_is_printed_or_hidden_by_a_name_that_is_cached(two):
    assert two.lines(IMPORT + '''
import pynvml
print(libnvml.nvmlDeviceGetName is pynvml.nvmlDeviceGetName, libnvml.nvmlLib)
libnvml.nvmlInit()
print(libnvml.nvmlLib is pynvml.nvmlLib, libnvml.nvmlLib is not None)
''') == ['True None', 'True True']


def test_field_values_have_the_time_they_are_of(two):
    assert two.lines(IMPORT + '''
import time
handle = libnvml.nvmlQuery('nvmlDeviceGetHandleByIndex', 0)
before = time.time() * 1e6
rows = libnvml.nvmlQueryFieldValues(handle, [83, 99999]) + libnvml.nvmlQueryFieldValues(None, [83])
print([abs(stamp - before) < 60e6 for value, stamp in rows], [value is libnvml.NA for value, stamp in rows])
''') == ['[True, True, True] [False, True, True]']


# ---- versions of functions

OLD = """
import pynvml
class Driver:
    'A driver without some functions.'
    def __init__(self, library, *missing):
        self.library, self.missing = library, missing
    def __getattr__(self, name):
        if name in self.missing:
            raise AttributeError(name)
        return getattr(self.library, name)
def without(*missing):
    libnvml.nvmlInit()
    pynvml.nvmlLib = Driver(getattr(pynvml.nvmlLib, 'library', pynvml.nvmlLib), *missing)
    pynvml._nvmlGetFunctionPointer_cache.clear()
    return libnvml.nvmlQuery('nvmlDeviceGetHandleByIndex', 0)
C = 'nvmlDeviceGetComputeRunningProcesses'
def processes(handle):
    return [(p.pid, p.usedGpuMemory, p.gpuInstanceId, p.computeInstanceId)
            for p in libnvml.nvmlDeviceGetComputeRunningProcesses(handle)]
"""


def versions(scripts, script, version):
    """Runs a script with a release of nvidia-ml-py."""
    folder = os.environ.get(f'NVITOP_PYNVML_{version}', str(paths.ROOT / f'.venv/pynvml-{version}'))
    start = f'import sys; sys.path.insert(0, {folder!r})\n' + IMPORT + OLD
    return scripts.lines(start + script)


@pytest.mark.parametrize('version', [11, 13])
def test_processes_of_every_driver_are_read(two, version):
    lines = versions(two, '''
print(processes(without()))
print(processes(without(C + '_v3')))
print(processes(without(C + '_v3', C + '_v2')))
print(processes(without('nvmlDeviceGetRunningProcessDetailList')))
try:
    processes(without(C + '_v3', C + '_v2', C))
except libnvml.NVMLError_FunctionNotFound as error:
    print(error)
''', version)
    assert lines[0].startswith('[(') and len(set(lines[:4])) == 1
    assert lines[4:] == ['Function Not Found']


@pytest.mark.parametrize('version, reserved', [(11, False), (13, True)])
def test_memory_of_every_driver_is_read(two, version, reserved):
    lines = versions(two, '''
memory = libnvml.nvmlDeviceGetMemoryInfo
for missing in ([], ['nvmlDeviceGetMemoryInfo_v2']):
    handle = without(*missing)
    print(memory(handle).total, hasattr(memory(handle), 'reserved'))
''', version)
    total = lines[0].split()[0]
    assert int(total) > 0 and lines == [f'{total} {reserved}', f'{total} False']


@pytest.mark.parametrize('scenario, driver', [('laptop', None), ('fixture-a', None), ('mixed4', '535.54.03'),
                                              ('mixed4', None), ('busy1', None), ('desktop', None)])
def test_processes_are_the_original_s_on_drivers_of_all_times(over, tmp_path, scenario, driver):
    """390, 515, 535 when its rows were longer, 535 later, 550, 580."""
    if driver:
        text = (paths.SCENARIOS / f'{scenario}.ini').read_text(encoding='utf-8')
        scenario = tmp_path / 'scenario.ini'
        scenario.write_text(re.sub(r'(?m)^driver_version = .*', f'driver_version = {driver}', text), encoding='utf-8')
    script = IMPORT + '''
for i in range(libnvml.nvmlQuery('nvmlDeviceGetCount')):
    handle = libnvml.nvmlQuery('nvmlDeviceGetHandleByIndex', i)
    for kind in ('Compute', 'Graphics'):
        rows = libnvml.nvmlQuery(f'nvmlDeviceGet{kind}RunningProcesses', handle, default=())
        print(i, kind, [(row.pid, row.usedGpuMemory) for row in rows])
    print(libnvml.nvmlQuery('nvmlDeviceGetMemoryInfo', handle).total)
'''
    scripts = over(scenario, {'NVITOP_SIM_CLOCK': '7'})
    ours = scripts.lines(script)
    assert any('[(' in line for line in ours)
    assert ours == peer(scripts, script).splitlines()


# ---- forks and threads


@pytest.mark.parametrize('start', [IMPORT, WITHOUT_PYNVML])
def test_a_child_opens_nvml_anew(two, start):
    """Also when a thread of the parent held the locks while it was forked."""
    assert two.lines(start + '''
import os, signal, threading
libnvml.nvmlInit()
state, library = libnvml._state, libnvml._library()
locks = [lock for lock in (state.lock, getattr(library, 'libLoadLock', None), getattr(getattr(library, '_library', None), 'lock', None)) if lock]
held, done = threading.Event(), threading.Event()
def hold():
    for lock in locks:
        lock.acquire()
    held.set()
    done.wait()
thread = threading.Thread(target=hold, daemon=True)
thread.start()
held.wait()
child = os.fork()
if child == 0:
    signal.alarm(20)
    try:
        libnvml.nvmlShutdown()
    except libnvml.NVMLError_Uninitialized:
        libnvml.nvmlInit()
        libnvml.nvmlShutdown()
        os._exit(7)
    os._exit(1)
print(len(locks), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
done.set()
''') == ['2 7']


def test_threads_open_nvml_once(two):
    assert two.lines(IMPORT + '''
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(16) as pool:
    print(set(pool.map(lambda _: libnvml.nvmlQuery('nvmlDeviceGetCount'), range(200))))
libnvml.nvmlShutdown()
try:
    libnvml.nvmlShutdown()
except libnvml.NVMLError_Uninitialized:
    print('once')
''') == ['{2}', 'once']


def test_the_helper_of_these_tests_sees_the_original():
    done = term.run([paths.peer_python(), '-c', 'import nvitop; print(nvitop.__version__)'], term.clean_env({}))
    assert done.lines == ['1.7.2']
