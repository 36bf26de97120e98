"""Choosing devices: the best first, of those that keep all bounds.

The choice is made by the C library, as nvisel makes it. Devices whose class is the user's own may
tell other numbers than the driver does; for them `_choose` does the same in Python.
"""

from __future__ import annotations

import math
from typing import Any, Iterable, NamedTuple, Sequence

from nvitop.api import _device_native
from nvitop.api._device_native import Wish
from nvitop.api._device_system import unless_absent
from nvitop.api.device import PLAIN, Device
from nvitop.api.utils import NaType, human2bytes

__all__ = ['select_devices']

_FORMATS = ('index', 'uuid', 'device')


def _require(is_met: bool, what: str) -> None:
    """An assertion that also holds with ``python -O``."""
    if not is_met:
        raise AssertionError(what)


def _bytes(size: float | str | None) -> float | None:
    return human2bytes(size) if isinstance(size, str) else size


# ---- in Python


class _Candidate(NamedTuple):
    device: Any
    penalty: int
    free: Any
    used: Any
    gpu: Any
    memory: Any

    def rank(self) -> tuple[Any, ...]:
        """Least first: few penalties, much free memory, much used, low loads, high index; N/A comes last."""
        key: list[Any] = [self.penalty]
        for value, sign in ((self.free, -1), (self.used, -1), (self.gpu, 1), (self.memory, 1)):
            key += [isinstance(value, NaType), 0 if isinstance(value, NaType) else sign * value]
        return (*key, -self.device.physical_index)


def _held_by(device: Any, users: Sequence[str]) -> int:
    """The bytes that processes of these users hold on the device."""
    processes = device.processes().values() if users else ()
    held = 0
    for process in processes:
        with type(process).failsafe():
            is_free = process.username() in users
        memory = process.gpu_memory()
        held += memory if is_free and not isinstance(memory, NaType) else 0
    return held


def _judge(device: Any, wish: Wish) -> _Candidate | None:
    """The device with its penalty; None if it may not be chosen."""
    if _device_native.nvml_handle(device._pointer) is None or isinstance(device.uuid(), NaType):
        return None
    with device.oneshot():
        held = _held_by(device, wish.free_accounts)
        free, used, total = device.memory_free(), device.memory_used(), device.memory_total()
        gpu, memory = device.gpu_utilization(), device.memory_utilization()
    free, used = (value if isinstance(value, NaType) else value + sign * held for value, sign in ((free, 1), (used, -1)))
    penalty = 0
    loosened = 1 - wish.tolerance / 100
    for value, bound in ((free, wish.min_free_memory), (total, wish.min_total_memory)):
        if bound is not None:
            if isinstance(value, NaType) or not value >= bound * loosened:
                return None
            penalty |= value < bound
    for value, bound in ((gpu, wish.max_gpu_utilization), (memory, wish.max_memory_utilization)):
        if bound is not None:
            if isinstance(value, NaType) or not value <= bound + wish.tolerance:
                return None
            penalty |= value > bound
    return _Candidate(device, penalty, free, used, gpu, memory)


def _settle_mig(devices: list[Any], min_count: int) -> list[Any]:
    """GPUs only, or one MIG device: CUDA cannot use both."""
    gpus = [device for device in devices if not device.is_mig_device()]
    if len(gpus) == len(devices):
        return devices
    is_enough = len(gpus) >= min_count > 0
    return gpus if is_enough or gpus[:1] == devices[:1] else devices[:1]


def _choose(leaves: Sequence[Any], wish: Wish) -> list[Any]:
    """What the C library does, by the methods of the devices."""
    judged = (_judge(device, wish) for device in leaves)
    candidates = [candidate for candidate in judged if candidate is not None]
    if wish.sort:
        candidates.sort(key=_Candidate.rank)
    return _settle_mig([candidate.device for candidate in candidates], wish.min_count)[: wish.max_count]


# ---- for callers


