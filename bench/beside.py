"""Programs run once beside each other on a scenario: what each run takes, and which driver functions it calls."""

from __future__ import annotations

import collections
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Iterable, Mapping, Sequence

Sample = collections.namedtuple('Sample', 'wall cpu rss')
HEAD = (f'{"wall ms":>9}{"min":>8}{"max":>8}{"CPU ms":>9}{"RSS MiB":>9}{"calls":>7}'
        f'   {"÷ ours: wall":>12}{"CPU":>7}{"RSS":>6}{"calls":>7}')


def measure(meter: Path, command: Sequence[str], env: Mapping[str, str]) -> Sample:
    """One run; a run that fails ends the benchmark."""
    read, write = os.pipe()
    with open(os.devnull, 'r+b') as nothing:
        process = subprocess.Popen(['sh', '-c', f'exec 3>&{write}; exec "$@"', 'sh', meter, *command], env=env,
                                   stdin=nothing, stdout=nothing, stderr=nothing, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as told:
            words = told.read().split()
        process.wait()
    wall, user, system, rss, status = map(int, words)
    if status:
        sys.exit(f'bench: {" ".join(command)} ended with {status}')
    return Sample(wall / 1e3, (user + system) / 1e3, rss / 1024)


def driver_calls(command: Sequence[str], env: Mapping[str, str], folder: Path) -> collections.Counter:
    """Which driver functions a program calls, and how often."""
    log = folder / 'calls'
    log.write_text('')
    subprocess.run(command, env={**env, 'NVITOP_SIM_LOG': str(log)}, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return collections.Counter(call_name(line) for line in log.read_text().splitlines() if line.strip())


def call_name(line: str) -> str:
    """The function's name in a line of the simulator's log."""
    return next((word.split('(')[0] for word in line.split() if word.startswith('nvml')), line)


def env_of(who: str, env: Mapping[str, str], peers: Iterable[str]) -> dict[str, str]:
    """The environment of a program: nobody but the peers searches the simulator's folder."""
    return {name: value for name, value in env.items() if who in peers or name != 'LD_LIBRARY_PATH'}


def in_turns(meter: Path, commands: Mapping[str, Sequence[str]], environments: Mapping[str, Mapping[str, str]],
             rounds: int) -> dict[str, list[Sample]]:
    """Every program once per round, in another order each round."""
    samples: dict[str, list[Sample]] = {who: [] for who in commands}
    order = list(commands)
    for _ in range(rounds):
        for who in order:
            samples[who].append(measure(meter, commands[who], environments[who]))
        order.append(order.pop(0))
    return samples


def figures(samples: Sequence[Sample], calls: collections.Counter | None) -> dict:
    """The figures of one row."""
    walls = [s.wall for s in samples]
    return {
        'wall': statistics.median(walls), 'wall_min': min(walls), 'wall_max': max(walls),
        'cpu': statistics.median(s.cpu for s in samples), 'rss': max(s.rss for s in samples),
        'calls': sum(calls.values()) if calls else 0,
    }


def table(title: str, rows: Mapping[str, dict], ours: str) -> list[str]:
    """The rows as text, with the peers' factors over ours."""
    own = rows[ours]
    lines = [title, f'{"":22}{HEAD}']
    for who, row in rows.items():
        line = (f'{who:22}{row["wall"]:9.2f}{row["wall_min"]:8.2f}{row["wall_max"]:8.2f}{row["cpu"]:9.2f}'
                f'{row["rss"]:9.1f}{row["calls"]:7d}')
        line += f'   {row["wall"] / own["wall"]:12.1f}{row["cpu"] / max(own["cpu"], 1e-3):7.1f}'
        line += f'{row["rss"] / own["rss"]:6.1f}{row["calls"] / max(own["calls"], 1):7.2f}'
        lines.append(line)
    return lines


def noise(results: Iterable[Mapping[str, dict]]) -> str:
    """How quiet the machine was, told by the program that does nothing."""
    worst = max((rows['true']['wall_max'] / rows['true']['wall'] for rows in results), default=1.0)
    return f'noise: the slowest start of `true` took {worst:.1f} times its median'
