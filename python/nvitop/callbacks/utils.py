"""What the callbacks share: the devices, their state as numbers, and who looks at it.

A training is not to wait for a driver, so callbacks do not ask it themselves: a
:class:`GpuStatsSampler` asks in a thread of its own, and the callbacks take the newest answer.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Callable, Dict, Iterable, List, Optional, Tuple, Union

from nvitop.api._periodic import PATIENCE, Periodic, is_interval
from nvitop.api._windows import Windows
from nvitop.api.device import CudaDevice, Device
from nvitop.api.utils import MiB

__all__ = ['BatchTimer', 'GpuStatsSampler', 'get_devices_by_logical_ids', 'get_gpu_stats']

INTRA_STEP = 'batch_time/intra_step (ms)'
"""From the start of a batch to its end."""

INTER_STEP = 'batch_time/inter_step (ms)'
"""From the end of a batch to the start of the next one of its epoch."""

_MEAN = '/mean'

DEFAULT_INTERVAL = 0.5
"""Seconds between two looks at the devices: a driver makes utilization anew about that often."""


def get_devices_by_logical_ids(
    device_ids: Iterable[Union[int, Tuple[int, int]]],
    unique: bool = True,
) -> List[CudaDevice]:
    """The devices that a framework calls by these numbers.

    Parameters
    ----------
    device_ids : iterable of int
        CUDA's indices, so those of ``CUDA_VISIBLE_DEVICES``.
    unique : bool, default True
        Whether to leave out what is there already.

    Returns
    -------
    list of CudaDevice
        In the order given.

    Raises
    ------
    RuntimeError
        CUDA has no such device.
    """
    devices = CudaDevice.from_indices(list(device_ids))
    return list(dict.fromkeys(devices)) if unique else list(devices)


def get_gpu_stats(
    devices: Iterable[Device],
    memory_utilization: bool = True,
    gpu_utilization: bool = True,
    fan_speed: bool = False,
    temperature: bool = False,
) -> Dict[str, float]:
    """The state of devices, as numbers by name; asks the driver now.

    Parameters
    ----------
    devices : iterable of Device
        CUDA devices are named by CUDA's index, and by NVML's as well where that is another.
    memory_utilization : bool, default True
        Per cent of memory bandwidth, and memory used and free in MiB.
    gpu_utilization : bool, default True
        Per cent.
    fan_speed : bool, default False
        Per cent.
    temperature : bool, default False
        Degrees Celsius.

    Returns
    -------
    dict of str to float
        nan for what is not available.
    """
    stats: Dict[str, float] = {}
    for device in devices:
        prefix = _prefix(device)
        with device.oneshot():
            if memory_utilization:
                stats[f'{prefix}/utilization.memory (%)'] = float(device.memory_utilization())
            if gpu_utilization:
                stats[f'{prefix}/utilization.gpu (%)'] = float(device.gpu_utilization())
            if memory_utilization:
                stats[f'{prefix}/memory.used (MiB)'] = float(device.memory_used()) / MiB
                stats[f'{prefix}/memory.free (MiB)'] = float(device.memory_free()) / MiB
            if fan_speed:
                stats[f'{prefix}/fan.speed (%)'] = float(device.fan_speed())
            if temperature:
                stats[f'{prefix}/temperature.gpu (C)'] = float(device.temperature())
    return stats


def _prefix(device: Device) -> str:
    index = device.cuda_index if isinstance(device, CudaDevice) else device.index
    if index == device.physical_index:
        return f'gpu_id: {index}'
    return f'gpu_id: {index} (physical index: {device.physical_index})'


class GpuStatsSampler:
    """Looks at devices in the background, and knows their newest state and its means.

    Whoever asks for these never waits for the driver.
    If a look takes more than 3 seconds, the state is nan until it is over.

    Parameters
    ----------
    look : callable
        Gives the state of the devices, as :func:`get_gpu_stats` does.
    interval : float, default 0.5
        Seconds between two looks.

    Raises
    ------
    ValueError
        The interval is no positive number.
    """

    def __init__(self, look: Callable[[], Dict[str, float]], interval: float = DEFAULT_INTERVAL) -> None:
        if not is_interval(interval):
            raise ValueError(f'Invalid argument interval={interval!r}')
        self._look = look
        self._interval = float(interval)
        self._lock = threading.Lock()
        self._has_looked = threading.Event()
        self._newest: Dict[str, float] = {}
        self._good_until = math.inf
        self._window = Windows()
        self._window.open(1)
        self._thread: Optional[Periodic] = None

    def __reduce__(self) -> Tuple[object, ...]:
        return GpuStatsSampler, (self._look, self._interval)  # a copy has not begun yet

    def start(self) -> None:
        """Looks in the background from now on; waits for the first look, 3 seconds at most."""
        self.stop()
        self._has_looked.clear()
        self._thread = Periodic(self, GpuStatsSampler.sample, self._interval, 'gpu-stats-sampler')
        self._has_looked.wait(PATIENCE)
        self.restart_means()

    def stop(self) -> None:
        """Ends the thread; waits for the look it is in, 3 seconds at most."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    def sample(self) -> None:
        """Looks now."""
        begin = time.monotonic()
        stats = self._look()
        with self._lock:
            self._take(stats, time.monotonic() - begin)
        self._has_looked.set()

    def newest(self) -> Dict[str, float]:
        """The newest state; asks nobody. Empty before the first look has come back."""
        with self._lock:
            self._expire()
            return dict(self._newest)

    def restart_means(self) -> None:
        """From now on is what the means are of; they begin with the newest state."""
        with self._lock:
            self._expire()
            self._window.clear(0)
            self._window.add(0.0, self._newest)

    def means(self) -> Dict[str, float]:
        """The means since then, weighted with time; nan where nothing was to be had."""
        with self._lock:
            self._expire()
            results = self._window.results()
        return {key[:-len(_MEAN)]: value for key, value in results.items() if key.endswith(_MEAN)}

    def _take(self, stats: Dict[str, float], seconds: float = 0.0) -> None:
        self._newest = stats
        self._window.add(seconds, stats)
        self._good_until = time.monotonic() + self._interval + PATIENCE

    def _expire(self) -> None:
        """A driver that has not answered for so long says nothing about now."""
        if time.monotonic() > self._good_until:
            self._take(dict.fromkeys(self._newest, math.nan))


