"""What workers do in tests of their own processes: importable there, as a script's functions are not."""

import os

import everything
from nvitop import NA, Device, GpuProcess


def look(it):
    """Sees that what came is what was sent, and sends it back."""
    device, process, snapshot, na = it
    everything.use()
    assert na is NA and snapshot.serial is NA and device.name() == snapshot.name == everything.NAMES[1]
    assert process.gpu_memory() == snapshot.memory and process is GpuProcess(process.pid, Device(1))
    return os.getpid(), it


def put(queue, it):
    """The same, through a queue."""
    queue.put(look(it))
