"""What GPUs, processes and the host did over a while.

A :class:`ResourceMetricCollector` has windows with tags that lie inside each other.
While one is open, samples are taken in the background, and each goes into every window that was open
before it began; :meth:`~ResourceMetricCollector.collect` tells what the innermost came to.

It is the C library that samples, on a thread of its own that never wants the interpreter's lock.
Only what C cannot know of, a user's own metrics, devices, ``take_snapshots`` or ``psutil.PROCFS_PATH``, is
sampled by a thread of Python, and then all of it; the statistics are C's in either case.

A sample is taken without the collector's lock and added with it, so nobody who asks for results
waits for a driver that somebody else is waiting for.
A stretch without samples, because program or machine stood still, is left out of the means: nobody
knows what was there.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
import weakref
from typing import (
    Callable,
    ClassVar,
    Dict,
    Hashable,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Set,
    Tuple,
    Union,
)

import psutil

from nvitop.api import _device_native, _platform, host
from nvitop.api._measure import DeviceMetric, Metrics, ProcessMetric, Roots, is_known, measure, measure_now
from nvitop.api._periodic import Periodic, is_interval, sleep_until
from nvitop.api._windows import Windows
from nvitop.api.device import Device
from nvitop.api.process import GpuProcess
from nvitop.api._snapshots import SnapshotResult, take_snapshots
from nvitop.api.utils import MiB

__all__ = ['ResourceMetricCollector', 'collect_in_background', 'take_snapshots']


class ResourceMetricCollector:
    """Collects metrics of host, GPUs and processes on them, and tells statistics of them.

    Parameters
    ----------
    devices : Device or iterable of Device, optional
        All physical devices if left out.
        The MIG devices of a physical one come with it.
    root_pids : iterable of int, optional
        Processes on the GPUs are collected that are, or descend from, one of these.
        ``{1}`` stands for all of them, an empty one for none; without it, it is this process.
    interval : float, default 1.0
        Seconds between two samples; ``inf`` for one sample only.

    Raises
    ------
    ValueError
        The interval is no positive number, or a pid is negative.

    Notes
    -----
    Keys are ``<tags>/<scope>/<metric>/<mean, min, max or last>``, where the scope is ``host``,
    ``gpu:0``, ``cuda:0 (gpu:3)``, ``pid:12345/host`` or ``pid:12345/gpu:0``; then come
    ``<tags>/duration (s)`` since the tag was activated or cleared, and ``<tags>/timestamp`` and
    ``<tags>/last_timestamp`` of now and of the newest sample, in seconds since 1970.
    What is not available is nan.
    Means are weighted with time.

    All methods may be called by any thread.
    In the child of a fork windows that are open begin anew.
    Without a driver the host alone is collected.

    Examples
    --------
    >>> collector = ResourceMetricCollector(root_pids={1}, interval=2.0)
    >>> with collector(tag='train'):
    ...     metrics = collector.collect()
    """

    DEVICE_METRICS: ClassVar[List[DeviceMetric]] = [
        # (attribute of a device's snapshot, name with unit, divisor)
        ('memory_used', 'memory_used (MiB)', MiB),
        ('memory_free', 'memory_free (MiB)', MiB),
        ('memory_total', 'memory_total (MiB)', MiB),
        ('memory_percent', 'memory_percent (%)', 1.0),
        ('gpu_utilization', 'gpu_utilization (%)', 1.0),
        ('memory_utilization', 'memory_utilization (%)', 1.0),
        ('fan_speed', 'fan_speed (%)', 1.0),
        ('temperature', 'temperature (C)', 1.0),
        ('power_usage', 'power_usage (W)', 1000.0),
        ('power_limit', 'power_limit (W)', 1000.0),
    ]
    """What is collected of a device; a subclass may have more."""

    PROCESS_METRICS: ClassVar[List[ProcessMetric]] = [
        # (attribute of a process's snapshot, scope or None for the device's, name, divisor)
        ('cpu_percent', 'host', 'cpu_percent (%)', 1.0),
        ('host_memory', 'host', 'host_memory (MiB)', MiB),
        ('host_memory_percent', 'host', 'host_memory_percent (%)', 1.0),
        ('running_time_in_seconds', 'host', 'running_time (min)', 60.0),
        ('gpu_memory', None, 'gpu_memory (MiB)', MiB),
        ('gpu_memory_percent', None, 'gpu_memory_percent (%)', 1.0),
        ('gpu_memory_utilization', None, 'gpu_memory_utilization (%)', 1.0),
        ('gpu_sm_utilization', None, 'gpu_sm_utilization (%)', 1.0),
    ]
    """What is collected of a process on a device; a subclass may have more."""

    def __init__(
        self,
        devices: Union[Device, Iterable[Device], None] = None,
        root_pids: Optional[Iterable[int]] = None,
        interval: float = 1.0,
    ) -> None:
        if not is_interval(interval):
            raise ValueError(f'Invalid argument interval={interval!r}')
        self.interval = float(interval)
        self.devices = _list_devices(devices)
        _device_native.look(None if devices is None else self.devices)
        self.all_devices: List[Device] = []
        self.leaf_devices: List[Device] = []
        for device in self.devices:
            leaves = device.to_leaf_devices()
            self.leaf_devices.extend(leaves)
            self.all_devices.extend([device, *(leaf for leaf in leaves if leaf is not device)])
        self.root_pids: Set[int] = {os.getpid()} if root_pids is None else set(root_pids)
        for pid in self.root_pids:
            if pid < 0:
                raise ValueError(f'pid must be a positive integer (got {pid})')
        self._roots = Roots(self.root_pids)
        self._held: List[GpuProcess] = []  # their CPU time is counted from sample to sample
        self._tags: Dict[Hashable, None] = {}  # outermost first
        self._windows: Optional[Windows] = None  # of these tags; while there are any
        self._sampler: Optional[Periodic] = None  # while C does not sample by itself
        self._renew()
        host.cpu_percent()  # the first answer says nothing
        _collectors.add(self)

    def _renew(self) -> None:
        """Makes the lock; in the child of a fork nobody would give it back, and the rest is the parent's."""
        self._lock = threading.RLock()
        self._windows = self._sampler = None

    # ---- windows ----

    def activate(self, tag: Hashable) -> ResourceMetricCollector:
        """Opens a window inside the innermost one; the first one starts the sampling.

        Parameters
        ----------
        tag : hashable
            Its part of the keys.

        Returns
        -------
        ResourceMetricCollector
            The collector itself.

        Raises
        ------
        RuntimeError
            A window with this tag is open.
        """
        with self._lock:
            if tag in self._tags:
                raise RuntimeError(f'Resource metric collector is already started with tag "{tag}"')
            self._open(len(self._tags) + 1)
            self._tags[tag] = None
        return self

    start = activate

    def deactivate(self, tag: Optional[Hashable] = None) -> ResourceMetricCollector:
        """Closes a window, and those inside it; the last one ends the sampling.

        It waits for a sample that is on its way, 3 seconds at most, and never for an interval.

        Parameters
        ----------
        tag : hashable, optional
            The innermost one if left out, which is fine where none is open.

        Returns
        -------
        ResourceMetricCollector
            The collector itself.

        Raises
        ------
        RuntimeError
            No window has this tag.
        """
        with self._lock:
            if tag is None and not self._tags:
                return self
            for inner in self._from(tag):
                del self._tags[inner]
            windows, sampler = self._windows, self._sampler
            if self._tags:
                if windows is not None:
                    windows.close(len(self._tags))
                return self
            self._windows = self._sampler = None
        if sampler is not None:
            sampler.stop()
        if windows is not None:
            windows.close(0)
        return self

    stop = deactivate

    @contextlib.contextmanager
    def context(self, tag: Hashable) -> Iterator[ResourceMetricCollector]:
        """A window that is open for the length of a ``with`` block.

        Parameters
        ----------
        tag : hashable
            Its part of the keys.

        Raises
        ------
        RuntimeError
            A window with this tag is open; it is closed then.
        """
        try:
            yield self.activate(tag)
        finally:
            self.deactivate(tag)

    __call__ = context

    def clear(self, tag: Optional[Hashable] = None) -> None:
        """Empties a window and those inside it, and restarts their clocks.

        Parameters
        ----------
        tag : hashable, optional
            The innermost one if left out.

        Raises
        ------
        RuntimeError
            There is no window with this tag.
        """
        with self._lock:
            if self._tags or tag is not None:
                self._open(len(self._tags)).clear(len(self._tags) - len(self._from(tag)))

    reset = clear

    def _from(self, tag: Optional[Hashable]) -> List[Hashable]:
        """The tags from this one on inwards."""
        tags = list(self._tags)
        if not tags:
            raise RuntimeError('Resource metric collector has not been started yet.')
        if tag is None:
            return tags[-1:]
        if tag not in self._tags:
            raise RuntimeError(f'Resource metric collector has not been started with tag "{tag}".')
        return tags[tags.index(tag):]

    def _open(self, count: int) -> Windows:
        """With the lock taken: so many windows, and somebody who samples for them, also after a fork."""
        if self._windows is None:
            has_own = self._samples_by_itself()
            self._windows = Windows(self.interval) if has_own else Windows(
                self.interval, self.devices, self.root_pids)
        self._windows.open(count)
        if self._windows.is_by_hand and (self._sampler is None or not self._sampler.is_alive()):
            self._sampler = Periodic(self, ResourceMetricCollector._sample, self.interval,
                                     'metrics-collector-daemon')
        return self._windows

    def _samples_by_itself(self) -> bool:
        """Whether a user has changed what is sampled, or where psutil looks: C knows nothing of it."""
        return (getattr(psutil, 'PROCFS_PATH', '/proc') != '/proc'
                or type(self).take_snapshots is not ResourceMetricCollector.take_snapshots
                or self._metrics() != _COLLECTED_BY_C
                or not all(is_known(device, self.DEVICE_METRICS) for device in self.devices))

    def _metrics(self) -> Metrics:
        return self.DEVICE_METRICS, self.PROCESS_METRICS

    # ---- samples ----

    def collect(self) -> Dict[str, float]:
        """The statistics of the innermost window.

        Takes a sample first if the newest is older than half an interval, or than the window.

        Returns
        -------
        dict of str to float
            See the notes on keys; nan where nothing was to be had.

        Raises
        ------
        RuntimeError
            No window is open.
        """
        with self._lock:
            self._from(None)
            windows = self._open(len(self._tags))
        if windows.is_due():
            self._sample()
        with self._lock:
            self._from(None)
            return self._open(len(self._tags)).results(''.join(f'{tag}/' for tag in self._tags))

    def take_snapshots(self) -> SnapshotResult:
        """Takes snapshots of the devices and of the processes on them, which are a sample as well.

        Works without a window, too.

        Returns
        -------
        SnapshotResult
            ``devices`` (MIG devices behind their GPU) and ``gpu_processes``.
        """
        begin = time.monotonic()
        devices = [device.as_snapshot() for device in self.all_devices]
        processes = GpuProcess.take_snapshots(self._list_processes(), failsafe=True)
        windows = self._windows
        if windows is not None and windows.is_by_hand:
            windows.add(time.monotonic() - begin, measure(devices, processes, self._metrics()))
        elif windows is not None:
            windows.sample()
        return SnapshotResult(devices, processes)

    def _sample(self) -> None:
        """Takes a sample; asks for no more than is collected, unless a subclass wants to see it."""
        if type(self).take_snapshots is not ResourceMetricCollector.take_snapshots:
            self.take_snapshots()
            return
        windows = self._windows
        if windows is not None and windows.is_by_hand:
            begin = time.monotonic()
            sample = measure_now(self.all_devices, self._list_processes, self._metrics())
            windows.add(time.monotonic() - begin, sample)
        elif windows is not None:
            windows.sample()

    def _list_processes(self) -> List[GpuProcess]:
        if not self.root_pids:
            return []
        self._held = [process for device in self.leaf_devices for process in device.processes().values()]
        return self._roots.choose(self._held)

    # ---- in the background ----

    def daemonize(
        self,
        on_collect: Callable[[Dict[str, float]], bool],
        interval: Optional[float] = None,
        *,
        on_start: Optional[Callable[[ResourceMetricCollector], None]] = None,
        on_stop: Optional[Callable[[ResourceMetricCollector], None]] = None,
        tag: str = 'metrics-daemon',
        start: bool = True,
    ) -> threading.Thread:
        """Hands what it collects to a function, again and again, in a thread of its own.

        Parameters
        ----------
        on_collect : callable
            Is given the metrics at once and then each `interval`; false from it is the end.
        interval : float, optional
            In seconds; the collector's if left out.
        on_start, on_stop : callable, optional
            Are given the collector, before its window is opened and after it is closed; the second
            one whatever has happened.
        tag : str, default 'metrics-daemon'
            Of the window, and the thread's name.
        start : bool, default True
            Whether to start the thread.

        Returns
        -------
        threading.Thread
            Has the collector as its attribute ``collector``.

        Raises
        ------
        ValueError
            The interval is no positive number.
        """
        return collect_in_background(on_collect, self, interval, on_start=on_start,
                                     on_stop=on_stop, tag=tag, start=start)


