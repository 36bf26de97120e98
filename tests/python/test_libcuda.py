"""nvitop.libcuda and nvitop.libcudart: errors and calls over stand-ins of the libraries."""

from __future__ import annotations

import pytest

from support import paths

UUIDS = 'aaaaaaaa111122223333444444444444,bbbbbbbb111122223333444444444444'


def libraries(scripts, folder='tests/fakecuda'):
    """An environment in which the loader finds the stand-ins, and the simulator."""
    return {'LD_LIBRARY_PATH': f'{paths.BUILD / folder}:{scripts.sim.env.get("LD_LIBRARY_PATH", "")}', 'FAKE_CUDA_UUIDS': UUIDS}


def cuda(scripts, script, folder='tests/fakecuda', **env):
    return scripts.lines('from nvitop.api import libcuda as m\n' + script, env={**libraries(scripts, folder), **env})


def cudart(scripts, script, **env):
    return scripts.lines('from nvitop.api import libcudart as m\n' + script, env={**libraries(scripts), **env})


def test_errors_tell_what_they_are(two):
    assert cuda(two, '''
for error in (m.CUDAError(3), m.CUDAError(2), m.CUDAError(222), m.CUDAError(700), m.CUDAError(77777)):
    print(type(error).__name__, '|', str(error), '|', isinstance(error, RuntimeError))
''') == [
        'CUDAError_NotInitialized | Initialization error. Code: CUDA_ERROR_NOT_INITIALIZED (3). | False',
        'CUDAError_OutOfMemory | Out of memory. Code: CUDA_ERROR_OUT_OF_MEMORY (2). | False',
        'CUDAError_UnsupportedPtxVersion | The provided ptx was compiled with an unsupported toolchain. '
        'Code: CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222). | False',
        'CUDAError_IllegalAddress | CUDA Error with code 700. | False',
        'CUDAError | CUDA Error with code 77777. | False',
    ]


@pytest.mark.parametrize('module, base, one', [('libcuda', 'CUDAError', 'CUDAError_NotFound'),
                                               ('libcudart', 'cudaError', 'cudaError_SymbolNotFound')])
def test_errors_are_exceptions_like_others(two, module, base, one):
    assert two.lines(f'''
        import copy, pickle
        from nvitop.api import {module} as m, libcuda, libcudart
        error = m.{base}(500)
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error), m.{one}()):
            print(type(twin).__name__, twin == error, hash(twin) == hash(error), twin.value)
        print(error == m.{base}(1), error == 500, libcuda.CUDAError(500) == libcudart.cudaError(500))
        for wrong in (lambda: m.{base}(), lambda: m.{one}(2), lambda: m.cudaExceptionClass(77777)):
            try:
                wrong()
            except (TypeError, ValueError) as complaint:
                print(type(complaint).__name__)
    ''') == [f'{one} True True 500'] * 4 + ['False False False', 'TypeError', 'TypeError', 'ValueError']


def test_nothing_is_loaded_on_import(two):
    assert two.lines('''
        import nvitop.api.libcuda, nvitop.api.libcudart
        maps = open('/proc/self/maps').read()
        print('libcuda.so' in maps, 'libcudart' in maps)
    ''', env=libraries(two)) == ['False False']


def test_without_the_library_nothing_is_initialized(two):
    assert two.lines('''
        from nvitop.api import libcuda as m
        for call in (m.cuInit, m.cuDeviceGetCount, m.cuDriverGetVersion, lambda: m.cuDeviceGetName(0),
                     lambda: m.cuGetErrorName(3), lambda: m.cuDeviceTotalMem(0)):
            try:
                call()
            except m.CUDAError_NotInitialized as error:
                print(error)
        print(m.is_available())
    ''') == ['Initialization error. Code: CUDA_ERROR_NOT_INITIALIZED (3).'] * 6 + ['False']


def test_devices_are_told(two):
    assert cuda(two, '''
print(m.cuInit(), m.cuDriverGetVersion(), m.cuDeviceGetCount())
for ordinal in range(2):
    device = m.cuDeviceGet(ordinal)
    print(m.cuDeviceGetName(device), m.cuDeviceGetUuid_v2(device), m.cuDeviceTotalMem(device), m.cuDeviceGetPCIBusId(device))
print(m.cuDeviceGetByPCIBusId('0000:0B:00.0'), m.cuGetErrorName(3), m.cuGetErrorString(3), m.is_available())
''') == [
        'None 12.2 2',
        f'Fake GPU 0 bbbbbbbb-1111-2222-3333-444444444444 {1 << 30} 0000:0A:00.0',
        f'Fake GPU 1 aaaaaaaa-1111-2222-3333-444444444444 {2 << 30} 0000:0B:00.0',
        '1 CUDA_ERROR_NOT_INITIALIZED initialization error True',
    ]


def test_what_the_driver_returns_is_raised(two):
    assert cuda(two, '''
def fails(call, *args):
    try:
        print(call(*args))
    except m.CUDAError as error:
        print(type(error).__name__)
fails(m.cuDeviceGet, 0)
fails(m.cuInit, 1)
m.cuInit()
fails(m.cuDeviceGet, 2)
fails(m.cuDeviceGetName, -1)
fails(m.cuDeviceGetByPCIBusId, 'nowhere')
fails(m.cuGetErrorName, 77777)
''') == ['CUDAError_NotInitialized', 'CUDAError_Unknown', 'CUDAError_InvalidDevice', 'CUDAError_InvalidDevice',
         'CUDAError_InvalidDevice', 'CUDAError_InvalidValue']


