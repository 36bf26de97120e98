"""The one place where Python meets the C library.

Keeps the session of the process: opened when something first needs it, one for all threads, and
told of a fork in the child. Turns statuses into exceptions and values of C into those of Python.
Each call gives up the interpreter's lock while it is in C, so a slow driver stops no other thread.
"""

from __future__ import annotations

import importlib
import os
import struct
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from nvitop import _nvitop
from nvitop._nvitop import ffi, lib
from nvitop.api import _nvml_codes, _platform

__all__ = [
    'METRICS',
    'Metric',
    'buffer_text',
    'check',
    'device_pointers',
    'encode',
    'ffi',
    'fill',
    'has_session',
    'layout',
    'lib',
    'metric_ids',
    'nvml_path',
    'open_session',
    'session',
    'short_text',
    'snapshot_value',
    'string_array',
    'system_text',
    'text',
    'to_python',
]

if lib.nvitop_abi_version() != lib.NVITOP_ABI:
    raise ImportError('the native part of nvitop is of another version than its header')


# ---- statuses


# Status to the code of the NVML error that is raised. The others are told apart in `check`.
_NVML_CODES = {
    lib.NVITOP_EINVAL: _nvml_codes.NVML_ERROR_INVALID_ARGUMENT,
    lib.NVITOP_ENOLIB: _nvml_codes.NVML_ERROR_LIBRARY_NOT_FOUND,
    lib.NVITOP_ENODRIVER: _nvml_codes.NVML_ERROR_DRIVER_NOT_LOADED,
    lib.NVITOP_EVERSION: _nvml_codes.NVML_ERROR_LIB_RM_VERSION_MISMATCH,
    lib.NVITOP_EPERM: _nvml_codes.NVML_ERROR_NO_PERMISSION,
    lib.NVITOP_ENOTFOUND: _nvml_codes.NVML_ERROR_NOT_FOUND,
    lib.NVITOP_ELOST: _nvml_codes.NVML_ERROR_GPU_IS_LOST,
    lib.NVITOP_ENOTSUP: _nvml_codes.NVML_ERROR_NOT_SUPPORTED,
    lib.NVITOP_ENOSYMBOL: _nvml_codes.NVML_ERROR_FUNCTION_NOT_FOUND,
    lib.NVITOP_ETIMEOUT: _nvml_codes.NVML_ERROR_TIMEOUT,
    lib.NVITOP_ETOOBIG: _nvml_codes.NVML_ERROR_INSUFFICIENT_SIZE,
    lib.NVITOP_EUNKNOWN: _nvml_codes.NVML_ERROR_UNKNOWN,
}


def status_text(status: int) -> str:
    """What a status means, in a few words for a log."""
    return text(lib.nvitop_status_text(status))


def check(status: int, nvml_code: int = 0) -> int:
    """Raises what a negative status stands for, and gives back any other.

    Parameters
    ----------
    status
        What a function of the C library returned.
    nvml_code
        The driver's own code, where it is known to be more exact; 0 if it is not.

    Raises
    ------
    nvitop.NVMLError
        The class of NVML's code, for whatever concerns the driver.
    RuntimeError
        A device is named twice, or the object is in another state.
    """
    if status >= 0:
        return status
    code = nvml_code or _NVML_CODES.get(status)
    if code is None:
        raise RuntimeError(status_text(status))
    # Needed by nobody whose calls go well.
    raise importlib.import_module('nvitop.api.libnvml')._error(code)


# ---- the session


