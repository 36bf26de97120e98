"""What libnvml stands on where nvidia-ml-py is not installed: NVML's errors, and the library's begin and end."""

from __future__ import annotations

import ctypes
import threading
from typing import Optional

from nvitop.api import _platform
from nvitop.api._nvml_errors import *  # noqa: F403
from nvitop.api._nvml_errors import (
    NVML_ERROR_FUNCTION_NOT_FOUND,
    NVML_ERROR_LIBRARY_NOT_FOUND,
    NVML_SUCCESS,
    NVMLError,
)


class _Library:
    """The driver's library, once it is open."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.handle: Optional[ctypes.CDLL] = None

    def call(self, symbol: str, *args: int) -> None:
        """Calls a function, and raises the error number that it returns."""
        with self.lock:
            if self.handle is None:
                try:
                    self.handle = ctypes.CDLL(_platform.NVML)
                except OSError as error:
                    raise NVMLError(NVML_ERROR_LIBRARY_NOT_FOUND) from error
        try:
            function = getattr(self.handle, symbol)
        except AttributeError as error:
            raise NVMLError(NVML_ERROR_FUNCTION_NOT_FOUND) from error
        status: int = function(*args)
        if status != NVML_SUCCESS:
            raise NVMLError(status)


_library = _Library()


def nvmlInitWithFlags(flags: int) -> None:
    """Opens NVML with some of the ``NVML_INIT_FLAG_*``; each call wants one of :func:`nvmlShutdown`."""
    _library.call('nvmlInitWithFlags', flags)


def nvmlShutdown() -> None:
    """Takes one opening of NVML back."""
    _library.call('nvmlShutdown')
