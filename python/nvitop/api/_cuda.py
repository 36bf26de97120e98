"""What libcuda and libcudart have in common: finding a library, calling it, and saying what went wrong.

A library is opened by the first call that needs it and stays open: neither expects to be closed. The lock is
held only while it is looked for, and a child gets a new one, since a thread of its parent may have held the old.
The interpreter runs other threads while a call is out.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Any, Callable, ClassVar, Dict, Iterable, Optional, Type

from nvitop.api import _platform
from nvitop.api._errors import CodedError


__all__ = ['CudaLibrary', 'CudaLibraryError', 'version_text']

# CUDA's own texts of what can go wrong where there is no library that could be asked for them.
TEXTS: Dict[int, str] = {
    1: 'Invalid argument',
    3: 'Initialization error',
    4: 'Driver shutting down',
    100: 'No CUDA-capable device is detected',
    101: 'Invalid device ordinal',
    201: 'Invalid device context',
    500: 'Named symbol not found',
    803: 'System has unsupported display driver / CUDA driver combination',
    804: 'Forward compatibility was attempted on non supported Hardware',
}

# What a caller is told who needs the library, or a function of it, and there is none.
NO_LIBRARY = 3
NO_FUNCTION = 500


class CudaLibrary:
    """A shared library whose functions return error numbers, opened when it is first needed.

    Parameters
    ----------
    paths : callable
        Gives the names and paths to try, best first.
    error : type
        What is raised for a number other than 0.
    """

    def __init__(self, paths: Callable[[], Iterable[str]], error: Type[CudaLibraryError]) -> None:
        self._paths = paths
        self._error = error
        self._handle: Optional[ctypes.CDLL] = None
        self._renew_lock()
        _platform.after_fork(self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def _open(self) -> ctypes.CDLL:
        with self._lock:
            if self._handle is None:
                self._handle = _open_first(self._paths())
            return self._handle

    def find(self, *symbols: str) -> Any:
        """The first of some functions that the library has; without library or function its error is raised."""
        try:
            library = self._open()
        except OSError as error:
            raise self._error(NO_LIBRARY) from error
        for symbol in symbols:
            if hasattr(library, symbol):
                return getattr(library, symbol)
        raise self._error(NO_FUNCTION)

    def call(self, symbol: str, *args: Any) -> None:
        """Calls a function, and raises the error number that it returns."""
        check(self.find(symbol)(*args), self._error)

    def read_int(self, symbol: str, *args: Any) -> int:
        """Calls a function whose first argument points to an int, and gives that."""
        box = ctypes.c_int()
        self.call(symbol, ctypes.byref(box), *args)
        return box.value

    def read_text(self, symbol: str, size: int, device: int) -> str:
        """Calls a function that fills a buffer with a text about a device, and gives that."""
        buffer = ctypes.create_string_buffer(size)
        self.call(symbol, buffer, ctypes.c_int(size), ctypes.c_int(device))
        return buffer.value.decode(errors='replace')


class CudaLibraryError(CodedError):
    """Error of a library of CUDA; its text is the library's own where that can be asked."""

    _names: ClassVar[Dict[int, str]]

    @staticmethod
    def _ask(value: int) -> tuple[str, str]:
        """The name and the text that the library has for an error number."""
        raise NotImplementedError

    def __str__(self) -> str:
        name, text = self._names.get(self.value), TEXTS.get(self.value)
        if name is None or text is None:
            try:
                library_name, text = self._ask(self.value)
            except CudaLibraryError:
                return f'CUDA Error with code {self.value}.'
            name, text = name or library_name, text.rstrip('.').capitalize()
        return f'{text}. Code: {name} ({self.value}).'

    __repr__ = __str__


def check(status: int, error: Type[CudaLibraryError]) -> None:
    """Raises what a function returned, unless it is success."""
    if status != 0:
        raise error(status)


def _open_first(paths: Iterable[str]) -> ctypes.CDLL:
    tried = []
    for path in paths:
        try:
            return ctypes.CDLL(path)
        except OSError:
            tried.append(path)
    raise OSError(f'none of these libraries can be opened: {", ".join(tried)}')


def version_text(version: int) -> str:
    """``12020`` as ``'12.2'``, and ``12021`` as ``'12.2.1'``."""
    major, rest = divmod(version, 1000)
    minor, patch = divmod(rest, 10)
    return f'{major}.{minor}.{patch}' if patch else f'{major}.{minor}'
