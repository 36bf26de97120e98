"""The class `Device`: how one is found, who it is, and what it tells of itself as a whole.

The classes of GPUs, MIG devices and CUDA's devices, which `Device` makes, are in
`nvitop.api.device`, and what a single getter asks for in `nvitop.api._device_read`.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Iterable, Iterator

from nvitop.api import _device_native, _nvml_codes, _visible
from nvitop.api._device_board import BoardGetters
from nvitop.api._device_load import LoadGetters
from nvitop.api._device_memory import MemoryGetters
from nvitop.api._device_native import Index
from nvitop.api._device_nvlink import NvlinkGetters
from nvitop.api._device_read import ONESHOT
from nvitop.api._device_snapshot import snapshot_of
from nvitop.api._device_system import SystemFunctions, unless_absent
from nvitop.api.utils import NA, NaType, Snapshot

if TYPE_CHECKING:
    from nvitop.api.device import CudaDevice, MigDevice
    from nvitop.api.process import GpuProcess

__all__ = ['Device', 'check_one_of', 'nvml_error']

_HEX = '[0-9a-f]'
_UUID = re.compile(
    rf'(?:(?P<MigMode>MIG)-)?(?:(?P<GpuUuid>GPU)-)?(?(MigMode)|(?(GpuUuid)|GPU-))'
    rf'(?P<UUID>{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}})'
    r'(?(MigMode)(?(GpuUuid)/(?P<GpuInstanceId>\d+)/(?P<ComputeInstanceId>\d+)|)|)$'
)

# What NVML says of a GPU that is there and has no handle: it gets a name of this, and no error.
_TROUBLED = {
    _nvml_codes.NVML_ERROR_GPU_IS_LOST: 'ERROR: GPU is Lost',
    _nvml_codes.NVML_ERROR_RESET_REQUIRED: 'ERROR: GPU is Lost',
    _nvml_codes.NVML_ERROR_UNKNOWN: 'ERROR: Unknown',
}


def nvml_error(code: int) -> Exception:
    from nvitop.api import libnvml

    return libnvml.NVMLError(code)


def check_one_of(index: Any, uuid: Any, bus_id: Any) -> None:
    given = (index, uuid, bus_id)
    if sum(value is not None for value in given) != 1:
        raise TypeError(
            f'Device(index=None, uuid=None, bus_id=None) takes 1 non-None arguments but '
            f'(index, uuid, bus_id) = {given!r} were given'
        )
    if not all(isinstance(value, (str, type(None))) for value in (uuid, bus_id)):
        raise TypeError(f'uuid and bus_id are texts, but (uuid, bus_id) = {(uuid, bus_id)!r} were given')


def _is_index(value: Any) -> bool:
    if isinstance(value, tuple):
        return len(value) == 2 and all(isinstance(part, int) for part in value)
    return isinstance(value, int)


class _ProcessClass:
    """`GpuProcess`, imported when somebody asks for it: psutil, on which it stands, takes longer than all the rest."""

    def __get__(self, _device: Any, _cls: Any) -> type[GpuProcess]:
        from nvitop.api.process import GpuProcess

        return GpuProcess


class Device(MemoryGetters, LoadGetters, BoardGetters, NvlinkGetters, SystemFunctions):
    """A device as NVML numbers it.

    ``Device(index)`` makes a `PhysicalDevice`, ``Device((index, mig_index))`` a `MigDevice`, and a
    UUID either. Exactly one of the arguments is given.

    Parameters
    ----------
    index
        NVML's index, which is in the order of the PCI bus; or that of a GPU and of a MIG device
        under it; or a UUID.
    uuid
        The whole UUID, ``'GPU-…'`` or ``'MIG-…'``; ``'MIG-GPU-<uuid>/<gi>/<ci>'`` as well.
    bus_id
        The PCI address, ``'00000000:01:00.0'``.

    Raises
    ------
    nvitop.NVMLError
        ``NVMLError_LibraryNotFound``, ``NVMLError_DriverNotLoaded``: there is no driver.
        ``NVMLError_InvalidArgument``: there is no such GPU. ``NVMLError_NotFound``: no such MIG
        device, UUID or bus id. Others as the driver has them. A GPU that is lost is no error.
    TypeError
        None or several arguments, or one that is no index.

    Examples
    --------
    >>> Device(0)  # doctest: +SKIP
    PhysicalDevice(index=0, name="NVIDIA GeForce RTX 3090", total_memory=24.00GiB)
    """

    UUID_PATTERN: ClassVar[re.Pattern[str]] = _UUID
    """How UUIDs look, for `Device(index)`."""

    GPU_PROCESS_CLASS: ClassVar[type[GpuProcess]] = _ProcessClass()  # type: ignore[assignment]
    """What `processes` makes; subclasses may have one of their own."""

    SNAPSHOT_KEYS: ClassVar[list[str]] = [
        'name', 'uuid', 'bus_id',
        'memory_info', 'memory_used', 'memory_free', 'memory_total', 'memory_used_human', 'memory_free_human',
        'memory_total_human', 'memory_percent', 'memory_usage',
        'utilization_rates', 'gpu_utilization', 'memory_utilization', 'encoder_utilization', 'decoder_utilization',
        'clock_infos', 'max_clock_infos', 'clock_speed_infos', 'sm_clock', 'memory_clock',
        'fan_speed', 'temperature', 'power_usage', 'power_limit', 'power_status',
        'pcie_throughput', 'pcie_tx_throughput', 'pcie_rx_throughput', 'pcie_tx_throughput_human',
        'pcie_rx_throughput_human',
        'display_active', 'display_mode', 'current_driver_model', 'persistence_mode', 'performance_state',
        'total_volatile_uncorrected_ecc_errors', 'compute_mode', 'cuda_compute_capability', 'mig_mode',
    ]  # fmt: skip
    """The methods whose answers `as_snapshot` holds; subclasses may have others."""

    _SNAPSHOT_ENDS_WITH: ClassVar[tuple[str, ...]] = ()
    """Attributes that come after them."""

    cuda: ClassVar[type[CudaDevice]]
    """`CudaDevice`, so that ``Device.cuda(0)`` is CUDA's device 0."""

    # ---- making one

    def __new__(cls, index: Index | str | None = None, *, uuid: str | None = None, bus_id: str | None = None) -> Device:
        """Makes a device of the class that the arguments ask for."""
        if cls is not Device:
            return super().__new__(cls)
        from nvitop.api.device import MigDevice, PhysicalDevice

        check_one_of(index, uuid, bus_id)
        text = index if isinstance(index, str) else uuid
        found = cls.UUID_PATTERN.match(text) if text is not None else None
        is_mig = isinstance(index, tuple) or (found is not None and found['MigMode'] is not None)
        return super().__new__(MigDevice if is_mig else PhysicalDevice)

    def __init__(
        self, index: Index | str | None = None, *, uuid: str | None = None, bus_id: str | None = None
    ) -> None:
        """Finds the device."""
        super().__init__()
        check_one_of(index, uuid, bus_id)
        if isinstance(index, str) and self.UUID_PATTERN.match(index):
            index, uuid = None, index
        if uuid is not None:
            self._pointer = self._by_uuid(uuid)
        elif bus_id is not None:
            self._pointer = _device_native.by_bus_id(bus_id)
        elif isinstance(index, str) or not _is_index(index):
            raise TypeError(
                f'index must be an integer, or a tuple of two integers, or a valid UUID, but index = {index!r} was given'
            )
        else:
            self._pointer = _device_native.by_index(index)  # type: ignore[arg-type]  # looked at above
        self._index = _device_native.index_of(self._pointer)
        self._parent_pointer = (
            _device_native.by_index(self._index[0]) if isinstance(self._index, tuple) else None
        )
        self._code = _device_native.handle_code(self._pointer)
        if self._code and self._code not in _TROUBLED:
            raise nvml_error(self._code)
        self._cuda_index: int | None = None
        self._ident: tuple[Any, str] | None = None

    def _by_uuid(self, uuid: str) -> Any:
        found = self.UUID_PATTERN.match(uuid)
        if found is None or found['GpuInstanceId'] is None:
            return _device_native.by_uuid(uuid)
        wanted = [int(found['GpuInstanceId']), int(found['ComputeInstanceId'])]
        for child in _device_native.children(_device_native.by_uuid(f'GPU-{found["UUID"]}')):
            if _device_native.read(child, ('gpu_instance_id', 'compute_instance_id')) == wanted:
                return child
        raise nvml_error(_nvml_codes.NVML_ERROR_NOT_FOUND)

    @classmethod
    def all(cls) -> list[Any]:
        """All GPUs in NVML's order; none where there is no driver."""
        return cls.from_indices()

    @classmethod
    def from_indices(cls, indices: int | Iterable[Index] | None = None) -> list[Any]:
        """Devices by their indices; all GPUs, if none are given.

        Raises
        ------
        nvitop.NVMLError
            There is no such device, or no driver though indices are given.
        """
        if indices is None:
            indices = range(unless_absent(cls.count, 0))
        elif isinstance(indices, int):
            indices = (indices,)
        return [cls(index) for index in indices]

    def __reduce__(self) -> tuple[Any, ...]:
        """A device is made anew from its index, also in another process."""
        return self.__class__, (self._index,)

    # ---- who it is

    def __repr__(self) -> str:
        """``PhysicalDevice(index=0, name="…", total_memory=10240MiB)``."""
        return (
            f'{self.__class__.__name__}(index={self.index}, name="{self.name()}", '
            f'total_memory={self.memory_total_human()})'
        )

    def _identity(self) -> tuple[Any, str]:
        """What makes it equal to another, known once and for all."""
        if self._ident is None:
            self._ident = self.index, str(self.uuid())
        return self._ident

    def __eq__(self, other: object) -> bool:
        """Devices are equal if they have the same index and the same UUID."""
        if not isinstance(other, Device):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        """By index and UUID."""
        return hash(self._identity())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """``device.minor_number`` is nvmlDeviceGetMinorNumber of nvidia-ml-py for this device.

        What the driver or the device does not know is ``NA``, and so is all of a GPU that is lost; other errors
        of NVML are raised. A name for which there is no function is an AttributeError.
        """
        from nvitop.api import _device_unknown

        asked = None if name.startswith('_') else _device_unknown.function(name)
        if asked is None:
            raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')

        def attribute(*args: Any, **options: Any) -> Any:
            handle = self.handle
            return NA if handle is None else asked(handle, *args, **options)

        attribute.__name__ = name
        attribute.__qualname__ = f'{type(self).__name__}.{name}'
        return attribute

    @property
    def index(self) -> Index:
        """NVML's index: an int, or those of GPU and MIG device."""
        return self._index

    @property
    def nvml_index(self) -> Index:
        """The same as `index`."""
        return self.index

    @property
    def physical_index(self) -> int:
        """NVML's index of the GPU, also for a MIG device."""
        return self._index[0] if isinstance(self._index, tuple) else self._index

    @property
    def handle(self) -> Any:
        """NVML's handle, for functions of nvidia-ml-py; None where there is none, as the GPU is lost."""
        from nvitop.api import _device_unknown

        address = _device_native.nvml_handle(self._pointer)
        return None if address is None else _device_unknown.handle_object(address, self._index)

    @property
    def cuda_index(self) -> int:
        """CUDA's index of the device in this process.

        Raises
        ------
        RuntimeError
            CUDA programs do not see it, because of CUDA_VISIBLE_DEVICES or because of MIG.
        """
        if self._cuda_index is None:
            try:
                self._cuda_index = _visible.visible_indices().index(self._index)
            except ValueError:
                raise RuntimeError(
                    f'CUDA Error: Device(index={self._index}) is not visible to CUDA applications'
                ) from None
        return self._cuda_index

    def name(self) -> str | NaType:
        """The product's name.

        Returns
        -------
        str or NaType
            With the profile for a MIG device. ``'ERROR: GPU is Lost'`` or ``'ERROR: Unknown'`` for a GPU
            that had no handle from the beginning; ``NA`` where the driver does not tell.
            Source: nvmlDeviceGetName.
        """
        name = self._text('name')
        return _TROUBLED.get(self._code, NA) if isinstance(name, NaType) else name

    def uuid(self) -> str | NaType:
        """The UUID.

        Returns
        -------
        str or NaType
            ``'GPU-…'`` or ``'MIG-…'``; ``NA`` where the driver does not tell.
            Source: nvmlDeviceGetUUID.
        """
        return self._text('uuid')

    def bus_id(self) -> str | NaType:
        """The PCI address.

        Returns
        -------
        str or NaType
            Such as ``'00000000:01:00.0'``; ``NA`` where the driver does not tell.
            MIG devices answer for their GPU.
            Source: nvmlDeviceGetPciInfo.
        """
        return self._text('bus_id')

    def serial(self) -> str | NaType:
        """The serial number that is printed on the board.

        Returns
        -------
        str or NaType
            A text of digits; ``NA`` where the board has none, and for MIG devices.
            Source: nvmlDeviceGetSerial.
        """
        return self._text('serial')

    # ---- MIG

    def is_mig_device(self) -> bool:
        """Tells whether it is a MIG device."""
        return isinstance(self._index, tuple)

    def is_mig_mode_enabled(self) -> bool:
        """Tells whether it is a GPU in MIG mode; False where the driver knows no MIG."""
        return self.mig_mode() == 'Enabled'

    def max_mig_device_count(self) -> int:
        """How many MIG devices it can have: 0 for what is no GPU in NVML's order."""
        return 0

    def mig_devices(self) -> list[MigDevice]:
        """Its MIG devices: none for what is no GPU in NVML's order."""
        return []

    def is_leaf_device(self) -> bool:
        """Tells whether it can run something itself, which a GPU in MIG mode cannot."""
        return self.is_mig_device() or not self.is_mig_mode_enabled()

    def to_leaf_devices(self) -> list[Any]:
        """Itself if it is a leaf, else its MIG devices, of which there may be none."""
        return [self] if self.is_leaf_device() else list(self.mig_devices())

    # ---- processes

    def processes(self) -> dict[int, GpuProcess]:
        """The processes on the device.

        Returns
        -------
        dict of int to GpuProcess
            By pid, ascending, as the driver has it; made by `GPU_PROCESS_CLASS`. Empty where the driver
            cannot say, and where the GPU is lost. A process that has ended stays as long as the
            driver lists it. One whose pid is another namespace's, as the driver tells it in some
            containers, counts as ended: whoever has the pid here is not shown, and gets no signal.
            A GPU in MIG mode has those of all its MIG devices.
            Source: nvmlDeviceGetComputeRunningProcesses, nvmlDeviceGetGraphicsRunningProcesses,
            nvmlDeviceGetMPSComputeRunningProcesses, nvmlDeviceGetProcessUtilization.
        """
        from nvitop.api._host_process import seen

        found = {}
        rows = _device_native.processes(self._pointer)
        starts = {row.pid: row.start_ticks for row in rows if not row.is_foreign}
        with seen(starts, {row.pid for row in rows if row.is_foreign}):  # so nobody looks a second time
            for row in rows:
                process = self.GPU_PROCESS_CLASS(
                    row.pid,
                    self,
                    gpu_memory=row.gpu_memory,
                    gpu_instance_id=row.gpu_instance_id,
                    compute_instance_id=row.compute_instance_id,
                    type=row.type,
                )
                process.set_gpu_utilization(
                    row.gpu_sm_utilization,
                    row.gpu_memory_utilization,
                    row.gpu_encoder_utilization,
                    row.gpu_decoder_utilization,
                )
                found[row.pid] = process
        return found

    # ---- many at once

    @contextlib.contextmanager
    def oneshot(self) -> Iterator[None]:
        """Inside, some numbers are asked for once, by this thread.

        They are memory, BAR1, utilization, clocks, power usage and limit. Windows may lie inside each
        other; other threads are not concerned.
        """
        with self._keeping(ONESHOT):
            yield

    def as_snapshot(self) -> Snapshot:
        """What the methods of `SNAPSHOT_KEYS` tell, at one moment.

        All that they need is read in one call of the C library, and for a MIG device in another one
        for what is its GPU's.

        Returns
        -------
        Snapshot
            `index`, `physical_index` and an item for each key; MIG devices have `mig_index` as well,
            and CUDA's devices `cuda_index`.
        """
        return snapshot_of(self)