class _Keeper:
    """The session of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.session: Any = None

    def get(self) -> Any:
        """The session; opens it if it is not open."""
        if self.session is None:
            with self.lock:
                if self.session is None:
                    self.session = open_session()
        return self.session

    def after_fork(self) -> None:
        """In the child: the lock may have been held by a thread that is not here."""
        self.lock = threading.Lock()
        if self.session is not None:
            lib.nvitop_session_after_fork(self.session)


def _helper() -> Optional[str]:
    """The program that asks the CUDA driver, in the places of a wheel and of a build; else the library knows."""
    folder = os.path.realpath(_nvitop.__file__ or '')
    for _ in range(5):
        folder = os.path.dirname(folder)
        for place in ('share/nvitop/libexec', 'src/cuda'):
            path = os.path.join(folder, place, f'nvitop-cuda-order{_platform.PROGRAM_SUFFIX}')
            if os.path.isfile(path):
                return path
    return None


def open_session(procfs: Optional[str] = None) -> Any:
    """A session of its own, without the driver; `procfs`: its process file system, if not the usual one."""
    options = ffi.new('struct nvitop_options *')
    lib.nvitop_options_init(options)
    options.flags = lib.NVITOP_OPEN_LAZY
    helper = _helper()
    path = ffi.new('char[]', os.fsencode(helper)) if helper else ffi.NULL
    options.cuda_helper = path
    root = ffi.new('char[]', os.fsencode(procfs)) if procfs else ffi.NULL
    options.procfs = root
    ret_session = ffi.new('struct nvitop_session **')
    check(lib.nvitop_session_open(options, ret_session))
    return ret_session[0]


_keeper = _Keeper()
_platform.after_fork(_keeper.after_fork)


def has_session() -> bool:
    """Whether something has needed it already."""
    return _keeper.session is not None


def session() -> Any:
    """The session of this process, a ``struct nvitop_session *``.

    It is opened without the driver, which is opened by the first call that needs it; so this never
    fails for want of a driver. It is never closed: the system does that with the process, also
    while a thread is still in a driver that never answers.
    """
    return _keeper.get()


# ---- texts and arrays


def text(pointer: Any) -> str:
    """A text of C; what is no UTF-8 in it is kept as surrogates."""
    return ffi.string(pointer).decode('utf-8', 'surrogateescape')  # type: ignore[no-any-return]


def encode(value: str) -> bytes:
    """A text for C, the other way; any text, since C replaces what cannot be shown."""
    try:
        return value.encode('utf-8', 'surrogateescape')
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        return value.encode('utf-8', 'surrogatepass')


def string_array(values: Sequence[str]) -> Tuple[Any, List[Any]]:
    """A ``const char *[]`` and the texts in it, which must be kept as long as it is used."""
    texts = [ffi.new('char[]', encode(value)) for value in values]
    return ffi.new('const char *[]', texts), texts


_CHARS = ffi.typeof('char[]')
_SHORT = 64


def buffer_text(write: Callable[[Any, int], int]) -> str:
    """What a function writes as snprintf does: ``write(buffer, size)`` returns the whole length."""
    size = 128
    while True:
        buffer = ffi.new(_CHARS, size)
        length = check(write(buffer, size))
        if length < size:
            return text(buffer)
        size = length + 1


def short_text(write: Callable[..., int], *args: Any) -> str:
    """The same of ``write(*args, buffer, size)``, whose texts are all shorter than `_SHORT`."""
    buffer = ffi.new(_CHARS, _SHORT)
    check(write(*args, buffer, _SHORT))
    return text(buffer)


def fill(kind: str, write: Callable[[Any, int, Any], int], room: int = 64) -> Tuple[Any, int]:
    """An array of `kind` from a function that takes ``(array, cap, ret_count)``, and how many there are.

    The function is asked again with more room where there are more than fitted.
    """
    ret_count = ffi.new('size_t *')
    while True:
        array = ffi.new(f'{kind}[]', room)
        check(write(array, room, ret_count))
        if ret_count[0] <= room:
            return array, int(ret_count[0])
        room = int(ret_count[0]) + 16


def device_pointers(devices: Sequence[Any]) -> Any:
    """A ``struct nvitop_device *[]`` of such pointers."""
    return ffi.new('struct nvitop_device *[]', list(devices))


# ---- structs in one go

_FORMATS = {'uint8_t': 'B', 'uint16_t': 'H', 'uint32_t': 'I', 'int32_t': 'i', 'uint64_t': 'Q', 'int64_t': 'q',
            'double': 'd', 'size_t': 'N'}


def _member(kind: Any, name: str) -> Tuple[int, Any]:
    """Where in a struct a member is, and its type; a member of a member has dots in its name."""
    offset = 0
    for part in name.split('.'):
        field = dict(kind.fields)[part]
        offset, kind = offset + field.offset, field.type
    return offset, kind


def layout(struct_name: str, members: Sequence[str], count: int = 1) -> struct.Struct:
    """Takes members, ascending by place, out of the bytes of `count` structs that lie one after the other."""
    whole, form, end = ffi.typeof(struct_name), '', 0
    for name in members:
        offset, kind = _member(whole, name)
        form += f'{offset - end}x' + ('P' if kind.kind == 'pointer' else _FORMATS[kind.cname])
        end = offset + ffi.sizeof(kind)
    return struct.Struct('@' + f'{form}{ffi.sizeof(whole) - end}x' * count)


# ---- metrics


class Metric(NamedTuple):
    """A row of the table of metrics. `name` is its word in JSON and in ``--query``."""

    id: int
    name: str
    unit: int
    is_blocking: bool
    collector_divisor: float
    collector_name: Optional[str]


def _metric(number: int) -> Metric:
    row = ffi.new('struct nvitop_metric_row *')
    row.size = ffi.sizeof('struct nvitop_metric_row')
    check(lib.nvitop_metric_info(number, row))
    collected = None if row.collector_name == ffi.NULL else text(row.collector_name)
    return Metric(row.id, text(row.name), row.unit, bool(row.is_blocking), row.collector_divisor, collected)


class _Metrics(Dict[str, Metric]):
    """The metrics of one scope by name, read from the library when first looked at."""

    def __init__(self, scope: int) -> None:
        super().__init__()
        self.scope = scope

    def __missing__(self, name: str) -> Metric:
        number = lib.nvitop_metric_id(self.scope, encode(name))
        if number < 0:
            raise KeyError(name)
        metric = self[name] = _metric(number)
        return metric

    def load(self) -> '_Metrics':
        """All of them, ascending by id."""
        array, count = fill('int', lambda ids, cap, ret: lib.nvitop_metric_list(self.scope, ids, cap, ret), 128)
        for number in array[0:count]:
            metric = _metric(number)
            self.setdefault(metric.name, metric)
        return self


# The metrics by scope: METRICS['device']['temperature'].id.
METRICS = {
    'device': _Metrics(lib.NVITOP_SCOPE_DEVICE),
    'process': _Metrics(lib.NVITOP_SCOPE_PROCESS),
    'host': _Metrics(lib.NVITOP_SCOPE_HOST),
}


def metric_ids(*names: str, scope: str = 'device') -> Tuple[int, ...]:
    """The ids of metrics by their names; KeyError for a name that there is not."""
    return tuple(METRICS[scope][name].id for name in names)


# ---- values


def _na(_value: Any) -> Any:
    from nvitop.api.utils import NA  # which stands on this module

    return NA


_TO_PYTHON: Dict[int, Callable[[Any], Any]] = {
    lib.NVITOP_NA: _na,
    lib.NVITOP_INT: lambda value: value.u.i,
    lib.NVITOP_REAL: lambda value: value.u.r,
    lib.NVITOP_TEXT: lambda value: text(value.u.text),
    lib.NVITOP_BOOL: lambda value: bool(value.u.i),
}


def to_python(value: Any) -> Any:
    """A ``struct nvitop_value`` as int, float, str, bool, or ``NA``."""
    return _TO_PYTHON[value.kind](value)


def snapshot_value(snapshot: Any, number: int, row: int) -> Any:
    """One metric of a row of a ``struct nvitop_snapshot *``, as Python has it."""
    value = ffi.new('struct nvitop_value *')
    check(lib.nvitop_snapshot_get(snapshot, number, row, value))
    return to_python(value)


def nvml_path() -> str:
    """The file of the driver's library that this session has opened.

    Raises
    ------
    nvitop.NVMLError
        It cannot be opened.
    """
    value = ffi.new('struct nvitop_value *')
    status = lib.nvitop_nvml_path(session(), value)
    if status < 0:
        failure = ffi.new('struct nvitop_failure *', {'size': ffi.sizeof('struct nvitop_failure')})
        check(lib.nvitop_session_failure(session(), failure))
        check(status, failure.nvml_code)
    return os.fsdecode(ffi.string(value.u.text))


def system_text(read: Callable[[Any, Any], int]) -> Any:
    """A text of the driver as a whole: ``system_text(lib.nvitop_driver_version)``; or ``NA``."""
    value = ffi.new('struct nvitop_value *')
    check(read(session(), value))
    return to_python(value)
