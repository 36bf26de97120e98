"""Collectors. Devices stand still, so a mean is the number itself; of the host only the form is compared."""

import os
import threading
import time

MOVING = ('/host/cpu_percent', '/host/host_memory', 'running_time', 'duration', 'timestamp')
busy = sorted({pid for device in Device.all() for pid in device.to_leaf_devices()[0].processes()})


def still(metrics):
    """Numbers that are the same in every run, rounded; of the others whether they are numbers."""
    return {name: value == value if any(word in name for word in MOVING) else round(value, 9) for name, value in metrics.items()}


held = [HostProcess(pid) for pid in (1, *busy)]
c = ResourceMetricCollector(Device.all(), root_pids={1}, interval=60)
c.interval
c.devices
c.all_devices
c.leaf_devices
c.root_pids
type(c)
dict(sorted(still(c.activate('T').collect()).items()))
[name for name in c.collect() if '/pid:' not in name]
[name for name in c.collect() if f'/pid:{busy[0]}/' in name]
c.activate('T')
c.start('inner') is c
fed = c.take_snapshots()
sorted(name for name in c.collect() if 'gpu:0/temperature' in name)
c.stop('inner') is c
c.deactivate('zz')
c.clear()
c.clear('T')
c.clear('zz')
c.reset()
c.collect()['T/duration (s)'] < 60
fed = c.take_snapshots()
round(c.collect()['T/gpu:0/memory_total (MiB)/mean'], 9)
c.deactivate() is c
c.deactivate()
c.deactivate('T')
c.stop()
c.collect()
c.clear()
c.clear('zz')
c.reset()
with c(tag='with') as inside:
    inside is c
    {name.split('/')[0] for name in c.collect()}
with c.context(tag='context'):
    {name.split('/')[0] for name in c.collect()}
    c.context(tag='context').__enter__()
c.collect()
c.activate('')
fed = c.take_snapshots()
list(c.collect())[0]
c.stop()
c.activate(5)
fed = c.take_snapshots()
list(c.collect())[0]
c.stop(5)
result = c.take_snapshots()
type(result)
result._fields
[d.index for d in result.devices]
sorted((p.pid, p.device.index) for p in result.gpu_processes)
c.DEVICE_METRICS
c.PROCESS_METRICS
for interval in (0, -1, '1', None, float('nan'), True, 5):
    at(repr(interval))
    ResourceMetricCollector([], interval=interval).interval
at()
ResourceMetricCollector().root_pids == {os.getpid()}
[d.index for d in ResourceMetricCollector().devices]
ResourceMetricCollector(root_pids=[]).root_pids
ResourceMetricCollector([], root_pids=[4194311]).root_pids
ResourceMetricCollector(Device(0)).devices
ResourceMetricCollector([Device(0)], {1})
list(ResourceMetricCollector([], root_pids=[]).activate('E').collect())[:3]
ResourceMetricCollector(5)

# ---- in the background
seen = []
stopped = []


def on_collect(metrics):
    seen.append(sorted(metrics)[0])
    return len(seen) < 3


daemon = collect_in_background(on_collect, ResourceMetricCollector([], root_pids=[], interval=0.01),
                               on_start=lambda one: seen.append('started'), on_stop=stopped.append)
daemon.join(30)
isinstance(daemon, threading.Thread)
daemon.name
daemon.daemon
daemon.is_alive()
seen
[type(one) for one in stopped]
daemon.collector is stopped[0]
later = ResourceMetricCollector([], root_pids=[]).daemonize(on_collect, interval=0.01, tag='own', start=False)
later.name
later.is_alive()
later.start()
later.join(30)
seen[-1]
collect_in_background(on_collect, interval=0)
isinstance(collect_in_background(5, start=False), threading.Thread)
