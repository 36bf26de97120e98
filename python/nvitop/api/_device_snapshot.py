"""Snapshots of devices: all that is needed is read at once, and goes into the items by a plan.

A plan says for each key how its item is made of the metrics that were read. It stands for the
methods only as long as they are those of this package: what a subclass or an object has its own
method for, and what is made of such a method, is called instead.
"""

from __future__ import annotations

import functools
import operator
import time
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Sequence, Tuple

from nvitop.api import _device_native, _native
from nvitop.api._device_board import throughput2human, watts
from nvitop.api._device_read import FOLLOWS, GETTERS, OF_GPU, Getter, Reader, metrics_of, wanted_of
from nvitop.api._device_types import ClockInfos, ClockSpeedInfos
from nvitop.api.utils import NA, Snapshot, bytes2human, percent

__all__ = ['snapshot_of', 'snapshots']

_clocks = functools.partial(tuple.__new__, ClockInfos)  # made without a function of Python's


def _speeds(*clocks: Any) -> ClockSpeedInfos:
    return ClockSpeedInfos(_clocks(clocks[:4]), _clocks(clocks[4:]))


_TX, _RX = GETTERS['pcie_throughput'].metrics

# What follows from other getters, made of their metrics: the same as the methods make of them.
_DIRECT: Dict[str, Getter] = {
    **GETTERS,
    'memory_total': Getter(('memory_total',)),
    'memory_used': Getter(('memory_used',)),
    'memory_free': Getter(('memory_free',)),
    'memory_total_human': Getter(('memory_total',), bytes2human),
    'memory_used_human': Getter(('memory_used',), bytes2human),
    'memory_free_human': Getter(('memory_free',), bytes2human),
    'memory_percent': Getter(('memory_used', 'memory_total'), percent),
    'memory_usage': Getter(('memory_used', 'memory_total'), lambda used, total: f'{bytes2human(used)} / {bytes2human(total)}'),
    'clock_speed_infos': Getter(GETTERS['clock_infos'].metrics + GETTERS['max_clock_infos'].metrics, _speeds),
    'power_status': Getter(('power_usage', 'power_limit'), lambda usage, limit: f'{watts(usage)} / {watts(limit)}'),
    'pcie_tx_throughput_human': Getter((_TX,), throughput2human),
    'pcie_rx_throughput_human': Getter((_RX,), throughput2human),
}

# Methods that know an answer where the driver has none, and the metric without which they are asked.
_ASKED_WITHOUT = {'name': 'name', 'memory_total': 'memory_total', 'memory_total_human': 'memory_total',
                  'memory_usage': 'memory_total'}

# Other methods that a method calls on its way to those of `FOLLOWS`.
_THROUGH = {
    'memory_total_human': ('memory_total',),
    'memory_used_human': ('memory_used',),
    'memory_free_human': ('memory_free',),
    'memory_usage': ('memory_used_human', 'memory_used', 'memory_total_human', 'memory_total'),
}


class _Plan(NamedTuple):
    """What a snapshot with some keys is made of, for devices of one class."""

    keys: Tuple[str, ...]
    metrics: Tuple[str, ...]
    """those that take the driver 20 ms come last"""
    quick: Tuple[str, ...]
    """the others"""
    slow: Tuple[str, ...]
    pick: Callable[[List[Any]], Tuple[Any, ...]]
    """of the values that were read, one for each key: its item, if the next three say nothing else"""
    made: List[Tuple[str, Callable[[Any], Any], Any]]
    """keys, what makes their items, and which values of"""
    asked_without: List[Tuple[str, int]]
    """keys whose method is called where the value at this place is not available"""
    called: List[str]
    """keys whose method is called"""
    names: FrozenSet[str]
    """the methods that the plan stands for"""
    methods_of: Callable[[type], Tuple[Any, ...]]
    methods: Tuple[Any, ...]
    total: int
    """the place of the memory's size, which is remembered; -1: it is not read"""

    def is_good(self, device: Reader) -> bool:
        """Whether class and object still have the methods that the plan stands for."""
        return self.methods_of(type(device)) == self.methods and self.names.isdisjoint(vars(device))


def _of_one(getter: Getter) -> Callable[[Any], Any]:
    """A getter's `make` for one argument, a value or a tuple of several; most of them change seldom."""
    make = getter.make
    if len(getter.metrics) > 1:
        make = functools.partial(tuple.__new__, make) if isinstance(make, type) else _unpacking(make)
    return functools.lru_cache(maxsize=256)(make)


