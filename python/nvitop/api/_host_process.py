"""A process of this machine: psutil's, with what a viewer of GPUs needs beside it.

While a process runs there is one object for it, kept in a weak table by pid. It is looked up
under a lock, and handed out only after its start time was compared: a pid that was given to
another process gets another object. An object for a pid that nobody has is fine, and says so.
"""

from __future__ import annotations

import contextlib
import datetime
import operator
import os
import threading
import time
from abc import ABCMeta
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Container, Generator, Iterable, Mapping, NamedTuple, TypeVar
from weakref import WeakValueDictionary

import psutil

from nvitop.api import _host_native, _platform
from nvitop.api._host_native import Start
from nvitop.api.utils import Snapshot, command_join, timedelta2human

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ['HostProcess']

_T = TypeVar('_T', bound='HostProcess')

# Two times of start that differ by less are the same. Pids come around much later than that, and
# what some versions of psutil add to the kernel's number is not exact.
_SAME_START = 1.5

# How a process is there no more, in words for `repr`.
_TERMINATED, _REUSED = 'terminated', 'terminated + PID reused'
FOREIGN = 'PID of another namespace'

TICKS = os.sysconf('SC_CLK_TCK') if hasattr(os, 'sysconf') else 1

# Since then psutil tells processes apart by the time from boot to their start.
_HAS_TICKS = psutil.LINUX and psutil.version_info >= (7, 1)


def cpu_count() -> int:
    """How many CPUs there are, as psutil counts them, which asks the system each time."""
    return psutil.cpu_count() or 1


class _CpuTimes(NamedTuple):
    """What psutil looks at of the CPU time of a process."""

    user: float
    system: float


class _Readings(threading.local):
    """What this thread has just read of processes, see `seen`."""

    starts: Mapping[int, int] = {}
    foreign: Container[int] = ()
    _facts: Mapping[int, Start] | None = None
    _cpus: int | None = None

    def start(self, pid: int) -> Start | None:
        """Which process has the pid: those of `seen` are all asked for when the first one is."""
        if pid not in self.starts:
            return _host_native.read_starts([pid]).get(pid)
        if self._facts is None:
            self._facts = _host_native.read_starts(self.starts)
        return self._facts.get(pid)

    def cpus(self) -> int:
        """`cpu_count`, asked for once within `seen`."""
        if not self.starts:
            return cpu_count()
        if self._cpus is None:
            self._cpus = cpu_count()
        return self._cpus


_readings = _Readings()


@contextlib.contextmanager
def seen(starts: Mapping[int, int], foreign: Container[int] = ()) -> Generator[None, None, None]:
    """Within, objects of processes whose start was just read are handed out without a look of their own.

    Parameters
    ----------
    starts : mapping of int to int
        Ticks from boot to the start of the process (field 22 of ``/proc/PID/stat``), by pid; 0 if
        it is not known.
    foreign : container of int
        Pids of another namespace, for `is_foreign`.
    """
    before = vars(_readings).copy()
    vars(_readings).update(starts=starts, foreign=foreign, _facts=None, _cpus=None)
    try:
        yield
    finally:
        vars(_readings).clear()
        vars(_readings).update(before)


def is_foreign(pid: int) -> bool:
    """Whether the pid, within `seen`, is of another namespace."""
    return pid in _readings.foreign


class _Nobody:
    """What psutil asks about a process that has ended: no such process, whoever has its pid now."""

    def __init__(self, pid: int, name: str | None) -> None:
        self.pid, self.name_of_old = pid, name

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith('_'):
            raise AttributeError(name)
        return self._refuse

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        raise psutil.NoSuchProcess(self.pid, self.name_of_old)

    def oneshot_enter(self) -> None:
        """Nothing to keep."""

    def oneshot_exit(self) -> None:
        """Nothing was kept."""

    def wait(self, timeout: float | None = None) -> None:
        """It has ended, nobody knows how."""


