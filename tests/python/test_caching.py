"""ttl_cache: what is remembered, for how long, how much of it, by threads, in a child."""

from __future__ import annotations

import functools
import os
import signal
import threading

import pytest
from nvitop import ttl_cache


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def calls() -> list:
    """What the function of `remember` was really called with."""
    return []


@pytest.fixture
def remember(clock, calls):
    """remember(OPTIONS…) → a function that remembers, over the clock."""
    def make(**options):
        @ttl_cache(**{'ttl': 10.0, 'timer': clock, **options})
        def function(*args, **kwargs):
            """Help."""
            calls.append((args, kwargs))
            return args or kwargs
        return function
    return make


def test_answers_from_memory(remember, calls):
    function = remember()
    assert [function(1), function(1), function(2), function(1)] == [(1,), (1,), (2,), (1,)]
    assert calls == [((1,), {}), ((2,), {})]
    assert function.cache_info() == (2, 2, 128, 2)


def test_forgets_when_the_time_is_up(remember, calls, clock):
    function = remember()
    function(1)
    clock.now += 9.999
    function(1)
    assert len(calls) == 1
    clock.now = 110.0
    function(1)
    assert len(calls) == 2
    clock.now += 9.999
    function(1)
    assert len(calls) == 2 and function.cache_info()[:2] == (2, 2)


def test_being_asked_for_does_not_keep_young(remember, calls, clock):
    function = remember()
    for _ in range(20):
        function(1)
        clock.now += 1
    assert len(calls) == 2


def test_time_counts_from_the_end_of_the_call(clock):
    @ttl_cache(ttl=10.0, timer=clock)
    def slow():
        clock.now += 100
        return clock.now

    assert slow() == slow() == 200
    clock.now += 10
    assert slow() == 310


def test_no_time_remembers_nothing(remember, calls):
    function = remember(ttl=0)
    assert function(1) == function(1)
    assert len(calls) == 2 and function.cache_info() == (0, 2, 128, 0)


def test_endless_time_remembers_for_ever(remember, calls, clock):
    function = remember(ttl=float('inf'))
    function(1)
    clock.now += 1e12
    function(1)
    assert len(calls) == 1


def test_the_one_asked_for_longest_ago_goes(remember, calls):
    function = remember(maxsize=2)
    for value in (1, 2, 1, 3, 1):
        function(value)
    assert len(calls) == 3
    function(2)
    assert len(calls) == 4 and function.cache_info().currsize == 2


def test_one_that_was_renewed_is_the_youngest(remember, calls, clock):
    function = remember(maxsize=3)
    function(1)
    clock.now += 5
    function(2)
    clock.now += 5
    for value in (1, 3, 4, 1):
        function(value)
    assert len(calls) == 5


def test_what_has_ended_goes_before_what_is_good(remember, calls, clock):
    function = remember(maxsize=2)
    function(1)
    clock.now += 5
    function(2)
    function(1)
    clock.now += 6
    function(3)
    function(2)
    assert len(calls) == 3
    clock.now += 4
    assert function.cache_info() == (2, 3, 2, 1)


def test_arguments_are_told_apart(remember, calls):
    function = remember()
    told_apart = [((1,), {}), (('1',), {}), ((1, 2), {}), ((), {}), ((), {'a': 1}), ((), {'a': 1, 'b': 2}),
                  ((), {'b': 2, 'a': 1}), ((('a', 1),), {}), ((1,), {'a': 1}), ((1.5,), {})]
    for count, (args, kwargs) in enumerate(told_apart, 1):
        function(*args, **kwargs)
        function(*args, **kwargs)
        assert len(calls) == count


def test_types_are_told_apart_if_asked_for(remember, calls):
    function = remember(typed=True)
    for value in (1, 1.0, True, 1):
        function(value)
        function(a=value)
    assert len(calls) == 6
    loose = remember()
    for value in (1, 1.0, True):
        loose(value, value)
    assert len(calls) == 7


def test_number_alone_is_told_apart_as_by_lru_cache(remember):
    function, like = remember(), functools.lru_cache(lambda value: value)
    for value in (1, 1.0, True, 'x', 1):
        function(value)
        like(value)
    assert function.cache_info()[:2] == like.cache_info()[:2] == (2, 3)


def test_arguments_must_be_hashable(remember):
    with pytest.raises(TypeError, match='hash'):
        remember()([])