# As they are without a user's changes; a test compares them with the rows of C.
_COLLECTED_BY_C = list(ResourceMetricCollector.DEVICE_METRICS), list(ResourceMetricCollector.PROCESS_METRICS)


def collect_in_background(
    on_collect: Callable[[Dict[str, float]], bool],
    collector: Optional[ResourceMetricCollector] = None,
    interval: Optional[float] = None,
    *,
    on_start: Optional[Callable[[ResourceMetricCollector], None]] = None,
    on_stop: Optional[Callable[[ResourceMetricCollector], None]] = None,
    tag: str = 'metrics-daemon',
    start: bool = True,
) -> threading.Thread:
    """As :meth:`ResourceMetricCollector.daemonize`, and makes the collector if none is given.

    Parameters
    ----------
    on_collect : callable
        Is given the metrics at once and then each `interval`; false from it is the end.
    collector : ResourceMetricCollector, optional
        One of all devices and of the processes of this one if left out.
    interval : float, optional
        In seconds; the collector's if left out.
    on_start, on_stop : callable, optional
        Are given the collector, before its window is opened and after it is closed.
    tag : str, default 'metrics-daemon'
        Of the window, and the thread's name.
    start : bool, default True
        Whether to start the thread.

    Returns
    -------
    threading.Thread
        Has the collector as its attribute ``collector``.

    Raises
    ------
    ValueError
        The interval is no positive number.

    Examples
    --------
    >>> def on_collect(metrics):
    ...     return writer.write(metrics)
    >>> thread = collect_in_background(on_collect, interval=5.0)
    """
    if interval is not None and not is_interval(interval):
        raise ValueError(f'Invalid argument interval={interval!r}')
    if collector is None:
        collector = ResourceMetricCollector()
    thread = _CollectingThread(collector, tag, collector.interval if interval is None else interval)
    thread.callbacks = (on_start, on_collect, on_stop)
    if start:
        thread.start()
    return thread


