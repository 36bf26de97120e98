"""The part of CUDA's runtime library, ``libcudart``, that tells which devices a CUDA program would see.

The names are the runtime's; a number that it returns as an error is raised as the subclass of :class:`cudaError`
that belongs to it. Without the library, everything raises ``cudaError_InitializationError``.

Nothing is loaded on import. What asks for devices wakes the driver up, and a process that has done so cannot use
CUDA in the children that it forks: CUDA does not survive a fork.
"""

from __future__ import annotations

import ctypes
import glob
import os
from typing import ClassVar, Dict, Iterable, Type

from nvitop.api import _cudart_errors, _platform
from nvitop.api._cuda import CudaLibrary, CudaLibraryError, version_text
from nvitop.api._cudart_errors import *  # noqa: F403
from nvitop.api._errors import CodedError, define_classes


_BUS_ID_SIZE = 64

_CODES: Dict[str, int] = {
    name: value for name, value in vars(_cudart_errors).items()
    if name.startswith(('cudaError', 'cudaSuccess')) and isinstance(value, int)
}


class cudaError(CudaLibraryError):
    """Error that CUDA's runtime has returned.

    ``cudaError(35)`` is an instance of ``cudaError_InsufficientDriver``, and equal to every other error 35.

    Attributes
    ----------
    value : int
        The runtime's error number, one of the ``cudaError*``.
    """

    _family: ClassVar[Dict[int, Type[CodedError]]] = {}
    _names: ClassVar[Dict[int, str]] = {value: name for name, value in _CODES.items()}

    @staticmethod
    def _ask(value: int) -> tuple[str, str]:
        return cudaGetErrorName(value), cudaGetErrorString(value)


globals().update(define_classes(cudaError, (
    (f'cudaError_{name[len("cudaError"):]}', value, name) for name, value in _CODES.items() if value
)))


def _paths() -> Iterable[str]:
    yield from _platform.CUDART
    homes = [os.environ.get(name, '') for name in ('CUDA_HOME', 'CUDA_PATH')]
    for home in [*filter(None, homes), '/usr/local/cuda']:
        for pattern in _platform.CUDART_IN:
            yield from sorted(glob.glob(os.path.join(glob.escape(home), pattern)))


_library = CudaLibrary(_paths, cudaError)


def cudaExceptionClass(cudaErrorCode: int, /) -> Type[cudaError]:
    """The class of an error number.

    Parameters
    ----------
    cudaErrorCode : int
        One of the ``cudaError*``.

    Raises
    ------
    ValueError
        If no error has that number.
    """
    found = cudaError._family.get(cudaErrorCode)
    if found is None or not issubclass(found, cudaError):
        raise ValueError(f'CUDA has no error {cudaErrorCode}')
    return found


def cudaGetErrorName(error: int) -> str:
    """The name of an error number, such as ``'cudaErrorInitializationError'``.

    The runtime has ``'unrecognized error code'`` for those it does not know.
    """
    return _error_text('cudaGetErrorName', error)


def cudaGetErrorString(error: int) -> str:
    """The runtime's text of an error number, such as ``'initialization error'``.

    The runtime has ``'unrecognized error code'`` for those it does not know.
    """
    return _error_text('cudaGetErrorString', error)


# The name under which the original has it.
cuGetErrorString = cudaGetErrorString


def _error_text(symbol: str, error: int) -> str:
    function = _library.find(symbol)
    function.restype = ctypes.c_char_p
    text: bytes = function(ctypes.c_int(error)) or b''
    return text.decode(errors='replace')


def cudaGetLastError() -> int:
    """The number of this thread's last error, 0 if there was none; it is forgotten."""
    return int(_library.find('cudaGetLastError')())


def cudaPeekAtLastError() -> int:
    """The number of this thread's last error, 0 if there was none; it is kept."""
    return int(_library.find('cudaPeekAtLastError')())


def cudaDriverGetVersion() -> str:
    """The newest version of CUDA that the driver supports.

    Returns
    -------
    str
        Such as ``'12.2'``, or ``'12.2.1'`` if the last place is not 0; ``'0.0'`` without a driver.
    """
    return version_text(_library.read_int('cudaDriverGetVersion'))


def cudaRuntimeGetVersion() -> str:
    """The version of the runtime itself.

    Returns
    -------
    str
        Such as ``'12.2'``, or ``'12.2.1'`` if the last place is not 0.
    """
    return version_text(_library.read_int('cudaRuntimeGetVersion'))


def cudaGetDeviceCount() -> int:
    """How many devices a CUDA program sees, after ``CUDA_VISIBLE_DEVICES``.

    Raises
    ------
    cudaError
        ``cudaError_InsufficientDriver`` without a driver, ``cudaError_NoDevice`` if all are hidden.
    """
    return _library.read_int('cudaGetDeviceCount')


def cudaDeviceGetByPCIBusId(pciBusId: str) -> int:
    """The ordinal of the device at a place of the PCI bus.

    Parameters
    ----------
    pciBusId : str
        Such as ``'0000:0A:00.0'``; domain and function may be left out.

    Raises
    ------
    cudaError
        ``cudaError_InvalidDevice`` if none is there that the program sees.
    """
    return _library.read_int('cudaDeviceGetByPCIBusId', ctypes.c_char_p(pciBusId.encode()))


def cudaDeviceGetPCIBusId(device: int) -> str:
    """Where a device is on the PCI bus, such as ``'0000:0A:00.0'``.

    Parameters
    ----------
    device : int
        From 0 to the number of devices, exclusive.
    """
    return _library.read_text('cudaDeviceGetPCIBusId', _BUS_ID_SIZE, device)


def is_available() -> bool:
    """Whether a CUDA program would find a device; wakes the driver up.

    Returns
    -------
    bool
        False as well without library, without driver, and if ``CUDA_VISIBLE_DEVICES`` hides all.
    """
    try:
        return cudaGetDeviceCount() > 0
    except cudaError:
        return False
