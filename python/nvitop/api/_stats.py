"""Series of numbers, by name, and what they come to.

The arithmetic is C's (``nvitop_stats_…``).
Cffi gives the interpreter's lock away around each call, and a busy thread keeps it for
milliseconds; so a whole sample is one call, however many series it has, and so is a result.

A table is not for several threads at once: whoever has one holds a lock.
"""

from __future__ import annotations

import math
from typing import Any, Iterator, List, Mapping, NamedTuple, Tuple

from nvitop.api import _native

__all__ = ['Series', 'Stats']


class Stats(NamedTuple):
    """What a series comes to; all are nan where no value ever came.

    The mean is the area under the values, joined by straight lines, over the time since the start.
    """

    mean: float
    min: float
    max: float
    last: float


class Series:
    """A table of series that are fed together.

    Parameters
    ----------
    start : float
        When they begin, in seconds of any clock that does not go back.
    """

    def __init__(self, start: float) -> None:
        self.newest = start
        """The time of the newest sample; of the start where there is none."""
        self._places: dict[str, int] = {}
        self._owners: List[Any] = []
        self._pointers: Any = _native.ffi.NULL

    def __len__(self) -> int:
        return len(self._places)

    def add(self, time: float, sample: Mapping[str, float]) -> None:
        """Adds a sample; a series that it lacks is told that there is a hole.

        A name that is new begins with the sample before this one.
        """
        self._begin([name for name in sample if name not in self._places])
        values = [sample.get(name, math.nan) for name in self._places]
        _native.lib.nvitop_python_stats_add(self._pointers, len(values), time, values)
        self.newest = max(self.newest, time)

    def results(self, now: float) -> Iterator[Tuple[str, Stats]]:
        """What each series comes to at `now`, in the order in which the names came."""
        count = len(self._places)
        results = _native.ffi.new('double[]', 4 * count)
        _native.lib.nvitop_python_stats_get(self._pointers, count, now, results)
        numbers = _native.ffi.unpack(results, 4 * count) if count else []
        for name, place in self._places.items():
            yield name, Stats(*numbers[4 * place:4 * place + 4])

    def _begin(self, names: List[str]) -> None:
        if not names:
            return
        for name in names:
            self._places[name] = len(self._owners)
            self._owners.append(_new_series(self.newest))
        self._pointers = _native.ffi.new('struct nvitop_stats *[]', self._owners)


def _new_series(start: float) -> Any:
    place = _native.ffi.new('struct nvitop_stats **')
    _native.check(_native.lib.nvitop_stats_new(start, place))
    return _native.ffi.gc(place[0], _native.lib.nvitop_stats_free)
