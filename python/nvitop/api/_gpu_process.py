"""A process on a device: what the driver says of it, and the process of the host behind it.

While the process runs there is one object for it and the device, kept in a weak table. What the
host can't tell raises an error of psutil and takes the object out of the tables, or, within
`GpuProcess.failsafe`, becomes a word that stands for it.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import os
import threading
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Generator, Iterable, TypeVar
from weakref import WeakValueDictionary

import psutil

from nvitop.api import _platform
from nvitop.api._host_process import FOREIGN, HostProcess, is_foreign, is_stuck
from nvitop.api._host_snapshot import methods_of, quick_snapshots
from nvitop.api.utils import NA, UINT_MAX, NaType, Snapshot, bytes2human, command_join, percent, timedelta2human

if TYPE_CHECKING:
    import datetime

    from typing_extensions import Self

    from nvitop.api.device import Device

__all__ = ['GpuProcess']

_R = TypeVar('_R')

# What an object knows from the driver: arguments and setters fill it, a pickle carries it.
_FACTS = (
    '_gpu_memory', '_gpu_instance_id', '_compute_instance_id', '_type',
    '_gpu_sm_utilization', '_gpu_memory_utilization',
    '_gpu_encoder_utilization', '_gpu_decoder_utilization',
)


class _Context(threading.local):
    """Whether this thread is within `GpuProcess.failsafe`."""

    is_failsafe = False


_context = _Context()


def _else(fallback: Callable[[psutil.Error], Any]) -> Callable[[Callable[[Any], _R]], Callable[[Any], _R]]:
    """A method that asks the host, and `fallback` for what it can't tell."""

    def decorate(method: Callable[[Any], _R]) -> Callable[[Any], _R]:
        @functools.wraps(method)
        def ask(self: GpuProcess) -> _R:
            try:
                return method(self)
            except psutil.Error as error:
                self._leave()
                if not _context.is_failsafe:
                    raise
                return fallback(error)  # type: ignore[no-any-return]

        return ask

    return decorate


_else_na = _else(lambda _: NA)


def _cmdline_word(error: psutil.Error) -> list[str]:
    return ['No Permissions' if isinstance(error, psutil.AccessDenied) else 'No Such Process']