class BatchTimer:
    """How long batches take, and the pauses between them.

    Parameters
    ----------
    intra_step : bool
        Whether to tell from start to end of a batch.
    inter_step : bool
        Whether to tell from the end of one to the start of the next.
    """

    def __init__(self, intra_step: bool, inter_step: bool) -> None:
        self._intra_step = intra_step
        self._inter_step = inter_step
        self.restart()

    def restart(self) -> None:
        """An epoch begins: there is no batch before the next one."""
        self._started: Optional[float] = None
        self._ended: Optional[float] = None
        self._sums: Dict[str, Tuple[float, int]] = {}

    def start(self) -> Dict[str, float]:
        """A batch begins; gives the pause before it, in milliseconds, if it is to be told."""
        self._started = time.monotonic()
        if not self._inter_step or self._ended is None:
            return {}
        return self._tell(INTER_STEP, self._started - self._ended)

    def end(self) -> Dict[str, float]:
        """A batch ends; gives its time, in milliseconds, if it is to be told."""
        self._ended = time.monotonic()
        if not self._intra_step or self._started is None:
            return {}
        return self._tell(INTRA_STEP, self._ended - self._started)

    def means(self) -> Dict[str, float]:
        """The means over the batches of the epoch."""
        return {name: total / count for name, (total, count) in self._sums.items()}

    def _tell(self, name: str, seconds: float) -> Dict[str, float]:
        total, count = self._sums.get(name, (0.0, 0))
        self._sums[name] = (total + 1000.0 * seconds, count + 1)
        return {name: 1000.0 * seconds}
