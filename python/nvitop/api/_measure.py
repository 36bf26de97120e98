"""What a collector samples in Python: whatever a user has made his own, which C knows nothing of."""

from __future__ import annotations

import contextlib
import math
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple, Union

from nvitop.api import host, libnvml
from nvitop.api._device_read import metrics_of
from nvitop.api.device import PLAIN, CudaDevice, Device
from nvitop.api.process import GpuProcess
from nvitop.api.utils import GiB, Snapshot

__all__ = ['DeviceMetric', 'Metrics', 'ProcessMetric', 'Roots', 'is_known', 'measure', 'measure_now']

DeviceMetric = Tuple[str, str, Union[int, float]]
"""Attribute of a device's snapshot, name with unit, divisor."""

ProcessMetric = Tuple[str, Optional[str], str, Union[int, float]]
"""Attribute of a process's snapshot, scope or None for the device's, name with unit, divisor."""

Metrics = Tuple[List[DeviceMetric], List[ProcessMetric]]

_ALL_PROCESSES = 1
"""The root whose descendants are all processes, also where it is not in sight (in a container)."""


def is_known(device: Device, metrics: List[DeviceMetric]) -> bool:
    """Whether C knows these metrics of the device, as a user has changed nothing of it."""
    return (type(device) in PLAIN
            and device.GPU_PROCESS_CLASS is GpuProcess
            and not any(attribute in vars(device) for attribute, _, _ in metrics))


def measure(devices: List[Snapshot], processes: List[Snapshot], metrics: Metrics) -> Dict[str, float]:
    """All metrics of a sample, by key without tags, in the order of the keys."""
    device_metrics, process_metrics = metrics
    sample = _measure_host()
    for device in devices:
        scope = _scope(device.real)
        for attribute, name, divisor in device_metrics:
            sample[f'{scope}/{name}'] = _number(device, attribute) / divisor
    for process in processes:
        device_scope = _scope(process.device)
        for attribute, scope_or_none, name, divisor in process_metrics:
            key = f'pid:{process.pid}/{scope_or_none or device_scope}/{name}'
            if key not in sample:  # the host's are the same on all devices
                sample[key] = _number(process, attribute) / divisor
    return sample


def measure_now(devices: List[Device], list_processes: Callable[[], List[GpuProcess]],
                metrics: Metrics) -> Dict[str, float]:
    """The same without whole snapshots: asks for no more than is collected."""
    names = [attribute for attribute, _, _ in metrics[0]]
    with contextlib.ExitStack() as stack:
        stack.enter_context(GpuProcess.failsafe())
        for device in devices:
            stack.enter_context(_reading(device, names))
        processes = [Snapshot(real=process, pid=process.pid, device=process.device)
                     for process in list_processes()]
        return measure([Snapshot(real=device) for device in devices], processes, metrics)


@contextlib.contextmanager
def _reading(device: Device, names: List[str]) -> Iterator[None]:
    """Inside, this thread has read what these methods of the device want, in one call of C."""
    with device._keeping(None):
        device._read(metrics_of(names, device.is_mig_device()))
        yield


def _scope(device: Device) -> str:
    """How keys name a device."""
    if isinstance(device, CudaDevice):
        return f'cuda:{device.cuda_index} (gpu:{device.index})'
    return f'gpu:{device.index}'


def _number(snapshot: Snapshot, attribute: str) -> float:
    """A metric as a number; nan where it is none, or where there is none."""
    try:
        return float(getattr(snapshot, attribute))
    except (TypeError, ValueError, AttributeError, libnvml.NVMLError, host.PsutilError):
        return math.nan


def _swap_percent() -> float:
    try:
        return host.swap_memory().percent
    except (OSError, RuntimeError):  # the latter where Windows has no counter for it
        return math.nan


def _measure_host() -> Dict[str, float]:
    memory = host.virtual_memory()
    sample = {
        'host/cpu_percent (%)': host.cpu_percent(),
        'host/memory_percent (%)': memory.percent,
        'host/swap_percent (%)': _swap_percent(),
        'host/memory_used (GiB)': memory.used / GiB,
    }
    load_average = host.load_average()
    if load_average is not None:
        for minutes, load in zip((1, 5, 15), load_average):
            sample[f'host/load_average (%) ({minutes} min)'] = load
    return sample


class Roots:
    """Which processes are, or descend from, one of the roots; each is looked into once."""

    def __init__(self, pids: Set[int]) -> None:
        self.pids = pids
        self._answers: Dict[Tuple[int, Any], bool] = {}

    def choose(self, processes: List[GpuProcess]) -> List[GpuProcess]:
        """Those of `processes` that belong to the roots; forgets those that are not there."""
        if not self.pids:
            return []
        if _ALL_PROCESSES in self.pids:
            return processes
        answers: Dict[Tuple[int, Any], bool] = {}
        chosen = [process for process in processes if self._look(process, answers)]
        self._answers = answers
        return chosen

    def _look(self, process: GpuProcess, answers: Dict[Tuple[int, Any], bool]) -> bool:
        try:
            key = (process.pid, process.host.create_time())
            answer = answers.get(key, self._answers.get(key))
            if answer is None:
                answer = self._descends(process)
        except host.PsutilError:  # it has ended, and its parents are not to be found any more
            return process.pid in self.pids and not process.host._is_foreign()
        answers[key] = answer
        return answer

    def _descends(self, process: GpuProcess) -> bool:
        if process.pid in self.pids:
            return True
        return any(parent.pid in self.pids for parent in process.host.parents())
