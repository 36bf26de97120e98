"""The functions of the C library about devices, in terms of Python.

A device of C is a pointer that lives as long as the session of the process, so it is never freed
and may be kept. Whatever fails raises what `_native.check` makes of it, unless a function says
otherwise.
"""

from __future__ import annotations

import functools
import math
import struct
from typing import Any, Dict, Iterable, NamedTuple, Sequence, Tuple, Union

from nvitop.api import _native
from nvitop.api._native import ffi, lib
from nvitop.api._nvml_codes import NVML_ERROR_NOT_FOUND, NVML_ERROR_UNKNOWN
from nvitop.api.utils import NA, UINT_MAX, NaType

__all__ = [
    'Index',
    'ProcessRow',
    'Wish',
    'by_bus_id',
    'by_index',
    'by_uuid',
    'children',
    'count',
    'handle_code',
    'index_of',
    'look',
    'nvml_handle',
    'processes',
    'read',
    'read_together',
    'select',
    'uuid_of',
    'visible',
]

Index = Union[int, Tuple[int, int]]
"""NVML's index of a GPU, or that of the GPU and of the MIG device under it."""

# The codes of a look-up that has not come back: there is no handle, and nobody has said why.
_SILENT = (lib.NVITOP_ETIMEOUT,)
_MAX_INDEX = 2**31 - 1
_MAX_COUNT = 2**63 - 1


# ---- finding devices


def count() -> int:
    """How many GPUs the driver has, lost ones too."""
    ret_count = ffi.new('uint32_t *')
    _native.check(lib.nvitop_device_count(_native.session(), ret_count))
    return int(ret_count[0])


def _found(status: int, ret_device: Any, code: int = 0) -> Any:
    _native.check(status, code)
    return ret_device[0]


def by_index(index: Index) -> Any:
    """A device by its index; one that there is not is the driver's "invalid argument" or "not found"."""
    physical, mig = index if isinstance(index, tuple) else (index, -1)
    if not 0 <= physical <= _MAX_INDEX or mig > _MAX_INDEX:
        _native.check(lib.NVITOP_EINVAL)
    if isinstance(index, tuple) and mig < 0:
        _native.check(lib.NVITOP_ENOTFOUND)
    ret_device = ffi.new('struct nvitop_device **')
    wanted = ffi.new('struct nvitop_index *', {'physical': physical, 'mig': mig})
    return _found(lib.nvitop_device_by_index(_native.session(), wanted[0], ret_device), ret_device)


def _whole_uuid(device: Any, uuid: str) -> bool:
    return bool(read(device, ('uuid',))[0] == uuid)


def by_uuid(uuid: str) -> Any:
    """A device by its whole UUID; "not found" else, also for a prefix."""
    ret_device = ffi.new('struct nvitop_device **')
    status = lib.nvitop_device_by_uuid(_native.session(), _native.encode(uuid), ret_device)
    if status == lib.NVITOP_EDUPLICATE or (status == 0 and not _whole_uuid(ret_device[0], uuid)):
        status = lib.NVITOP_ENOTFOUND
    return _found(status, ret_device, NVML_ERROR_NOT_FOUND if status == lib.NVITOP_EINVAL else 0)


def by_bus_id(bus_id: str) -> Any:
    """A GPU by its PCI address."""
    ret_device = ffi.new('struct nvitop_device **')
    status = lib.nvitop_device_by_bus_id(_native.session(), _native.encode(bus_id), ret_device)
    return _found(status, ret_device, NVML_ERROR_NOT_FOUND if status == lib.NVITOP_EINVAL else 0)


def _python_index(index: Any) -> Index:
    return int(index.physical) if index.mig < 0 else (int(index.physical), int(index.mig))


def index_of(device: Any) -> Index:
    """Which device it is."""
    return _python_index(lib.nvitop_device_index(device))


def children(device: Any) -> list[Any]:
    """The MIG devices of a GPU now; none where the driver cannot say, or does not answer."""
    array, found = _native.fill(
        'struct nvitop_device *',
        lambda devices, cap, ret_count: max(
            lib.nvitop_device_mig_children(device, devices, cap, ret_count), lib.NVITOP_OK),
    )
    return [array[i] for i in range(found)]


def handle_code(device: Any) -> int:
    """The driver's code of the look-up of the handle, 0 if there is a handle.

    A GPU that does not answer has no handle, and is `NVML_ERROR_UNKNOWN`.
    """
    ret_code = ffi.new('int32_t *')
    status = lib.nvitop_device_nvml_code(device, ret_code)
    if status in _SILENT:
        return NVML_ERROR_UNKNOWN
    _native.check(status)
    return int(ret_code[0])


def nvml_handle(device: Any) -> int | None:
    """The address that is the driver's ``nvmlDevice_t``; None where there is no handle."""
    ret_handle = ffi.new('void **')
    if lib.nvitop_device_nvml_handle(device, ret_handle) < 0:
        return None
    return int(ffi.cast('uintptr_t', ret_handle[0]))


