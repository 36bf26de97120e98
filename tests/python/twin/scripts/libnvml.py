"""NVML under its own names: asking, errors, opening and closing."""

import pynvml

from nvitop import libnvml as n

q = n.nvmlQuery
h = q('nvmlDeviceGetHandleByIndex', 0)

n.nvmlQuery('nvmlDeviceGetCount')
n.nvmlQuery('nvmlNoSuch', h, ignore_function_not_found=True)
q('nvmlNoSuch', h, default=5, ignore_function_not_found=True)
q('nvmlNoSuch', h, ignore_errors=False, ignore_function_not_found=True)
q('nvmlNoSuch', h, ignore_errors=False)
q('nvmlNoSuch', h)
q('nvmlDeviceGetName', h)
q(n.nvmlDeviceGetName, h)
q(lambda: b'abc')
q('nvmlDeviceGetHandleByIndex', 99)
q('nvmlDeviceGetHandleByIndex', 99, ignore_errors=False)
q('nvmlDeviceGetHandleByIndex', 99, default=None)
q('nvmlDeviceGetHandleByIndex', index=99)
q(lambda: 1 / 0)
q(5)
q('nvmlDeviceGetName')
q(len, [1, 2])
for value in ('N/A', NA, None, 0, 1.5, 'x', '', [], n.UINT_MAX, n.ULONGLONG_MAX, float('nan'), True):
    at(repr(value))
    n.nvmlCheckReturn(value)
    n.nvmlCheckReturn(value, int)
    n.nvmlCheckReturn(value, str)
    n.nvmlCheckReturn(value, (int, str))
    nvmlCheckReturn(value, float)
at()
n.nvmlQueryFieldValues(h, [])
[value for value, stamp in n.nvmlQueryFieldValues(h, [82, 99999, (202, 1)])]
[type(value).__name__ for value, stamp in n.nvmlQueryFieldValues(h, [83, 91])]
[value for value, stamp in n.nvmlQueryFieldValues(None, [82])]
str(q('nvmlDeviceGetMemoryInfo', h))
[(row.pid, row.usedGpuMemory) for row in q('nvmlDeviceGetComputeRunningProcesses', h)]
[(row.pid, row.usedGpuMemory) for row in q('nvmlDeviceGetGraphicsRunningProcesses', h)]
n.nvmlDeviceGetComputeRunningProcesses(h)[0].pid
n.nvmlDeviceGetGraphicsRunningProcesses(h)[0].pid
n.nvmlDeviceGetMemoryInfo(h).total
q('nvmlDeviceGetTemperature', h, 0)
q('nvmlDeviceGetDriverModel', h)
n.nvmlDeviceGetDriverModel(h)
n.nvmlDeviceGetCurrentDriverModel(h)
n.nvmlDeviceGetPendingDriverModel(h)
n.nvmlDeviceGetTemperature(h, 0)
n.nvmlDeviceGetMPSComputeRunningProcesses(h)
n.nvmlDeviceGetFieldValues(h, [82])[0].value.uiVal
n.nvmlDeviceGetPciInfo(h).busId
n.nvmlSystemGetDriverVersion()

# ---- errors
for code in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 25, 999, 77777):
    at(f'{code}')
    n.NVMLError(code)
    str(n.NVMLError(code))
    n.NVMLError(code).value
    NVMLError(code) == n.NVMLError(code)
at()
NVMLError is n.NVMLError
n.NVMLError is pynvml.NVMLError
n.NVMLError_NotFound.__mro__
n.NVMLError()
n.nvmlNope
n.NVML_VALUE_NOT_AVAILABLE_uint
n.NVML_SUCCESS
n.c_uint
n.NA is NA
n.UINT_MAX == UINT_MAX
n.ULONGLONG_MAX == ULONGLONG_MAX
UINT_MAX
ULONGLONG_MAX
n.nvmlExceptionClass(6)
[name for name in sorted(PEER['libnvml all']) if not hasattr(n, name)]
{name: getattr(n, name) for name in sorted(PEER['libnvml all']) if name.startswith('NVML_')
 and isinstance(getattr(n, name), (int, str))}
[name for name in PEER['libnvml'] if not hasattr(n, name)]

# ---- opening and closing
n.nvmlInit()
n.nvmlInit()
n.nvmlInitWithFlags(1)
n.nvmlInitWithFlags(0)
n.nvmlShutdown()
n.nvmlShutdown()
n.__enter__() is n
n.__exit__(None, None, None)
n.nvmlShutdown()
with n as opened:
    opened is n
    q('nvmlDeviceGetCount')
n.nvmlShutdown()
Device(0).name()
