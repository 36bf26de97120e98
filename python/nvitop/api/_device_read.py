"""How a device is read: one row of a table for each getter, and readings that are kept for a while.

`GETTERS` says for each getter which metrics of the C library's table it stands on, and how they
become what it returns. What follows from other getters (`FOLLOWS`) is not made here, but by methods
that call those, so a subclass that overrides one changes them too.

Inside `Reader._keeping` each metric is asked for once, by the thread that is inside: others are not
concerned. A snapshot asks for all it needs in one call.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Mapping, NamedTuple, Tuple

from nvitop.api import _device_native
from nvitop.api._device_types import ClockInfos, MemoryInfo, ThroughputInfo, UtilizationRates
from nvitop.api.utils import NA, NaType

__all__ = ['FOLLOWS', 'GETTERS', 'OF_GPU', 'ONESHOT', 'Getter', 'Reader', 'metrics_of', 'wanted_of']

COMPUTE_MODES = ('Default', 'Exclusive Thread', 'Prohibited', 'Exclusive Process')


def _same(value: Any) -> Any:
    return value


def _enabled(value: bool | NaType) -> str | NaType:
    if isinstance(value, NaType):
        return NA
    return 'Enabled' if value else 'Disabled'


def _performance_state(value: int | NaType) -> str | NaType:
    return NA if isinstance(value, NaType) else f'P{value}'


def _compute_mode(value: int | NaType) -> str | NaType:
    if isinstance(value, NaType) or not 0 <= value < len(COMPUTE_MODES):
        return NA
    return COMPUTE_MODES[value]


def _capability(value: str | NaType) -> tuple[int, int] | NaType:
    if isinstance(value, NaType):
        return NA
    major, _, minor = value.partition('.')
    return int(major), int(minor)


class Getter(NamedTuple):
    """What a getter stands on: metrics by name, and how they become its answer."""

    metrics: Tuple[str, ...]
    make: Callable[..., Any] = _same
    in_oneshot: bool = False
    of_gpu: bool = False
    """a MIG device answers for the whole GPU"""


_MEMORY = ('memory_total', 'memory_free', 'memory_used', 'memory_reserved')
_BAR1 = ('bar1_total', 'bar1_free', 'bar1_used')
_RATES = ('gpu_utilization', 'memory_utilization', 'encoder_utilization', 'decoder_utilization')
_CLOCKS = ('clock_graphics', 'clock_sm', 'clock_memory', 'clock_video')
_MAX_CLOCKS = ('max_clock_graphics', 'max_clock_sm', 'max_clock_memory', 'max_clock_video')
_PCIE = ('pcie_tx_throughput', 'pcie_rx_throughput')

GETTERS: Dict[str, Getter] = {
    'name': Getter(('name',)),
    'uuid': Getter(('uuid',)),
    'bus_id': Getter(('bus_id',), of_gpu=True),
    'serial': Getter(('serial',)),
    'memory_info': Getter(_MEMORY, MemoryInfo, in_oneshot=True),
    'bar1_memory_info': Getter(_BAR1, MemoryInfo, in_oneshot=True),
    'utilization_rates': Getter(_RATES, UtilizationRates, in_oneshot=True),
    'gpu_utilization': Getter(('gpu_utilization',), in_oneshot=True),
    'memory_utilization': Getter(('memory_utilization',), in_oneshot=True),
    'encoder_utilization': Getter(('encoder_utilization',), in_oneshot=True),
    'decoder_utilization': Getter(('decoder_utilization',), in_oneshot=True),
    'clock_infos': Getter(_CLOCKS, ClockInfos, in_oneshot=True),
    'graphics_clock': Getter(('clock_graphics',), in_oneshot=True),
    'sm_clock': Getter(('clock_sm',), in_oneshot=True),
    'memory_clock': Getter(('clock_memory',), in_oneshot=True),
    'video_clock': Getter(('clock_video',), in_oneshot=True),
    'max_clock_infos': Getter(_MAX_CLOCKS, ClockInfos, in_oneshot=True),
    'max_graphics_clock': Getter(('max_clock_graphics',), in_oneshot=True),
    'max_sm_clock': Getter(('max_clock_sm',), in_oneshot=True),
    'max_memory_clock': Getter(('max_clock_memory',), in_oneshot=True),
    'max_video_clock': Getter(('max_clock_video',), in_oneshot=True),
    'fan_speed': Getter(('fan_speed',)),
    'temperature': Getter(('temperature',)),
    'power_usage': Getter(('power_usage',), in_oneshot=True),
    'power_limit': Getter(('power_limit',), in_oneshot=True),
    'pcie_throughput': Getter(_PCIE, ThroughputInfo),
    'pcie_tx_throughput': Getter(('pcie_tx_throughput',)),
    'pcie_rx_throughput': Getter(('pcie_rx_throughput',)),
    'nvlink_link_count': Getter(('nvlink_count',)),
    'display_active': Getter(('display_active',), _enabled, of_gpu=True),
    'display_mode': Getter(('display_mode',), _enabled, of_gpu=True),
    'current_driver_model': Getter(('driver_model',), of_gpu=True),
    'persistence_mode': Getter(('persistence_mode',), _enabled, of_gpu=True),
    'performance_state': Getter(('performance_state',), _performance_state),
    'total_volatile_uncorrected_ecc_errors': Getter(('total_volatile_uncorrected_ecc_errors',)),
    'compute_mode': Getter(('compute_mode',), _compute_mode, of_gpu=True),
    'cuda_compute_capability': Getter(('compute_capability',), _capability, of_gpu=True),
    'mig_mode': Getter(('mig_mode',), _enabled),
    'gpu_instance_id': Getter(('gpu_instance_id',)),
    'compute_instance_id': Getter(('compute_instance_id',)),
}

# Getters that call others. It is only needed to know beforehand what a snapshot will ask for.
FOLLOWS: Dict[str, Tuple[str, ...]] = {
    **{f'memory_{part}': ('memory_info',) for part in (
        'total', 'used', 'free', 'total_human', 'used_human', 'free_human', 'percent', 'usage')},
    **{f'bar1_memory_{part}': ('bar1_memory_info',) for part in (
        'total', 'used', 'free', 'total_human', 'used_human', 'free_human', 'percent', 'usage')},
    'gpu_percent': ('gpu_utilization',),
    'clocks': ('clock_infos',),
    'max_clocks': ('max_clock_infos',),
    'clock_speed_infos': ('clock_infos', 'max_clock_infos'),
    'power_draw': ('power_usage',),
    'power_status': ('power_usage', 'power_limit'),
    'pcie_tx_throughput_human': ('pcie_tx_throughput',),
    'pcie_rx_throughput_human': ('pcie_rx_throughput',),
    'driver_model': ('current_driver_model',),
    'is_mig_mode_enabled': ('mig_mode',),
}

# The metrics that stay as they are inside `Device.oneshot`.
ONESHOT = frozenset(metric for getter in GETTERS.values() if getter.in_oneshot for metric in getter.metrics)


# Before a metric that a MIG device asks its GPU for.
OF_GPU = 'gpu.'


def wanted_of(getter: Getter, is_mig: bool) -> Tuple[str, ...]:
    """The metrics of a getter, of the GPU where a MIG device answers for it."""
    return tuple(OF_GPU + name for name in getter.metrics) if is_mig and getter.of_gpu else getter.metrics


def metrics_of(names: Iterable[str], is_mig: bool) -> tuple[str, ...]:
    """What getters of these names read, each once; unknown names read nothing."""
    bases = (base for name in names for base in FOLLOWS.get(name, (name,)) if base in GETTERS)
    return tuple(dict.fromkeys(metric for base in bases for metric in wanted_of(GETTERS[base], is_mig)))


class _Kept(threading.local):
    """The readings that a thread keeps for one device, and which metrics it keeps."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.wanted: frozenset[str] = frozenset()
        self.everything = False


