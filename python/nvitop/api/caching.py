"""Remembering what a function returned, for a time.

A value is taken while it is younger than the time to live, counted from when the function returned
it. The function itself runs outside the lock, so two threads may both run it; a fork in the middle
of another thread's look-up locks nothing in the child.
"""

from __future__ import annotations

import functools
import threading
import time
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Callable, Dict, Hashable, NamedTuple, Optional, Tuple, TypeVar, Union
from typing import cast, overload

from nvitop.api import _platform

__all__ = ['ttl_cache']

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

_T = TypeVar('_T')


class CacheInfo(NamedTuple):
    """What became of the calls so far; the members are those of `functools.lru_cache`."""

    hits: int
    misses: int
    maxsize: Optional[int]
    currsize: int


class _Mark:
    """Stands in a key where the keyword arguments begin; equal to nothing else."""


_KEYWORDS = _Mark()
_MISSING = _Mark()


def _key_of(args: Tuple[Any, ...], kwargs: Dict[str, Any], is_typed: bool) -> Hashable:
    """What tells two calls apart: positions do, and the order of keywords.

    A whole number or a text alone is its own key, as with `functools.lru_cache`.
    """
    if len(args) == 1 and not kwargs and not is_typed and type(args[0]) in (int, str):
        return cast(Hashable, args[0])
    key = args
    if kwargs:
        key += (_KEYWORDS, *kwargs.items())
    if is_typed:
        key += tuple(type(value) for value in (*args, *kwargs.values()))
    return key


class _Store:
    """The values of one function, the one that was asked for last at the end."""

    def __init__(self, maxsize: int, ttl: float, timer: Callable[[], float]) -> None:
        self.lock = threading.RLock()  # a key's own __eq__ may call the function again
        self.maxsize = maxsize
        self.ttl = ttl
        self.timer = timer
        self.values: OrderedDict[Hashable, Tuple[Any, float]] = OrderedDict()
        self.hits = self.misses = 0
        _stores.add(self)

    def get(self, key: Hashable) -> Any:
        """The value; _MISSING if there is none, or none that is young enough."""
        with self.lock:
            value, end = self.values.get(key, (_MISSING, 0.0))
            if value is _MISSING or self.timer() >= end:
                self.misses += 1
                return _MISSING
            self.hits += 1
            self.values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: Any) -> None:
        """Keeps a value; the old ones go, and then those that were asked for longest ago."""
        with self.lock:
            now = self.timer()
            self.values.pop(key, None)
            if len(self.values) >= self.maxsize:
                self.expire(now)
            while len(self.values) >= self.maxsize:
                self.values.popitem(last=False)
            self.values[key] = (value, now + self.ttl)

    def expire(self, now: float) -> None:
        for key in [key for key, (_, end) in self.values.items() if now >= end]:
            del self.values[key]

    def info(self) -> CacheInfo:
        with self.lock:
            self.expire(self.timer())
            return CacheInfo(self.hits, self.misses, self.maxsize, len(self.values))

    def clear(self) -> None:
        with self.lock:
            self.values.clear()
            self.hits = self.misses = 0


_stores: 'weakref.WeakSet[_Store]' = weakref.WeakSet()


def _after_fork() -> None:
    for store in list(_stores):
        store.lock = threading.RLock()


_platform.after_fork(_after_fork)


def _wrap(function: Callable[..., _T], store: _Store, is_typed: bool) -> '_lru_cache_wrapper[_T]':
    @functools.wraps(function)
    def wrapper(*args: Hashable, **kwargs: Hashable) -> _T:
        key = _key_of(args, kwargs, is_typed)
        value = store.get(key)
        if value is _MISSING:
            value = function(*args, **kwargs)
            store.put(key, value)
        return cast(_T, value)

    def parameters() -> Dict[str, Any]:
        return {'maxsize': store.maxsize, 'typed': is_typed}

    wrapper.cache_info = store.info  # type: ignore[attr-defined]
    wrapper.cache_clear = store.clear  # type: ignore[attr-defined]
    wrapper.cache_parameters = parameters  # type: ignore[attr-defined]
    return cast('_lru_cache_wrapper[_T]', wrapper)


@overload
def ttl_cache(
    maxsize: Optional[int] = 128,
    *,
    ttl: float = 600.0,
    timer: Callable[[], float] = time.monotonic,
    typed: bool = False,
) -> 'Callable[[Callable[..., _T]], _lru_cache_wrapper[_T]]': ...


@overload
def ttl_cache(
    maxsize: Callable[..., _T],
    *,
    ttl: float = 600.0,
    timer: Callable[[], float] = time.monotonic,
    typed: bool = False,
) -> '_lru_cache_wrapper[_T]': ...


def ttl_cache(
    maxsize: Union[int, Callable[..., Any], None] = 128,
    *,
    ttl: float = 600.0,
    timer: Callable[[], float] = time.monotonic,
    typed: bool = False,
) -> Any:
    """Decorates a function so that it answers from memory for a time.

    Usable with and without parentheses. The arguments of the function must be hashable. What it
    returned is remembered, what it raised is not. Safe to be called from several threads.

    Parameters
    ----------
    maxsize
        How many values are kept; with more, the one asked for longest ago goes. None, 0 and less
        are those of `functools.lru_cache`: without bound or keeping nothing, and without an end.
    ttl
        For how many units of `timer`, which are seconds unless it is another, a value is good.
    timer
        A function without arguments that tells the time and never goes back.
    typed
        Whether equal arguments of different types, such as ``1`` and ``1.0``, are told apart.

    Returns
    -------
    Callable
        The function with ``cache_info()``: ``(hits, misses, maxsize, currsize)``, of which the
        last does not count what has ended; ``cache_clear()``; ``cache_parameters()``; and itself
        as ``__wrapped__``.

    Raises
    ------
    ValueError
        `ttl` is negative.
    TypeError
        `maxsize` is neither a number, nor a function, nor None.
    """
    if ttl < 0.0:
        raise ValueError(f'a time to live can not be negative: ttl={ttl!r}')
    if callable(maxsize):
        return _wrap(maxsize, _Store(128, ttl, timer), typed)
    if maxsize is None:
        return functools.lru_cache(maxsize=None, typed=typed)
    if not isinstance(maxsize, int):
        raise TypeError(f'maxsize is to be an int, a function or None, not {maxsize!r}')
    if maxsize <= 0:
        return functools.lru_cache(maxsize=0, typed=typed)
    bound = maxsize
    return lambda function: _wrap(function, _Store(bound, ttl, timer), typed)
