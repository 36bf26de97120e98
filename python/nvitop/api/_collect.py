"""What a collector keeps of its samples, and which processes they are about.

A window holds one series of each metric; roots say whose descendants are looked at. Neither has a lock: both
are the collector's, and used under its lock or by the thread that samples.
"""

from __future__ import annotations

import time
from typing import Any, Dict, List, Set, Tuple

from nvitop.api import host
from nvitop.api._stats import Series
from nvitop.api.process import GpuProcess

__all__ = ['Roots', 'Window']

_ALL_PROCESSES = 1
"""The root whose descendants are all processes, also where it is not in sight (in a container)."""

_ONLY_MAX = '/running_time (min)'
"""How a metric ends of which there is one number, the greatest, and not the four statistics."""


class Window:
    """What was seen since its tag was activated, or cleared.

    Its series have a clock of their own, which stands still in gaps: `lost` seconds so far.
    """

    def __init__(self, now: float) -> None:
        self.clear(now)

    def clear(self, now: float) -> None:
        self.start = now
        self.newest = now
        self.newest_epoch = time.time()
        self.lost = 0.0
        self.series = Series(now)

    def add(self, begin: float, end: float, sample: Dict[str, float], gap: float) -> None:
        """Adds a sample that was taken from `begin` to `end`, unless the window is younger."""
        if begin < self.start:
            return
        if begin - self.newest > gap:
            self.lost += end - self.newest
        self.series.add(end - self.lost, sample)
        self.newest = max(self.newest, end)
        self.newest_epoch = time.time()

    def results(self, prefix: str, now: float) -> Dict[str, float]:
        """The statistics under their keys."""
        results: Dict[str, float] = {}
        singles: Dict[str, float] = {}
        for name, stats in self.series.results(now - self.lost):
            key = f'{prefix}/{name}'
            if key.endswith(_ONLY_MAX):
                singles[key] = stats.max
                continue
            results[f'{key}/mean'], results[f'{key}/min'] = stats.mean, stats.min
            results[f'{key}/max'], results[f'{key}/last'] = stats.max, stats.last
        results.update(singles)
        results[f'{prefix}/duration (s)'] = now - self.start
        results[f'{prefix}/timestamp'] = time.time()
        results[f'{prefix}/last_timestamp'] = self.newest_epoch
        return results


class Roots:
    """Which processes are, or descend from, one of the roots; each is looked into once."""

    def __init__(self, pids: Set[int]) -> None:
        self.pids = pids
        self._answers: Dict[Tuple[int, Any], bool] = {}

    def choose(self, processes: List[GpuProcess]) -> List[GpuProcess]:
        """Those of `processes` that belong to the roots; forgets those that are not there."""
        if not self.pids:
            return []
        if _ALL_PROCESSES in self.pids:
            return processes
        answers: Dict[Tuple[int, Any], bool] = {}
        chosen = [process for process in processes if self._look(process, answers)]
        self._answers = answers
        return chosen

    def _look(self, process: GpuProcess, answers: Dict[Tuple[int, Any], bool]) -> bool:
        try:
            key = (process.pid, process.host.create_time())
            answer = answers.get(key, self._answers.get(key))
            if answer is None:
                answer = self._descends(process)
        except host.PsutilError:  # it has ended, and its parents are not to be found any more
            return process.pid in self.pids
        answers[key] = answer
        return answer

    def _descends(self, process: GpuProcess) -> bool:
        if process.pid in self.pids:
            return True
        return any(parent.pid in self.pids for parent in process.host.parents())