def _run(leaves: Sequence[Any], wish: Wish) -> list[Any]:
    pointers = [device._pointer for device in leaves]
    is_plain = all(type(device) in PLAIN for device in leaves) and len(set(pointers)) == len(pointers)
    if is_plain and _device_native.can_be_selected(wish):
        return [leaves[place] for place in _device_native.select(wish, pointers)] if pointers else []
    return _choose(leaves, wish)


def _formatted(devices: list[Any], format: str, force_index: bool) -> list[Any]:
    if format == 'device':
        return devices
    if format == 'uuid' or (not force_index and any(device.is_mig_device() for device in devices)):
        return [device.uuid() for device in devices]
    return [device.index for device in devices]


def select_devices(
    devices: Device | Iterable[Device] | None = None,
    *,
    format: str = 'index',
    force_index: bool = False,
    min_count: int = 0,
    max_count: int | None = None,
    min_free_memory: float | str | None = None,
    min_total_memory: float | str | None = None,
    max_gpu_utilization: float | None = None,
    max_memory_utilization: float | None = None,
    tolerance: float = 0,
    free_accounts: Iterable[str] | None = None,
    sort: bool = True,
) -> list[Any]:
    """Chooses devices that keep all bounds, the best first.

    The best has the most free memory, then the most used memory, the least GPU and memory
    utilization, the highest index. GPUs in MIG mode stand for their MIG devices, which are never
    mixed with GPUs, and of which CUDA takes one. A GPU that is lost, or that does not answer for 3
    seconds, is never chosen, and a bound on what is not available is not kept.

    Parameters
    ----------
    devices
        The candidates, or one; all GPUs if they are not given.
    format
        What is returned of each: ``'index'``, ``'uuid'`` or ``'device'``.
    force_index
        Returns the two indices of a MIG device as well; else its UUID, which CUDA needs.
    min_count
        How many are needed. Only settles what becomes of MIG devices; there may be fewer.
    max_count
        How many at most; None: all.
    min_free_memory, min_total_memory
        Bytes, or a text such as ``'4GiB'``; None: no bound.
    max_gpu_utilization, max_memory_utilization
        Per cent; None: no bound.
    tolerance
        Loosens all bounds, in per cent; who needs it comes last.
    free_accounts
        Names of users: what their processes hold counts as free.
    sort
        False keeps the order of the candidates.

    Returns
    -------
    list of int, of (int, int), of str or of Device
        By `format`. Empty where there is no driver.

    Raises
    ------
    AssertionError
        An unknown format, a negative tolerance or count, more needed than allowed.
    ValueError
        A text that is no size.

    Examples
    --------
    >>> select_devices(format='uuid', max_count=2, min_free_memory='8GiB')  # doctest: +SKIP
    ['GPU-2f32a784-96c6-7c60-b28c-4c30d302532e']
    """
    _require(format in _FORMATS, f'format is one of {_FORMATS}, not {format!r}')
    _require(tolerance >= 0, 'tolerance is 0 or more')
    if max_count == 0:
        return []
    _require(min_count >= 0, 'min_count is 0 or more')
    _require(max_count is None or max_count >= min_count, 'max_count is min_count or more')
    wish = Wish(
        min_count=min_count,
        max_count=max_count,
        min_free_memory=_bytes(min_free_memory),
        min_total_memory=_bytes(min_total_memory),
        max_gpu_utilization=max_gpu_utilization,
        max_memory_utilization=max_memory_utilization,
        tolerance=tolerance if math.isfinite(tolerance) else 1e300,
        free_accounts=(free_accounts,) if isinstance(free_accounts, str) else tuple(free_accounts or ()),
        sort=sort,
    )
    chosen = None if devices is None else [devices] if isinstance(devices, Device) else list(devices)
    _device_native.look(chosen)
    candidates: list[Any] = Device.all() if chosen is None else chosen
    leaves = [leaf for device in candidates for leaf in device.to_leaf_devices()]
    return _formatted(unless_absent(lambda: _run(leaves, wish), []), format, force_index)
