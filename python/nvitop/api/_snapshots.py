"""`take_snapshots`: devices and the processes on them, all at once."""

from __future__ import annotations

from typing import Iterable, NamedTuple

from nvitop.api import _device_native
from nvitop.api._device_snapshot import snapshots
from nvitop.api.device import Device
from nvitop.api.process import GpuProcess
from nvitop.api.utils import Snapshot

__all__ = ['SnapshotResult', 'take_snapshots']


class SnapshotResult(NamedTuple):
    """What `take_snapshots` returns."""

    devices: list[Snapshot]
    """a snapshot of each device"""
    gpu_processes: list[Snapshot]
    """a snapshot of each process, device by device; one on two devices is there twice"""


SnapshotResult.__module__ = 'nvitop.api.collector'  # where programs know it from


def take_snapshots(
    devices: Device | Iterable[Device] | None = None,
    *,
    gpu_processes: bool | GpuProcess | Iterable[GpuProcess] | None = None,
) -> SnapshotResult:
    """Snapshots of devices and of the processes on them.

    Nothing is raised for what can't be read: it is N/A in the snapshot, see `GpuProcess.failsafe`.

    Parameters
    ----------
    devices : Device or iterable of Device, optional
        The devices. Left out: the devices of `gpu_processes` if these are given, each once; else
        all devices of the machine, each followed by its MIG devices.
    gpu_processes : bool, GpuProcess or iterable of GpuProcess, optional
        The processes. Left out or True: all on `devices`; where these are left out as well, those
        of a MIG device are listed for it and not for its GPU. False or empty: none, and if
        `devices` is left out, all GPUs without their MIG devices.

    Returns
    -------
    SnapshotResult
        A pair ``(devices, gpu_processes)``, in the order of what was given. Both are empty where
        there is no driver.

    Examples
    --------
    >>> take_snapshots()
    >>> take_snapshots(Device.cuda.all())
    >>> devices, gpu_processes = take_snapshots(gpu_processes=Device(0).processes().values())
    """
    chosen = None if devices is None else [devices] if isinstance(devices, Device) else list(devices)
    if gpu_processes is None or gpu_processes is True:
        shown, processes = _everything_on(chosen)
    else:
        processes = _listed(gpu_processes)
        shown = _devices_of(processes) if chosen is None else chosen
    with GpuProcess.failsafe():
        return SnapshotResult(
            snapshots(shown, Device),
            GpuProcess.take_snapshots(processes, failsafe=True),
        )


def _listed(gpu_processes: bool | GpuProcess | Iterable[GpuProcess]) -> list[GpuProcess]:
    if gpu_processes is False:
        return []
    if isinstance(gpu_processes, GpuProcess):
        return [gpu_processes]
    return list(gpu_processes)  # type: ignore[arg-type]


def _devices_of(processes: list[GpuProcess]) -> list[Device]:
    """The devices of processes, each once; all GPUs if there is no process."""
    return list(dict.fromkeys(process.device for process in processes)) or list(Device.all())


def _everything_on(devices: list[Device] | None) -> tuple[list[Device], list[GpuProcess]]:
    """The devices to show and the processes on them."""
    _device_native.look(devices)
    if devices is None:
        families = [(device, device.to_leaf_devices()) for device in Device.all()]
        shown = [member for device, leaves in families
                 for member in (device, *(leaf for leaf in leaves if leaf != device))]
        asked = [leaf for _, leaves in families for leaf in leaves]
    else:
        shown = asked = devices
    return shown, [process for device in asked for process in device.processes().values()]
