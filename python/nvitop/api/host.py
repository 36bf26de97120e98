"""The machine: all names of psutil, and a few of our own beside them.

``from nvitop import host`` gives a module that can be used where psutil is, with one difference:
its base class of errors is called ``PsutilError`` here, since ``Error`` says too little.
Nothing is kept between two calls; each asks the system anew.
"""

from __future__ import annotations

import collections
import getpass
import os
import platform
import time
from typing import TYPE_CHECKING, Any

import psutil as _psutil
from psutil import *  # noqa: F403
from psutil import Error as PsutilError

del Error  # noqa: F821

if TYPE_CHECKING:
    from collections import defaultdict

__all__ = [
    'PsutilError',
    'WINDOWS_SUBSYSTEM_FOR_LINUX',
    'WSL',
    'getuser',
    'hostname',
    'load_average',
    'memory_percent',
    'ppid_map',
    'reverse_ppid_map',
    'swap_percent',
    'uptime',
]
__all__ += [name for name in _psutil.__all__ if name != 'Error']


def __getattr__(name: str) -> Any:
    """Public names that psutil has outside its ``__all__``; its ``Error`` is ``PsutilError``."""
    if name.startswith('_') or name == 'Error':
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    try:
        return getattr(_psutil, name)
    except AttributeError:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}') from None


def _wsl() -> str | None:
    if not _psutil.LINUX:
        return None
    name = os.environ.get('WSL_DISTRO_NAME')
    return name if name is None else name or 'WSL'


WINDOWS_SUBSYSTEM_FOR_LINUX: str | None = _wsl()
"""The name of the WSL distribution, ``'WSL'`` if it has none; None outside of WSL."""

WSL: str | None = WINDOWS_SUBSYSTEM_FOR_LINUX
"""Short for `WINDOWS_SUBSYSTEM_FOR_LINUX`."""


def getuser() -> str:
    """Who runs this program.

    Returns
    -------
    str
        The login name; the number of the user where the system knows no name for it, as is usual
        in containers.

    See Also
    --------
    getpass.getuser : where the name comes from.
    """
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):  # which one depends on the version of Python
        return str(os.getuid()) if hasattr(os, 'getuid') else ''


def hostname() -> str:
    """The network name of this machine, as `platform.node` has it; ``''`` if it has none."""
    return platform.node()


def uptime() -> float:
    """How long the machine has been up, in seconds."""
    return time.time() - _psutil.boot_time()


def load_average() -> tuple[float, float, float] | None:
    """The number of processes that run or want to, averaged over 1, 5 and 15 minutes.

    Returns
    -------
    tuple of float or None
        Plain loads, not percentages; None where the system does not tell. On Windows they are
        computed by psutil and stay 0 for the first 5 seconds.

    See Also
    --------
    psutil.getloadavg : the source.
    """
    read = getattr(_psutil, 'getloadavg', None)
    if read is None:
        return None
    try:
        one, five, fifteen = read()
    except (OSError, RuntimeError):  # the latter where Windows has no counter for it
        return None
    return one, five, fifteen


def memory_percent() -> float:
    """How much of the main memory is in use, in percent; ``percent`` of `psutil.virtual_memory`."""
    return _psutil.virtual_memory().percent


def swap_percent() -> float:
    """How much of the swap space is in use, in percent; ``percent`` of `psutil.swap_memory`.

    It is 0.0 on a machine without swap.
    """
    return _psutil.swap_memory().percent


def ppid_map() -> dict[int, int]:
    """The parent of every process.

    Returns
    -------
    dict
        pid → pid of its parent; 0 for those that the kernel started. A process that ends meanwhile
        may or may not be in it.
    """
    quick = getattr(_psutil, '_ppid_map', None)  # not promised to be there for ever
    if quick is not None:
        return dict(quick())
    return {process.pid: process.info['ppid']
            for process in _psutil.process_iter(['ppid']) if process.info['ppid'] is not None}


def reverse_ppid_map() -> defaultdict[int, list[int]]:
    """The children of every process.

    Returns
    -------
    collections.defaultdict
        pid → pids of its children, an empty list for every other number.
    """
    children: defaultdict[int, list[int]] = collections.defaultdict(list)
    for pid, ppid in ppid_map().items():
        children[ppid].append(pid)
    return children
