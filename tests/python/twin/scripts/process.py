"""Processes: children of this program, one that has ended but was not waited for, dead ones, and the scenario's."""

import copy
import datetime
import os
import pickle
import signal
import time

import psutil

d = Device(0)
c = CudaDevice(0)
h = HostProcess(cats.start('CAT'))
h.status()
g = GpuProcess(h.pid, d)
busy = sorted(d.processes().values(), key=lambda process: process.pid)[0]
GONE = 4194311

# ---- the process as the host sees it
h
str(h)
type(h)
HostProcess.__mro__[1]
h.pid
h.is_running()
h.name()
h.exe()
h.cwd()
h.cmdline()
h.command()
h.environ() == dict(os.environ)
h.username()
h.status()
h.terminal()
h.ppid()
h.parent()
h.parent() is HostProcess()
h.parents()[0] is HostProcess()
h.children()
h.children(recursive=True)
h in HostProcess().children()
h in HostProcess().children(recursive=True)
HostProcess(h.pid) is h
HostProcess() is HostProcess(os.getpid())
copy.copy(h) is h
copy.deepcopy(h) is h
pickle.loads(pickle.dumps(h)) is h
h == psutil.Process(h.pid)
hash(h) == hash(psutil.Process(h.pid))
h == HostProcess()
type(h.create_time())
near(h.create_time(), time.time(), 60)
type(h.running_time())
near(h.running_time().total_seconds(), time.time() - h.create_time())
type(h.elapsed_time())
h.running_time_human()[:2]
h.elapsed_time_human()[:2]
near(h.running_time_in_seconds(), time.time() - h.create_time())
near(h.elapsed_time_in_seconds(), time.time() - h.create_time())
h.rss_memory() == h.memory_info().rss
type(h.rss_memory())
type(h.memory_percent())
form(h.memory_info())
form(h.memory_full_info())
len(h.memory_maps()) > 3
h.cpu_percent()
h.cpu_times()._fields
type(h.cpu_num())
h.cpu_affinity() == psutil.Process().cpu_affinity()
h.num_threads()
len(h.threads())
h.num_fds()
h.open_files()
h.connections()
h.net_connections()
h.io_counters()._fields
h.num_ctx_switches()._fields
h.uids()
h.gids()
h.nice()
h.ionice()
h.rlimit(psutil.RLIMIT_NOFILE) == psutil.Process().rlimit(psutil.RLIMIT_NOFILE)
h.as_dict(['pid', 'name', 'cmdline', 'username'])
sorted(h.as_dict())
sorted(h.as_snapshot())
sorted(h.as_snapshot(attrs=['pid', 'name']))
h.as_snapshot(attrs=['command'])
h.as_snapshot(attrs=['nope'])
h.as_snapshot().command
h.as_snapshot().real is h
with h.oneshot():
    h.cmdline() == h.cmdline()
    h.name()
    h.running_time() == h.running_time()
h.pid in HostProcess.INSTANCES
HostProcess.INSTANCES[h.pid] is h
hasattr(HostProcess.INSTANCE_LOCK, 'acquire')
HostProcess(-1)
HostProcess('1')
HostProcess(1.5)
HostProcess(2**40)
HostProcess(True).pid

# ---- a process on a GPU
g
type(g)
g.pid == h.pid
g.host is h
g.device == d
g.device is d
g == h
h == g
isinstance(g, HostProcess)
isinstance(g, psutil.Process)
issubclass(GpuProcess, HostProcess)
GpuProcess(h.pid, d) is g
GpuProcess(h.pid, Device(0)) is g
GpuProcess(h.pid, c) is g
GpuProcess(h.pid, c) == g
hash(GpuProcess(h.pid, c)) == hash(g)
GpuProcess(h.pid, Device(1)) == g
GpuProcess(None, d).pid == os.getpid()
GpuProcess(h.pid, None)
GpuProcess(h.pid)
GpuProcess('1', d)
GpuProcess(-1, d)
g.type
g.gpu_memory()
g.gpu_memory_human()
g.gpu_memory_percent()
g.gpu_instance_id()
g.compute_instance_id()
g.gpu_sm_utilization()
g.gpu_memory_utilization()
g.gpu_encoder_utilization()
g.gpu_decoder_utilization()
g.is_running()
g.status()
g.create_time() == h.create_time()
g.username()
g.name()
g.cmdline()
g.command()
g.ppid()
g.cpu_percent()
g.memory_percent() == h.memory_percent()
g.host_memory_percent() == g.memory_percent()
g.host_memory() == h.rss_memory()
g.rss_memory() == g.host_memory()
form(g.host_memory_human())
type(g.running_time())
type(g.elapsed_time())
g.running_time_human()[:2]
g.elapsed_time_human()[:2]
near(g.running_time_in_seconds(), h.running_time_in_seconds())
near(g.elapsed_time_in_seconds(), h.running_time_in_seconds())
g.cwd() == h.cwd()
g.parent() is h.parent()
g.no_such_name
list(g.host_snapshot())
list(g.as_snapshot())
g.as_snapshot().command
g.as_snapshot().ppid
g.as_snapshot().host == g.as_snapshot().real.host
g.as_snapshot({})
sorted(g.as_snapshot(host_process_snapshot_cache={}))
GpuProcess.take_snapshots(g)
GpuProcess.take_snapshots([g], True)
type(GpuProcess.take_snapshots([g]))
[s.pid for s in GpuProcess.take_snapshots([g, busy])]
(h.pid, d) in GpuProcess.INSTANCES
GpuProcess.INSTANCE_LOCK is HostProcess.INSTANCE_LOCK

