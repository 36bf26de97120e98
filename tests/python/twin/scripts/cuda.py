"""CUDA's two libraries: every name and error; over stand-ins, or without any library."""

import inspect

from nvitop import libcuda, libcudart

libcuda.cuGetErrorName(3)
libcuda.is_available()
libcudart.is_available()
libcuda.cuInit()
libcuda.cuInit(0)
for module, base, said in ((libcuda, libcuda.CUDAError, PEER['libcuda']), (libcudart, libcudart.cudaError, PEER['libcudart'])):
    for name in sorted(said):
        at(name)
        thing = getattr(module, name)
        if isinstance(thing, int):
            thing
        elif inspect.isclass(thing):
            [one.__name__ for one in thing.__mro__ if one.__name__ in said or one is Exception]
            thing.__doc__ is not None
        elif inspect.isroutine(thing):
            list(inspect.signature(thing).parameters)
    for code in sorted({getattr(module, name) for name in said if isinstance(getattr(module, name), int)} - {0} | {77777}):
        at(f'{base.__name__} {code}')
        [type(base(code)).__name__, base(code).value, base(code).args, base(code) == base(code), base(code) == base(code + 1)]
        repr(base(code))
        module.cudaExceptionClass(code).__name__
at()
libcuda.CUDAError(3)
str(libcuda.CUDAError(3))
libcuda.CUDAError()
libcuda.cudaExceptionClass(3)
libcudart.cudaError(3)
str(libcudart.cudaError(3))
libcudart.cudaExceptionClass(3)
issubclass(libcuda.CUDAError, RuntimeError)
libcuda.cuDriverGetVersion()
libcuda.cuDeviceGetCount()
device = libcuda.cuDeviceGet(1)
libcuda.cuDeviceGet(0)
libcuda.cuDeviceGet(2)
libcuda.cuDeviceGet(-1)
libcuda.cuDeviceGetName(device)
libcuda.cuDeviceGetUuid(device)
libcuda.cuDeviceGetUuid_v2(device)
libcuda.cuDeviceTotalMem(device)
libcuda.cuDeviceGetPCIBusId(device)
libcuda.cuDeviceGetByPCIBusId('0000:0B:00.0')
libcuda.cuDeviceGetByPCIBusId('nowhere')
libcuda.cuGetErrorName(3)
libcuda.cuGetErrorString(3)
libcuda.cuGetErrorName(77777)
libcuda.is_available()
libcudart.cudaRuntimeGetVersion()
libcudart.cudaDriverGetVersion()
libcudart.cudaGetDeviceCount()
libcudart.cudaDeviceGetPCIBusId(1)
libcudart.cudaDeviceGetPCIBusId(2)
libcudart.cudaDeviceGetByPCIBusId('0000:0A:00.0')
libcudart.cudaDeviceGetByPCIBusId('nowhere')
libcudart.cudaPeekAtLastError()
libcudart.cudaGetLastError()
libcudart.cudaGetLastError()
libcudart.cudaGetErrorName(35)
libcudart.cuGetErrorString(35)
libcudart.is_available()
