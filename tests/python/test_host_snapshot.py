"""Host snapshots read through the C library: as psutil's methods say it, in one call, and never in place of a user's own."""

from __future__ import annotations

import os

import psutil
import pytest
from nvitop import GpuProcess, HostProcess
from nvitop.api import _host_native, _native
from processes import PID, Card, child, tree

MOVES = ('cpu_percent', 'running_time', 'running_time_in_seconds')


@pytest.fixture
def proc(tmp_path):
    with tree(tmp_path) as opened:
        yield opened


@pytest.fixture
def one():
    with child('-u') as made:
        yield made


@pytest.fixture
def asked(monkeypatch):
    """The pids of each call of the library for whole facts."""
    calls, real = [], _host_native.read
    monkeypatch.setattr(_host_native, 'read', lambda pids: calls.append(sorted(pids)) or real(calls[-1]))
    return calls


def by_psutil(process, monkeypatch):
    """The same snapshot where the library says nothing."""
    with monkeypatch.context() as patch:
        patch.setattr(_host_native, 'read', lambda pids: {})
        return process.host_snapshot()


def compare(process, monkeypatch, moves=MOVES):
    """Asserts that a snapshot is read by the library, and says what psutil says; `moves`: at another moment."""
    assert process.pid in _host_native.read([process.pid])
    quick, slow = process.host_snapshot(), by_psutil(process, monkeypatch)
    assert list(quick) == list(slow) and quick.real is slow.real
    for name in slow:
        assert type(quick[name]) is type(slow[name]), name
        assert name in moves or quick[name] == slow[name], name
    assert abs(quick.running_time_in_seconds - slow.running_time_in_seconds) < 5
    assert quick.running_time.total_seconds() == quick.running_time_in_seconds


def test_a_real_process(one, monkeypatch):
    compare(GpuProcess(one.pid, Card()), monkeypatch, (*MOVES, 'status'))


@pytest.mark.parametrize(('name', 'words'), [
    ('one', 'one\0two\0'),
    ('title', 'a title of its own'),
    ('title', 'a title of its own\0'),
    ('blanks', 'one\0two words\0\0three\0'),
    ('ends', 'one\0\0\0'),
    ('zeros', '\0\0\0'),
    ('a_very_long_nam', '/opt/bin/a_very_long_name_of_a_program\0-x\0'),
    ('a_very_long_nam', '/opt/bin/another_program\0-x\0'),
    ('a_very_long_nam', 'a_very_long_nam\0'),
    ('file', '/bin/sh\0'),
    ('file', '/no/such file\0'),
    ('lines', 'one\rtwo\r\nthree\n\0four\n\0'),
    ('tabs (x) y', 'a\tb\0$HOME\0"q"\0\033[1m\0'),
    ('unicode é', 'größe\0日本\0'),
])
def test_names_and_command_lines(proc, monkeypatch, name, words):
    proc.write(name=name, words=words)
    compare(GpuProcess(PID, Card()), monkeypatch)


def test_bytes_that_are_no_text(proc, monkeypatch):
    proc.write()
    (proc.root / str(PID) / 'cmdline').write_bytes(b'caf\xe9\0\xff\xfe\0')
    process = GpuProcess(PID, Card())
    compare(process, monkeypatch)
    assert process.host_snapshot().cmdline == [os.fsdecode(b'caf\xe9'), os.fsdecode(b'\xff\xfe')]


@pytest.mark.parametrize('state', 'RSDTtI')
def test_states(proc, monkeypatch, state):
    proc.write(state=state)
    compare(GpuProcess(PID, Card()), monkeypatch)


@pytest.mark.parametrize(('state', 'words'), [('Z', ''), ('Z', 'one\0'), ('W', 'one\0'), ('S', '')])
def test_what_is_out_of_the_common_is_left_to_psutil(proc, state, words):
    proc.write(state=state, words=words)
    assert _host_native.read([PID]) == {}
    with GpuProcess.failsafe():
        assert GpuProcess(PID, Card()).host_snapshot().status in (psutil.STATUS_ZOMBIE, psutil.STATUS_WAKING, 'sleeping')


def test_pids_that_nobody_can_have():
    assert _host_native.read([0, -1, PID, 2**31, 2**40]) == {}


def test_all_are_read_in_one_call_and_none_by_psutil(one, asked, monkeypatch):
    processes = [GpuProcess(pid, Card(index)) for pid in (one.pid, os.getpid()) for index in range(3)]
    read = []
    for name in ('status', 'name', 'cmdline', 'cpu_times', 'memory_info', 'uids', '_parse_stat_file', '_read_status_file'):
        monkeypatch.setattr(psutil._pslinux.Process, name, lambda self, name=name: read.append(name))
    snapshots = GpuProcess.take_snapshots(iter(processes))
    assert read == [] and asked == [sorted([one.pid, os.getpid()])]
    assert [snapshot.real for snapshot in snapshots] == processes
    assert {snapshot.command for snapshot in snapshots[:3]} == {'cat -u'}
    assert snapshots[0].host is snapshots[2].host is not snapshots[3].host