class HostProcess(psutil.Process, metaclass=ABCMeta):
    """A process of this machine, by its pid.

    Everything of `psutil.Process` is here; it also says what the command line reads like and how
    long the process has been running. ``HostProcess(pid)`` is always the same object as long as
    the process runs; copies and pickles of it are that object, too.

    Parameters
    ----------
    pid : int, optional
        The process; this one if left out. A pid that nobody has gives an object whose
        ``is_running()`` is False.

    Raises
    ------
    ValueError
        The pid is negative.
    TypeError
        The pid is not a whole number.

    Notes
    -----
    What can't be read raises, as in psutil: `psutil.NoSuchProcess` when the process has ended,
    `psutil.ZombieProcess` when only its exit status is left, `psutil.AccessDenied` when this user
    may not know.
    """

    __module__ = 'nvitop.api.process'  # where programs know it from

    INSTANCES: ClassVar[WeakValueDictionary[int, Any]] = WeakValueDictionary()
    """The objects by pid. A subclass has a table of its own."""

    INSTANCE_LOCK: ClassVar[threading.RLock] = threading.RLock()
    """Held while a table is looked up or changed."""

    _username: str | None
    _frozen: dict[str, Any] | None
    _ended: str | None
    _start_ticks: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.INSTANCES = WeakValueDictionary()

    def __new__(cls, pid: int | None = None) -> Self:
        number = os.getpid() if pid is None else int(operator.index(pid))
        with cls.INSTANCE_LOCK:
            known = cls.INSTANCES.get(number)
            if known is not None and (known._was_seen() or known.is_running()):
                return known  # type: ignore[no-any-return]
            fresh = cls._make(number)
            if fresh._ended is None:
                cls.INSTANCES[number] = fresh
            return fresh

    def __init__(self, pid: int | None = None) -> None:  # noqa: ARG002
        """All is done by ``__new__``; psutil's own would make the object forget what it knows."""

    @classmethod
    def _make(cls: type[_T], pid: int) -> _T:
        """An object that is in no table."""
        process: _T = super().__new__(cls)
        process._username = None
        process._frozen = None
        process._ended = None
        process._start_ticks = 0
        # First the library and then psutil: if the pid changes hands in between, the library is
        # found to speak of another process, and psutil is asked.
        start = _readings.start(pid)
        if start:
            process._start_ticks = start.start_ticks
        process._init(pid, _ignore_nsp=True)  # type: ignore[attr-defined]
        if getattr(process, '_gone', False):
            process._end(_TERMINATED)
        # The use of the CPU is measured since the last question: this is the first one.
        if start and process._can_count():
            process._count(start.read_at, start.cpu_seconds, _readings.cpus())
        else:
            with contextlib.suppress(psutil.Error):
                psutil.Process.cpu_percent(process)
        return process

    @classmethod
    def _make_ended(cls: type[_T], pid: int, word: str, ident: tuple[int, float | None] | None = None) -> _T:
        """An object of a process that does not run here; whoever has its pid is not asked."""
        process: _T = super().__new__(cls)
        vars(process).update(_username=None, _frozen=None, _ended=None, _start_ticks=0)
        process._init(pid, _ignore_nsp=True)  # type: ignore[attr-defined]
        vars(process).update(_ident=ident or (pid, None), _create_time=None)  # those were another's
        process._end(word)
        return process

    def _get_ident(self) -> tuple[int, float | None]:
        """Who it is for psutil, which need not read again what was just read."""
        if self._start_ticks and _HAS_TICKS:
            return self.pid, self._start_ticks / TICKS
        return super()._get_ident()  # type: ignore[misc,no-any-return]

    def _leave(self) -> None:
        """Takes this object, but no younger one, out of the table."""
        with self.INSTANCE_LOCK:
            if self.INSTANCES.get(self.pid) is self:
                del self.INSTANCES[self.pid]

    def _can_count(self) -> bool:
        """Whether psutil remembers the last question about the CPU as all its versions do, by a clock that is C's, too."""
        return _platform.HAS_ONE_CLOCK and '_last_sys_cpu_times' in vars(self)

    def _count(self, now: float, seconds: float, cpus: int) -> float:
        """What `cpu_percent` says, which counts from here on, with the clock and the CPU time of a reading.

        psutil multiplies its clock by the number of CPUs.
        """
        own = vars(self)
        before, then = own['_last_proc_cpu_times'], own['_last_sys_cpu_times']
        own['_last_proc_cpu_times'], own['_last_sys_cpu_times'] = _CpuTimes(seconds, 0.0), now * cpus
        if before is None or now * cpus <= then:
            return 0.0
        share: float = (seconds - before.user - before.system) / (now * cpus - then) * 100 * cpus
        return round(share, 1)

    def _started_at(self, ticks: int) -> bool:
        """Whether a process that runs is this one, by its start in ticks from boot; False: not known."""
        return ticks != 0 and ticks == self._start_ticks and self._ended is None

    def _was_seen(self) -> bool:
        """Whether this process, by its start, was among those that were just read."""
        return self._started_at(_readings.starts.get(self.pid, 0))

    def _is_foreign(self) -> bool:
        """Whether its pid is another namespace's."""
        return self._ended == FOREIGN

    def _end(self, word: str) -> None:
        """Remembers that the process has ended: whoever gets its pid is not asked, nor sent a signal."""
        self._ended = word
        # psutil's own marks: its methods that change something refuse to work on such a process.
        vars(self).update(_gone=True, _pid_reused=True, _proc=_Nobody(self.pid, getattr(self, '_name', None)))
        self._leave()

    # ---- copies

    def __copy__(self: _T) -> _T:
        return self

    def __deepcopy__(self: _T, memo: dict[int, Any]) -> _T:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.pid, getattr(self, '_ident', None), self._ended)

    def __str__(self) -> str:
        facts: dict[str, Any] = {'pid': self.pid}
        with self.oneshot():
            facts['name'] = getattr(self, '_name', None)
            if not self.is_running():  # whoever has the pid now is not to be taken for this process
                facts['status'] = self._ended
            else:
                facts.update(self._shown())
        code = getattr(self, '_exitcode', None)
        facts['exitcode'] = code if isinstance(code, int) else None
        facts['started'] = _clock_text(getattr(self, '_create_time', None))
        known = ', '.join(f'{name}={value!r}' for name, value in facts.items() if value is not None)
        return f'{type(self).__name__}({known})'

    __repr__ = __str__

    def _shown(self) -> dict[str, str]:
        """Name and state for `repr`, as far as this user may know."""
        try:
            self.create_time()
            return {'name': self.name(), 'status': self.status()}
        except psutil.ZombieProcess:
            return {'status': psutil.STATUS_ZOMBIE}
        except psutil.NoSuchProcess:  # just now
            return {'status': 'terminated'}
        except psutil.AccessDenied:
            return {}

    def _raise_if_pid_reused(self) -> None:
        """psutil asks so before what would do harm. It takes each that has ended for one whose pid is another's."""
        try:
            super()._raise_if_pid_reused()  # type: ignore[misc]
        except psutil.NoSuchProcess:
            if self._ended != _REUSED:
                raise psutil.NoSuchProcess(self.pid, getattr(self, '_name', None)) from None
            raise

    # ---- what psutil has as well

    def is_running(self) -> bool:
        """Whether this very process runs; False for another one that has its pid now.

        A zombie counts as running, its pid is still taken.
        """
        running = super().is_running()
        if not running and self._ended is None:
            is_reused = getattr(self, '_pid_reused', None)
            # Versions of psutil before 5.9.6 don't tell.
            self._end(_REUSED if (_is_taken(self.pid) if is_reused is None else is_reused) else _TERMINATED)
        return running

    def username(self) -> str:
        """The name of the user whose process it is.

        Once known it is kept, and told after the process has ended, too. A domain before the name,
        as on Windows, is left out.

        Returns
        -------
        str
            The number of the user where the system knows no name.
        """
        if self._username is None:
            name = super().username()
            self._username = name.rpartition('\\')[2] if psutil.WINDOWS else name
        return self._username

    def cmdline(self) -> list[str]:
        """The command and its arguments.

        Empty texts at the end are left out: programs that write a title over their command line
        fill up the rest of it with zeros. A thread of the kernel has an empty list.
        """
        frozen = {} if self._frozen is None else self._frozen
        if 'cmdline' not in frozen:
            frozen['cmdline'] = self._read_cmdline()
        return list(frozen['cmdline'])

    def _read_cmdline(self) -> list[str]:
        words = super().cmdline()
        while len(words) > 1 and not words[-1]:
            words.pop()
        return words

    def parent(self) -> HostProcess | None:
        """The process that started this one, or the one that has adopted it; None without any."""
        parent = super().parent()
        return None if parent is None else HostProcess(parent.pid)

    def children(self, recursive: bool = False) -> list[HostProcess]:  # type: ignore[override]
        """The processes that this one has started.

        Parameters
        ----------
        recursive : bool
            Theirs as well, and so on.

        Returns
        -------
        list of HostProcess
            Those of a process that has ended have another parent: for it `psutil.NoSuchProcess` is raised.
        """
        return [HostProcess(child.pid) for child in super().children(recursive)]

    @contextlib.contextmanager
    def oneshot(self) -> Generator[None, None, None]:
        """Reads within a ``with`` block what belongs together only once.

        psutil's own, and the command line and the running time beside it. Other threads wait with
        theirs until the block is left.
        """
        with super().oneshot():
            if self._frozen is not None:
                yield
                return
            self._frozen = {}
            try:
                yield
            finally:
                self._frozen = None

    # ---- what psutil has not

    def command(self) -> str:
        """The command line as it could be typed, with quotes where they are needed; see `command_join`."""
        return command_join(self.cmdline())

    def running_time(self) -> datetime.timedelta:
        """How long ago the process was started; for one that has ended, too, if its start is known."""
        frozen = {} if self._frozen is None else self._frozen
        if 'running_time' not in frozen:
            frozen['running_time'] = datetime.timedelta(seconds=time.time() - self.create_time())
        return frozen['running_time']  # type: ignore[no-any-return]

    def running_time_human(self) -> str:
        """`running_time` in a form for people: ``1:02:03``, ``4.5 days``; see `timedelta2human`."""
        return timedelta2human(self.running_time())

    def running_time_in_seconds(self) -> float:
        """`running_time` in seconds."""
        return self.running_time().total_seconds()

    elapsed_time = running_time
    elapsed_time_human = running_time_human
    elapsed_time_in_seconds = running_time_in_seconds

    def rss_memory(self) -> int:
        """The main memory that the process has now, in bytes: ``rss`` of ``memory_info()``; 0 for a zombie."""
        return self.memory_info().rss

    def as_snapshot(self, attrs: Iterable[str] | None = None, ad_value: Any = None) -> Snapshot:
        """The process as it is now, read at once.

        Parameters
        ----------
        attrs : iterable of str, optional
            Names of psutil, as for ``as_dict``. Left out: all of those, and `command`,
            `running_time` and `running_time_human`.
        ad_value : object, optional
            Stands for what this user may not know, or what a zombie does not have any more.

        Raises
        ------
        psutil.NoSuchProcess
            The process has ended.
        ValueError
            A name is none of psutil's.
        """
        with self.oneshot():
            self.is_running()
            found = self.as_dict(None if attrs is None else list(attrs), ad_value)
            if attrs is None:
                for name in ('command', 'running_time', 'running_time_human'):
                    try:
                        found[name] = getattr(self, name)()
                    except (psutil.AccessDenied, psutil.ZombieProcess):
                        found[name] = ad_value
        return Snapshot(real=self, **found)


