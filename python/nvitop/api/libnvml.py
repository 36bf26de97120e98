"""NVML's functions, constants and errors, and a way to ask them that does not fail.

All names of nvidia-ml-py's module ``pynvml`` are here, and they are the same objects, but for the few functions that
are better told in words below. That module is imported when the first of its names is asked for. Where it is not
installed the errors and their constants are ours, and NVML's other functions are missing.

NVML is opened by the first :func:`nvmlQuery`; ``with libnvml:`` opens and closes it. Once devices were used, it
is opened for the first function that is taken from here, too. What the classes of nvitop do for themselves is
apart from it: they need none of it, and nothing here takes the driver away from them.
At the end of the process nothing is closed, since a driver that does not answer would hold it up.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import logging
import sys
import threading
import time
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple, Type, Union

from nvitop.api import _native, _nvml_compat, _platform
from nvitop.api.utils import NA, UINT_MAX, ULONGLONG_MAX, NaType


if TYPE_CHECKING:
    from nvitop.api._nvml_errors import *  # noqa: F403


LOGGER = logging.getLogger(__name__)

_OWN = ('NA', 'UINT_MAX', 'ULONGLONG_MAX', 'nvmlCheckReturn', 'nvmlInit', 'nvmlInitWithFlags', 'nvmlQuery',
        'nvmlQueryFieldValues', 'nvmlShutdown')

_MISSING_LIBRARY = f"""\
FATAL ERROR: NVIDIA Management Library (NVML) not found.
HINT: The library, {_platform.NVML}, is a part of NVIDIA's display driver. Install the driver from
      your distribution or from https://www.nvidia.com/drivers. In a container, let the runtime
      hand it in: `docker run --gpus all`, with the NVIDIA Container Toolkit on the host."""


# ---- nvidia-ml-py, or what takes its place


@functools.lru_cache(maxsize=None)
def _library() -> Any:
    """The module ``pynvml`` if it is nvidia-ml-py's, else our own errors."""
    try:
        library: Any = importlib.import_module('pynvml')
    except ImportError:
        library = None
    if not all(hasattr(library, name) for name in ('NVMLError', 'nvmlInitWithFlags', 'nvmlDeviceGetCount')):
        library = importlib.import_module('nvitop.api._nvml_plain')
    return library


def _compatible(name: str) -> Optional[Callable[..., Any]]:
    """A function that works with more drivers than nvidia-ml-py's does, if there is one."""
    library = _library()
    function = _nvml_compat.FUNCTIONS.get(name)
    if function is None:
        return None

    @functools.wraps(getattr(library, name))
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(library, *args, **kwargs)

    return call


def _public_names() -> List[str]:
    """What ``from … import *`` brings."""
    theirs = {name for name in dir(_library()) if name.startswith(('NVML_', 'NVMLError', 'nvml'))}
    return sorted((theirs - {'nvmlLib'}) | set(_OWN))


def __getattr__(name: str) -> Any:
    if name == '__all__':
        return _public_names()
    if not name.startswith('__') and hasattr(_library(), name):
        value = _compatible(name) or getattr(_library(), name)
        is_kept = name.lower().startswith('nvml') and name != 'nvmlLib'  # which changes
        if name.startswith('nvml') and callable(value) and not _state.is_told:
            is_kept = _open_for_devices()
        if is_kept:
            globals()[name] = value
        return value
    text = f'module {__name__!r} has no attribute {name!r}'
    if name.lower().startswith('nvml') and _library().__name__ != 'pynvml':
        text += '; it may be one of nvidia-ml-py, which is not installed'
    raise AttributeError(text)


def __dir__() -> List[str]:
    return sorted(set(globals()) | set(_public_names()))


# ---- opening and closing


class _State:
    """What this module has opened."""

    def __init__(self) -> None:
        self.is_told = False  # the program opens and closes it by itself, or it can't be opened
        self.forget()

    def forget(self) -> None:
        """In a child, too: NVML does not survive a fork, and a thread that is not here may hold a lock."""
        self.lock = threading.RLock()
        self.flags: Optional[int] = None
        self.opened = 0
        library = sys.modules.get('pynvml')
        if hasattr(library, 'libLoadLock'):
            library.libLoadLock = threading.Lock()  # type: ignore[union-attr]
        plain = sys.modules.get('nvitop.api._nvml_plain')
        if plain is not None:
            plain._library.lock = threading.Lock()


_state = _State()
_platform.after_fork(_state.forget)


@functools.lru_cache(maxsize=None)
def _preload(path: str) -> ctypes.CDLL:
    """Loads NVML from a path; who asks for ``libnvidia-ml.so.1`` later gets this one."""
    return ctypes.CDLL(path)


def _find_library(flags: int) -> None:
    """Lets nvidia-ml-py find the library that the rest of nvitop has opened.

    Raises
    ------
    NVMLError
        If there is none, or it cannot be opened. With flags it may still be that it can.
    """
    library = _library()
    try:
        loaded = _preload(_native.nvml_path())
        if not _platform.NVML_BY_NAME and getattr(library, 'nvmlLib', loaded) is None:
            library.nvmlLib = loaded
    except library.NVMLError as error:
        if not flags or error.value == library.NVML_ERROR_LIBRARY_NOT_FOUND:
            raise


def _error(code: int) -> BaseException:
    """The exception of an error number; where it is that there is no driver, the log gets a hint."""
    error: BaseException = _library().NVMLError(code)
    if code == _library().NVML_ERROR_LIBRARY_NOT_FOUND:
        LOGGER.critical(_MISSING_LIBRARY)
    return error


