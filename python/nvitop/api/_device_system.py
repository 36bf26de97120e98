"""The functions of the device classes that concern no single device: versions, counts, lists.

Where there is no driver, lists are empty and nothing is available; what has to name a number or a
version raises the NVML error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, TypeVar

from nvitop.api import _device_native, _native, _visible
from nvitop.api._visible import _OMITTED
from nvitop.api.utils import NA, NaType

if TYPE_CHECKING:
    from nvitop.api.device import CudaDevice

__all__ = ['SystemFunctions', 'unless_absent']

T = TypeVar('T')


def unless_absent(function: Any, instead: T) -> T:
    """What the function returns, or `instead` where NVML says that it cannot."""
    try:
        return function()  # type: ignore[no-any-return]
    except Exception as error:
        from nvitop.api import libnvml  # needed by nobody whose calls go well

        if not isinstance(error, libnvml.NVMLError):
            raise
        return instead


class SystemFunctions:
    """What can be asked of a device class."""

    @classmethod
    def is_available(cls) -> bool:
        """Tells whether there is any device; False also where there is no driver."""
        return bool(unless_absent(cls.count, 0))

    @staticmethod
    def driver_version() -> str | NaType:
        """The version of the installed driver.

        Returns
        -------
        str or NaType
            Such as ``'550.54.14'``; ``NA`` where the driver does not tell.
            Source: nvmlSystemGetDriverVersion.

        Raises
        ------
        nvitop.NVMLError
            There is no NVML library, or no driver.
        """
        return _native.system_text(_native.lib.nvitop_driver_version)  # type: ignore[no-any-return]

    @staticmethod
    def cuda_driver_version() -> str | NaType:
        """The newest CUDA that the driver supports.

        Returns
        -------
        str or NaType
            Such as ``'12.4'``; ``NA`` where the driver does not tell.
            Source: nvmlSystemGetCudaDriverVersion_v2, else nvmlSystemGetCudaDriverVersion.

        Raises
        ------
        nvitop.NVMLError
            There is no NVML library, or no driver.
        """
        return _native.system_text(_native.lib.nvitop_cuda_driver_version)  # type: ignore[no-any-return]

    max_cuda_version = cuda_driver_version
    cuda_version = cuda_driver_version

    @staticmethod
    def cuda_runtime_version() -> str | NaType:
        """The version of the CUDA runtime that this process would load.

        Returns
        -------
        str or NaType
            Such as ``'12.4'``; ``NA`` where there is none.
            Source: cudaRuntimeGetVersion.
        """
        from nvitop.api import libcudart

        try:
            return libcudart.cudaRuntimeGetVersion()
        except libcudart.cudaError:
            return NA

    cudart_version = cuda_runtime_version

    @classmethod
    def count(cls) -> int:
        """How many GPUs the driver has, lost ones too; MIG devices do not count.

        Raises
        ------
        nvitop.NVMLError
            There is no NVML library, or no driver.
        """
        return _device_native.count()

    @staticmethod
    def from_cuda_visible_devices() -> list[CudaDevice]:
        """The devices that CUDA programs see with the present CUDA_VISIBLE_DEVICES, in CUDA's order.

        Returns
        -------
        list of CudaDevice
            Empty where there are none, or no driver.
        """
        from nvitop.api.device import CudaDevice

        visible = _visible.visible_indices()
        return [CudaDevice(cuda_index, nvml_index=index) for cuda_index, index in enumerate(visible)]

    cuda_all = from_cuda_visible_devices

    @staticmethod
    def from_cuda_indices(cuda_indices: int | Iterable[int] | None = None) -> list[CudaDevice]:
        """Devices by CUDA's indices; all that are visible, if none are given.

        Raises
        ------
        RuntimeError
            CUDA has no device with such an index.
        """
        from nvitop.api.device import CudaDevice

        if cuda_indices is None:
            return SystemFunctions.from_cuda_visible_devices()
        if isinstance(cuda_indices, int):
            cuda_indices = (cuda_indices,)
        return [CudaDevice(index) for index in cuda_indices]

    @staticmethod
    def parse_cuda_visible_devices(cuda_visible_devices: str | None = _OMITTED) -> list[int] | list[tuple[int, int]]:
        """The same as `nvitop.parse_cuda_visible_devices`."""
        return _visible.parse_cuda_visible_devices(cuda_visible_devices)

    @staticmethod
    def normalize_cuda_visible_devices(cuda_visible_devices: str | None = _OMITTED) -> str:
        """The same as `nvitop.normalize_cuda_visible_devices`."""
        return _visible.normalize_cuda_visible_devices(cuda_visible_devices)
