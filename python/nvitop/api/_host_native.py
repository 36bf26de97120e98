"""What the C library knows of the processes of this machine, for many of them in one call.

It is asked first; psutil is asked for whatever is out of the common: a process that has ended or is
a zombie, one that this user may not look at, a platform that the library has no reader for.
"""

from __future__ import annotations

import functools
import importlib
import os
import struct
import sys
from typing import Any, Callable, Iterable, NamedTuple, TypeVar

import psutil

from nvitop.api import _native
from nvitop.api._native import ffi, lib
from nvitop.api.utils import command_join

__all__ = ['HostFacts', 'Start', 'read', 'read_starts']

_R = TypeVar('_R')

_CHARS = ffi.typeof('char *')
_NA, _INT, _HERE = lib.NVITOP_NA, lib.NVITOP_INT, lib.NVITOP_PRESENCE_HERE

# What is taken of a row in one go: numbers, and addresses of texts.
_FACTS = _native.layout('struct nvitop_host_process', (
    'presence', 'start_ticks', 'read_ns', 'uid.u.i', 'state.kind', 'state.u.text', 'command.u.text',
    'rss.kind', 'rss.u.i', 'cpu_seconds.u.r', 'comm', 'argv', 'argv_len',
))
_START = _native.layout('struct nvitop_host_process', (
    'presence', 'start_ticks', 'read_ns', 'cpu_seconds.kind', 'cpu_seconds.u.r',
))
_IS_UTF8 = sys.getfilesystemencoding().lower() == 'utf-8'

_STATUSES = {
    b'R': psutil.STATUS_RUNNING,
    b'S': psutil.STATUS_SLEEPING,
    b'D': psutil.STATUS_DISK_SLEEP,
    b'T': psutil.STATUS_STOPPED,
    b't': psutil.STATUS_TRACING_STOP,
    b'I': psutil.STATUS_IDLE,
}


class HostFacts(NamedTuple):
    """A process that is there, and of which all of this is known."""

    start_ticks: int  # from boot
    read_at: float  # time.monotonic
    cpu_seconds: float
    rss: int  # bytes
    user: str
    status: str  # psutil's word
    name: str  # as HostProcess.name has it
    cmdline: list[str]  # as HostProcess.cmdline has it
    command: str


class Start(NamedTuple):
    """Which process has a pid, and the CPU time of its life."""

    start_ticks: int
    read_at: float
    cpu_seconds: float


@functools.lru_cache(maxsize=1)
def _elsewhere(procfs: str) -> Any:
    """A session over another process file system than the usual one."""
    return ffi.gc(_native.open_session(procfs), lib.nvitop_session_close)


def _session() -> Any:
    """The session that sees the processes that psutil sees; None where there is none."""
    procfs = getattr(psutil, 'PROCFS_PATH', '/proc')
    try:
        return _native.session() if procfs == '/proc' else _elsewhere(procfs)
    except importlib.import_module('nvitop.api.libnvml').NVMLError_NotFound:  # there is no process file system
        return None


def _decode(text: bytes) -> str:
    """Bytes of the kernel as psutil decodes them: it reads command lines as lines of text."""
    found = os.fsdecode(text)
    return found.replace('\r\n', '\n').replace('\r', '\n') if '\r' in found else found


def _name(comm: bytes, words: list[str]) -> str:
    """The kernel cuts names at 15 bytes; the command line has all of it, if it is the program's."""
    name = os.fsdecode(comm)
    if len(name) >= 15:
        whole = os.path.basename(words[0])
        if whole.startswith(name):
            return whole
    return name


def _bytes(address: int) -> bytes:
    """A text of C by its address."""
    return ffi.string(ffi.cast(_CHARS, address))  # type: ignore[no-any-return]


_users: dict[int, str] = {}


def _user(uid: int, row: Any) -> str | None:
    """The name of a user; those of the library are for as long as it runs."""
    if uid not in _users and row.user.kind == lib.NVITOP_TEXT:
        _users[uid] = _native.text(row.user.u.text)
    return _users.get(uid)


def _facts(row: tuple[Any, ...], whole: Any) -> HostFacts | None:
    """None where something is not known, or not as psutil would tell it."""
    (presence, ticks, read_ns, uid, state_kind, state, command, rss_kind, rss, seconds, comm, argv,
     argv_len) = row
    if presence != _HERE or not argv_len or rss_kind != _INT or state_kind == _NA:
        return None
    status, user = _STATUSES.get(_bytes(state)), _user(uid, whole)
    if status is None or user is None:
        return None
    arguments = _decode(ffi.unpack(ffi.cast(_CHARS, argv), argv_len - 1))
    cmdline = arguments.split('\0')
    is_joined = _IS_UTF8 and '\n' not in arguments and '\t' not in arguments
    return HostFacts(ticks, read_ns / 1e9, seconds, rss, user, status, _name(_bytes(comm), cmdline), cmdline,
                     _bytes(command).decode('utf-8', 'surrogateescape') if is_joined else command_join(cmdline))


def _start(row: tuple[Any, ...], _whole: Any) -> Start | None:
    presence, ticks, read_ns, seconds_kind, seconds = row
    return Start(ticks, read_ns / 1e9, seconds) if presence == _HERE and seconds_kind != _NA else None


def _read(pids: Iterable[int], flags: int, layout: struct.Struct,
          make: Callable[[tuple[Any, ...], Any], _R | None]) -> dict[int, _R]:
    """What is made of the row of each process by pid, without those of which nothing is made."""
    wanted = [pid for pid in set(pids) if 0 < pid < 1 << 31]
    session, ret_rows = _session(), ffi.new('struct nvitop_host_process **')
    if session is None or lib.nvitop_host_processes(
        session, wanted, len(wanted), flags, layout.size, ret_rows
    ) < 0:
        return {}
    rows, found = ret_rows[0], {}
    try:
        for place, row in enumerate(layout.iter_unpack(ffi.buffer(rows, len(wanted) * layout.size))):
            made = make(row, rows[place])
            if made is not None:
                found[wanted[place]] = made
    finally:
        lib.nvitop_host_processes_free(rows)
    return found


def read(pids: Iterable[int]) -> dict[int, HostFacts]:
    """What is known of processes by pid; those that psutil is to be asked for are not in it."""
    return _read(pids, lib.NVITOP_HOST_PROCESS_COMMAND, _FACTS, _facts)


def read_starts(pids: Iterable[int]) -> dict[int, Start]:
    """Which processes have pids; those that psutil is to be asked for are not in it."""
    return _read(pids, 0, _START, _start)