def _unpacking(make: Callable[..., Any]) -> Callable[[Tuple[Any, ...]], Any]:
    return lambda values: make(*values)


def _is_known(key: str, cls: type, home: type) -> bool:
    """Whether a class has the methods of this package that say what the item is."""
    return key in _DIRECT and all(getattr(cls, name, cls) is getattr(home, name, None) for name in _methods(key))


def _methods(key: str) -> Tuple[str, ...]:
    return (key, *_THROUGH.get(key, ()), *FOLLOWS.get(key, ()))


def _is_slow(metric: str) -> bool:
    return not metric.startswith(OF_GPU) and _native.METRICS['device'][metric].is_blocking


@functools.lru_cache(maxsize=64)
def _plan(cls: type, keys: Tuple[str, ...], is_mig: bool) -> _Plan:
    from nvitop.api.device import Device, MigDevice

    home = MigDevice if is_mig else Device
    wanted = metrics_of(keys, is_mig)
    slow = tuple(name for name in wanted if _is_slow(name))
    quick = tuple(name for name in wanted if name not in slow)
    metrics = quick + slow
    known = [key for key in keys if _is_known(key, cls, home)]
    first, made = dict.fromkeys(keys, 0), []
    for key in known:
        getter = _DIRECT[key]
        places = [metrics.index(name) for name in wanted_of(getter, is_mig)]
        first[key] = places[0]
        if len(places) > 1 or getter.make is not Getter._field_defaults['make']:
            made.append((key, _of_one(getter), operator.itemgetter(*places)))
    names = {'_get', '_read', *(name for key in known for name in _methods(key))}
    methods_of = operator.attrgetter(*names)
    return _Plan(
        tuple(first), metrics, quick, slow, operator.itemgetter(*first.values(), 0), made,
        [(key, metrics.index(name)) for key, name in _ASKED_WITHOUT.items() if key in known],
        [key for key in first if key not in known], frozenset(names), methods_of, methods_of(home),
        metrics.index('memory_total') if 'memory_total' in metrics else -1,
    )


def _plan_of(device: Any) -> _Plan:
    cls: Any = type(device)
    return _plan(cls, tuple(device.SNAPSHOT_KEYS), device.is_mig_device())


def snapshot_of(device: Any, plan: _Plan | None = None, slow: List[Any] | None = None) -> Snapshot:
    """A snapshot of a device by `SNAPSHOT_KEYS`; `slow`: the values of the plan's such metrics, if they have been read."""
    plan = plan or _plan_of(device)
    values = device._read(plan.metrics) if slow is None else device._read(plan.quick) + slow
    items = {'real': device, 'timestamp': time.time(), 'index': device.index, 'physical_index': device.physical_index}
    if plan.metrics and plan.is_good(device):
        items.update(zip(plan.keys, plan.pick(values)))
        for key, make, values_of in plan.made:
            items[key] = make(values_of(values))
        if plan.total >= 0 and values[plan.total] is not NA:
            device._memory_total = values[plan.total]
        called = plan.called + [key for key, place in plan.asked_without if values[place] is NA]
    else:
        called = list(plan.keys)
    if called:
        with device._keeping(None, dict(zip(plan.metrics, values))):
            items.update((key, getattr(device, key)()) for key in called)
    for name in device._SNAPSHOT_ENDS_WITH:
        items[name] = getattr(device, name)
    return Snapshot._of(items)


def snapshots(devices: Sequence[Any], home: Any) -> List[Snapshot]:
    """Snapshots of some devices: what takes the driver 20 ms is asked of all of them at the same time.

    `home` is the class whose `as_snapshot` is known.
    """
    plans = [_plan_of(device) for device in devices]
    slow = tuple({name: None for plan in plans for name in plan.slow})
    pointers = list(dict.fromkeys(device._pointer for device in devices))
    rows = _device_native.read_together(pointers, slow) if slow and len(pointers) > 1 else []
    if not rows:
        return [device.as_snapshot() for device in devices]
    found = {pointer: dict(zip(slow, row)) for pointer, row in zip(pointers, rows)}
    return [_told(device, plan, found[device._pointer], home) for device, plan in zip(devices, plans)]


def _told(device: Any, plan: _Plan, read: Dict[str, Any], home: Any) -> Snapshot:
    """A snapshot of a device of which some metrics have been read."""
    if type(device).as_snapshot is home.as_snapshot and 'as_snapshot' not in vars(device) and not device._is_keeping():
        return snapshot_of(device, plan, [read[name] for name in plan.slow])
    with device._keeping(None, read):
        return device.as_snapshot()  # type: ignore[no-any-return]
