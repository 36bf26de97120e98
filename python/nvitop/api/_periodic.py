"""A thread that does something for an object again and again, and does not keep the object alive.

It ends when it is told to, and when its object goes; neither waits for an interval.
Its wake-up call is a queue and not an event, because the call also comes from the garbage
collector, which may run while this very thread is inside an event's lock; a
:class:`queue.SimpleQueue` is made for that.
"""

from __future__ import annotations

import numbers
import queue
import threading
import time
import weakref
from typing import Any, Callable, Optional

__all__ = ['PATIENCE', 'Periodic', 'is_interval', 'sleep_until']

PATIENCE = 3.0
"""How long, in seconds, whoever stops a thread waits for what it is in the middle of."""

_LONGEST_WAIT = 1e6  # the system's timeouts do not take every number


class Periodic:
    """Calls ``work(owner)`` at once, and then each `interval` seconds.

    What comes too late is left out, not made up for.
    If `work` raises, the thread ends, and Python tells about it as of any thread.

    Parameters
    ----------
    owner : object
        Is held weakly but while `work` runs.
    work : callable
        A plain function: a bound method would hold its object.
    interval : float
        In seconds; ``inf`` for once.
    name : str
        The thread's.
    """

    def __init__(self, owner: Any, work: Callable[[Any], object], interval: float, name: str) -> None:
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        wake = self._wake
        reference = weakref.ref(owner, lambda _: wake.put(None))
        self._thread = threading.Thread(target=_run, args=(reference, work, interval, wake),
                                        name=name, daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def stop(self, patience: float = PATIENCE) -> bool:
        """Ends the thread; waits `patience` seconds at most for what it is doing.

        Returns
        -------
        bool
            Whether the thread has ended.
        """
        self._wake.put(None)
        if self._thread is threading.current_thread():
            return False
        self._thread.join(patience)
        return not self._thread.is_alive()


def is_interval(value: object) -> bool:
    """Whether it is a number of seconds that can lie between two samples."""
    return isinstance(value, numbers.Real) and float(value) > 0


def sleep_until(due: float, wake: Optional[queue.SimpleQueue[None]] = None) -> bool:
    """Sleeps until `due`, a time of :func:`time.monotonic`; false: `wake` was put something into."""
    wake = queue.SimpleQueue() if wake is None else wake
    while True:
        left = due - time.monotonic()
        try:
            wake.get(timeout=min(max(left, 0.0), _LONGEST_WAIT))
            return False
        except queue.Empty:
            if left <= _LONGEST_WAIT:
                return True


def _run(reference: weakref.ref[Any], work: Callable[[Any], object], interval: float,
         wake: queue.SimpleQueue[None]) -> None:
    due = time.monotonic()
    while sleep_until(due, wake):
        owner = reference()
        if owner is None:
            return
        work(owner)
        del owner
        due = max(due + interval, time.monotonic())
