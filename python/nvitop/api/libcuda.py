"""The part of CUDA's driver library, ``libcuda``, that tells which devices a CUDA program would see.

The names are the driver's; a number that the driver returns as an error is raised as the subclass of
:class:`CUDAError` that belongs to it. Without the library, everything raises ``CUDAError_NotInitialized``.

Nothing is loaded on import. :func:`cuInit` and :func:`is_available` wake the driver up, and a process that has done
so cannot use CUDA in the children that it forks: CUDA does not survive a fork.
"""

from __future__ import annotations

import ctypes
import uuid
from typing import Any, ClassVar, Dict, Iterable, Type

from nvitop.api import _cuda_errors, _platform
from nvitop.api._cuda import CudaLibrary, CudaLibraryError, check, version_text
from nvitop.api._cuda_errors import *  # noqa: F403
from nvitop.api._errors import CodedError, camel_case, define_classes


_NAME_SIZE = 256
_BUS_ID_SIZE = 64

_CODES: Dict[str, int] = {name: value for name, value in vars(_cuda_errors).items() if name.startswith('CUDA_')}


class CUDAError(CudaLibraryError):
    """Error that CUDA's driver has returned.

    ``CUDAError(3)`` is an instance of ``CUDAError_NotInitialized``, and equal to every other error 3.

    Attributes
    ----------
    value : int
        The driver's error number, one of the ``CUDA_ERROR_*``.
    """

    _family: ClassVar[Dict[int, Type[CodedError]]] = {}
    _names: ClassVar[Dict[int, str]] = {value: name for name, value in _CODES.items()}

    @staticmethod
    def _ask(value: int) -> tuple[str, str]:
        return cuGetErrorName(value), cuGetErrorString(value)


globals().update(define_classes(CUDAError, (
    (f'CUDAError_{camel_case(name[len("CUDA_ERROR_"):])}', value, name) for name, value in _CODES.items() if value
)))


def _paths() -> Iterable[str]:
    yield from _platform.CUDA
    for folder in ('/usr/lib64/nvidia', '/usr/lib/x86_64-linux-gnu', '/usr/lib/wsl/lib'):
        yield f'{folder}/libcuda.so.1'
        yield f'{folder}/libcuda.so'


_library = CudaLibrary(_paths, CUDAError)


def cudaExceptionClass(cudaErrorCode: int, /) -> Type[CUDAError]:
    """The class of an error number.

    Parameters
    ----------
    cudaErrorCode : int
        One of the ``CUDA_ERROR_*``.

    Raises
    ------
    ValueError
        If no error has that number.
    """
    found = CUDAError._family.get(cudaErrorCode)
    if found is None or not issubclass(found, CUDAError):
        raise ValueError(f'CUDA has no error {cudaErrorCode}')
    return found


def cuInit(flags: int = 0) -> None:
    """Wakes the driver up; all that ask for devices need it once in a process.

    Parameters
    ----------
    flags : int
        Must be 0.

    Raises
    ------
    CUDAError
        ``CUDAError_NotInitialized`` without the library, else what the driver returned.
    """
    _library.call('cuInit', ctypes.c_uint(flags))


def cuGetErrorName(error: int) -> str:
    """The name of an error number, such as ``'CUDA_ERROR_NOT_INITIALIZED'``.

    Raises
    ------
    CUDAError
        ``CUDAError_InvalidValue`` if the driver does not know the number.
    """
    return _error_text('cuGetErrorName', error)


def cuGetErrorString(error: int) -> str:
    """The driver's text of an error number, such as ``'initialization error'``.

    Raises
    ------
    CUDAError
        ``CUDAError_InvalidValue`` if the driver does not know the number.
    """
    return _error_text('cuGetErrorString', error)


def _error_text(symbol: str, error: int) -> str:
    text = ctypes.c_char_p()
    _library.call(symbol, ctypes.c_int(error), ctypes.byref(text))
    return (text.value or b'').decode(errors='replace')