# ---- one of the scenario
busy.type
busy.gpu_memory()
busy.gpu_memory_human()
busy.gpu_memory_percent()
busy.gpu_sm_utilization()
busy.gpu_memory_utilization()
busy.gpu_encoder_utilization()
busy.gpu_decoder_utilization()
busy.update_gpu_status()
busy.name()
busy.username()
busy.command()
busy.as_snapshot().gpu_memory_human
{name: value for name, value in busy.as_snapshot().__dict__.items() if name.startswith(('gpu_', 'compute_', 'type'))}

# ---- what is told to one
told = GpuProcess(h.pid, Device(1), gpu_memory=1 << 20, type='C', gpu_instance_id=0xFFFFFFFF, compute_instance_id=0xFFFFFFFF)
told.gpu_memory()
told.gpu_memory_human()
told.gpu_memory_percent()
told.type
told.gpu_instance_id()
told.compute_instance_id()
told.set_gpu_utilization(1, 2)
told.gpu_sm_utilization()
told.gpu_memory_utilization()
told.gpu_encoder_utilization()
told.set_gpu_utilization(gpu_encoder_utilization=7)
told.gpu_sm_utilization()
told.gpu_encoder_utilization()
told.set_gpu_utilization(gpu_decoder_utilization=9)
told.gpu_decoder_utilization()
told.set_gpu_memory(5 << 20)
told.gpu_memory_human()
told.set_gpu_memory(NA)
told.gpu_memory()
told.gpu_memory_percent()
told.update_gpu_status()
told.gpu_memory()
told.type
for word in ('C', 'G', 'CG', 'GC', 'X+C', '', 'x', NA):
    at(repr(word))
    told.type = word
    told.type
at()
told.type = None
told.type = 5

# ---- dead ones, and one whose pid nobody has
dead = HostProcess(GONE)
dead
dead.is_running()
dead.name()
dead.status()
dead.username()
dead.cmdline()
dead.running_time()
dead.as_snapshot()
dead.parent()
dead.children()
dead == HostProcess(GONE)
dead is HostProcess(GONE)
gone = GpuProcess(GONE, d)
gone
gone.is_running()
gone.name()
gone.ppid()
gone.gpu_memory()
gone.running_time()
gone == GpuProcess(GONE, d)
gone is GpuProcess(GONE, d)
gone.host_snapshot()
gone.as_snapshot()
GpuProcess.take_snapshots([g, gone])
GpuProcess.take_snapshots([g, gone], failsafe=True)[1].status
with GpuProcess.failsafe():
    gone.name()
    gone.cmdline()
    gone.command()
    gone.status()
    gone.username()
    gone.running_time()
    gone.running_time_human()
    gone.create_time()
    gone.host_memory()
    gone.host_memory_human()
    gone.cpu_percent()
    gone.memory_percent()
    gone.is_running()
    gone.ppid()
    gone.host_snapshot().name
    gone.as_snapshot().cmdline
    {name: value for name, value in gone.as_snapshot().__dict__.items() if name not in ('real', 'timestamp', 'host', 'device')}
GpuProcess(2, d).cmdline()
GpuProcess(2, d).command()

# ---- from its end to when it is waited for, and afterwards
z = HostProcess(cats.start('SHORT'))
gz = GpuProcess(z.pid, d)
z.username()
cats.become_zombie()
for state in ('zombie', 'zombie, failsafe', 'ended', 'ended, failsafe'):
    at(state)
    if state == 'ended':
        cats.end()
    with GpuProcess.failsafe() if 'failsafe' in state else d.oneshot():
        z
        z.is_running()
        z.status()
        z.name()
        z.username()
        z.cmdline()
        z.command()
        z.rss_memory()
        z.cpu_percent()
        z.running_time_human()[:2]
        z.as_snapshot().command
        z.as_snapshot(ad_value=5).cmdline
        z.as_snapshot().status
        gz
        gz.is_running()
        gz.status()
        gz.name()
        gz.username()
        gz.create_time() == z.create_time()
        gz.running_time_human()[:2]
        gz.cpu_percent()
        gz.memory_percent()
        gz.host_memory()
        gz.host_memory_human()
        gz.ppid()
        GpuProcess(z.pid, d) is gz
        gz.cmdline()
        gz.command()
        gz.as_snapshot().cmdline
        gz.as_snapshot().is_running
        gz.as_snapshot().name
        GpuProcess(z.pid, d) is gz
at()

# ---- signals, to a child
stopped = HostProcess(cats.start('VICTIM'))
stopped.suspend()
stopped.resume()
stopped.send_signal(signal.SIGCONT)
stopped.wait(timeout=0)
stopped.terminate()
stopped.wait(timeout=30)
stopped.kill()
stopped.is_running()
GpuProcess(cats.start('OTHER'), d).kill()
os.waitpid(cats.child.pid, 0)[1]
HostProcess(cats.start('LAST')).kill()
os.waitpid(cats.child.pid, 0)[1]