def look(devices: Iterable[Any] | None = None) -> None:
    """Asks the GPUs of devices, or all, for their MIG devices, for 3 seconds at most, before they are gone through one by one.

    Who does not answer is known then, and holds up nobody who asks it later.
    """
    if devices is not None:
        gpus = {device.physical_index: device._pointer for device in devices if hasattr(device, '_pointer')}
        if len(gpus) > 1:
            read_together(list(gpus.values()), ('mig_mode',))
        return
    lib.nvitop_device_list(_native.session(), lib.NVITOP_LIST_LEAVES, ffi.NULL, 0, ffi.new('size_t *'))


# ---- reading

# Where the device itself is no more, or the driver is not there, all its metrics are not available.
_NOTHING_TO_READ = frozenset(
    getattr(lib, f'NVITOP_{name}')
    for name in ('ENOLIB', 'ENODRIVER', 'EVERSION', 'EPERM', 'ENOTFOUND', 'ELOST', 'ENOTSUP', 'ENOSYMBOL',
                 'ETIMEOUT', 'EUNKNOWN')
)

# The ids of metrics for C: made once for each list of names, of which a program has few.
_id_arrays: dict[Tuple[str, ...], Any] = {}
_VALUES = ffi.typeof('struct nvitop_value[]')
_INT, _NA, _TEXT, _BOOL = lib.NVITOP_INT, lib.NVITOP_NA, lib.NVITOP_TEXT, lib.NVITOP_BOOL


def read(device: Any, names: Tuple[str, ...]) -> list[Any]:
    """Metrics of a device by name, in one call, as Python has them; `NA` for what cannot be read."""
    ids = _id_arrays.get(names)
    if ids is None:
        ids = _id_arrays[names] = ffi.new('int[]', _native.metric_ids(*names))
    values = ffi.new(_VALUES, len(names))
    status = lib.nvitop_device_read(device, ids, len(names), values)
    if status in _NOTHING_TO_READ:
        return [NA] * len(names)
    _native.check(status)
    return _all_to_python(values)


def read_together(devices: Sequence[Any], names: Tuple[str, ...]) -> list[list[Any]]:
    """The same of some devices, all of which are asked at the same time; none of them if that cannot be.

    Not for memory, of which only `read` knows all.
    """
    request, ret_snapshot = ffi.new('struct nvitop_snapshot_request *'), ffi.new('struct nvitop_snapshot **')
    lib.nvitop_snapshot_request_init(request)
    pointers, ids = _native.device_pointers(devices), _native.metric_ids(*names)
    wanted = ffi.new('int[]', ids)
    request.flags = lib.NVITOP_SNAPSHOT_NO_PROCESSES
    request.devices, request.device_count = pointers, len(devices)
    request.metrics, request.metric_count = wanted, len(ids)
    if lib.nvitop_snapshot_take(_native.session(), request, ret_snapshot) < 0:
        return []
    try:
        return [[_native.snapshot_value(ret_snapshot[0], number, row) for number in ids] for row in range(len(devices))]
    finally:
        lib.nvitop_snapshot_unref(ret_snapshot[0])


@functools.lru_cache(maxsize=64)
def _layout(count: int) -> struct.Struct:
    """So many values: of each its kind, and what is in it if that is a whole number."""
    return _native.layout('struct nvitop_value', ('kind', 'u.i'), count)


@functools.lru_cache(maxsize=256)
def _others(kinds: Tuple[int, ...]) -> list[int]:
    """The places of what is no whole number."""
    return [place for place, kind in enumerate(kinds) if kind != _INT]


class _Texts(Dict[int, str]):
    """Texts by their addresses: the session keeps them for ever."""

    def __missing__(self, address: int) -> str:
        text = self[address] = _native.text(ffi.cast('char *', address))
        return text


_texts = _Texts()


def _all_to_python(values: Any) -> list[Any]:
    """The values as Python has them: all numbers are taken out of the array in one go."""
    flat = _layout(len(values)).unpack(ffi.buffer(values))
    kinds, found = flat[::2], list(flat[1::2])
    for place in _others(kinds):
        kind = kinds[place]
        if kind == _NA:
            found[place] = NA
        elif kind == _TEXT:
            found[place] = _texts[found[place]]
        elif kind == _BOOL:
            found[place] = bool(found[place])
        else:
            found[place] = _native.to_python(values[place])
    return found


def uuid_of(index: Index) -> str | NaType:
    """The UUID of a device by its index."""
    return read(by_index(index), ('uuid',))[0]  # type: ignore[no-any-return]


# ---- processes


