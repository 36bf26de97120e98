"""The tuples that getters of a device give back. Each member may be ``NA`` by itself."""

from __future__ import annotations

from typing import NamedTuple, Union

from nvitop.api.utils import NA, NaType

__all__ = ['ClockInfos', 'ClockSpeedInfos', 'MemoryInfo', 'ThroughputInfo', 'UtilizationRates']


class MemoryInfo(NamedTuple):
    """Memory in bytes.

    `used` is without what the driver keeps for itself, which is `reserved`, where the driver tells
    the two apart (nvmlDeviceGetMemoryInfo_v2); else `reserved` is ``NA``.
    """

    total: Union[int, NaType]
    free: Union[int, NaType]
    used: Union[int, NaType]
    reserved: Union[int, NaType] = NA


class UtilizationRates(NamedTuple):
    """Utilization in per cent, of the last sample period."""

    gpu: Union[int, NaType]
    memory: Union[int, NaType]
    encoder: Union[int, NaType]
    decoder: Union[int, NaType]


class ClockInfos(NamedTuple):
    """Clocks in MHz."""

    graphics: Union[int, NaType]
    sm: Union[int, NaType]
    memory: Union[int, NaType]
    video: Union[int, NaType]


class ClockSpeedInfos(NamedTuple):
    """The clocks of now, and the highest ones, in MHz."""

    current: ClockInfos
    max: ClockInfos


class ThroughputInfo(NamedTuple):
    """Throughput in KiB/s."""

    tx: Union[int, NaType]
    rx: Union[int, NaType]

    @property
    def transmit(self) -> int | NaType:
        """The same as `tx`."""
        return self.tx

    @property
    def receive(self) -> int | NaType:
        """The same as `rx`."""
        return self.rx


for _known in (MemoryInfo, UtilizationRates, ClockInfos, ClockSpeedInfos, ThroughputInfo):
    _known.__module__ = 'nvitop.api.device'  # where programs know it from
