"""Snapshots of what the host says of GPU processes: all of them are read in one call.

The library's facts stand for the methods only as long as they are those of this package and of
psutil: what a subclass, an object or a test has its own method for is called instead, and so it is
where something is out of the common; see `_host_native`.
"""

from __future__ import annotations

import datetime
import functools
import time
from typing import TYPE_CHECKING, Any, Iterable, Mapping

import psutil

from nvitop.api import _host_native
from nvitop.api._host_process import TICKS, HostProcess, cpu_count
from nvitop.api.utils import Snapshot, bytes2human, timedelta2human

if TYPE_CHECKING:
    from nvitop.api._gpu_process import GpuProcess
    from nvitop.api._host_native import HostFacts

__all__ = ['methods_of', 'quick_snapshots']

_OF_PSUTIL = ('is_running', 'status', 'username', 'name', 'cmdline', 'cpu_percent', 'cpu_times', 'memory_percent',
              'memory_info', 'create_time', 'oneshot')


def methods_of(cls: type, names: Iterable[str]) -> dict[str, Any]:
    """The methods that a class has now, by name."""
    return {name: getattr(cls, name) for name in names}


_PSUTIL = methods_of(psutil.Process, _OF_PSUTIL)
_HOST = methods_of(HostProcess, (*_OF_PSUTIL, 'command', 'running_time', 'rss_memory'))


def _has_own(cls: type, methods: Mapping[str, Any]) -> bool:
    """Whether a class has other methods than these."""
    return any(getattr(cls, name) is not method for name, method in methods.items())


class _Plain:
    """Tells objects whose methods are the known ones; asks each class once."""

    def __init__(self, methods: Mapping[str, Any]) -> None:
        self.methods = methods
        self.classes: dict[type, bool] = {}

    def __contains__(self, thing: object) -> bool:
        cls = type(thing)
        if cls not in self.classes:
            self.classes[cls] = not _has_own(cls, self.methods)
        return self.classes[cls] and self.methods.keys().isdisjoint(vars(thing))


class _Machine:
    """What the answers about all processes stand on: asked for once."""

    def __init__(self) -> None:
        self.cpus = cpu_count()
        self.memory = float(getattr(psutil, '_TOTAL_PHYMEM', None) or psutil.virtual_memory().total)

    @functools.cached_property
    def boot(self) -> float:
        """When it was booted, in seconds since the epoch."""
        return psutil.boot_time()

    def create_time(self, host: HostProcess, ticks: int) -> float:
        """When a process was started; psutil remembers it."""
        own = vars(host)
        if own.get('_create_time', 0) is None:
            own['_create_time'] = ticks / TICKS + self.boot
        return host.create_time()

    def snapshot(self, host: HostProcess, facts: HostFacts) -> Snapshot:
        """What `GpuProcess.host_snapshot` says."""
        running_time = datetime.timedelta(seconds=time.time() - self.create_time(host, facts.start_ticks))
        vars(host)['_name'] = facts.name
        if host._username is None:
            host._username = facts.user
        return Snapshot(
            real=host,
            is_running=True,
            status=facts.status,
            username=host._username,
            name=facts.name,
            cmdline=facts.cmdline,
            command=facts.command,
            cpu_percent=host._count(facts.read_at, facts.cpu_seconds, self.cpus),
            memory_percent=facts.rss / self.memory * 100,
            host_memory=facts.rss,
            host_memory_human=bytes2human(facts.rss),
            running_time=running_time,
            running_time_human=timedelta2human(running_time),
            running_time_in_seconds=running_time.total_seconds(),
        )


def quick_snapshots(processes: Iterable[GpuProcess], methods: Mapping[str, Any]) -> dict[int, Snapshot]:
    """What `GpuProcess.host_snapshot` says of each process, by pid, without those that are to be asked themselves.

    Parameters
    ----------
    processes : iterable of GpuProcess
        What is no such object is passed over.
    methods : mapping of str to object
        What `GpuProcess` has, and a process has to have, for the library to stand for it.
    """
    if _has_own(psutil.Process, _PSUTIL):
        return {}
    plain, plain_host = _Plain(methods), _Plain(_HOST)
    hosts = {process.pid: process.host for process in processes if process in plain and process.host in plain_host}
    facts = _host_native.read(pid for pid, host in hosts.items() if host._frozen is None and host._can_count())
    machine = _Machine()
    return {pid: machine.snapshot(hosts[pid], fact)
            for pid, fact in facts.items() if hosts[pid]._started_at(fact.start_ticks)}