class Reader:
    """What is common to all devices: a pointer of C, and how to read it."""

    _pointer: Any
    _parent_pointer: Any

    def __init__(self) -> None:
        self._kept = _Kept()

    def _is_keeping(self) -> bool:
        """Whether this thread keeps some readings."""
        return self._kept.everything or bool(self._kept.wanted)

    def _read(self, names: Tuple[str, ...]) -> list[Any]:
        """The values of metrics by name, as Python has them; with `OF_GPU` before it, of the GPU."""
        if not self._is_keeping():
            return self._ask(names)
        kept, values = self._kept, self._kept.values
        try:
            return [values[name] for name in names]
        except KeyError:
            missing = tuple([name for name in names if name not in values])
        fresh = dict(zip(missing, self._ask(missing)))
        values.update((name, value) for name, value in fresh.items() if kept.everything or name in kept.wanted)
        return [fresh[name] if name in fresh else values[name] for name in names]

    def _ask(self, names: Tuple[str, ...]) -> list[Any]:
        if self._parent_pointer is None:
            return _device_native.read(self._pointer, names)
        of_gpu = tuple(name for name in names if name.startswith(OF_GPU))
        own = tuple(name for name in names if not name.startswith(OF_GPU))
        found = dict(zip(own, _device_native.read(self._pointer, own))) if own else {}
        if of_gpu:
            metrics = tuple(name[len(OF_GPU):] for name in of_gpu)
            found.update(zip(of_gpu, _device_native.read(self._parent_pointer, metrics)))
        return [found[name] for name in names]

    def _get(self, name: str) -> Any:
        """What the row of `GETTERS` says."""
        getter = GETTERS[name]
        return getter.make(*self._read(wanted_of(getter, self._parent_pointer is not None)))

    if TYPE_CHECKING:

        def _number(self, name: str) -> int | NaType: ...

        def _text(self, name: str) -> str | NaType: ...

    else:
        _number = _text = _get

    def _keeping(self, wanted: frozenset[str] | None, values: Mapping[str, Any] | None = None) -> _Keeping:
        """Inside, this thread asks for each of these metrics once; None: for each metric.

        `values` have been asked for already.
        """
        return _Keeping(self._kept, wanted, values or {})


class _Keeping:
    """What `Reader._keeping` gives. Not made by contextlib, which would take longer than what is done here."""

    __slots__ = ('before', 'kept', 'values', 'wanted')

    def __init__(self, kept: _Kept, wanted: frozenset[str] | None, values: Mapping[str, Any]) -> None:
        self.kept, self.wanted, self.values = kept, wanted, values

    def __enter__(self) -> None:
        kept = self.kept
        self.before = kept.wanted, kept.everything, kept.values
        kept.wanted = kept.wanted | (self.wanted or frozenset())
        kept.everything = kept.everything or self.wanted is None
        kept.values = {**self.values, **kept.values} if kept.values else dict(self.values)

    def __exit__(self, *_error: object) -> None:
        kept, values = self.kept, self.before[2]
        inner = kept.values
        kept.wanted, kept.everything, kept.values = self.before
        if kept.wanted:  # what the window around this one keeps as well
            values.update((name, inner[name]) for name in kept.wanted if name in inner)
