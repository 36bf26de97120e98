"""Run by ours and by the original alike: says what expressions about processes come to, as JSON.

Numbers that differ from run to run are replaced by words: pids, times, sizes and shares.
"""

from __future__ import annotations

import copy
import json
import os
import pickle
import re
import subprocess
import sys

import psutil
from nvitop import NA, CudaDevice, Device, GpuProcess, HostProcess

GONE = 4194311
BOTH = '''
h | str(type(h).__name__) | h.is_running() | h.name() | h.cmdline() | h.command() | h.username() | h.status() | h.ppid()
h.parent() is HostProcess() | HostProcess(h.pid) is h | HostProcess() is HostProcess(os.getpid()) | h in HostProcess().children()
copy.copy(h) is h | copy.deepcopy(h) is h | pickle.loads(pickle.dumps(h)) is h | h == psutil.Process(h.pid)
type(h.running_time()).__name__ | type(h.running_time_human()).__name__ | type(h.running_time_in_seconds()).__name__
type(h.elapsed_time_human()).__name__ | type(h.rss_memory()).__name__ | h.cpu_percent() | h.create_time() == h.create_time()
sorted(h.as_snapshot()) | sorted(h.as_snapshot(attrs=["pid", "name"])) | h.as_snapshot(attrs=["command"]) | h.as_snapshot().command
g | g.pid == h.pid | g.host is h | g.device == d | g == h | h == g | isinstance(g, HostProcess) | isinstance(g, psutil.Process)
GpuProcess(h.pid, d) is g | GpuProcess(h.pid, Device(0)) is g | GpuProcess(h.pid, c) is g | GpuProcess(h.pid, c) == g
hash(GpuProcess(h.pid, c)) == hash(g) | GpuProcess(None, d).pid == os.getpid() | GpuProcess(h.pid, None) | GpuProcess(h.pid)
g.type | g.gpu_memory() | g.gpu_memory_human() | g.gpu_memory_percent() | g.gpu_instance_id() | g.compute_instance_id()
g.gpu_sm_utilization() | g.gpu_memory_utilization() | g.gpu_encoder_utilization() | g.gpu_decoder_utilization()
g.is_running() | g.status() | g.create_time() == h.create_time() | g.username() | g.name() | g.cmdline() | g.command() | g.ppid()
g.cpu_percent() | type(g.memory_percent()).__name__ | g.host_memory_percent() == g.memory_percent() | type(g.host_memory()).__name__
g.rss_memory() == g.host_memory() | type(g.running_time_human()).__name__ | type(g.elapsed_time_human()).__name__ | type(g.running_time_in_seconds()).__name__
g.cwd() == h.cwd() | g.no_such_name | list(g.host_snapshot()) | list(g.as_snapshot()) | g.as_snapshot().command | g.as_snapshot().ppid
g.as_snapshot({}) | GpuProcess.take_snapshots(g) | GpuProcess.take_snapshots([g], True) | type(GpuProcess.take_snapshots([g])).__name__
told.gpu_memory() | told.gpu_memory_human() | told.gpu_memory_percent() | told.type | told.gpu_instance_id() | told.compute_instance_id()
told.set_gpu_utilization(1, 2) | told.gpu_sm_utilization() | told.gpu_memory_utilization() | told.gpu_encoder_utilization()
told.set_gpu_utilization(gpu_encoder_utilization=7) | told.gpu_sm_utilization() | told.gpu_encoder_utilization()
told.set_gpu_memory(NA) | told.gpu_memory() | told.gpu_memory_percent() | told.update_gpu_status() | told.gpu_memory() | told.type
typed("C") | typed("G") | typed("CG") | typed("GC") | typed("") | typed("x") | typed(NA) | typed(None) | typed(5)
HostProcess(-1) | HostProcess("1") | HostProcess(1.5) | HostProcess(2**40) | HostProcess(True).pid | str(h)
dead | dead.is_running() | dead.name() | dead == HostProcess(GONE) | dead is HostProcess(GONE) | dead.as_snapshot() | dead.username()
gone | gone.is_running() | gone.name() | gone == GpuProcess(GONE, d) | gone.running_time() | gone.gpu_memory() | gone.ppid()
GpuProcess.take_snapshots([g, gone]) | len(GpuProcess.take_snapshots([g, gone], failsafe=True))
k.cmdline() | k.command()
'''
ENDED = '''
z | z.is_running() | z.status() | z.name() | z.username() | z.cmdline() | z.command() | z.rss_memory() | z.cpu_percent()
type(z.running_time_human()).__name__ | z.as_snapshot().command | z.as_snapshot(ad_value=5).cmdline | z.as_snapshot().status
gz | gz.is_running() | gz.status() | gz.name() | gz.username() | gz.create_time() == z.create_time() | type(gz.running_time_human()).__name__
gz.cpu_percent() | gz.memory_percent() | gz.host_memory() | gz.host_memory_human() | gz.ppid() | GpuProcess(z.pid, d) is gz
gz.cmdline() | gz.command() | gz.as_snapshot().cmdline | gz.as_snapshot().is_running | gz.as_snapshot().name | GpuProcess(z.pid, d) is gz
'''


class Words:
    """Evaluates expressions and makes what they come to comparable."""

    def __init__(self, **names) -> None:
        self.names = {**globals(), **names}

    def __call__(self, expression: str) -> str:
        try:
            found = eval(expression, self.names)  # noqa: S307
        except Exception as error:
            return f'! {type(error).__name__}'
        text = repr(found).replace(str(os.getpid()), 'SELF')
        text = re.sub(r"started='[^']*'", 'started=THEN', text)
        return re.sub(r'\b\d{4,7}\b', 'PID', text)

    def all(self, lines: str, prefix: str = '') -> dict:
        expressions = [each.strip() for line in lines.split('\n') for each in line.split(' | ') if each.strip()]
        return {f'{prefix}{number} {each}': self(each) for number, each in enumerate(expressions)}


def cat() -> subprocess.Popen:
    made = subprocess.Popen(['cat', '-u'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    made.stdin.write(b'\n')
    made.stdin.flush()
    made.stdout.readline()
    return made


def typed_by(process: GpuProcess):
    def typed(value):
        process.type = value
        return process.type
    return typed


def main() -> None:
    d, child, other = Device(0), cat(), cat()
    h, c, g = HostProcess(child.pid), CudaDevice(0), GpuProcess(child.pid, d)
    h.status()
    told = GpuProcess(child.pid, Device(1), gpu_memory=1 << 20, type='C', gpu_instance_id=0xFFFFFFFF,
                      compute_instance_id=0xFFFFFFFF)
    words = Words(h=h, g=g, d=d, c=c, told=told, typed=typed_by(GpuProcess(os.getpid(), d)), k=GpuProcess(2, d),
                  dead=HostProcess(GONE), gone=GpuProcess(GONE, d), z=HostProcess(other.pid),
                  gz=GpuProcess(other.pid, d))
    found = words.all(BOTH)
    other.stdin.close()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    found.update(words.all(ENDED, 'zombie: '))
    with GpuProcess.failsafe():
        found.update(words.all(ENDED, 'zombie, failsafe: '))
    other.wait()
    found.update(words.all(ENDED, 'ended: '))
    with GpuProcess.failsafe():
        found.update(words.all(ENDED, 'ended, failsafe: '))
        found.update(words.all('gone.name() | gone.cmdline() | gone.status() | gone.running_time() | gone.username()',
                               'gone, failsafe: '))
    child.kill()
    child.wait()
    json.dump(found, sys.stdout)


if __name__ == '__main__':
    main()
