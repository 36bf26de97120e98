"""What parity runs: scenarios, widths, modes, and the scenarios the original cannot show."""

from __future__ import annotations

import os
from typing import Iterator, NamedTuple

from support import paths

WIDTHS = (79, 100, 120, 140, 200)
MODES = {'plain': (), 'ascii': ('--ascii',), 'color': ('--force-color',)}
MASKED_LIMIT = 0.03  # of a screen
CLOCK = '8.0'  # where the scenario's curves stand still, in seconds

# Shapes of the report that no shipped scenario needs to have, with the reason they are left out
# of the cell comparison. `rc` and `stderr` are what ours must answer instead (screens.md 1.4).


class Refusal(NamedTuple):
    """A scenario in which the original prints no report, and what ours does."""

    reason: str
    peer_rc: int
    peer_stderr: str
    rc: int
    stderr: str
    has_report: bool


REFUSALS: dict[str, Refusal] = {}


class Combo(NamedTuple):
    """One screen."""

    scenario: str
    width: int
    mode: str

    @property
    def name(self) -> str:
        return f'{self.width}-{self.mode}'


def combos() -> Iterator[Combo]:
    """Every screen, or with NVITOP_PARITY other than `full` a part in which every pair of
    scenario and width, of scenario and mode, and of width and mode comes up."""
    is_full = os.environ.get('NVITOP_PARITY') == 'full'
    modes = list(MODES)
    for i, scenario in enumerate(paths.shipped_scenarios()):
        for j, width in enumerate(WIDTHS):
            for k, mode in enumerate(modes):
                if is_full or (i + j) % len(modes) == k:
                    yield Combo(scenario, width, mode)