class _CollectingThread(threading.Thread):
    """See :func:`collect_in_background`."""

    callbacks: Tuple[
        Optional[Callable[[ResourceMetricCollector], None]],
        Callable[[Dict[str, float]], bool],
        Optional[Callable[[ResourceMetricCollector], None]],
    ]

    def __init__(self, collector: ResourceMetricCollector, tag: str, interval: float) -> None:
        super().__init__(name=tag, daemon=True)
        self.collector = collector
        self._tag = tag
        self._interval = float(interval)

    def run(self) -> None:
        """Collects until it is told to end."""
        on_start, on_collect, on_stop = self.callbacks
        if on_start is not None:
            on_start(self.collector)
        try:
            with self.collector(self._tag):
                self._collect(on_collect)
        except KeyboardInterrupt:
            pass
        finally:
            if on_stop is not None:
                on_stop(self.collector)

    def _collect(self, on_collect: Callable[[Dict[str, float]], bool]) -> None:
        due = time.monotonic()
        while on_collect(self.collector.collect()):
            now = time.monotonic()
            due += self._interval * max(1, math.ceil((now - due) / self._interval))
            sleep_until(due)


def _list_devices(devices: Union[Device, Iterable[Device], None]) -> List[Device]:
    if devices is None:
        return list(Device.all())
    if isinstance(devices, Device):
        return [devices]
    return list(devices)


_collectors: weakref.WeakSet[ResourceMetricCollector] = weakref.WeakSet()


def _renew_after_fork() -> None:
    for collector in list(_collectors):
        collector._renew()  # pylint: disable=protected-access


_platform.after_fork(_renew_after_fork)
