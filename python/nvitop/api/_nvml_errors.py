"""NVML's errors where nvidia-ml-py is not installed.

The classes, numbers and texts are those of nvidia-ml-py, so that a program's ``except`` works with either.
Everything here is to be had from libnvml.
"""

from __future__ import annotations

import ctypes as _ctypes
from typing import ClassVar as _ClassVar
from typing import Dict as _Dict
from typing import Type as _Type

from nvitop.api import _errors
from nvitop.api._nvml_codes import *  # noqa: F403


NVML_INIT_FLAG_NO_GPUS = 1
NVML_INIT_FLAG_NO_ATTACH = 2

NVML_VALUE_NOT_AVAILABLE_uint = _ctypes.c_uint(-1)
NVML_VALUE_NOT_AVAILABLE_ulonglong = _ctypes.c_ulonglong(-1)

_TEXTS: _Dict[int, str] = {
    NVML_ERROR_UNINITIALIZED: 'Uninitialized',
    NVML_ERROR_INVALID_ARGUMENT: 'Invalid Argument',
    NVML_ERROR_NOT_SUPPORTED: 'Not Supported',
    NVML_ERROR_NO_PERMISSION: 'Insufficient Permissions',
    NVML_ERROR_ALREADY_INITIALIZED: 'Already Initialized',
    NVML_ERROR_NOT_FOUND: 'Not Found',
    NVML_ERROR_INSUFFICIENT_SIZE: 'Insufficient Size',
    NVML_ERROR_INSUFFICIENT_POWER: 'Insufficient External Power',
    NVML_ERROR_DRIVER_NOT_LOADED: 'Driver Not Loaded',
    NVML_ERROR_TIMEOUT: 'Timeout',
    NVML_ERROR_IRQ_ISSUE: 'Interrupt Request Issue',
    NVML_ERROR_LIBRARY_NOT_FOUND: 'NVML Shared Library Not Found',
    NVML_ERROR_FUNCTION_NOT_FOUND: 'Function Not Found',
    NVML_ERROR_CORRUPTED_INFOROM: 'Corrupted infoROM',
    NVML_ERROR_GPU_IS_LOST: 'GPU is lost',
    NVML_ERROR_RESET_REQUIRED: 'GPU requires restart',
    NVML_ERROR_OPERATING_SYSTEM: 'The operating system has blocked the request.',
    NVML_ERROR_LIB_RM_VERSION_MISMATCH: 'RM has detected an NVML/RM version mismatch.',
    NVML_ERROR_MEMORY: 'Insufficient Memory',
    NVML_ERROR_UNKNOWN: 'Unknown Error',
}


class NVMLError(_errors.CodedError):
    """Error that NVML has returned.

    ``NVMLError(2)`` is an instance of ``NVMLError_InvalidArgument``, and equal to every other error 2.

    Attributes
    ----------
    value : int
        NVML's error number, one of the ``NVML_ERROR_*``.
    """

    _family: _ClassVar[_Dict[int, _Type[_errors.CodedError]]] = {}

    def __str__(self) -> str:
        return _TEXTS.get(self.value, f'NVML Error with code {self.value}')


NVMLError.__module__ = 'nvitop.api.libnvml'

# Made of the numbers below.
NVMLError_Uninitialized: _Type[NVMLError]
NVMLError_InvalidArgument: _Type[NVMLError]
NVMLError_NotSupported: _Type[NVMLError]
NVMLError_NoPermission: _Type[NVMLError]
NVMLError_AlreadyInitialized: _Type[NVMLError]
NVMLError_NotFound: _Type[NVMLError]
NVMLError_InsufficientSize: _Type[NVMLError]
NVMLError_InsufficientPower: _Type[NVMLError]
NVMLError_DriverNotLoaded: _Type[NVMLError]
NVMLError_Timeout: _Type[NVMLError]
NVMLError_IrqIssue: _Type[NVMLError]
NVMLError_LibraryNotFound: _Type[NVMLError]
NVMLError_FunctionNotFound: _Type[NVMLError]
NVMLError_CorruptedInforom: _Type[NVMLError]
NVMLError_GpuIsLost: _Type[NVMLError]
NVMLError_ResetRequired: _Type[NVMLError]
NVMLError_OperatingSystem: _Type[NVMLError]
NVMLError_LibRmVersionMismatch: _Type[NVMLError]
NVMLError_InUse: _Type[NVMLError]
NVMLError_Memory: _Type[NVMLError]
NVMLError_NoData: _Type[NVMLError]
NVMLError_VgpuEccNotSupported: _Type[NVMLError]
NVMLError_InsufficientResources: _Type[NVMLError]
NVMLError_FreqNotSupported: _Type[NVMLError]
NVMLError_ArgumentVersionMismatch: _Type[NVMLError]
NVMLError_Deprecated: _Type[NVMLError]
NVMLError_NotReady: _Type[NVMLError]
NVMLError_GpuNotFound: _Type[NVMLError]
NVMLError_InvalidState: _Type[NVMLError]
NVMLError_ResetTypeNotSupported: _Type[NVMLError]
NVMLError_Unknown: _Type[NVMLError]

globals().update(_errors.define_classes(NVMLError, [
    (f'NVMLError_{_errors.camel_case(name[len("NVML_ERROR_"):])}', value, name)
    for name, value in list(globals().items()) if name.startswith('NVML_ERROR_')
]))
