"""Processes: `HostProcess`, any process of this machine, and `GpuProcess`, one on a device."""

from nvitop.api._gpu_process import GpuProcess
from nvitop.api._host_process import HostProcess
from nvitop.api.utils import command_join

__all__ = ['HostProcess', 'GpuProcess', 'command_join']
