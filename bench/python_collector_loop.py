"""A busy loop in Python with and without a collector beside it: `LOOP SECONDS ROUNDS HELD`, prints JSON.

Runs with this package and with nvitop 1.7.2. LOOP is `python`, which never lets go of the interpreter's lock by
itself, or `kernel`, whose steps are spent outside of it, as those of a training are. Phases of SECONDS without and
with a collector take turns. With HELD, somebody holds the root process: 1.7.2 has the keys of processes only then.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time

from nvitop import Device, HostProcess, ResourceMetricCollector

INTERVAL = 0.1
BLOCK = bytes(32 << 10)


def python_step() -> None:
    """About 50 µs with the interpreter's lock."""
    total = 0
    for number in range(1000):
        total += number * number


def kernel_step() -> None:
    """About as long without it."""
    hashlib.sha256(BLOCK).digest()


def steps_per_second(step, seconds: float) -> float:
    """How fast the loop is now."""
    begin = now = time.perf_counter()
    count = 0
    while now - begin < seconds:
        step()
        count += 1
        now = time.perf_counter()
    return count / (now - begin)


def main(loop: str, seconds: float, rounds: int, held: bool) -> dict:
    """The loss of each round in per cent, and what a collect() costs with how many keys."""
    step = {'python': python_step, 'kernel': kernel_step}[loop]
    root = HostProcess(1) if held else None
    collector = ResourceMetricCollector(Device.all(), root_pids={1}, interval=INTERVAL)
    losses, plain = [], []
    for turn in range(rounds):
        free = steps_per_second(step, seconds / 2)
        with collector(tag='train'):
            keys = len(collector.collect())
            busy = steps_per_second(step, seconds)
        free = (free + steps_per_second(step, seconds / 2)) / 2
        plain.append(free)
        losses.append(100 * (1 - busy / free))
    times = []
    with collector(tag='train'):
        for turn in range(10):
            begin = time.perf_counter()
            collector.collect()
            times.append(time.perf_counter() - begin)
            time.sleep(0.01)
    del root
    return {'losses': losses, 'steps': statistics.median(plain), 'keys': keys,
            'collect_ms': 1e3 * statistics.median(times)}


if __name__ == '__main__':
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == '1')))
