"""Attributes that a device does not have: the functions of nvidia-ml-py, by their names.

``device.minor_number()`` is ``nvmlDeviceGetMinorNumber(handle)``. The package nvidia-ml-py is
imported when the first such name is asked for.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any, Callable, Iterator

from nvitop.api import _native
from nvitop.api.utils import NA

__all__ = ['function', 'handle_object']

_VERSION = re.compile(r'(?P<name>.+?)(?P<suffix>_v\d+)?')


def _spellings(name: str) -> Iterator[str]:
    """The names that NVML's function may have: words in title case, or with a great first letter."""
    found = _VERSION.fullmatch(name)
    words, suffix = (found['name'], found['suffix'] or '') if found else (name, '')
    for great in (str.title, lambda word: word[:1].upper() + word[1:]):
        yield 'nvmlDeviceGet' + ''.join(great(word) for word in words.split('_')) + suffix


def function(name: str) -> Callable[..., Any] | None:
    """The function of nvidia-ml-py for an attribute; None if it has none."""
    from nvitop.api import libnvml

    for spelling in _spellings(name):
        found = getattr(libnvml, spelling, None)
        if callable(found):
            return _quiet(found)
    return None


def _quiet(asked: Callable[..., Any]) -> Callable[..., Any]:
    from nvitop.api import libnvml

    def call(*args: Any, **options: Any) -> Any:
        try:
            return libnvml.nvmlQuery(asked, *args, ignore_errors=False, ignore_function_not_found=True, **options)
        except (libnvml.NVMLError_NotSupported, libnvml.NVMLError_GpuIsLost):
            return NA

    return call


def _is_our_library(pynvml_library: Any) -> bool:
    """Whether nvidia-ml-py has loaded the library that we have: a handle is good for one library only."""
    try:
        ours = ctypes.CDLL(_native.nvml_path())
        return _address(ours) == _address(pynvml_library)
    except (OSError, AttributeError):
        return False


def _address(library: Any) -> int | None:
    return ctypes.cast(library.nvmlInit_v2, ctypes.c_void_p).value


def handle_object(address: int, index: int | tuple[int, int]) -> Any:
    """NVML's handle as nvidia-ml-py has it, ready for its functions."""
    from nvitop.api import libnvml

    libnvml.nvmlInit()
    if _is_our_library(getattr(libnvml, 'nvmlLib', None)):
        return ctypes.cast(address, libnvml.c_nvmlDevice_t)
    physical, *mig = index if isinstance(index, tuple) else (index,)
    handle = libnvml.nvmlDeviceGetHandleByIndex(physical)
    return libnvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, mig[0]) if mig else handle
