"""The host: every name of psutil, and what is beside them. Both read one tree like /proc, which stands still."""

import getpass
import os
import socket
import time

import psutil

from nvitop import host

for name in sorted(name for name, is_function in PEER['host'].items() if not is_function and name != 'PROCFS_PATH'):
    at(name)
    getattr(host, name)
at()
host.PROCFS_PATH == psutil.PROCFS_PATH
host.Error
host.PsutilError is psutil.Error
host.NoSuchProcess is psutil.NoSuchProcess
issubclass(host.NoSuchProcess, host.PsutilError)
host.no_such_name
host.virtual_memory()
host.memory_percent()
host.swap_memory()
host.swap_percent()
host.load_average()
host.getloadavg()
host.boot_time()
near(host.uptime(), time.time() - host.boot_time())
type(host.uptime())
host.hostname() == socket.gethostname()
host.getuser() == getpass.getuser()
host.cpu_count()
host.cpu_count(logical=False)
host.cpu_percent()
host.cpu_percent(percpu=True)
host.cpu_times()
host.cpu_times(percpu=True)[0]
form(host.cpu_times_percent())
host.cpu_stats()
form(host.cpu_freq())
type(host.disk_usage('/'))
host.disk_partitions()
form(host.disk_io_counters())[:20]
type(host.net_io_counters())
host.net_connections()
sorted(host.net_if_addrs()) == sorted(psutil.net_if_addrs())
sorted(host.net_if_stats()) == sorted(psutil.net_if_stats())
type(host.sensors_temperatures())
type(host.sensors_fans())
type(host.sensors_battery())
host.users() == psutil.users()
sorted(set(host.pids()) - {os.getpid()})
host.pid_exists(os.getpid())
host.pid_exists(4194311)
sorted(process.pid for process in host.process_iter() if process.pid != os.getpid())
sorted(pair for pair in host.ppid_map().items() if pair[0] != os.getpid())
type(host.ppid_map())
type(host.reverse_ppid_map())
host.reverse_ppid_map()[os.getpid()]
host.reverse_ppid_map()[-5]
sorted(host.reverse_ppid_map())
type(host.heap_info())
host.heap_trim()
host.wait_procs([])
host.wait_procs([psutil.Process(cats.start('CAT'))], timeout=0)
host.Popen(['true']).wait(30)
host.Process() == HostProcess()
host.reverse_ppid_map()[os.getpid()]
