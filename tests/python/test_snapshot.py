"""Snapshots: items as attributes and in brackets, what is fetched late, how they print, copies."""

from __future__ import annotations

import copy
import pickle
import threading
import time

import pytest
from nvitop import NA, Snapshot


class Real:
    """Something to have a snapshot of."""

    size = 7

    def __init__(self) -> None:
        self.calls = 0

    def __repr__(self) -> str:
        return 'Real()'

    def count(self) -> int:
        self.calls += 1
        return self.calls

    def of(self, index: int) -> int:
        return index

    def gone(self) -> int:
        raise OSError('gone')


@pytest.fixture
def snapshot() -> Snapshot:
    return Snapshot(Real(), name='a', memory=NA)


def test_items_are_attributes_and_in_brackets(snapshot):
    assert (snapshot.name, snapshot['name'], snapshot.memory) == ('a', 'a', NA)
    assert snapshot['memory'] is NA


def test_time_is_that_of_its_making():
    before = time.time()
    snapshot = Snapshot(Real())
    assert before <= snapshot.timestamp <= time.time()
    assert snapshot['timestamp'] == snapshot.timestamp and isinstance(snapshot['real'], Real)


def test_what_is_not_there_is_fetched_once_and_stays(snapshot):
    assert list(snapshot) == ['name', 'memory']
    assert (snapshot.size, snapshot.count, snapshot.count, snapshot['count']) == (7, 1, 1, 1)
    assert snapshot.real.calls == 1
    assert list(snapshot) == ['name', 'memory', 'size', 'count']
    assert dict(snapshot) == {'name': 'a', 'memory': NA, 'size': 7, 'count': 1}


def test_brackets_fetch_too(snapshot):
    assert snapshot['count'] == 1
    assert snapshot.count == 1


def test_what_is_nowhere_is_an_error(snapshot):
    with pytest.raises(AttributeError, match='nowhere'):
        snapshot.nowhere
    with pytest.raises(KeyError, match='nowhere'):
        snapshot['nowhere']
    with pytest.raises(TypeError):
        snapshot[5]


def test_errors_of_the_object_are_those_of_the_snapshot(snapshot):
    with pytest.raises(OSError, match='gone'):
        snapshot.gone
    with pytest.raises(OSError, match='gone'):
        snapshot['gone']
    with pytest.raises(TypeError):
        snapshot.of
    assert list(snapshot) == ['name', 'memory']


def test_items_can_be_set_and_deleted(snapshot):
    snapshot['name'] = 'b'
    snapshot.more = [1]
    assert (snapshot.name, snapshot['more'], list(snapshot)) == ('b', [1], ['name', 'memory', 'more'])
    del snapshot.more
    assert list(snapshot) == ['name', 'memory']


@pytest.mark.parametrize('name', ['real', 'timestamp'])
def test_object_and_time_stay(snapshot, name):
    kept = getattr(snapshot, name)
    with pytest.raises(AttributeError, match=name):
        setattr(snapshot, name, 5)
    with pytest.raises(AttributeError, match=name):
        snapshot[name] = 5
    with pytest.raises(AttributeError, match=name):
        delattr(snapshot, name)
    with pytest.raises(AttributeError, match='timestamp'):
        Snapshot(Real(), timestamp=5)
    assert getattr(snapshot, name) is kept


def test_names_come_in_their_order(snapshot):
    assert list(snapshot.keys()) == ['name', 'memory']
    assert {**snapshot} == dict(snapshot) == {'name': 'a', 'memory': NA}
    assert 'name' in snapshot and 'real' not in snapshot and 'size' not in snapshot
    with pytest.raises(TypeError):
        len(snapshot)


def test_may_be_walked_while_it_grows(snapshot):
    assert [(name, snapshot.size) for name in snapshot] == [('name', 7), ('memory', 7)]


def test_is_equal_to_itself_alone(snapshot):
    other = Snapshot(snapshot.real, **snapshot)
    assert snapshot == snapshot and snapshot != other
    assert hash(snapshot) == hash((snapshot.real, snapshot.timestamp))
    assert bool(snapshot) is True


def test_prints_the_object_first_then_items_by_name():
    snapshot = Snapshot(Real(), zero=0, name='a', memory=NA)
    assert repr(snapshot) == str(snapshot) == (
        'RealSnapshot(\n'
        '    real=Real(),\n'
        "    memory='N/A',\n"
        "    name='a',\n"
        '    zero=0\n'
        ')'
    )
    assert repr(Snapshot(5)) == 'intSnapshot(\n    real=5\n)'


def test_one_inside_another_is_indented():
    inner = Snapshot(Real(), host=Snapshot(5, name='x\ny'))
    assert repr(Snapshot(Real(), host=inner, pid=1)) == (
        'RealSnapshot(\n'
        '    real=Real(),\n'
        '    host=RealSnapshot(\n'
        '        real=Real(),\n'
        '        host=intSnapshot(\n'
        '            real=5,\n'
        "            name='x\\ny'\n"
        '        )\n'
        '    ),\n'
        '    pid=1\n'
        ')'
    )


@pytest.mark.parametrize('again', [copy.copy, copy.deepcopy, lambda snapshot: pickle.loads(pickle.dumps(snapshot))])
def test_copies_have_the_same_items(again, snapshot):
    found = again(snapshot)
    assert type(found) is Snapshot and isinstance(found.real, Real)
    assert dict(found) == dict(snapshot) and found.memory is NA
    assert found.timestamp == snapshot.timestamp
    assert found.count == 1 and 'count' not in snapshot


def test_names_of_python_are_not_fetched(snapshot):
    class Loud:
        def __getattr__(self, name):
            raise AssertionError(name)

    with pytest.raises(AttributeError):
        Snapshot(Loud()).__array__


def test_threads_may_fetch_at_once():
    snapshot, start = Snapshot(Real()), threading.Barrier(8)
    found = []

    def fetch():
        start.wait(10)
        found.append([snapshot.size, list(snapshot)])

    threads = [threading.Thread(target=fetch) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == [[7, ['size']]] * 8
