"""The host module: every name of psutil and of the original, and what the functions beside them say."""

from __future__ import annotations

import getpass
import json
import os
import platform
import subprocess
import sys

import nvitop
import psutil
import pytest
from nvitop import host
from processes import PID, child, tree

SITE = os.path.dirname(os.path.dirname(nvitop.__file__))

def outcome(python, script, **env):
    done = subprocess.run([python, '-c', script], capture_output=True, text=True, timeout=60, check=True,
                          env={**{name: value for name, value in os.environ.items() if name != 'WSL_DISTRO_NAME'},
                               **env})
    return json.loads(done.stdout)


@pytest.fixture
def proc(tmp_path):
    with tree(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize('name', [name for name in psutil.__all__ if name != 'Error'])
def test_name_of_psutil(name):
    assert name in host.__all__ and getattr(host, name) is getattr(psutil, name)


def test_error_has_another_name():
    assert host.PsutilError is psutil.Error
    for name in ('Error', 'no_such_name', '_psplatform'):
        with pytest.raises(AttributeError, match=f"module 'nvitop.api.host' has no attribute '{name}'"):
            getattr(host, name)


def test_later_names_of_psutil(monkeypatch):
    monkeypatch.setattr(psutil, 'of_later', 5, raising=False)
    assert host.of_later == 5


def test_load_average(monkeypatch):
    monkeypatch.setattr(psutil, 'getloadavg', lambda: (1.5, 2.0, 0.25))
    assert host.load_average() == (1.5, 2.0, 0.25)
    monkeypatch.setattr(psutil, 'getloadavg', lambda: os.open('/no/such/file', os.O_RDONLY))
    assert host.load_average() is None
    monkeypatch.delattr(psutil, 'getloadavg')
    assert host.load_average() is None


def test_memory(proc):
    assert host.memory_percent() == 25.0
    assert host.swap_percent() == 25.0


def test_parents_and_children(proc):
    for pid, ppid in ((1, 0), (7, 1), (8, 1), (PID, 8)):
        proc.write(pid, ppid=ppid)
    assert host.ppid_map() == {1: 0, 7: 1, 8: 1, PID: 8}
    assert {pid: sorted(below) for pid, below in host.reverse_ppid_map().items()} == {0: [1], 1: [7, 8], 8: [PID]}
    assert host.reverse_ppid_map()[12345] == []


def test_parents_without_the_quick_way(proc, monkeypatch):
    for pid, ppid in ((1, 0), (7, 1)):
        proc.write(pid, ppid=ppid)
    monkeypatch.setattr(psutil, '_pmap', {})  # what process_iter remembers of the real ones
    monkeypatch.delattr(psutil, '_ppid_map')
    assert host.ppid_map() == {1: 0, 7: 1}


def test_parents_of_real_processes():
    with child() as one, child() as two:
        parents = host.ppid_map()
        assert (parents[one.pid], parents[two.pid], parents[os.getpid()]) == (os.getpid(), os.getpid(), os.getppid())
        assert {one.pid, two.pid} <= set(host.reverse_ppid_map()[os.getpid()])


def test_uptime(monkeypatch):
    monkeypatch.setattr(psutil, 'boot_time', lambda: 1000.0)
    monkeypatch.setattr('time.time', lambda: 1060.5)
    assert host.uptime() == 60.5


def test_names_of_machine_and_user(monkeypatch):
    assert host.hostname() == platform.node()
    assert host.getuser() == getpass.getuser()

    def nobody():
        raise KeyError('getpwuid(): uid not found')

    monkeypatch.setattr(getpass, 'getuser', nobody)
    assert host.getuser() == str(os.getuid())


@pytest.mark.parametrize(('value', 'found'), [(None, None), ('Debian', 'Debian'), ('', 'WSL')])
def test_wsl(value, found):
    script = 'import json; from nvitop import host; print(json.dumps([host.WSL, host.WINDOWS_SUBSYSTEM_FOR_LINUX]))'
    env = {} if value is None else {'WSL_DISTRO_NAME': value}
    assert outcome(sys.executable, script, PYTHONPATH=SITE, **env) == [found, found]
