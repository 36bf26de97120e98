"""HostProcess: one object while a process runs, what it tells of it, and of one that has ended."""

from __future__ import annotations

import copy
import datetime
import gc
import os
import pickle
import pwd
import subprocess
import sys
import threading
import time
import weakref

import nvitop
import psutil
import pytest
from nvitop import HostProcess, command_join
from processes import BOOT, PID, child, tree


@pytest.fixture
def proc(tmp_path):
    with tree(tmp_path) as opened:
        yield opened


# ---- one object


def test_same_object_while_the_process_runs():
    with child() as one:
        first = HostProcess(one.pid)
        assert HostProcess(one.pid) is first
        assert HostProcess.INSTANCES[one.pid] is first
        one.end()
        second = HostProcess(one.pid)
        assert second is not first and not second.is_running()
        assert one.pid not in HostProcess.INSTANCES


def test_without_a_pid_it_is_this_process():
    assert HostProcess() is HostProcess(os.getpid()) is HostProcess(None)
    assert HostProcess().pid == os.getpid()


def test_table_is_weak():
    with child() as one:
        gone = weakref.ref(HostProcess(one.pid))
        gc.collect()
        assert gone() is None and one.pid not in HostProcess.INSTANCES


def test_threads_get_the_same_object():
    with child() as one:
        gate, found = threading.Barrier(8), []

        def make():
            gate.wait()
            found.append(HostProcess(one.pid))

        threads = [threading.Thread(target=make) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8 and len(set(map(id, found))) == 1


def test_pid_given_to_another_process_gets_another_object(proc):
    proc.write(start=5, name='old')
    old = HostProcess(PID)
    assert old.name() == 'old' and HostProcess(PID) is old
    proc.write(start=50, name='new')
    new = HostProcess(PID)
    assert new is not old and new != old and new.name() == 'new'
    assert not old.is_running() and new.is_running()
    assert HostProcess(PID) is new, 'the old one takes itself out of the table, not the new one'
    assert repr(old).startswith(f"HostProcess(pid={PID}, name='old', status='terminated + PID reused'")
    for refused in (old.as_snapshot, old.name, old.cmdline, old.kill, old.children, lambda: old.nice(5)):
        with pytest.raises(psutil.NoSuchProcess):
            refused()


def test_signal_for_a_process_that_has_ended_is_for_nobody(proc, monkeypatch):
    sent = []
    monkeypatch.setattr(os, 'kill', lambda pid, number: sent.append(pid))
    proc.write(start=5, name='old')
    old = HostProcess(PID)
    proc.remove()
    assert not old.is_running()
    proc.write(start=50, name='new')
    for refused in (old.kill, old.terminate, old.suspend, old.name, old.cmdline, old.as_snapshot):
        with pytest.raises(psutil.NoSuchProcess):
            refused()
    assert sent == [] and old.wait(timeout=0) is None and "status='terminated'" in repr(old)
    HostProcess(PID).kill()
    assert sent == [PID]


def test_repr_does_not_take_the_new_process_for_the_old(proc):
    proc.write(start=5, name='old')
    old = HostProcess(PID)
    proc.write(start=50, name='new')
    assert repr(old).startswith(f"HostProcess(pid={PID}, status='terminated + PID reused'")


@pytest.mark.parametrize(('pid', 'error'), [(-1, ValueError), ('1', TypeError), (1.5, TypeError), ([], TypeError)])
def test_what_is_no_pid(pid, error):
    with pytest.raises(error):
        HostProcess(pid)


def test_pid_is_a_plain_number():
    class Number:
        def __index__(self):
            return os.getpid()

    assert HostProcess(Number()) is HostProcess()
    assert type(HostProcess(True).pid) is int and HostProcess(True) is HostProcess(1)


def test_subclass_has_objects_of_its_own():
    class Mine(HostProcess):
        def shout(self):
            return self.name().upper()

    plain, mine = HostProcess(), Mine()
    assert type(mine) is Mine and Mine() is mine and HostProcess() is plain
    assert mine == plain and mine.shout() == plain.name().upper()
    assert repr(mine).startswith('Mine(pid=')


def test_equal_to_psutils_own():
    with child() as one:
        ours, theirs = HostProcess(one.pid), psutil.Process(one.pid)
        assert ours == theirs and theirs == ours and hash(ours) == hash(theirs)
        assert isinstance(ours, psutil.Process)


# ---- copies


@pytest.mark.parametrize('through', [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_copy_is_the_same_object(through):
    with child() as one:
        process = HostProcess(one.pid)
        assert through(process) is process
        assert through({'a': [process]}) == {'a': [process]}


def test_pickle_is_not_taken_for_the_next_process_with_its_pid(proc):
    proc.write(start=5)
    old = HostProcess(PID)
    pickled = pickle.dumps(old)
    assert pickle.loads(pickled) is old
    proc.write(start=50)
    new, back = HostProcess(PID), pickle.loads(pickled)
    assert back == old and back != new and not back.is_running()
    assert HostProcess(PID) is new
    with pytest.raises(psutil.NoSuchProcess):
        back.kill()


def test_pickle_of_a_process_that_has_ended(proc):
    proc.write(start=5)
    old = HostProcess(PID)
    pickled = pickle.dumps(old)
    proc.remove()
    back = pickle.loads(pickled)
    assert back == old and not back.is_running()
    assert repr(back) == f"HostProcess(pid={PID}, status='terminated')"
    never = HostProcess(PID)
    assert never != old and pickle.loads(pickle.dumps(never)) == never


def test_pickle_is_the_same_process_in_another_one():
    script = 'import pickle, sys; p = pickle.load(sys.stdin.buffer); print(p.pid, p.is_running(), p.name())'
    with child() as one:
        done = subprocess.run([sys.executable, '-c', script], input=pickle.dumps(HostProcess(one.pid)),
                              stdout=subprocess.PIPE, timeout=60, check=True,
                              env={**os.environ, 'PYTHONPATH': os.path.dirname(os.path.dirname(nvitop.__file__))})
        assert done.stdout.split() == [str(one.pid).encode(), b'True', b'cat']


# ---- what it tells


def test_repr(proc, monkeypatch):
    proc.write(start=5, name='trainer')
    started = datetime.datetime.fromtimestamp(BOOT + 5)
    assert repr(HostProcess(PID)) == str(HostProcess(PID)) == (
        f"HostProcess(pid={PID}, name='trainer', status='sleeping', started='{started:%Y-%m-%d %H:%M:%S}')")

    class Then(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(BOOT + 6)

    monkeypatch.setattr(datetime, 'datetime', Then)
    assert repr(HostProcess(PID)).endswith(f", started='{started:%H:%M:%S}')")


def test_texts_that_end_in_nothing_are_left_out(proc):
    for words, found in [('one\0two\0', ['one', 'two']), ('title\0\0\0\0', ['title']), ('a\0\0b\0\0', ['a', '', 'b']),
                         ('\0\0\0', ['']), ('alone\0', ['alone']), ('', [])]:
        proc.write(words=words)
        assert HostProcess(PID).cmdline() == found, words
        assert HostProcess(PID).command() == command_join(found)


def test_first_use_of_the_cpu_is_measured_from_the_beginning(proc):
    proc.write(cpu=0)
    process = HostProcess(PID)
    proc.write(cpu=1000)
    assert process.cpu_percent() > 0.0


def test_running_time(proc, monkeypatch):
    proc.write(start=5)
    monkeypatch.setattr(time, 'time', lambda: BOOT + 5 + 3723.5)
    process = HostProcess(PID)
    assert process.create_time() == BOOT + 5
    assert process.running_time() == process.elapsed_time() == datetime.timedelta(seconds=3723.5)
    assert process.running_time_human() == process.elapsed_time_human() == '1:02:03'
    assert process.running_time_in_seconds() == process.elapsed_time_in_seconds() == 3723.5
    proc.remove()
    assert process.running_time_in_seconds() == 3723.5, 'the start is known'


def test_memory_and_user(proc):
    proc.write()
    process = HostProcess(PID)
    assert process.rss_memory() == 50 * os.sysconf('SC_PAGE_SIZE')
    assert process.username() == pwd.getpwuid(0).pw_name
    proc.remove()
    assert process.username() == pwd.getpwuid(0).pw_name, 'once known it is kept'
    with pytest.raises(psutil.NoSuchProcess):
        process.rss_memory()


def test_domain_of_a_user_is_left_out(monkeypatch):
    with child() as one:
        process = HostProcess(one.pid)
        monkeypatch.setattr(psutil, 'WINDOWS', True)
        monkeypatch.setattr(psutil.Process, 'username', lambda self: 'WORK\\jane')
        assert process.username() == 'jane'


def test_family():
    with child() as one:
        this, that = HostProcess(), HostProcess(one.pid)
        assert that.parent() is this
        assert that in this.children() and all(type(found) is HostProcess for found in this.children(recursive=True))
        assert this.children()[this.children().index(that)] is that
        assert all(type(found) is HostProcess for found in that.parents())
    assert HostProcess(1).parent() is None


def test_oneshot_keeps_what_belongs_together(proc, monkeypatch):
    proc.write(words='one\0')
    process = HostProcess(PID)
    clock = iter(range(BOOT, BOOT + 100))
    monkeypatch.setattr(time, 'time', lambda: next(clock))
    with process.oneshot():
        before = process.cmdline(), process.running_time()
        with process.oneshot():
            proc.write(words='two\0')
            process.cmdline().append('mine')
        assert (process.cmdline(), process.running_time()) == before == (['one'], before[1])
    assert process.cmdline() == ['two'] and process.running_time() != before[1]


# ---- snapshots


def test_snapshot_has_all_that_psutil_has_and_three_more():
    with child('-u') as one:
        process = HostProcess(one.pid)
        snapshot = process.as_snapshot()
        names = list(snapshot)
        assert snapshot.real is process and set(names[:-3]) == set(psutil.Process(one.pid).as_dict())
        assert names[-3:] == ['command', 'running_time', 'running_time_human']
        assert (snapshot.pid, snapshot.cmdline, snapshot.command) == (one.pid, ['cat', '-u'], 'cat -u')


def test_snapshot_of_some_names():
    process = HostProcess()
    assert dict(process.as_snapshot(attrs=['pid', 'name'])) == {'pid': process.pid, 'name': process.name()}
    assert set(process.as_snapshot(attrs=())) == set(process.as_dict())
    with pytest.raises(ValueError, match="invalid attr name 'command'"):
        process.as_snapshot(attrs=['command'])


def test_snapshot_of_what_may_not_be_known(monkeypatch):
    def refuse(self):
        raise psutil.AccessDenied(self.pid)

    monkeypatch.setattr(psutil.Process, 'cmdline', refuse)
    with child() as one:
        snapshot = HostProcess(one.pid).as_snapshot(ad_value='secret')
        assert (snapshot.cmdline, snapshot.command, snapshot.name) == ('secret', 'secret', 'cat')
        assert repr(HostProcess(one.pid)).startswith(f"HostProcess(pid={one.pid}, name='cat'")


# ---- the end


def test_zombie():
    with child() as one:
        process = HostProcess(one.pid)
        one.become_zombie()
        assert process.is_running() and process.status() == 'zombie' and HostProcess(one.pid) is process
        assert (process.rss_memory(), process.cpu_percent(), process.name()) == (0, 0.0, 'cat')
        assert "name='cat', status='zombie', started='" in repr(process)
        for method in (process.cmdline, process.command):
            with pytest.raises(psutil.ZombieProcess):
                method()
        snapshot = process.as_snapshot(ad_value='?')
        assert (snapshot.status, snapshot.cmdline, snapshot.command) == ('zombie', '?', '?')


def test_process_that_has_ended():
    with child() as one:
        process = HostProcess(one.pid)
        text = repr(process)
        one.end()
        assert repr(process) == text.replace('sleeping', 'terminated').replace('running', 'terminated')
        assert not process.is_running()
        for name in ('status', 'cmdline', 'command', 'name', 'cpu_percent', 'rss_memory', 'ppid', 'as_snapshot'):
            with pytest.raises(psutil.NoSuchProcess):
                getattr(process, name)()


def test_process_that_never_was():
    one, two = HostProcess(PID), HostProcess(PID)
    assert repr(one) == f"HostProcess(pid={PID}, status='terminated')"
    assert one == two and one is not two and not one.is_running()
    with pytest.raises(psutil.NoSuchProcess):
        one.create_time()


# ---- fork

STUCK = '''
    import os, sys, threading
    from nvitop import GpuProcess, HostProcess
    this, ready, over = HostProcess(), threading.Event(), threading.Event()
    def hold():
        with {hold}:
            ready.set()
            over.wait()
    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    ready.wait()
    child = os.fork()
    if child == 0:
        words = this.cmdline()
        print(HostProcess(os.getppid()) is this, HostProcess().pid == os.getpid(), words == this.cmdline(),
              words is not this.cmdline(), this._frozen, flush=True)
        with this.oneshot():
            print(this.is_running(), flush=True)
        os._exit(0)
    print(os.waitpid(child, 0)[1])
    over.set()
    thread.join()
'''


@pytest.mark.parametrize('hold', ['HostProcess.INSTANCE_LOCK', 'GpuProcess.INSTANCE_LOCK', 'this.oneshot()'])
def test_child_of_a_fork_while_another_thread_holds(two, hold):
    assert two.lines(STUCK.format(hold=hold)) == ['True True True True None', 'True', '0']


def test_fork_within_oneshot_leaves_it_as_it_was(two):
    assert two.lines('''
        import os
        from nvitop import HostProcess
        this = HostProcess()
        with this.oneshot():
            time = this.running_time()
            child = os.fork()
            if child == 0:
                print(this.running_time() == time, flush=True)
                os._exit(0)
            print(os.waitpid(child, 0)[1])
        print(this.running_time() == time)
    ''') == ['True', '0', 'False']
