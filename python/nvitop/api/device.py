"""Devices: GPUs and MIG devices, as NVML numbers them and as CUDA does.

A `Device` stands for what has its index now. What it tells is asked when its method is called: there
is no cache but that of `Device.oneshot`, and of facts that cannot change (name, UUID, bus id, size of
the memory), which stay known when the GPU is lost. What cannot be told is ``NA`` and no error; errors
are raised where a device is made.

All methods may be called from any thread. Devices can be copied, pickled and used in the child of a
fork: they are made anew from their index.
"""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar, Iterable

from nvitop.api import _device_native, _nvml_codes, _visible
from nvitop.api._device_base import Device, check_one_of, nvml_error
from nvitop.api._device_native import Index
from nvitop.api._device_types import (  # noqa: F401  # programs import them from here
    ClockInfos,
    ClockSpeedInfos,
    MemoryInfo,
    ThroughputInfo,
    UtilizationRates,
)
from nvitop.api._visible import normalize_cuda_visible_devices, parse_cuda_visible_devices
from nvitop.api.utils import NaType

__all__ = [
    'CudaDevice',
    'CudaMigDevice',
    'Device',
    'MigDevice',
    'PhysicalDevice',
    'normalize_cuda_visible_devices',
    'parse_cuda_visible_devices',
]


class PhysicalDevice(Device):
    """A GPU.

    Parameters and errors are those of `Device`; an index or UUID of a MIG device is
    ``NVMLError_InvalidArgument``, and an index of two numbers a TypeError.
    """

    def __init__(self, index: Index | str | None = None, *, uuid: str | None = None, bus_id: str | None = None) -> None:
        """Finds the device."""
        if isinstance(index, tuple):
            raise TypeError(f'index for a GPU must be an integer but index = {index!r} was given')
        super().__init__(index, uuid=uuid, bus_id=bus_id)
        if isinstance(self._index, tuple):
            raise nvml_error(_nvml_codes.NVML_ERROR_INVALID_ARGUMENT)

    def max_mig_device_count(self) -> int:
        """How many MIG devices it can have; 0 for a GPU or a driver that knows no MIG.

        Source: nvmlDeviceGetMaxMigDeviceCount.
        """
        from nvitop.api import libnvml

        handle = self.handle
        if handle is None:
            return 0
        return int(libnvml.nvmlQuery('nvmlDeviceGetMaxMigDeviceCount', handle, default=0,
                                     ignore_function_not_found=True))

    def mig_device(self, mig_index: int) -> MigDevice:
        """A MIG device of this GPU.

        Raises
        ------
        nvitop.NVMLError
            ``NVMLError_NotFound``: the GPU has no such MIG device.
        """
        return MigDevice((self.physical_index, mig_index))

    def mig_devices(self) -> list[MigDevice]:
        """The MIG devices of this GPU now, in NVML's order."""
        from nvitop.api import libnvml

        found = []
        for pointer in _device_native.children(self._pointer):
            with contextlib.suppress(libnvml.NVMLError_NotFound):  # it may have gone meanwhile
                found.append(MigDevice(_device_native.index_of(pointer)))
        return found


class MigDevice(Device):
    """A MIG device: a part of a GPU.

    Parameters
    ----------
    index
        NVML's indices of the GPU and of the MIG device under it; or a UUID.
    uuid
        The UUID.

    Raises
    ------
    nvitop.NVMLError
        As `Device`; ``NVMLError_InvalidArgument`` also for a UUID that is a GPU's.
    TypeError
        As `Device`.
    """

    SNAPSHOT_KEYS: ClassVar[list[str]] = [*Device.SNAPSHOT_KEYS, 'gpu_instance_id', 'compute_instance_id']
    _SNAPSHOT_ENDS_WITH: ClassVar[tuple[str, ...]] = ('mig_index',)

    def __init__(self, index: Index | str | None = None, *, uuid: str | None = None) -> None:
        """Finds the device."""
        if isinstance(index, int):
            raise TypeError(f'index for MIG device must be a tuple of two integers but index = {index!r} was given')
        super().__init__(index, uuid=uuid)
        if not isinstance(self._index, tuple):
            raise nvml_error(_nvml_codes.NVML_ERROR_INVALID_ARGUMENT)

    @classmethod
    def count(cls) -> int:
        """How many MIG devices all GPUs have together."""
        return len(cls.all())

    @classmethod
    def all(cls) -> list[Any]:
        """The MIG devices of all GPUs, in NVML's order; none where there is no driver."""
        return [cls(device.index) for gpu in PhysicalDevice.all() for device in gpu.mig_devices()]

    @classmethod
    def from_indices(cls, indices: Any = None) -> list[Any]:
        """MIG devices by their indices, an iterable of two numbers each; all, if none are given."""
        return cls.all() if indices is None else [cls(index) for index in indices]

    @property
    def mig_index(self) -> int:
        """NVML's index of it among the MIG devices of its GPU."""
        return self._index[1]  # type: ignore[index]  # a tuple, which was looked at when it was made

    @property
    def parent(self) -> PhysicalDevice:
        """The GPU that it is a part of."""
        return PhysicalDevice(self.physical_index)

    def gpu_instance_id(self) -> int | NaType:
        """The number of the GPU instance; ``NA`` where the driver does not tell.

        Source: nvmlDeviceGetGpuInstanceId.
        """
        return self._number('gpu_instance_id')

    def compute_instance_id(self) -> int | NaType:
        """The number of the compute instance in its GPU instance; ``NA`` where the driver does not tell.

        Source: nvmlDeviceGetComputeInstanceId.
        """
        return self._number('compute_instance_id')


