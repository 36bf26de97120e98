"""All of the package at once, for tests of what must not disturb it: imported by the scripts they run over `two`."""

import os
import pickle

from nvitop import (
    NA,
    CudaDevice,
    Device,
    GpuProcess,
    HostProcess,
    PhysicalDevice,
    ResourceMetricCollector,
    host,
    libnvml,
    normalize_cuda_visible_devices,
    select_devices,
    take_snapshots,
)

NAMES = ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti']


def devices():
    found = Device.all()
    assert [device.name() for device in found] == NAMES
    assert [device.as_snapshot().memory_total >> 30 for device in found] == [24, 16]
    assert pickle.loads(pickle.dumps(found)) == found and CudaDevice(1).index == 1
    for device in found:
        with device.oneshot():
            assert device.memory_info() == device.memory_info()
        assert device.serial() is NA and device.minor_number() == device.index


def processes():
    for device in PhysicalDevice.all():
        for process in device.processes().values():
            assert process.is_running() and process.command() and process.gpu_memory() > 0
            assert GpuProcess(process.pid, device) is process and HostProcess(process.pid) is process.host
    found = take_snapshots()
    assert len(found.devices) == 2 and len(found.gpu_processes) == 5
    assert HostProcess().pid == os.getpid()


def choosing():
    assert select_devices(min_count=1, max_count=2, tolerance=100) in ([0, 1], [1, 0])
    assert normalize_cuda_visible_devices('1,0').count('GPU-') == 2


def collecting():
    collector = ResourceMetricCollector(root_pids={1}, interval=0.01)
    with collector('all'):
        metrics = collector.collect()
        assert metrics['all/gpu:0/memory_total (MiB)/mean'] == 24 * 1024
        assert sum('gpu_memory (MiB)/last' in key for key in metrics) == 5
    return metrics


def system():
    assert 0 < host.memory_percent() < 100 and Device.driver_version() == '570.172.08'
    assert libnvml.nvmlQuery('nvmlDeviceGetCount') == 2


PARTS = (devices, processes, choosing, collecting, system)


def use():
    """Everything once, each with its assertions."""
    for part in PARTS:
        part()