def test_errors_are_not_remembered():
    @ttl_cache
    def fail(counts=[]):  # noqa: B006
        counts.append(1)
        raise KeyError(len(counts))

    for count in (1, 2):
        with pytest.raises(KeyError, match=str(count)):
            fail()
    assert fail.cache_info() == (0, 2, 128, 0)


def test_clearing(remember, calls):
    function = remember()
    function(1)
    function.cache_clear()
    assert function.cache_info() == (0, 0, 128, 0)
    function(1)
    assert len(calls) == 2


def test_is_still_the_function(remember):
    function = remember(maxsize=5, typed=True)
    assert (function.__name__, function.__doc__) == ('function', 'Help.')
    assert function.__wrapped__(1) == (1,)
    assert function.cache_parameters() == {'maxsize': 5, 'typed': True}
    assert function.cache_info()._fields == functools.lru_cache(len).cache_info()._fields


def test_bare_and_with_parentheses():
    assert ttl_cache(max)(1, 2) == ttl_cache()(max)(1, 2) == ttl_cache(5)(max)(1, 2) == 2
    assert ttl_cache(max).cache_info() == (0, 0, 128, 0)
    assert ttl_cache(max, ttl=1, typed=True).cache_parameters() == {'maxsize': 128, 'typed': True}


def test_is_a_method_where_it_stands_in_a_class():
    class Thing:
        @ttl_cache(ttl=5)
        def add(self, number):
            return self, number

    one, two = Thing(), Thing()
    assert one.add(1) == (one, 1) and two.add(1) == (two, 1) and one.add(1) == (one, 1)
    assert Thing.add.cache_info()[:2] == (1, 2)


@pytest.mark.parametrize('maxsize,expected', [(None, (1, 1, None, 1)), (0, (0, 2, 0, 0)), (-1, (0, 2, 0, 0))])
def test_sizes_of_lru_cache(maxsize, expected):
    function = ttl_cache(maxsize=maxsize, ttl=0)(lambda value: value)
    assert function(1) == function(1) == 1
    assert function.cache_info() == expected


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match='negative'):
        ttl_cache(ttl=-1)
    with pytest.raises(ValueError, match='negative'):
        ttl_cache(maxsize=None, ttl=-0.1)
    for options in ({'maxsize': 'x'}, {'maxsize': 1.5}, {'ttl': None}, {'ttl': 'x'}):
        with pytest.raises(TypeError):
            ttl_cache(**options)
    with pytest.raises(TypeError):
        ttl_cache(5, 1.0)


def test_function_may_ask_for_itself():
    @ttl_cache
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    assert fibonacci(60) == 1548008755920
    assert fibonacci.cache_info()[:2] == (58, 61)


def test_threads_share_what_is_remembered():
    start = threading.Barrier(8)
    cached, wrong = ttl_cache(maxsize=16)(lambda value: value * 2), []

    def ask(first):
        start.wait(10)
        wrong.extend(value for value in range(first, first + 2000) if cached(value % 32) != value % 32 * 2)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    hits, misses, _, size = cached.cache_info()
    assert wrong == [] and hits + misses == 16000 and size == 16


def test_slow_call_holds_up_no_other():
    inside, leave = threading.Event(), threading.Event()

    @ttl_cache
    def wait(is_slow):
        if is_slow:
            inside.set()
            assert leave.wait(10)
        return is_slow

    thread = threading.Thread(target=wait, args=(True,))
    thread.start()
    assert inside.wait(10)
    assert wait(False) is False and wait.cache_info().currsize == 1
    leave.set()
    thread.join(10)
    assert wait(True) is True and wait.cache_info()[:2] == (1, 2)


def test_child_is_not_held_up_by_a_look_up_of_its_parent():
    inside, leave = threading.Event(), threading.Event()

    class Slow:
        """A key that is in the middle of being compared while the process forks."""

        def __hash__(self):
            return 1

        def __eq__(self, other):
            inside.set()
            return leave.wait(10)

    cached = ttl_cache(lambda key: 5)
    cached(Slow())
    thread = threading.Thread(target=cached, args=(Slow(),))
    thread.start()
    assert inside.wait(10)
    child = os.fork()
    if child == 0:
        # Not on another thread: it may get the number of the one that holds the lock.
        signal.alarm(10)
        os._exit(0 if cached('another') == 5 else 1)
    leave.set()
    thread.join(10)
    assert os.waitpid(child, 0)[1] == 0
