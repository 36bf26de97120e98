"""The same scenario for a program here and for its Windows build under wine: same clock, no processes."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

from support import paths, term

import wine

CLOCK = '12.5'  # seconds of the scenario at which its time stands still


def here(scenario: Path, program: Path, words: Sequence[str], env: dict[str, str] | None = None) -> term.Result:
    """The program of this system."""
    return term.run([program, *words], {
        'NVITOP_SIM': str(scenario), 'NVITOP_SIM_CLOCK': CLOCK, 'NVITOP_SIM_PIDS': '/dev/null',
        'NVITOP_NVML': str(paths.sim_library()), **(env or {})})


def there(scenario: Path, program: str, words: Sequence[str], env: dict[str, str] | None = None) -> term.Result:
    """The program of Windows."""
    return term.run([*wine.COMMAND, wine.program(program), *words], wine.env({
        'NVITOP_SIM': wine.path(scenario), 'NVITOP_SIM_CLOCK': CLOCK, 'NVITOP_SIM_PIDS': 'NUL',
        'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll'), **(env or {})}), timeout=120)
