"""What bench/snapshot.c does, by nvitop 1.7.2: `take_snapshots()` again and again in one process, timed one by one."""

import sys
import time

import nvitop


def tell(what, since):
    wall, cpu = (now - then for now, then in zip((time.perf_counter(), time.process_time()), since))
    print(what, int(wall * 1e6), int(cpu * 1e6))


def main():
    for _ in range(int(sys.argv[1])):
        since = time.perf_counter(), time.process_time()
        taken = nvitop.take_snapshots()
        tell('taken', since)
    facts = [sum(value is not nvitop.NA and name not in ('real', 'timestamp') for snapshot in snapshots
                 for name, value in vars(snapshot).items()) for snapshots in taken]
    print('holds', len(taken.devices), facts[0], len(taken.gpu_processes), facts[1], 0, 0)


if __name__ == '__main__':
    main()
