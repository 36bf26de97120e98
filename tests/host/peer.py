"""Runs inside the peer's Python: what psutil and nvitop read from a tree. A JSON request on stdin, the answer on stdout."""

import json
import os
import sys

import psutil
from nvitop import HostProcess


def totals() -> dict:
    """Totals by the names of our metrics."""
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return {
        'memory_total': memory.total, 'memory_available': memory.available, 'memory_used': memory.used,
        'memory_percent': memory.percent, 'swap_total': swap.total, 'swap_used': swap.used, 'swap_percent': swap.percent,
    }


def process(pid: int) -> dict:
    """One process by the names of the probe's columns."""
    known = HostProcess(pid)
    times = known.cpu_times()
    return {
        'uid': known.uids().real, 'user': known.username(), 'ppid': known.ppid(), 'name': known.name(),
        'threads': known.num_threads(), 'rss': known.memory_info().rss, 'cpu': times.user + times.system,
        'running': known.running_time_in_seconds(), 'command': known.command(),
    }


def command(pid: int) -> str:
    """The command alone; the tree has nothing else."""
    return HostProcess(pid).command()


def main() -> None:
    request = json.load(sys.stdin)
    if request['root']:
        psutil.PROCFS_PATH = request['root']
    if request.get('files'):
        os.path.isfile = lambda path: path.startswith(request['files'])
    if request['what'] == 'totals':
        answer = totals()
    else:
        read = {'process': process, 'command': command}[request['what']]
        answer = [read(pid) for pid in request['pids']]
    json.dump(answer, sys.stdout)


main()
