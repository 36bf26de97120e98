"""Both collectors in one program, for test_parity_collector.py: prints what each tells, as JSON.

Runs under the peer's Python; argument 1 is our shared library. The simulator's time stands still.
"""

import ctypes
import json
import sys

from nvitop import Device, HostProcess, ResourceMetricCollector

ALL = 1


class Options(ctypes.Structure):
    """struct nvitop_collector_options."""

    _fields_ = [('size', ctypes.c_uint32), ('flags', ctypes.c_uint32), ('devices', ctypes.c_void_p),
                ('device_count', ctypes.c_size_t), ('cuda_indices', ctypes.c_void_p),
                ('root_pids', ctypes.POINTER(ctypes.c_int32)), ('root_pid_count', ctypes.c_size_t),
                ('interval', ctypes.c_double)]


def peer() -> dict:
    """1.7.2 forgets its root processes unless somebody else holds them."""
    held = [HostProcess(ALL)]
    collector = ResourceMetricCollector(Device.all(), root_pids={ALL}, interval=1.0)
    collector.activate('T')
    told = collector.collect()
    collector.deactivate()
    del held
    return told


def ours(path: str) -> dict:
    """The same through libnvitop."""
    library, told = ctypes.CDLL(path), {}
    session, collector, options = ctypes.c_void_p(), ctypes.c_void_p(), Options()
    library.nvitop_collector_options_init(ctypes.byref(options))
    options.root_pids, options.root_pid_count = (ctypes.c_int32 * 1)(ALL), 1
    emit = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double)(
        lambda _, key, value: told.__setitem__(key.decode(), value))
    assert library.nvitop_session_open(None, ctypes.byref(session)) == 0
    assert library.nvitop_collector_new(session, ctypes.byref(options), ctypes.byref(collector)) == 0
    assert library.nvitop_collector_activate(collector, b'T') == 0
    assert library.nvitop_collector_collect(collector, emit, None) == 0
    library.nvitop_collector_free(collector)
    library.nvitop_session_close(session)
    return told


print(json.dumps({'peer': peer(), 'ours': ours(sys.argv[1])}))