def test_a_function_that_an_old_driver_lacks_is_not_found(two):
    """The old stand-in has the first kind of UUID only."""
    assert cuda(two, '''
m.cuInit()
print(m.cuDeviceGetUuid(0))
try:
    m.cuDeviceGetUuid_v2(0)
except m.CUDAError_NotFound as error:
    print(error)
''', folder='tests/fakecuda/old') == ['bbbbbbbb-1111-2222-3333-444444444444',
                                       'Named symbol not found. Code: CUDA_ERROR_NOT_FOUND (500).']


@pytest.mark.parametrize('version, text', [('12020', '12.2'), ('12021', '12.2.1'), ('9000', '9.0'), ('10010', '10.1')])
def test_versions_are_written_with_dots(two, version, text):
    assert cuda(two, 'print(m.cuDriverGetVersion())', FAKE_CUDA_VERSION=version) == [text]


@pytest.mark.parametrize('env, answer', [({}, 'True'), ({'FAKE_CUDA_MODE': 'fail'}, 'False'), ({'CUDA_VISIBLE_DEVICES': ''}, 'False')])
def test_availability_needs_a_driver_and_a_device(two, env, answer):
    assert cuda(two, 'print(m.is_available())', **env) == [answer]


@pytest.mark.parametrize('module', ['libcuda', 'libcudart'])
def test_a_child_has_a_lock_of_its_own(two, module):
    """A thread of the parent holds the lock while it is forked."""
    assert two.lines(f'''
        import os, threading
        from nvitop.api import {module} as m
        held, done = threading.Event(), threading.Event()
        def hold():
            with m._library._lock:
                held.set()
                done.wait()
        threading.Thread(target=hold, daemon=True).start()
        held.wait()
        child = os.fork()
        if child == 0:
            os._exit(7 if m.is_available() else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        done.set()
    ''', env={**libraries(two), 'FAKE_CUDART_COUNT': '2'}) == ['7']


# ---- the runtime


def test_the_runtime_tells_devices_and_versions(two):
    assert cudart(two, '''
print(m.cudaRuntimeGetVersion(), m.cudaDriverGetVersion(), m.cudaGetDeviceCount(), m.is_available())
print(m.cudaDeviceGetPCIBusId(1), m.cudaDeviceGetByPCIBusId('0000:0A:00.0'))
print(m.cudaGetErrorName(35), m.cudaGetErrorString(35), m.cuGetErrorString(35))
''', FAKE_CUDART_COUNT='2') == [
        '11.8.1 12.2 2 True', '0000:0B:00.0 0',
        'cudaErrorInsufficientDriver CUDA driver version is insufficient for CUDA runtime version '
        'CUDA driver version is insufficient for CUDA runtime version',
    ]


def test_the_runtime_keeps_its_last_error_till_it_is_asked_for(two):
    assert cudart(two, '''
try:
    m.cudaGetDeviceCount()
except m.cudaError_InsufficientDriver as error:
    print(error)
print(m.cudaPeekAtLastError(), m.cudaPeekAtLastError(), m.cudaGetLastError(), m.cudaGetLastError())
print(m.is_available(), m.cudaDriverGetVersion())
''') == [
        'Cuda driver version is insufficient for cuda runtime version. Code: cudaErrorInsufficientDriver (35).',
        '35 35 35 0', 'False 0.0',
    ]


@pytest.mark.parametrize('count, call, name', [
    ('0', 'm.cudaGetDeviceCount()', 'cudaError_NoDevice'),
    ('2', 'm.cudaDeviceGetPCIBusId(2)', 'cudaError_InvalidDevice'),
    ('2', "m.cudaDeviceGetByPCIBusId('nowhere')", 'cudaError_InvalidDevice'),
])
def test_what_the_runtime_returns_is_raised(two, count, call, name):
    assert cudart(two, f'''
try:
    {call}
except m.cudaError as error:
    print(type(error).__name__)
''', FAKE_CUDART_COUNT=count) == [name]


def test_the_runtime_is_looked_for_where_cuda_is(two, tmp_path):
    """In $CUDA_HOME, where the loader finds none. The loader is kept from finding the machine's own."""
    folder = tmp_path / 'lib64'
    folder.mkdir()
    (folder / 'libcudart.so.99').symlink_to(paths.built('tests/fakecuda/libcudart.so'))
    assert two.lines('''
        from nvitop.api import libcudart
        libcudart._platform.CUDART = ()
        print(libcudart.cudaRuntimeGetVersion())
    ''', env={'CUDA_HOME': str(tmp_path)}) == ['11.8.1']


def test_without_the_runtime_nothing_is_initialized(two):
    assert two.lines('''
        from nvitop.api import libcudart as m
        m._library._paths = lambda: ['libcudart-of-nobody.so']
        for call in (m.cudaGetDeviceCount, m.cudaRuntimeGetVersion, m.cudaGetLastError, lambda: m.cudaGetErrorName(3)):
            try:
                call()
            except m.cudaError_InitializationError as error:
                print(error)
        print(m.is_available())
    ''') == ['Initialization error. Code: cudaErrorInitializationError (3).'] * 4 + ['False']
