"""What the benchmarks of the monitor share: the programs beside each other, scenarios, tables."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'tests'))

from support import paths, sim, term, tty  # noqa: E402

CFLAGS = ('-std=c17', '-D_GNU_SOURCE', '-O2')
ROWS, COLUMNS = 50, 140
OURS = 'nvitop (ours)'
TABLE_IS_FILLED = r'^│ +\d+(:\d+)? +\d+ [CGX] '  # a row of the process table, ours or 1.7.2's

# Name of a scenario → what it is, its text made of the shipped ones.
SCENARIOS = {
    'busy1': '1 GPU, 3 processes',
    'a100x8': '8 GPUs, 40 processes',
    'procs256': '1 GPU, 256 processes',
    'gpus16': '16 GPUs, 160 processes',
}
MORE = {  # lines after the shipped text
    'gpus16': '[process EXTRA]\ncount = {missing}\ndevice = {{i%16}}\nuser = games\n'
              'command = python3 rollout.py --worker {{i:03d}}\nmem = {{i%7*24+180}}MiB\nsm = {{i%5}}\n',
}
WANTED_PROCESSES = {'gpus16': 160}


def text_of(scenario: str) -> str:
    """A shipped scenario, filled up to as many processes as SCENARIOS says."""
    text = (paths.SCENARIOS / f'{scenario}.ini').read_text()
    if scenario in MORE:
        with sim.scenario(scenario) as running:
            missing = WANTED_PROCESSES[scenario] - len(running.pids)
        text += '\n' + MORE[scenario].format(missing=missing)
    return text


@contextlib.contextmanager
def running(folder: Path, scenario: str, trouble: str = '', env: Mapping[str, str] | None = None) -> Iterator[sim.Sim]:
    """The scenario with lines of trouble added, its processes alive."""
    path = folder / f'{scenario}.ini'
    path.write_text(f'{text_of(scenario)}\n{trouble}')
    with sim.scenario(path, env) as found:
        yield found


def nvtop() -> str | None:
    """The peer's program, where there is one: the system's, or what `./dev bench` has fetched."""
    return os.environ.get('NVITOP_PEER_NVTOP') or shutil.which('nvtop')


def env_for(who: str, found: Mapping[str, str]) -> dict[str, str]:
    """The simulator's environment of one program; ours is told the library's path, and gets no other help."""
    env = {**found, 'LC_ALL': 'C.UTF-8', 'HOME': '/nonexistent', 'XDG_CONFIG_HOME': '/nonexistent'}
    if who == OURS:
        env.pop('LD_LIBRARY_PATH', None)
    return env


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int) -> str:
    """A table whose first columns are texts and all others numbers."""
    rule = ['---'] * texts + ['--:'] * (len(head) - texts)
    return '\n'.join(f'| {" | ".join(row)} |' if row is not rule else f'|{"|".join(rule)}|'
                     for row in (head, rule, *rows))


def loss_gain(theirs: float, ours: float) -> float | None:
    """How many times less is lost beside ours, each in per cent; None where nothing is lost that can be told from noise."""
    return theirs / max(ours, 0.01) if theirs > 0 else None


def machine() -> str:
    """Where, and how quiet it was."""
    model = next((line.split(':', 1)[1].strip() for line in Path('/proc/cpuinfo').read_text().splitlines()
                  if line.startswith('model name')), 'unknown processor')
    return f'{model}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.2f} at the start'


def compile_helper(name: str, folder: Path, *more: str | Path) -> Path:
    """bench/NAME.c → a program in the folder."""
    program = folder / name
    subprocess.run([os.environ.get('CC', 'cc'), *CFLAGS, '-o', program, HERE / f'{name}.c', *more, '-ldl'], check=True)
    return program


def library_flags() -> list[str | Path]:
    """What a program needs to be linked with the built library."""
    folder = paths.built('lib/libnvitop.so.1').parent
    return ['-I', HERE.parent / 'include', '-L', folder, f'-Wl,-rpath,{folder}', '-lnvitop']


def is_built(program: str) -> bool:
    """Whether a program's monitor can be run here at all."""
    return bool(program and shutil.which(program))


__all__ = ['paths', 'sim', 'term', 'tty']
