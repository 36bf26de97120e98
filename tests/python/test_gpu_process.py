"""GpuProcess: one object for a process on a device, what the driver told it, and failsafe."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import re
import threading
import weakref

import psutil
import pytest
from nvitop import NA, GpuProcess, HostProcess
from nvitop.api._host_process import seen
from processes import PID, TICKS, Card, OtherCard, child, tree

HOST_KEYS = ['is_running', 'status', 'username', 'name', 'cmdline', 'command', 'cpu_percent', 'memory_percent',
             'host_memory', 'host_memory_human', 'running_time', 'running_time_human', 'running_time_in_seconds']
GPU_KEYS = ['device', 'type', 'gpu_instance_id', 'compute_instance_id', 'gpu_memory', 'gpu_memory_human',
            'gpu_memory_percent', 'gpu_sm_utilization', 'gpu_memory_utilization', 'gpu_encoder_utilization',
            'gpu_decoder_utilization']
UTILIZATION = ('gpu_sm_utilization', 'gpu_memory_utilization', 'gpu_encoder_utilization', 'gpu_decoder_utilization')


@pytest.fixture
def proc(tmp_path):
    with tree(tmp_path) as opened:
        yield opened


@pytest.fixture
def one():
    with child() as made:
        yield made


def utilization(process):
    return [getattr(process, name)() for name in UTILIZATION]


# ---- one object


def test_same_object_for_a_process_and_a_device(one):
    process = GpuProcess(one.pid, Card())
    assert GpuProcess(one.pid, Card()) is process
    assert GpuProcess(one.pid, Card(1)) is not process and GpuProcess(one.pid, Card(1)) != process
    other = GpuProcess(one.pid, OtherCard())
    assert other is not process and other == process and hash(other) == hash(process)
    assert process.host is other.host is HostProcess(one.pid)


def test_it_counts_as_a_process_of_the_host_and_equals_none(one):
    process = GpuProcess(one.pid, Card())
    assert isinstance(process, HostProcess) and issubclass(GpuProcess, HostProcess)
    assert not isinstance(process, psutil.Process)
    assert process != process.host and process.host != process


def test_without_a_pid_it_is_this_process():
    assert GpuProcess(None, Card()).host is HostProcess()


@pytest.mark.parametrize(('arguments', 'error'), [((-1, Card()), ValueError), (('1', Card()), TypeError),
                                                   ((1, None), AttributeError), ((1,), TypeError),
                                                   ((1, Card(), 5), TypeError)])
def test_what_it_can_not_be_made_of(arguments, error):
    with pytest.raises(error):
        GpuProcess(*arguments)


def test_table_is_weak(one):
    gone = weakref.ref(GpuProcess(one.pid, Card()))
    gc.collect()
    assert gone() is None and (one.pid, Card()) not in GpuProcess.INSTANCES


def test_threads_get_the_same_object(one):
    gate, found = threading.Barrier(8), []

    def make():
        gate.wait()
        found.append(GpuProcess(one.pid, Card()))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_pid_given_to_another_process(proc):
    proc.write(start=5, name='old')
    old = GpuProcess(PID, Card(), gpu_memory=5)
    proc.write(start=50, name='new')
    new = GpuProcess(PID, Card())
    assert new is not old and new != old and new.gpu_memory() is NA and GpuProcess(PID, Card()) is new
    assert (new.name(), old.is_running()) == ('new', False)
    with pytest.raises(psutil.NoSuchProcess):
        old.name()
    with GpuProcess.failsafe():
        snapshot = old.as_snapshot()
    assert (snapshot.is_running, snapshot.status, snapshot.name, snapshot.command, snapshot.host_memory) == (
        False, 'terminated', NA, 'No Such Process', NA)


def test_process_whose_start_was_just_read_is_not_looked_at_again(proc, monkeypatch):
    looks = []
    real = psutil.Process.is_running
    monkeypatch.setattr(psutil.Process, 'is_running', lambda self: looks.append(self.pid) or real(self))
    proc.write(start=5)
    process = GpuProcess(PID, Card())
    with seen({PID: 5 * TICKS}):
        assert GpuProcess(PID, Card()) is process and HostProcess(PID) is process.host and looks == []
    with seen({PID: 6 * TICKS}):
        assert GpuProcess(PID, Card()) is process and looks, 'of another start: looked at'
    for starts in ({PID: 0}, {}):
        del looks[:]
        with seen(starts):
            assert GpuProcess(PID, Card()) is process and looks
    proc.write(start=50)
    with seen({PID: 50 * TICKS}):
        new = GpuProcess(PID, Card())
    assert new is not process and not process.is_running()
    with seen({PID: 5 * TICKS}):
        assert HostProcess(PID) is new.host


def test_subclass_has_objects_of_its_own(one):
    class Mine(GpuProcess):
        pass

    process = GpuProcess(one.pid, Card())
    assert type(Mine(one.pid, Card())) is Mine and GpuProcess(one.pid, Card()) is process


@pytest.mark.parametrize('through', [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_copy_is_the_same_object(one, through):
    process = GpuProcess(one.pid, Card(), gpu_memory=7)
    assert through(process) is process and process.gpu_memory() == 7


def test_pickle_tells_only_what_is_not_known(one):
    pickled = pickle.dumps(GpuProcess(one.pid, Card(), gpu_memory=7, type='C'))
    gc.collect()
    back = pickle.loads(pickled)
    assert (back.gpu_memory(), back.type, back.gpu_instance_id()) == (7, 'C', NA)
    back.set_gpu_memory(9)
    assert pickle.loads(pickled) is back and back.gpu_memory() == 9


def test_pickle_of_a_process_that_has_ended(proc):
    proc.write()
    old = GpuProcess(PID, Card(), gpu_memory=7)
    pickled = pickle.dumps(old)
    proc.remove()
    back = pickle.loads(pickled)
    assert back == old and back.gpu_memory() == 7 and not back.is_running()


# ---- what the driver said


def test_nothing_is_known_at_first(one):
    process = GpuProcess(one.pid, Card())
    assert {process.gpu_memory(), process.gpu_memory_human(), process.gpu_memory_percent(), process.type,
            process.gpu_instance_id(), process.compute_instance_id(), *utilization(process)} == {NA}
    # It may be running at one look and sleeping at the next.
    told, host = (re.sub("status='[a-z]+'", '', repr(it)) for it in (process, process.host))
    assert told == f'GpuProcess(pid={one.pid}, gpu_memory=N/A, type=N/A, device=Card(index=0), host={host})'


def test_arguments_tell_and_what_is_left_out_stays(one):
    process = GpuProcess(one.pid, Card(total=1000), gpu_memory=345, gpu_instance_id=0, compute_instance_id=0xFFFFFFFF,
                         type='C')
    assert (process.gpu_memory(), process.gpu_memory_human(), process.gpu_memory_percent()) == (345, '345B', 34.5)
    assert (process.gpu_instance_id(), process.compute_instance_id(), process.type) == (0, NA, 'C')
    assert GpuProcess(one.pid, Card()) is process and process.gpu_memory() == 345
    GpuProcess(one.pid, Card(), gpu_memory=NA, compute_instance_id=3, type='G')
    assert (process.gpu_memory(), process.gpu_memory_percent()) == (NA, NA)
    assert (process.gpu_instance_id(), process.compute_instance_id(), process.type) == (0, 3, 'G')
    assert repr(process).startswith(f'GpuProcess(pid={one.pid}, gpu_memory=N/A, type=G, device=')


@pytest.mark.parametrize('total', [NA, 0])
def test_percent_without_a_total(one, total):
    assert GpuProcess(one.pid, Card(total=total), gpu_memory=5).gpu_memory_percent() is NA


def test_setters(one):
    process = GpuProcess(one.pid, Card())
    process.set_gpu_memory(1 << 20)
    process.set_gpu_memory(None)
    assert process.gpu_memory() == 1 << 20
    process.set_gpu_utilization(1, 2)
    process.set_gpu_utilization(gpu_encoder_utilization=7)
    assert utilization(process) == [1, 2, 7, NA]
    process.set_gpu_utilization(NA, gpu_decoder_utilization=0)
    assert utilization(process) == [NA, 2, 7, 0]


@pytest.mark.parametrize(('value', 'found'), [
    ('C', 'C'), ('G', 'G'), ('CG', 'C+G'), ('GC', 'C+G'), ('C+G', 'C+G'), ('', NA), ('X', NA), ('c', NA), (NA, NA)])
def test_type(one, value, found):
    process = GpuProcess(one.pid, Card(), type='G')
    process.type = value
    assert process.type == found and (found != NA or process.type is NA)


@pytest.mark.parametrize('value', [None, 5])
def test_type_that_is_no_text(one, value):
    process = GpuProcess(one.pid, Card(), type='G')
    with pytest.raises(TypeError):
        process.type = value
    assert process.type == 'G'


def test_status_on_the_gpu_is_asked_for_again(one):
    card = Card()
    process = GpuProcess(one.pid, card)
    card.rows = {one.pid: ({'gpu_memory': 300, 'type': 'C'}, (5, 6, 7, 8))}
    assert process.update_gpu_status() == 300
    assert (process.type, utilization(process)) == ('C', [5, 6, 7, 8])


def test_d16_memory_of_a_process_that_has_left_the_gpu_is_not_kept(one):
    card = Card(rows={one.pid: ({'gpu_memory': 300, 'type': 'C'}, (5, 6, 7, 8))})
    process = card.processes()[one.pid]
    card.rows = {}
    assert process.update_gpu_status() is NA and process.gpu_memory() is NA and utilization(process) == [NA] * 4


def test_status_is_asked_for_where_the_device_makes_other_objects(one):
    class Mine(GpuProcess):
        pass

    card = Card(rows={one.pid: ({'gpu_memory': 300, 'type': 'C'}, (5, 6, 7, 8))}, maker=Mine)
    process = GpuProcess(one.pid, card)
    assert process.update_gpu_status() == 300 and (process.type, utilization(process)) == ('C', [5, 6, 7, 8])


# ---- what the host says


def test_host_answers(one):
    process, host = GpuProcess(one.pid, Card()), HostProcess(one.pid)
    assert (process.pid, process.name(), process.username(), process.cmdline(), process.command()) == (
        one.pid, 'cat', host.username(), ['cat'], 'cat')
    assert process.create_time() == host.create_time() and process.is_running()
    assert process.status() in ('sleeping', 'running', 'disk-sleep')
    assert process.host_memory() == process.rss_memory() > 0
    assert process.host_memory_percent() == process.memory_percent() > 0
    assert process.running_time() <= process.elapsed_time() <= host.running_time()
    assert process.running_time_human() == process.elapsed_time_human() == '0:00'
    assert process.running_time_in_seconds() <= process.elapsed_time_in_seconds()


def test_everything_else_is_the_hosts(one):
    process = GpuProcess(one.pid, Card())
    assert process.ppid() == os.getpid() and process.parent() is HostProcess()
    assert process.ppid is process.ppid, 'it is kept'
    assert process.as_dict(['pid']) == {'pid': one.pid}
    with pytest.raises(AttributeError, match="'HostProcess' object has no attribute 'no_such_name'"):
        process.no_such_name  # noqa: B018
    with pytest.raises(AttributeError):
        process._no_such_name  # noqa: B018
    with pytest.raises(AttributeError):
        object.__new__(GpuProcess).ppid  # noqa: B018


def test_thread_of_the_kernel_has_no_command(proc):
    proc.write(words='')
    process = GpuProcess(PID, Card())
    assert (process.cmdline(), process.command()) == (['Zombie Process'], 'Zombie Process')


FALLBACKS = {
    'status': 'terminated', 'cmdline': ['No Such Process'], 'command': 'No Such Process', 'name': NA, 'username': NA,
    'cpu_percent': NA, 'memory_percent': NA, 'host_memory_percent': NA, 'host_memory': NA, 'host_memory_human': NA,
    'rss_memory': NA, 'create_time': NA, 'running_time': NA, 'running_time_human': NA, 'running_time_in_seconds': NA,
    'elapsed_time': NA, 'elapsed_time_human': NA, 'elapsed_time_in_seconds': NA,
}


@pytest.mark.parametrize(('name', 'found'), FALLBACKS.items())
def test_process_that_never_was(name, found):
    process = GpuProcess(PID, Card())
    assert not process.is_running()
    with pytest.raises(psutil.NoSuchProcess):
        getattr(process, name)()
    with GpuProcess.failsafe():
        assert not process.is_running() and getattr(process, name)() == found
        with pytest.raises(psutil.NoSuchProcess):
            process.ppid()
    with pytest.raises(psutil.NoSuchProcess):
        getattr(process, name)()


def test_process_that_has_ended(one):
    process = GpuProcess(one.pid, Card(), gpu_memory=5)
    created, user, _ = process.create_time(), process.username(), process.name()
    one.end()
    assert (process.create_time(), process.username(), process.gpu_memory()) == (created, user, 5)
    assert "name='cat', status='terminated', started='" in repr(process)
    with GpuProcess.failsafe():
        assert (process.status(), process.command(), process.username()) == ('terminated', 'No Such Process', user)


def test_error_takes_it_out_of_both_tables(one):
    process, host = GpuProcess(one.pid, Card()), HostProcess(one.pid)
    one.become_zombie()
    assert process.is_running() and GpuProcess(one.pid, Card()) is process
    with pytest.raises(psutil.ZombieProcess):
        process.cmdline()
    assert (one.pid, Card()) not in GpuProcess.INSTANCES and one.pid not in HostProcess.INSTANCES
    again = GpuProcess(one.pid, Card())
    assert again is not process and again == process and again.host is not host
    with pytest.raises(psutil.ZombieProcess):
        process.cmdline()
    assert GpuProcess(one.pid, Card()) is again, 'it takes itself out, and no other'
    with GpuProcess.failsafe():
        assert (again.cmdline(), again.command(), again.status()) == (['No Such Process'], 'No Such Process', 'zombie')
        assert (again.host_memory(), again.cpu_percent()) == (0, 0.0)


def test_what_may_not_be_known(one, monkeypatch):
    def refuse(self, *args):
        raise psutil.AccessDenied(self.pid)

    process = GpuProcess(one.pid, Card())
    for name in ('cmdline', 'memory_info', 'is_running'):
        monkeypatch.setattr(psutil.Process, name, refuse)
    assert not process.is_running()
    with pytest.raises(psutil.AccessDenied):
        process.cmdline()
    with GpuProcess.failsafe():
        assert (process.cmdline(), process.command()) == (['No Permissions'], 'No Permissions')
        assert (process.host_memory(), process.host_memory_human(), process.is_running()) == (NA, NA, False)


# ---- failsafe


def test_failsafe_is_of_one_thread_and_of_a_block():
    process, found = GpuProcess(PID, Card()), []

    def look():
        try:
            found.append(process.name())
        except psutil.NoSuchProcess:
            found.append('raised')

    with GpuProcess.failsafe():
        with GpuProcess.failsafe():
            look()
        look()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    look()
    with pytest.raises(KeyError), GpuProcess.failsafe():
        raise KeyError
    look()
    assert found == [NA, NA, 'raised', 'raised', 'raised']


# ---- snapshots


def test_snapshot_has_its_names_in_order(one):
    process = GpuProcess(one.pid, Card(), gpu_memory=100, type='C', gpu_instance_id=1, compute_instance_id=2)
    process.set_gpu_utilization(1, 2, 3, 4)
    snapshot = process.as_snapshot()
    assert list(snapshot) == ['pid', 'host', *HOST_KEYS, *GPU_KEYS]
    assert list(snapshot.host) == list(process.host_snapshot()) == HOST_KEYS
    assert snapshot.real is process and snapshot.host.real is process.host
    assert (snapshot.pid, snapshot.name, snapshot.command, snapshot.gpu_memory, snapshot.gpu_memory_percent) == (
        one.pid, 'cat', 'cat', 100, 10.0)
    assert [snapshot[name] for name in HOST_KEYS] == [snapshot.host[name] for name in HOST_KEYS]
    assert [snapshot[name] for name in GPU_KEYS] == [
        process.device, 'C', 1, 2, 100, '100B', 10.0, 1, 2, 3, 4]
    assert snapshot.ppid == os.getpid(), 'what it has not is fetched'
    assert repr(snapshot).startswith('GpuProcessSnapshot(\n    real=GpuProcess(pid=')


def test_d20_host_is_read_once_for_a_process_on_several_devices(one, monkeypatch):
    processes = [GpuProcess(one.pid, Card(index)) for index in range(3)]
    calls = []
    monkeypatch.setattr(psutil.Process, 'cpu_percent', lambda self, interval=None: calls.append(self.pid) or 5.0)
    snapshots = GpuProcess.take_snapshots(processes)
    assert calls == [one.pid]
    assert [snapshot.real for snapshot in snapshots] == processes
    assert snapshots[0].host is snapshots[1].host is snapshots[2].host
    cache = {}
    processes[0].as_snapshot(host_process_snapshot_cache=cache)
    assert list(cache) == [one.pid]
    assert processes[1].as_snapshot(host_process_snapshot_cache=cache).host is cache[one.pid]


def test_snapshots_of_processes_that_have_ended(one):
    alive, dead = GpuProcess(one.pid, Card()), GpuProcess(PID, Card(), gpu_memory=9)
    with pytest.raises(psutil.NoSuchProcess):
        GpuProcess.take_snapshots([alive, dead])
    found = GpuProcess.take_snapshots(iter([dead, alive]), failsafe=True)
    assert [(snapshot.pid, snapshot.is_running, snapshot.status, snapshot.gpu_memory) for snapshot in found] == [
        (PID, False, 'terminated', 9), (one.pid, True, found[1].status, NA)]
    assert {found[0][name] for name in HOST_KEYS if name.startswith(('run', 'host', 'user', 'mem', 'cpu'))} == {NA}
    with pytest.raises(psutil.NoSuchProcess):
        dead.name()
    with pytest.raises(TypeError):
        GpuProcess.take_snapshots([alive], True)


def test_list_of_a_device_comes_with_the_starts(two):
    assert two.lines('''
        import psutil
        from nvitop import Device
        device = Device(0)
        kept, looks, real = device.processes(), [], psutil.Process.is_running
        psutil.Process.is_running = lambda self: looks.append(self.pid) or real(self)
        again = device.processes()
        print(len(kept) > 2, all(again[pid] is process for pid, process in kept.items()), looks)
        print(Device(0).processes() == kept, looks)
    ''') == ['True True []', 'True []']


def test_percent_of_memory_asks_the_driver_for_the_total_once(two):
    assert two.lines('''
        from nvitop import Device
        device, calls = Device(0), []
        real = type(device).memory_info
        type(device).memory_info = lambda self: calls.append(1) or real(self)
        print(len({process.gpu_memory_percent() for process in device.processes().values()}) > 1, len(calls))
    ''') == ['True 1']
