"""A kernel that lacks a call: a filter says so to a process and all that it starts."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

EXECVEAT = {'x86_64': 322, 'aarch64': 281}[platform.machine()]

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERROR = 0x7FFF0000, 0x00050000


def refuse(number: int) -> None:
    """Of this process, for ever: for a child before it executes."""
    lines = ((LOAD, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | errno.ENOSYS), (RETURN, 0, 0, ALLOW))
    program = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *line) for line in lines))
    whole = ctypes.create_string_buffer(struct.pack('HP', len(lines), ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, whole, 0, 0):
        raise OSError(ctypes.get_errno(), 'no filter')
