"""Running code on the machine of the examples.

Three things can not be as printed, and stand for what is: the pid and the first day of the process that
is killed, since that is a real one, and the pid of the example itself.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from machine import EXAMPLE_PID, KILLED_DAY, KILLED_PID, time_zone
from support import paths, sim

HERE = Path(__file__).parent
# From here on the scenario is the machine of the collector's example.
LATER = 100
# Where what can not be as printed stands.
REAL = re.compile(r"(?<=pid[=:])\d+|\d+(?=: GpuProcess)|(?<=started=')\d+-\d+-\d+")


@dataclass
class Played:
    """What came of some code: the repr of each part's value, and what was written."""

    results: list[str | None]
    printed: str
    errors: str


def play(tmp_path: Path, codes: Sequence[str], second: int = 0, timeout: float = 60, **env: str) -> Played:
    """Runs pieces of code in one process."""
    tree, given, got = tmp_path / 'proc', tmp_path / 'cells', tmp_path / 'results'
    tree.mkdir()
    with sim.scenario(HERE / 'readme.ini') as opened:
        killed = str(opened.pids['rllib'])
        given.write_text(json.dumps([code.replace(str(KILLED_PID), killed) for code in codes]))
        done = opened.command(
            [sys.executable, HERE / 'replay.py', tree, killed, given, got],
            {'PYTHONPATH': str(paths.PACKAGE_SITE), 'PYTHONDONTWRITEBYTECODE': '1', 'TZ': time_zone(),
             'NVITOP_PROCFS': str(tree), 'NVITOP_SIM_CLOCK': str(second), 'CUDA_VISIBLE_DEVICES': '9,8,7,6', **env},
            timeout)
    assert done.rc == 0, done.out + done.err
    pid, day, results = json.loads(got.read_text())
    printed = {str(pid): str(EXAMPLE_PID), killed: str(KILLED_PID), day: KILLED_DAY}
    return Played([found and REAL.sub(lambda real: printed.get(real[0], real[0]), found) for found in results],
                  done.out, done.err)