def test_methods_of_subclasses_are_called(one, asked):
    class Mine(GpuProcess):
        def name(self):
            return f'my {super().name()}'

    plain, mine = GpuProcess(one.pid, Card()), Mine(os.getpid(), Card())
    found = GpuProcess.take_snapshots([plain, mine])
    assert (found[0].name, found[1].name) == ('cat', f'my {HostProcess().name()}')
    assert asked[0] == [one.pid]


@pytest.mark.parametrize('name', ['name', 'username', 'status', 'cmdline'])
def test_methods_of_an_object_are_called(one, asked, name):
    process, called = GpuProcess(one.pid, Card()), []
    real = getattr(process.host, name)
    vars(process.host)[name] = lambda: called.append(name) or real()
    process.host_snapshot()
    assert called and asked == [[]]


def test_methods_put_into_the_class_are_called(one, asked, monkeypatch):
    monkeypatch.setattr(HostProcess, 'command', lambda self: 'never asked')
    monkeypatch.setattr(HostProcess, 'status', lambda self: 'mine')
    assert GpuProcess(one.pid, Card()).host_snapshot().status == 'mine' and asked == [[]]


def test_oneshot_keeps_what_it_has_read(proc, asked):
    proc.write(words='one\0')
    process = GpuProcess(PID, Card())
    with process.host.oneshot():
        assert process.cmdline() == ['one']
        proc.write(words='two\0')
        assert process.host_snapshot().cmdline == ['one'] and asked == [[]]
    assert process.host_snapshot().cmdline == ['two']


def test_use_of_the_cpu_counts_from_the_last_question_to_either(proc):
    proc.write(cpu=0)
    process = GpuProcess(PID, Card())
    proc.write(cpu=1000)
    assert process.host_snapshot().cpu_percent > 0.0, 'since the object was made'
    assert process.host_snapshot().cpu_percent == process.cpu_percent() == 0.0
    proc.write(cpu=2000)
    assert process.cpu_percent() > 0.0
    assert process.host_snapshot().cpu_percent == 0.0
    proc.write(cpu=3000)
    assert process.host_snapshot().cpu_percent > 0.0
    assert process.host.cpu_percent() == 0.0


def test_use_of_the_cpu_is_in_percent_of_one(proc, monkeypatch):
    proc.write(cpu=0)
    host, clock = HostProcess(PID), [0.0]
    monkeypatch.setattr(psutil, '_timer', lambda: clock[0])
    cpus = psutil.cpu_count()
    assert host._count(100.0, 10.0, cpus) >= 0.0
    assert host._count(104.0, 13.0, cpus) == 75.0
    clock[0] = 106.0
    proc.write(cpu=int(19.0 * os.sysconf('SC_CLK_TCK')))
    assert host.cpu_percent() == 300.0, 'psutil goes on from there'
    assert host._count(106.0, 25.0, cpus) == 0.0, 'no time has passed'


def test_another_process_with_the_pid_is_not_taken_for_it(proc):
    proc.write(start=5, name='old')
    old = GpuProcess(PID, Card())
    old.host_snapshot()
    proc.write(start=50, name='new')
    with GpuProcess.failsafe():
        assert old.host_snapshot().status == 'terminated'
    assert GpuProcess(PID, Card()).host_snapshot().name == 'new'


def test_time_of_start_is_psutils(one, proc):
    process = GpuProcess(PID, Card())
    assert process.host._ended
    proc.write(start=5.25)
    process = GpuProcess(PID, Card())
    process.host_snapshot()
    assert process.create_time() == psutil.Process(PID).create_time()
    assert process.host._ident == psutil.Process(PID)._ident and process.host == psutil.Process(PID)


def test_without_a_reader_psutil_says_it_all(one, monkeypatch):
    monkeypatch.setattr(_host_native, '_session', lambda: None)
    process = GpuProcess(one.pid, Card())
    assert process.host._start_ticks == 0 and process.host_snapshot().command == 'cat -u'
    assert GpuProcess(one.pid, Card()) is process and process.is_running()


def test_without_a_process_file_system_nothing_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(psutil, 'PROCFS_PATH', str(tmp_path / 'none'))
    assert _host_native.read([PID]) == {}


def test_whatever_else_fails_is_told(monkeypatch):
    def fail(_path):
        raise ValueError('something else')

    monkeypatch.setattr(psutil, 'PROCFS_PATH', '/no/such/place')
    monkeypatch.setattr(_native, 'open_session', fail)
    with pytest.raises(ValueError, match='something else'):
        _host_native.read([PID])


def test_child_of_a_fork_reads_again(two):
    assert two.lines('''
        import os
        from nvitop import Device, GpuProcess
        device = Device(0)
        kept = list(device.processes().values())
        before = [p.command for p in GpuProcess.take_snapshots(kept)]
        child = os.fork()
        if child == 0:
            print(len(before) > 2, [p.command for p in GpuProcess.take_snapshots(kept)] == before, flush=True)
            os._exit(0)
        print(os.waitpid(child, 0)[1])
    ''') == ['True True', '0']