def cuDriverGetVersion() -> str:
    """The newest version of CUDA that the driver supports.

    Returns
    -------
    str
        Such as ``'12.2'``, or ``'12.2.1'`` if the last place is not 0.
    """
    return version_text(_library.read_int('cuDriverGetVersion'))


def cuDeviceGetCount() -> int:
    """How many devices a CUDA program sees, after ``CUDA_VISIBLE_DEVICES``.

    Raises
    ------
    CUDAError
        ``CUDAError_NotInitialized`` before :func:`cuInit`.
    """
    return _library.read_int('cuDeviceGetCount')


def cuDeviceGet(ordinal: int) -> int:
    """The driver's handle of a device.

    Parameters
    ----------
    ordinal : int
        From 0 to the number of devices, exclusive.

    Raises
    ------
    CUDAError
        ``CUDAError_InvalidDevice`` if there is no such device.
    """
    return _library.read_int('cuDeviceGet', ctypes.c_int(ordinal))


def cuDeviceGetByPCIBusId(pciBusId: str) -> int:
    """The driver's handle of the device at a place of the PCI bus.

    Parameters
    ----------
    pciBusId : str
        Such as ``'0000:0A:00.0'``; domain and function may be left out.

    Raises
    ------
    CUDAError
        ``CUDAError_InvalidDevice`` if none is there that the program sees.
    """
    return _library.read_int('cuDeviceGetByPCIBusId', ctypes.c_char_p(pciBusId.encode()))


def cuDeviceGetPCIBusId(device: int) -> str:
    """Where a device is on the PCI bus, such as ``'0000:0A:00.0'``.

    Parameters
    ----------
    device : int
        What :func:`cuDeviceGet` returned.
    """
    return _library.read_text('cuDeviceGetPCIBusId', _BUS_ID_SIZE, device)


def cuDeviceGetName(device: int) -> str:
    """A device's name, such as ``'NVIDIA A100-SXM4-80GB'``.

    Parameters
    ----------
    device : int
        What :func:`cuDeviceGet` returned.
    """
    return _library.read_text('cuDeviceGetName', _NAME_SIZE, device)


def cuDeviceGetUuid(device: int) -> str:
    """A device's UUID without prefix, such as ``'6c2e0b1d-…'``.

    That of the MIG device if it is one, where the driver has :func:`cuDeviceGetUuid_v2`, and else of its GPU.

    Parameters
    ----------
    device : int
        What :func:`cuDeviceGet` returned.
    """
    try:
        return cuDeviceGetUuid_v2(device)
    except CUDAError as error:
        if error.value != _cuda_errors.CUDA_ERROR_NOT_FOUND:
            raise
        return _uuid('cuDeviceGetUuid', device)


def cuDeviceGetUuid_v2(device: int) -> str:
    """A device's UUID without prefix; that of the MIG device if it is one.

    Parameters
    ----------
    device : int
        What :func:`cuDeviceGet` returned.

    Raises
    ------
    CUDAError
        ``CUDAError_NotFound`` with a driver from before CUDA 11.4.
    """
    return _uuid('cuDeviceGetUuid_v2', device)


def _uuid(symbol: str, device: int) -> str:
    octets = (ctypes.c_ubyte * 16)()
    _library.call(symbol, octets, ctypes.c_int(device))
    return str(uuid.UUID(bytes=bytes(octets)))


def cuDeviceTotalMem(device: int) -> int:
    """A device's memory in bytes.

    Parameters
    ----------
    device : int
        What :func:`cuDeviceGet` returned.
    """
    size = ctypes.c_size_t()
    function: Any = _library.find('cuDeviceTotalMem_v2', 'cuDeviceTotalMem')
    check(function(ctypes.byref(size), ctypes.c_int(device)), CUDAError)
    return size.value


def is_available() -> bool:
    """Whether a CUDA program would find a device; wakes the driver up.

    Returns
    -------
    bool
        False as well without library, without driver, and if ``CUDA_VISIBLE_DEVICES`` hides all.
    """
    try:
        cuInit()
        return cuDeviceGetCount() > 0
    except CUDAError:
        return False
