"""Snapshots of devices: all that is needed is read at once, and goes into the items by a plan.

A plan says for each key how its item is made of the metrics that were read. It stands for the
methods only as long as they are those of this package: what a subclass or an object has its own
method for, and what is made of such a method, is called instead.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from nvitop.api._device_board import throughput2human, watts
from nvitop.api._device_memory import percent
from nvitop.api._device_read import FOLLOWS, GETTERS, Getter, Reader, metrics_of, wanted_of
from nvitop.api._device_types import ClockInfos, ClockSpeedInfos, MemoryInfo
from nvitop.api.utils import NaType, bytes2human

__all__ = ['snapshot_items']

_human = functools.lru_cache(maxsize=256)(bytes2human)


def _memory_percent(*memory: Any) -> Any:
    return percent(MemoryInfo(*memory))


def _speeds(*clocks: Any) -> ClockSpeedInfos:
    return ClockSpeedInfos(ClockInfos(*clocks[:4]), ClockInfos(*clocks[4:]))


_MEMORY = GETTERS['memory_info'].metrics
_TX, _RX = GETTERS['pcie_throughput'].metrics

# What follows from other getters, made of their metrics: the same as the methods make of them.
_DIRECT: Dict[str, Getter] = {
    **GETTERS,
    'memory_total': Getter(('memory_total',)),
    'memory_used': Getter(('memory_used',)),
    'memory_free': Getter(('memory_free',)),
    'memory_total_human': Getter(('memory_total',), _human),
    'memory_used_human': Getter(('memory_used',), _human),
    'memory_free_human': Getter(('memory_free',), _human),
    'memory_percent': Getter(_MEMORY, _memory_percent),
    'memory_usage': Getter(('memory_used', 'memory_total'), lambda used, total: f'{_human(used)} / {_human(total)}'),
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


class _Step(NamedTuple):
    """How an item is made; without `make` it is a value as it was read, without places a call."""

    key: str
    make: Callable[..., Any] | None
    places: Tuple[int, ...]
    asked_without: int
    """the place of a value without which the method is called; -1: none"""


class _Plan(NamedTuple):
    metrics: Tuple[str, ...]
    steps: List[_Step]
    methods: List[Tuple[str, Any]]
    """the methods that the plan stands for"""
    total: int
    """the place of the memory's size, which is remembered; -1: it is not read"""


def _step(key: str, metrics: Tuple[str, ...], is_mig: bool) -> _Step:
    getter = _DIRECT[key]
    places = tuple(metrics.index(name) for name in wanted_of(getter, is_mig))
    asked_without = metrics.index(_ASKED_WITHOUT[key]) if key in _ASKED_WITHOUT else -1
    is_plain = len(places) == 1 and getter.make is Getter._field_defaults['make']
    return _Step(key, None if is_plain else getter.make, places, asked_without)


@functools.lru_cache(maxsize=64)
def _plan(cls: type, home: type, keys: Tuple[str, ...], is_mig: bool) -> _Plan:
    metrics = metrics_of(keys, is_mig)
    steps, methods = [], {}
    for key in keys:
        stands_for = [key, *_THROUGH.get(key, ()), *FOLLOWS.get(key, ())]
        if key in _DIRECT and all(getattr(cls, name) is getattr(home, name) for name in stands_for):
            steps.append(_step(key, metrics, is_mig))
            methods.update({name: getattr(home, name) for name in stands_for})
        else:
            steps.append(_Step(key, None, (), -1))
    total = metrics.index('memory_total') if 'memory_total' in metrics else -1
    return _Plan(metrics, steps, list(methods.items()), total)


def _is_good(plan: _Plan, device: Reader) -> bool:
    """Whether class and object still have the methods that the plan stands for."""
    cls, own = type(device), vars(device)
    return all(getattr(cls, name) is method and name not in own for name, method in plan.methods)


def snapshot_items(device: Any, home: type, is_mig: bool) -> Dict[str, Any]:
    """The items of a snapshot of a device by `SNAPSHOT_KEYS`; `home` is the class whose methods are known."""
    keys = tuple(device.SNAPSHOT_KEYS)
    with device._keeping(None):
        cls: Any = type(device)
        plan = _plan(cls, home, keys, is_mig)
        values = device._read(plan.metrics)
        if not _is_good(plan, device):
            return {key: getattr(device, key)() for key in keys}
        if plan.total >= 0 and not isinstance(values[plan.total], NaType):
            device._memory_total = values[plan.total]
        items = {}
        for key, make, places, asked_without in plan.steps:
            if not places or (asked_without >= 0 and isinstance(values[asked_without], NaType)):
                items[key] = getattr(device, key)()
            elif make is None:
                items[key] = values[places[0]]
            else:
                items[key] = make(*[values[place] for place in places])
        return items
