"""Functions of NVML that come in versions: the newest one that both the driver and nvidia-ml-py have.

nvidia-ml-py calls one version of each, mostly the newest, and fails with drivers from before that. What is here
takes its place in libnvml. Each function is asked again at every call: which version there is costs nothing to find.
"""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Dict, List, Optional

from nvitop.api.utils import UINT_MAX, ULONGLONG_MAX


__all__ = ['FUNCTIONS']


class _ProcessV1(ctypes.Structure):
    _fields_ = [('pid', ctypes.c_uint), ('usedGpuMemory', ctypes.c_ulonglong)]


class Process:
    """A process of a driver that knows no MIG instances."""

    gpuInstanceId = UINT_MAX
    computeInstanceId = UINT_MAX

    def __init__(self, pid: int, memory: int) -> None:
        self.pid = pid
        self.usedGpuMemory: Optional[int] = None if memory == ULONGLONG_MAX else memory

    def __repr__(self) -> str:
        return f'Process(pid={self.pid}, usedGpuMemory={self.usedGpuMemory})'


def _try(library: Any, handle: Any, names: List[str], *args: Any) -> Any:
    """Calls the first of some functions that there is."""
    missing: Exception = AttributeError(names[-1])
    for name in names:
        try:
            return getattr(library, name)(handle, *args)
        except (AttributeError, library.NVMLError_FunctionNotFound) as error:
            missing = error
    if isinstance(missing, AttributeError):
        raise library.NVMLError(library.NVML_ERROR_FUNCTION_NOT_FOUND) from missing
    raise missing


def _processes_v1(library: Any, symbol: str, handle: Any) -> List[Process]:
    function = getattr(library.nvmlLib, symbol, None)
    if function is None:
        raise library.NVMLError(library.NVML_ERROR_FUNCTION_NOT_FOUND)
    count = ctypes.c_uint(0)
    status = function(handle, ctypes.byref(count), None)
    if status == library.NVML_SUCCESS:
        return []
    if status != library.NVML_ERROR_INSUFFICIENT_SIZE:
        raise library.NVMLError(status)
    count.value = count.value * 2 + 5  # some may start in between
    rows = (_ProcessV1 * count.value)()
    status = function(handle, ctypes.byref(count), rows)
    if status != library.NVML_SUCCESS:
        raise library.NVMLError(status)
    return [Process(row.pid, row.usedGpuMemory) for row in rows[:count.value]]


def _has_long_rows(library: Any) -> bool:
    """Whether the driver's _v3 rows have a fifth field, which nvidia-ml-py does not expect (early 535)."""
    return hasattr(library.nvmlLib, 'nvmlDeviceGetConfComputeMemSizeInfo') and not hasattr(
        library.nvmlLib, 'nvmlDeviceGetRunningProcessDetailList')


def _processes(symbol: str) -> Callable[[Any, Any], Any]:
    def processes(library: Any, handle: Any) -> Any:
        names = [f'{symbol}_v2'] if _has_long_rows(library) else [f'{symbol}_v3', f'{symbol}_v2']
        try:
            return _try(library, handle, names)
        except library.NVMLError_FunctionNotFound:
            return _processes_v1(library, symbol, handle)
    return processes


def _memory(library: Any, handle: Any, version: Optional[int] = None) -> Any:
    """With `reserved` apart where the driver can tell that."""
    if version is None:
        try:
            return library.nvmlDeviceGetMemoryInfo(handle, version=library.nvmlMemory_v2)
        except (AttributeError, TypeError, library.NVMLError_FunctionNotFound):
            return library.nvmlDeviceGetMemoryInfo(handle)
    return library.nvmlDeviceGetMemoryInfo(handle, version=version)


def _temperature(library: Any, handle: Any, sensor: int) -> Any:
    return _try(library, handle, ['nvmlDeviceGetTemperature', 'nvmlDeviceGetTemperatureV'], sensor)


def _driver_models(library: Any, handle: Any) -> Any:
    return _try(library, handle, ['nvmlDeviceGetDriverModel', 'nvmlDeviceGetDriverModel_v1'])


# Each is told nvidia-ml-py's module, and what its caller gives.
FUNCTIONS: Dict[str, Callable[..., Any]] = {
    'nvmlDeviceGetComputeRunningProcesses': _processes('nvmlDeviceGetComputeRunningProcesses'),
    'nvmlDeviceGetGraphicsRunningProcesses': _processes('nvmlDeviceGetGraphicsRunningProcesses'),
    'nvmlDeviceGetMPSComputeRunningProcesses': _processes('nvmlDeviceGetMPSComputeRunningProcesses'),
    'nvmlDeviceGetMemoryInfo': _memory,
    'nvmlDeviceGetTemperature': _temperature,
    'nvmlDeviceGetDriverModel': _driver_models,
    'nvmlDeviceGetCurrentDriverModel': lambda library, handle: _driver_models(library, handle)[0],
    'nvmlDeviceGetPendingDriverModel': lambda library, handle: _driver_models(library, handle)[1],
}