def _clock_text(epoch: float | None) -> str | None:
    """The time of day; the date before it if that is another day."""
    if epoch is None:
        return None
    moment = datetime.datetime.fromtimestamp(epoch)
    is_today = moment.date() == datetime.datetime.now().date()
    return moment.strftime('%H:%M:%S' if is_today else '%Y-%m-%d %H:%M:%S')


def _is_taken(pid: int) -> bool:
    """Whether there is a process with that pid now."""
    try:
        psutil.Process(pid)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
    return True


def _restore(cls: type[_T], pid: int, ident: tuple[int, float | None] | None, ended: str | None = None) -> _T:
    """What was pickled; an object that has ended, if it had, or the pid is another process's or nobody's now."""
    if ended is None:
        process = cls(pid)
        now = getattr(process, '_ident', None)
        if ident is None or now is None or ident[1] is None:
            return process
        if now[1] is not None and abs(now[1] - ident[1]) < _SAME_START:
            return process
        ended = _TERMINATED if now[1] is None else _REUSED
    return cls._make_ended(pid, ended, ident)


# ---- fork


def is_stuck(lock: Any) -> bool:
    """Whether a lock is held by a thread other than this one; only of use in a child."""
    if lock.acquire(blocking=False):
        lock.release()
        return False
    return True


def _families(cls: type[HostProcess]) -> Iterable[type[HostProcess]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _families(child)


def _unstick(process: HostProcess) -> None:
    """Ends the `oneshot` of a thread that is not in this process."""
    vars(process)['_lock'] = threading.RLock()
    process._frozen = None
    for holder in (process, getattr(process, '_proc', None)):
        with contextlib.suppress(AttributeError):
            del holder._cache  # type: ignore[union-attr]


def _after_fork() -> None:
    """In the child: threads that held a lock are not here."""
    if is_stuck(HostProcess.INSTANCE_LOCK):
        HostProcess.INSTANCE_LOCK = threading.RLock()
    for family in _families(HostProcess):
        for process in list(family.INSTANCES.values()):
            if is_stuck(getattr(process, '_lock', HostProcess.INSTANCE_LOCK)):
                _unstick(process)


_platform.after_fork(_after_fork)