class CudaDevice(Device):
    """A device as CUDA numbers it in this process, through CUDA_VISIBLE_DEVICES.

    If it is a MIG device, a `CudaMigDevice` is made.

    Parameters
    ----------
    cuda_index
        CUDA's index.
    nvml_index
        NVML's index, as for `Device`; CUDA's is looked up if it is not given.
    uuid
        The UUID, in place of `nvml_index`.

    Raises
    ------
    RuntimeError
        CUDA programs see no such device.
    nvitop.NVMLError
        As `Device`, where NVML's index or a UUID is given.
    TypeError
        No argument, or both NVML's index and a UUID.
    """

    _SNAPSHOT_ENDS_WITH: ClassVar[tuple[str, ...]] = ('cuda_index',)

    def __new__(
        cls, cuda_index: int | None = None, *, nvml_index: Index | None = None, uuid: str | None = None
    ) -> CudaDevice:
        """Makes a device of the class that the arguments ask for."""
        if cls is CudaDevice:
            index, uuid = _cuda_target(cuda_index, nvml_index, uuid)
            text = index if isinstance(index, str) else uuid
            is_mig = isinstance(index, tuple) or (isinstance(text, str) and text.startswith('MIG-'))
            cls = CudaMigDevice if is_mig else CudaDevice
        return object.__new__(cls)

    def __init__(
        self, cuda_index: int | None = None, *, nvml_index: Index | None = None, uuid: str | None = None
    ) -> None:
        """Finds the device."""
        index, uuid = _cuda_target(cuda_index, nvml_index, uuid)
        super().__init__(index, uuid=uuid)
        if cuda_index is None:
            cuda_index = self.cuda_index
        self._cuda_index = cuda_index

    @classmethod
    def count(cls) -> int:
        """How many devices CUDA programs see; 0 where there is no driver."""
        return len(_visible.visible_indices())

    @classmethod
    def all(cls) -> list[Any]:
        """All devices that CUDA programs see, in CUDA's order; none where there is no driver."""
        return cls.from_indices()

    @classmethod
    def from_indices(cls, indices: int | Iterable[Any] | None = None) -> list[Any]:
        """Devices by CUDA's indices; all that CUDA programs see, if none are given.

        Raises
        ------
        RuntimeError
            CUDA programs see no such device.
        """
        made = CudaDevice if cls is CudaMigDevice else cls  # not all that CUDA sees need be MIG devices
        if indices is None:
            visible = enumerate(_visible.visible_indices())
            return [made(cuda_index, nvml_index=index) for cuda_index, index in visible]
        return [made(index) for index in ((indices,) if isinstance(indices, int) else indices)]

    def __reduce__(self) -> tuple[Any, ...]:
        """A device is made anew from CUDA's index, also in another process."""
        return self.__class__, (self._cuda_index,)

    def __repr__(self) -> str:
        """``CudaDevice(cuda_index=0, nvml_index=9, name="…", total_memory=10240MiB)``."""
        return (
            f'{self.__class__.__name__}(cuda_index={self.cuda_index}, nvml_index={self.index}, '
            f'name="{self.name()}", total_memory={self.memory_total_human()})'
        )

    def _identity(self) -> tuple[Any, str]:
        if self._ident is None:
            self._ident = (self.cuda_index, self.index), str(self.uuid())
        return self._ident

    def is_leaf_device(self) -> bool:
        """Always: CUDA's devices are what programs run on."""
        return True


def _cuda_target(cuda_index: Any, nvml_index: Any, uuid: Any) -> tuple[Any, Any]:
    """NVML's index of the device that is meant, or its UUID: one of them is None."""
    if nvml_index is not None or uuid is not None:
        check_one_of(nvml_index, uuid, None)
        return nvml_index, uuid
    check_one_of(cuda_index, None, None)
    visible = _visible.visible_indices()
    if not isinstance(cuda_index, int) or not 0 <= cuda_index < len(visible):
        raise RuntimeError(f'CUDA Error: invalid device ordinal: {cuda_index!r}.')
    return visible[cuda_index], None


class CudaMigDevice(CudaDevice, MigDevice):
    """A MIG device as CUDA numbers it: the only one that CUDA programs see."""

    _SNAPSHOT_ENDS_WITH: ClassVar[tuple[str, ...]] = (*MigDevice._SNAPSHOT_ENDS_WITH, *CudaDevice._SNAPSHOT_ENDS_WITH)


PLAIN = (PhysicalDevice, MigDevice, CudaDevice, CudaMigDevice)
"""The classes that C knows all about, as opposed to a user's own."""

Device.cuda = CudaDevice
Device.__module__ = __name__  # where programs know it from