@HostProcess.register
class GpuProcess:
    """A process on a device.

    ``GpuProcess(pid, device)`` is always the same object as long as the process runs. It counts as
    a `HostProcess`; what is not described here is taken from `host`, as it is there. Two are equal
    if pid, time of start and index of the device are, so one never equals its ``host``.

    Parameters
    ----------
    pid : int or None
        The process; None for this one.
    device : Device
        Where it runs.
    gpu_memory : int or NaType, optional
        The memory of the device that it uses, in bytes.
    gpu_instance_id, compute_instance_id : int or NaType, optional
        The MIG instance that it runs on; all ones stand for none.
    type : str or NaType, optional
        A text with ``C`` for compute and ``G`` for graphics in it.

    Notes
    -----
    An argument that is left out leaves what the object knows already. An object that neither an
    argument nor a query of the device has told anything answers N/A about the device; see
    `update_gpu_status`.

    Methods about the host raise errors of psutil: `psutil.NoSuchProcess` after the process has
    ended, `psutil.AccessDenied` where this user may not know. Within `failsafe` they answer with
    what their description says instead.
    """

    __module__ = 'nvitop.api.process'  # where programs know it from

    INSTANCES: ClassVar[WeakValueDictionary[tuple[int, Device], Any]] = WeakValueDictionary()
    """The objects by pid and device. A subclass has a table of its own."""

    INSTANCE_LOCK: ClassVar[threading.RLock] = threading.RLock()
    """Held while a table is looked up or changed."""

    _host: HostProcess
    _device: Device
    _gpu_memory: int | NaType
    _gpu_instance_id: int | NaType
    _compute_instance_id: int | NaType
    _type: str | NaType
    _gpu_sm_utilization: int | NaType
    _gpu_memory_utilization: int | NaType
    _gpu_encoder_utilization: int | NaType
    _gpu_decoder_utilization: int | NaType

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.INSTANCES = WeakValueDictionary()

    def __new__(cls, pid: int | None, device: Device, **facts: Any) -> Self:  # noqa: ARG004
        number = os.getpid() if pid is None else int(operator.index(pid))
        if is_foreign(number):
            return cls._make(HostProcess._make_ended(number, FOREIGN), device)
        with cls.INSTANCE_LOCK:
            known = cls.INSTANCES.get((number, device))
            if known is not None and (known._host._was_seen() or known.is_running()):
                return known  # type: ignore[no-any-return]
            fresh = cls._make(HostProcess(number), device)
            if fresh._host._ended is None:
                cls.INSTANCES[number, device] = fresh
            return fresh

    def __init__(
        self,
        pid: int | None,  # noqa: ARG002
        device: Device,  # noqa: ARG002
        *,
        gpu_memory: int | NaType | None = None,
        gpu_instance_id: int | NaType | None = None,
        compute_instance_id: int | NaType | None = None,
        type: str | NaType | None = None,
    ) -> None:
        self.set_gpu_memory(gpu_memory)
        if gpu_instance_id is not None:
            self._gpu_instance_id = NA if gpu_instance_id == UINT_MAX else gpu_instance_id
        if compute_instance_id is not None:
            self._compute_instance_id = NA if compute_instance_id == UINT_MAX else compute_instance_id
        if type is not None:
            self.type = type

    @classmethod
    def _make(cls, host: HostProcess, device: Device) -> Self:
        """An object that knows nothing and is in no table."""
        process = object.__new__(cls)
        process._host = host
        process._device = device
        hash(device.index)  # what is no device is refused here
        vars(process).update(dict.fromkeys(_FACTS, NA))
        return process

    def _leave(self) -> None:
        """Takes this object and its host, but no younger ones, out of the tables."""
        key = (self.pid, self.device)
        with self.INSTANCE_LOCK:
            if self.INSTANCES.get(key) is self:
                del self.INSTANCES[key]
        self.host._leave()

    # ---- identity and copies

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(pid={self.pid}, gpu_memory={self.gpu_memory_human()}, '
            f'type={self.type}, device={self.device}, host={self.host})'
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GpuProcess):
            return NotImplemented
        return self.host == other.host and self.device.index == other.device.index

    def __hash__(self) -> int:
        return hash((self.host, self.device.index))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        facts = {name: getattr(self, name) for name in _FACTS}
        return _restore, (type(self), self.host, self.device, facts)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the host's; what can be called is kept."""
        if name.startswith('_'):
            raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')
        value = getattr(self._host, name)
        if callable(value):
            setattr(self, name, value)
        return value

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._host.pid

    @property
    def host(self) -> HostProcess:
        """The process as the host knows it."""
        return self._host

    @property
    def device(self) -> Device:
        """The device it runs on."""
        return self._device

    # ---- what the driver says

    def gpu_instance_id(self) -> int | NaType:
        """The number of the GPU instance that the process runs on; N/A without MIG."""
        return self._gpu_instance_id

    def compute_instance_id(self) -> int | NaType:
        """The number of the compute instance that the process runs on; N/A without MIG."""
        return self._compute_instance_id

    def gpu_memory(self) -> int | NaType:
        """The memory of the device that the process uses, in bytes; N/A where the driver doesn't tell."""
        return self._gpu_memory

    def gpu_memory_human(self) -> str | NaType:
        """`gpu_memory` in a form for people: ``967MiB``; see `bytes2human`."""
        return bytes2human(self.gpu_memory())

    def gpu_memory_percent(self) -> float | NaType:
        """`gpu_memory` in percent of the device's memory, to one decimal; N/A if one of them is."""
        return percent(self.gpu_memory(), self.device.memory_total())

    def gpu_sm_utilization(self) -> int | NaType:
        """How much of the time the process had work on the multiprocessors, in percent."""
        return self._gpu_sm_utilization

    def gpu_memory_utilization(self) -> int | NaType:
        """How much of the time the process read or wrote the device's memory, in percent."""
        return self._gpu_memory_utilization

    def gpu_encoder_utilization(self) -> int | NaType:
        """How much of the video encoder the process used, in percent."""
        return self._gpu_encoder_utilization

    def gpu_decoder_utilization(self) -> int | NaType:
        """How much of the video decoder the process used, in percent."""
        return self._gpu_decoder_utilization

    @property
    def type(self) -> str | NaType:
        """What the process does there: ``'C'`` compute, ``'G'`` graphics, ``'C+G'`` both, or N/A.

        Whatever text it is set to, the two letters in it count.
        """
        return self._type

    @type.setter
    def type(self, value: str | NaType) -> None:
        self._type = '+'.join(letter for letter in 'CG' if letter in value) or NA

    def set_gpu_memory(self, value: int | NaType | None) -> None:
        """Tells the object what the process uses, in bytes; None leaves what it knows."""
        if value is not None:
            self._gpu_memory = value

    def set_gpu_utilization(
        self,
        gpu_sm_utilization: int | NaType | None = None,
        gpu_memory_utilization: int | NaType | None = None,
        gpu_encoder_utilization: int | NaType | None = None,
        gpu_decoder_utilization: int | NaType | None = None,
    ) -> None:
        """Tells the object the process's shares of the device, in percent; None leaves what it knows."""
        if gpu_sm_utilization is not None:
            self._gpu_sm_utilization = gpu_sm_utilization
        if gpu_memory_utilization is not None:
            self._gpu_memory_utilization = gpu_memory_utilization
        if gpu_encoder_utilization is not None:
            self._gpu_encoder_utilization = gpu_encoder_utilization
        if gpu_decoder_utilization is not None:
            self._gpu_decoder_utilization = gpu_decoder_utilization

    def update_gpu_status(self) -> int | NaType:
        """Asks the driver again what the process does on the device.

        Returns
        -------
        int or NaType
            `gpu_memory`, in bytes; N/A if the process is not on the device (any more), then so are
            its utilizations.

        Notes
        -----
        All processes of the device are queried, and their objects told.
        """
        found = self.device.processes().get(self.pid)
        if found is None or found != self:
            self.set_gpu_memory(NA)
            self.set_gpu_utilization(NA, NA, NA, NA)
        elif found is not self:  # the device makes objects of another class than this
            _copy_facts(found, self)
        return self.gpu_memory()

    # ---- what the host says

    def is_running(self) -> bool:
        """Whether the process runs, also as a zombie; never raises."""
        try:
            running = self.host.is_running()
        except psutil.Error:
            running = False
        if not running:
            self._leave()
        return running

    @_else(lambda _: 'terminated')
    def status(self) -> str:
        """What the process is doing, a ``psutil.STATUS_…``; ``'terminated'`` within `failsafe`."""
        return self.host.status()

    @_else_na
    def create_time(self) -> float | NaType:
        """When the process was started, in seconds since the epoch; N/A within `failsafe`."""
        return self.host.create_time()

    @_else_na
    def running_time(self) -> datetime.timedelta | NaType:
        """How long ago the process was started; N/A within `failsafe`."""
        return self.host.running_time()

    def running_time_human(self) -> str | NaType:
        """`running_time` in a form for people: ``46:13:33``, ``4.5 days``; see `timedelta2human`."""
        return timedelta2human(self.running_time())

    def running_time_in_seconds(self) -> float | NaType:
        """`running_time` in seconds; N/A within `failsafe`."""
        running_time = self.running_time()
        return running_time if isinstance(running_time, NaType) else running_time.total_seconds()

    elapsed_time = running_time
    elapsed_time_human = running_time_human
    elapsed_time_in_seconds = running_time_in_seconds

    @_else_na
    def username(self) -> str | NaType:
        """Whose process it is; N/A within `failsafe`, unless it was asked for before."""
        return self.host.username()

    @_else_na
    def name(self) -> str | NaType:
        """The name of the program; N/A within `failsafe`."""
        return self.host.name()

    @_else_na
    def cpu_percent(self) -> float | NaType:
        """The CPU time used since the last call, in percent of one core; N/A within `failsafe`.

        It may be more than 100, and is 0.0 at first.
        """
        return self.host.cpu_percent()

    @_else_na
    def memory_percent(self) -> float | NaType:
        """The main memory used, in percent of all; N/A within `failsafe`."""
        return self.host.memory_percent()

    host_memory_percent = memory_percent

    @_else_na
    def host_memory(self) -> int | NaType:
        """The main memory used (``rss``), in bytes; N/A within `failsafe`."""
        return self.host.rss_memory()

    rss_memory = host_memory

    def host_memory_human(self) -> str | NaType:
        """`host_memory` in a form for people: ``8691MiB``; see `bytes2human`."""
        return bytes2human(self.host_memory())

    @_else(_cmdline_word)
    def cmdline(self) -> list[str]:
        """The command and its arguments.

        Returns
        -------
        list of str
            ``['Zombie Process']`` if it is empty; within `failsafe` ``['No Such Process']``, or
            ``['No Permissions']`` where this user may not know.
        """
        return self.host.cmdline() or ['Zombie Process']

    @_else(lambda error: _cmdline_word(error)[0])
    def command(self) -> str:
        """The command line as it could be typed, or the words that `cmdline` has instead."""
        return command_join(self.cmdline())

    # ---- snapshots

    def host_snapshot(self) -> Snapshot:
        """What the host says, read at once.

        Returns
        -------
        Snapshot
            is_running, status, username, name, cmdline, command, cpu_percent (%), memory_percent
            (%), host_memory (bytes), host_memory_human, running_time, running_time_human,
            running_time_in_seconds (s).
        """
        quick = quick_snapshots([self], _METHODS)
        if self.pid in quick:
            return quick[self.pid]
        with self.host.oneshot():
            return Snapshot(real=self.host, **{name: getattr(self, name)() for name in _HOST_KEYS})

    def as_snapshot(self, *, host_process_snapshot_cache: dict[int, Snapshot] | None = None) -> Snapshot:
        """The process as it is now.

        Parameters
        ----------
        host_process_snapshot_cache : dict, optional
            What `host_snapshot` says, by pid; whoever takes several snapshots passes the same dict
            to each, so that a process on several devices is read once.

        Returns
        -------
        Snapshot
            pid, host, what `host_snapshot` has, then device, type, gpu_instance_id,
            compute_instance_id, gpu_memory (bytes), gpu_memory_human, gpu_memory_percent (%) and
            gpu_{sm,memory,encoder,decoder}_utilization (%).
        """
        cache = {} if host_process_snapshot_cache is None else host_process_snapshot_cache
        host = cache.get(self.pid)
        if host is None or host.real is not self.host:  # the pid may be of two processes, one of them ended
            host = cache[self.pid] = self.host_snapshot()
        snapshot = Snapshot(real=self, pid=self.pid, host=host)
        # All at once: a snapshot that is told its items one by one takes as long as all the rest.
        items = snapshot.__dict__
        items.update(zip(_HOST_KEYS, _host_items(host)))
        items.update(device=self.device, type=self.type)
        items.update([(name, getattr(self, name)()) for name in _GPU_KEYS])
        return snapshot

    @classmethod
    def take_snapshots(cls, gpu_processes: Iterable[GpuProcess], *, failsafe: bool = False) -> list[Snapshot]:
        """Snapshots of several processes, in their order.

        Parameters
        ----------
        gpu_processes : iterable of GpuProcess
            The processes; one on several devices is read from the host once.
        failsafe : bool
            Whether what can't be read is answered as within `failsafe`. If not, the first process
            that has ended raises.
        """
        gpu_processes = list(gpu_processes)
        cache = quick_snapshots(gpu_processes, _METHODS)
        with cls.failsafe() if failsafe else contextlib.nullcontext():
            return [process.as_snapshot(host_process_snapshot_cache=cache) for process in gpu_processes]

    @classmethod
    @contextlib.contextmanager
    def failsafe(cls) -> Generator[None, None, None]:
        """Within this ``with`` block, methods about the host don't raise in this thread.

        A process that has ended, or that this user may not look at, is then answered for with a
        word or N/A; the description of each method says which. What is taken from `host` raises as
        ever.
        """
        before = _context.is_failsafe
        _context.is_failsafe = True
        try:
            yield
        finally:
            _context.is_failsafe = before