def nvmlInitWithFlags(flags: int) -> None:
    """Opens NVML; once it is open with the same flags, nothing more happens.

    Parameters
    ----------
    flags : int
        Some of the ``NVML_INIT_FLAG_*``, or 0.

    Raises
    ------
    NVMLError_LibraryNotFound
        If there is no NVML; the log then has a hint at level CRITICAL.
    NVMLError_DriverNotLoaded
        If the driver does not run.
    NVMLError
        Whatever else NVML returns.
    """
    library = _library()
    with _state.lock:
        _state.is_told = True
        if _state.flags == flags:
            return
        _find_library(flags)
        library.nvmlInitWithFlags(flags)
        _state.flags = flags
        _state.opened += 1


def _open_for_devices() -> bool:
    """Opens NVML for a program that has used devices, which scripts take for opening it; whether it is open.

    It is tried once.
    """
    if _state.flags is None and _native.has_session():
        with contextlib.suppress(_library().NVMLError):
            nvmlInit()
            _state.is_told = False
    return _state.flags is not None


def nvmlInit() -> None:
    """Opens NVML; once it is open, nothing more happens.

    Raises
    ------
    NVMLError
        As :func:`nvmlInitWithFlags` does.
    """
    nvmlInitWithFlags(0)


def nvmlShutdown() -> None:
    """Takes an opening of NVML back: opened with other flags before, it stays open until that is taken back too.

    Raises
    ------
    NVMLError_Uninitialized
        If this module has not opened it, and no device was used.
    """
    library = _library()
    with _state.lock:
        if not _state.is_told:
            _open_for_devices()
        _state.is_told = True
        if _state.opened == 0:
            raise library.NVMLError(library.NVML_ERROR_UNINITIALIZED)
        library.nvmlShutdown()
        _state.opened -= 1
        if _state.opened == 0:
            _state.flags = None


class _Module(ModuleType):
    """This module's type: ``with libnvml:`` opens NVML, and closes it at the end."""

    def __enter__(self) -> _Module:
        nvmlInit()
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        if _state.opened:
            nvmlShutdown()


sys.modules[__name__].__class__ = _Module


# ---- asking


def nvmlQuery(
    func: Union[Callable[..., Any], str],
    /,
    *args: Any,
    default: Any = NA,
    ignore_errors: bool = True,
    ignore_function_not_found: bool = False,
    **kwargs: Any,
) -> Any:
    """Calls a function of NVML, and opens that before if need be.

    Parameters
    ----------
    func : callable or str
        The function, or its name.
    *args, **kwargs
        What it is called with.
    default
        What is returned where there is no answer.
    ignore_errors : bool
        Whether an error, too, gives `default`.
    ignore_function_not_found : bool
        Whether a function that the driver or nvidia-ml-py lacks gives `default` even if other errors are raised.

    Returns
    -------
    object
        What the function returned, bytes as str; or `default`.

    Raises
    ------
    NVMLError
        If NVML cannot be opened; without `ignore_errors` also what the function raised,
        ``NVMLError_FunctionNotFound`` if there is none.
    """
    if _state.flags is None:
        nvmlInit()
    library = _library()
    try:
        value = _function(func)(*args, **kwargs)
    except library.NVMLError_FunctionNotFound:
        if ignore_errors or ignore_function_not_found:
            return default
        raise
    except library.NVMLError:
        if ignore_errors:
            return default
        raise
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def _function(func: Union[Callable[..., Any], str]) -> Callable[..., Any]:
    if not isinstance(func, str):
        return func
    function: Optional[Callable[..., Any]] = getattr(sys.modules[__name__], func, None)
    if function is None:
        raise _library().NVMLError(_library().NVML_ERROR_FUNCTION_NOT_FOUND)
    return function


def nvmlCheckReturn(retval: Any, types: Optional[Union[type, Tuple[type, ...]]] = None, /) -> bool:
    """Whether an answer is one.

    Parameters
    ----------
    retval
        What :func:`nvmlQuery` returned.
    types : type or tuple of types
        What it should be; any if left out.

    Returns
    -------
    bool
        False for ``NA``, and for what is not of these types.
    """
    if types is None:
        return bool(retval != NA)
    return bool(retval != NA) and isinstance(retval, types)


# The member of a field's value that its `valueType` names.
_FIELD_MEMBERS = ('dVal', 'uiVal', 'ulVal', 'ullVal', 'sllVal', 'siVal', 'usVal')


def nvmlQueryFieldValues(
    handle: Any, field_ids: List[Union[int, Tuple[int, int]]],
) -> List[Tuple[Union[float, int, NaType], int]]:
    """Reads some of NVML's fields of a device in one call.

    Parameters
    ----------
    handle : c_nvmlDevice_t
        The device.
    field_ids : list of int or (int, int)
        The fields, ``NVML_FI_*``, each with its scope if it has one, such as the number of a link.

    Returns
    -------
    list of (float or int or NaType, int)
        Of each field, in the same order: its value in the field's unit, ``NA`` if the driver has none, and the
        time it is of, in microseconds since the epoch; that is now where the driver does not tell.

    Raises
    ------
    NVMLError
        If NVML cannot be opened.
    """
    if not field_ids:
        return []
    values = nvmlQuery('nvmlDeviceGetFieldValues', handle, field_ids, default=None)
    now = time.time_ns() // 1000
    if values is None:
        return [(NA, now) for _ in field_ids]
    return [(_field_value(row), row.timestamp or now) for row in values]


def _field_value(row: Any) -> Any:
    if row.nvmlReturn != 0 or not 0 <= row.valueType < len(_FIELD_MEMBERS):
        return NA
    return getattr(row.value, _FIELD_MEMBERS[row.valueType], NA)
