"""The getters about NVLink: counters of the driver, turned into rates.

The driver counts what has gone over a link, so a rate needs two looks at the counters. The last look
of each device is kept: with ``interval=None`` the rate is that since the last look, and only the
first call of all has to wait `SHORTEST` for a second one. With an interval, the call takes that long.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from nvitop.api._device_board import throughput2human
from nvitop.api._device_read import Reader
from nvitop.api._device_types import ThroughputInfo
from nvitop.api.utils import NA, NaType

__all__ = ['NvlinkGetters', 'SHORTEST']

SHORTEST = 0.02
"""The least time between two looks, in seconds: the driver refreshes its counters no more often."""

_FIELD_TX, _FIELD_RX = 138, 139  # NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX and _RX, in KiB


class _Look(NamedTuple):
    """The counters of one moment, those of tx before those of rx: KiB, and when, in microseconds."""

    at: float
    counters: list[tuple[Any, int]]


def _rate(before: tuple[Any, int], after: tuple[Any, int]) -> int | NaType:
    """KiB/s between two readings of a counter; ``NA`` where there are not two of them."""
    microseconds = after[1] - before[1]
    if isinstance(before[0], NaType) or isinstance(after[0], NaType) or microseconds <= 0:
        return NA
    return max(int(round(1000000 * (after[0] - before[0]) / microseconds)), 0)


def _total(rates: list[int | NaType]) -> int | NaType:
    known = [rate for rate in rates if not isinstance(rate, NaType)]
    return sum(known) if known else NA


def _mean(rates: list[int | NaType]) -> int | NaType:
    known = [rate for rate in rates if not isinstance(rate, NaType)]
    return round(sum(known) / len(known)) if known else NA


class NvlinkGetters(Reader):
    """What a device tells about its NVLinks."""

    @property
    def handle(self) -> Any:
        """NVML's handle; ``None`` where there is none."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self._nvlink_last: _Look | None = None

    def _nvlink_look(self, links: int) -> _Look | None:
        from nvitop.api import libnvml

        handle = self.handle
        if handle is None:
            return None
        fields: list[int | tuple[int, int]] = [
            (field, link) for field in (_FIELD_TX, _FIELD_RX) for link in range(links)
        ]
        return _Look(time.monotonic(), libnvml.nvmlQueryFieldValues(handle, fields))

    def _nvlink_two_looks(self, links: int, interval: float | None) -> tuple[_Look | None, _Look | None]:
        before = self._nvlink_last
        if interval is not None or before is None or len(before.counters) != 2 * links:
            before = self._nvlink_look(links)
        if before is None:
            return None, None
        wait = SHORTEST if interval is None else max(interval, SHORTEST)
        time.sleep(max(before.at + wait - time.monotonic(), 0.0))
        after = self._nvlink_last = self._nvlink_look(links)
        return before, after

    def _nvlink_rates(self, interval: float | None) -> tuple[list[int | NaType], list[int | NaType]]:
        """KiB/s of each link: sent, received."""
        if interval is not None and not interval >= 0:
            raise ValueError(f'`interval` must be a non-negative number, got {interval!r}.')
        links = self.nvlink_link_count()
        if not links:
            return [], []
        before, after = self._nvlink_two_looks(links, interval)
        if before is None or after is None:
            return [NA] * links, [NA] * links
        rates = [_rate(one, other) for one, other in zip(before.counters, after.counters)]
        return rates[:links], rates[links:]

    def nvlink_link_count(self) -> int:
        """How many NVLinks the device has.

        Returns
        -------
        int
            A count; 0 also where the driver does not tell, and for MIG devices.
            Source: nvmlDeviceGetFieldValues (91).
        """
        count = self._number('nvlink_link_count')
        return 0 if isinstance(count, NaType) else count

    def nvlink_throughput(self, interval: float | None = None) -> list[ThroughputInfo]:
        """What goes over each NVLink.

        Parameters
        ----------
        interval
            Seconds to measure, at least 0.02. ``None``: since the last call about NVLink on this
            object; the first one takes 0.02 seconds.

        Returns
        -------
        list of ThroughputInfo
            tx and rx in KiB/s, of one link each; ``NA`` for a link that is not active. Empty without NVLink.
            Source: nvmlDeviceGetFieldValues (138 and 139).

        Raises
        ------
        ValueError
            The interval is less than 0, or not a number.
        """
        tx, rx = self._nvlink_rates(interval)
        return [ThroughputInfo(*pair) for pair in zip(tx, rx)]

    def nvlink_total_throughput(self, interval: float | None = None) -> ThroughputInfo:
        """What goes over all NVLinks together, as `nvlink_throughput` has it for each.

        Returns
        -------
        ThroughputInfo
            tx and rx in KiB/s; ``NA`` where no link has a number.
        """
        tx, rx = self._nvlink_rates(interval)
        return ThroughputInfo(_total(tx), _total(rx))

    def nvlink_mean_throughput(self, interval: float | None = None) -> ThroughputInfo:
        """What goes over an NVLink on average, as `nvlink_throughput` has it for each.

        Returns
        -------
        ThroughputInfo
            tx and rx in KiB/s, of the links that have a number; ``NA`` where none has.
        """
        tx, rx = self._nvlink_rates(interval)
        return ThroughputInfo(_mean(tx), _mean(rx))

    def nvlink_tx_throughput(self, interval: float | None = None) -> list[int | NaType]:
        """What is sent over each NVLink: a list of KiB/s, as `nvlink_throughput` measures it."""
        return self._nvlink_rates(interval)[0]

    def nvlink_mean_tx_throughput(self, interval: float | None = None) -> int | NaType:
        """What is sent over an NVLink on average: KiB/s, as `nvlink_throughput` measures it, or ``NA``."""
        return self.nvlink_mean_throughput(interval).tx

    def nvlink_total_tx_throughput(self, interval: float | None = None) -> int | NaType:
        """What is sent over all NVLinks together: KiB/s, as `nvlink_throughput` measures it, or ``NA``."""
        return self.nvlink_total_throughput(interval).tx

    def nvlink_tx_throughput_human(self, interval: float | None = None) -> list[str | NaType]:
        """What is sent over each NVLink, for people: a list of texts such as ``'39.10GiB/s'``."""
        return [throughput2human(rate) for rate in self.nvlink_tx_throughput(interval)]

    def nvlink_mean_tx_throughput_human(self, interval: float | None = None) -> str | NaType:
        """What is sent over an NVLink on average, for people, or ``NA``."""
        return throughput2human(self.nvlink_mean_tx_throughput(interval))

    def nvlink_total_tx_throughput_human(self, interval: float | None = None) -> str | NaType:
        """What is sent over all NVLinks together, for people, or ``NA``."""
        return throughput2human(self.nvlink_total_tx_throughput(interval))

    def nvlink_rx_throughput(self, interval: float | None = None) -> list[int | NaType]:
        """What is received over each NVLink: a list of KiB/s, as `nvlink_throughput` measures it."""
        return self._nvlink_rates(interval)[1]

    def nvlink_mean_rx_throughput(self, interval: float | None = None) -> int | NaType:
        """What is received over an NVLink on average: KiB/s, as `nvlink_throughput` measures it, or ``NA``."""
        return self.nvlink_mean_throughput(interval).rx

    def nvlink_total_rx_throughput(self, interval: float | None = None) -> int | NaType:
        """What is received over all NVLinks together: KiB/s, as `nvlink_throughput` measures it, or ``NA``."""
        return self.nvlink_total_throughput(interval).rx

    def nvlink_rx_throughput_human(self, interval: float | None = None) -> list[str | NaType]:
        """What is received over each NVLink, for people: a list of texts such as ``'39.10GiB/s'``."""
        return [throughput2human(rate) for rate in self.nvlink_rx_throughput(interval)]

    def nvlink_mean_rx_throughput_human(self, interval: float | None = None) -> str | NaType:
        """What is received over an NVLink on average, for people, or ``NA``."""
        return throughput2human(self.nvlink_mean_rx_throughput(interval))

    def nvlink_total_rx_throughput_human(self, interval: float | None = None) -> str | NaType:
        """What is received over all NVLinks together, for people, or ``NA``."""
        return throughput2human(self.nvlink_total_rx_throughput(interval))