_HOST_KEYS = (
    'is_running', 'status', 'username', 'name', 'cmdline', 'command', 'cpu_percent',
    'memory_percent', 'host_memory', 'host_memory_human',
    'running_time', 'running_time_human', 'running_time_in_seconds',
)
_GPU_KEYS = (
    'gpu_instance_id', 'compute_instance_id', 'gpu_memory', 'gpu_memory_human', 'gpu_memory_percent',
    'gpu_sm_utilization', 'gpu_memory_utilization', 'gpu_encoder_utilization', 'gpu_decoder_utilization',
)


_host_items = operator.attrgetter(*_HOST_KEYS)

# What has to be as it is here for a process to be read together with others.
_METHODS = methods_of(GpuProcess, (*_HOST_KEYS, 'pid', 'host', 'create_time', 'host_snapshot'))


def _copy_facts(source: GpuProcess, target: GpuProcess) -> None:
    """Makes an object know of the device what another one knows."""
    for name in _FACTS:
        setattr(target, name, getattr(source, name))


def _restore(cls: type[GpuProcess], host: HostProcess, device: Device, facts: dict[str, Any]) -> GpuProcess:
    """What was pickled; what it knew is told to an object that knows nothing, and to no other."""
    process = cls(host.pid, device) if host.is_running() else cls._make(host, device)
    if all(getattr(process, name) is NA for name in _FACTS):
        for name, value in facts.items():
            setattr(process, name, value)
    return process


def _after_fork() -> None:
    """In the child: the thread that held the lock is not here."""
    if is_stuck(GpuProcess.INSTANCE_LOCK):
        GpuProcess.INSTANCE_LOCK = threading.RLock()


_platform.after_fork(_after_fork)