class ProcessRow(NamedTuple):
    """A process as the driver lists it: memory in bytes, utilization in per cent."""

    pid: int
    type: str | NaType
    gpu_memory: int | NaType
    gpu_instance_id: int | NaType
    compute_instance_id: int | NaType
    gpu_sm_utilization: int | NaType
    gpu_memory_utilization: int | NaType
    gpu_encoder_utilization: int | NaType
    gpu_decoder_utilization: int | NaType
    start_ticks: int  # from boot; 0: not known
    is_foreign: bool  # of another pid namespace: a stranger has the pid here


# Six numbers, then kind and number of each value.
_PROCESS = _native.layout('struct nvitop_process', (
    'pid', 'gi_id', 'ci_id', 'type_bits', 'is_foreign', 'start_ticks',
    *(f'{value}.{part}' for value in ('gpu_memory', 'sm', 'mem', 'enc', 'dec') for part in ('kind', 'u.i')),
))

_TYPES: dict[int, str | NaType] = {1: 'C', 2: 'G', 3: 'C+G'}


def _instance(number: int) -> int | NaType:
    return NA if number == UINT_MAX else number


def _process_row(row: tuple[int, ...]) -> ProcessRow:
    pid, gi_id, ci_id, type_bits, is_foreign, start_ticks = row[:6]
    memory, sm, bandwidth, encoder, decoder = [
        number if kind == _INT else NA for kind, number in zip(row[6::2], row[7::2])]
    return ProcessRow(pid, _TYPES.get(type_bits, NA), memory, _instance(gi_id), _instance(ci_id),
                      sm, bandwidth, encoder, decoder, start_ticks, bool(is_foreign))


def processes(device: Any) -> list[ProcessRow]:
    """The processes on a device, ascending by pid; none where the driver cannot or will not say."""
    array, found = _native.fill(
        'struct nvitop_process',
        lambda rows, cap, ret_count: max(
            lib.nvitop_device_processes(device, rows, _PROCESS.size, cap, ret_count), lib.NVITOP_OK),
    )
    return [_process_row(row) for row in _PROCESS.iter_unpack(ffi.buffer(array, found * _PROCESS.size))]


# ---- CUDA_VISIBLE_DEVICES, selection


def visible(value: str | None) -> list[Index]:
    """What CUDA would see if CUDA_VISIBLE_DEVICES had this value; None: if it were unset."""
    opened = _native.session()
    text = ffi.NULL if value is None else ffi.new('char[]', _native.encode(value.split('\0')[0]))
    array, found = _native.fill(
        'struct nvitop_index',
        lambda indices, cap, ret_count: lib.nvitop_visible_devices(opened, text, 0, indices, cap, ret_count),
    )
    return [_python_index(array[i]) for i in range(found)]


class Wish(NamedTuple):
    """What is wanted of devices; None: no bound. Sizes in bytes, the rest in per cent."""

    min_count: int = 0
    max_count: int | None = None
    min_free_memory: float | None = None
    min_total_memory: float | None = None
    max_gpu_utilization: float | None = None
    max_memory_utilization: float | None = None
    tolerance: float = 0
    free_accounts: tuple[str, ...] = ()
    sort: bool = True


_BOUNDS = ('min_free_bytes', 'min_total_bytes', 'max_gpu_percent', 'max_memory_percent')


def _bounds(wish: Wish) -> tuple[float | None, ...]:
    """The bounds in the order of `_BOUNDS`."""
    return wish.min_free_memory, wish.min_total_memory, wish.max_gpu_utilization, wish.max_memory_utilization


def select(wish: Wish, candidates: Sequence[Any]) -> list[int]:
    """The places in `candidates`, pointers that all differ, of those that are chosen, the best first."""
    select = ffi.new('struct nvitop_select *')
    lib.nvitop_select_init(select)
    users, texts = _native.string_array(wish.free_accounts)
    select.flags = 0 if wish.sort else lib.NVITOP_SELECT_UNSORTED
    select.min_count = min(wish.min_count, _MAX_COUNT)
    select.max_count = -1 if wish.max_count is None else min(wish.max_count, _MAX_COUNT)
    for member, bound in zip(_BOUNDS, _bounds(wish)):
        setattr(select, member, -1 if bound is None else bound)
    select.tolerance_percent = wish.tolerance
    select.free_users, select.free_user_count = users, len(texts)
    opened, pointers = _native.session(), _native.device_pointers(candidates)
    array, found = _native.fill(
        'struct nvitop_device *',
        lambda devices, cap, ret_count: lib.nvitop_select_run(
            opened, select, pointers, len(candidates), devices, cap, ret_count),
    )
    places = {candidate: place for place, candidate in enumerate(candidates)}
    return [places[array[i]] for i in range(found)]


def can_be_selected(wish: Wish) -> bool:
    """Whether the C library has words for it: bounds below zero, and what is no number, it does not know."""
    return math.isfinite(wish.tolerance) and all(bound is None or bound >= 0 for bound in _bounds(wish))
