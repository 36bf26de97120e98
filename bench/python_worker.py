"""Does one thing of the Python package for each line it reads, ours or nvitop 1.7.2, and tells what that took.

A line is a name of `TASKS`; the answer is `WALL CPU COUNT`: microseconds, and how many things it came to.
"""

import sys
import time

import nvitop


def full():
    """All devices, anew, and snapshots of them and of all that runs on them."""
    taken = nvitop.take_snapshots(nvitop.Device.all())
    return len(taken.devices) + len(taken.gpu_processes)


def devices():
    """Snapshots of devices that are there, all together."""
    return len(nvitop.take_snapshots(DEVICES, gpu_processes=False).devices)


def each():
    """The same, one after the other."""
    return len([device.as_snapshot() for device in DEVICES])


def processes():
    """The processes on devices that are there, and their snapshots."""
    found = [process for device in DEVICES for process in device.processes().values()]
    return len(nvitop.GpuProcess.take_snapshots(found, failsafe=True))


TASKS = {task.__name__: task for task in (full, devices, each, processes)}
DEVICES = nvitop.Device.all()

for line in sys.stdin:
    since = time.perf_counter(), time.process_time()
    count = TASKS[line.strip()]()
    wall, cpu = time.perf_counter() - since[0], time.process_time() - since[1]
    print(int(wall * 1e6), int(cpu * 1e6), count, flush=True)
