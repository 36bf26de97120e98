"""What parity runs: scenarios, widths, modes, and the scenarios the original cannot show."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator, NamedTuple

from support import paths

WIDTHS = (79, 100, 120, 140, 200)
MODES = {'plain': (), 'ascii': ('--ascii',), 'color': ('--force-color',)}
MASKED_LIMIT = 0.03  # of a screen
CLOCK = '8.0'  # where the scenario's curves stand still, in seconds


class Refusal(NamedTuple):
    """A scenario in which the original prints no report, and what ours does."""

    reason: str
    peer_rc: int
    peer_stderr: str
    rc: int
    stderr: str
    has_report: bool


def _init_failure(reason: str, text: str) -> Refusal:
    """Both print the driver's words and end with 1; ours adds a line of help."""
    return Refusal(reason, 1, f'^NVML ERROR: {text}\n$', 1, f'^NVML ERROR: {text}\nHINT: [^\n]+\n$', False)


REFUSALS: dict[str, Refusal] = {
    'nodriver': _init_failure('nvmlInit answers 9', 'Driver Not Loaded'),
    'noperm': _init_failure('nvmlInit answers 4', 'Insufficient Permissions'),
    'mismatch': _init_failure('nvmlInit answers 18', r'RM has detected an NVML/RM version mismatch\.'),
    'hang': Refusal('a call never returns: the original hangs until it is killed (SIGALRM)', -14, '', 0, '^$', True),
}

# The original would not only hang there, its process could not even be killed. tests/traps has it.
NOT_RUN = ('frozen',)
OWN = ('odd',)
HERE = Path(__file__).parent
ONE_SCREEN = {'hang': (120, 'plain')}  # each takes the original's whole patience


# What the frozen host tells, scenario by scenario in turn: every form of a time, a load and a share.
SWAP_HALF = {'SwapTotal': '8388608 kB', 'SwapFree': '4096000 kB'}
HOSTS: tuple[dict[str, object], ...] = (
    {},
    {'ahead': 95, 'load': '0.00 10.05 99.99', 'memory': SWAP_HALF},
    {'ahead': 4000, 'load': '100.00 999.99 1000.04'},
    {'ahead': 100_000, 'load': '9999.99 10000.00 12345.67', 'memory': {'MemAvailable': '1 kB'}},
    {'ahead': 500_000, 'memory': {'SwapTotal': '1048576 kB', 'SwapFree': '0 kB'}},
)


class Combo(NamedTuple):
    """One screen."""

    scenario: str
    width: int
    mode: str

    @property
    def name(self) -> str:
        return f'{self.width}-{self.mode}'


def all_scenarios() -> list[str]:
    """The shipped ones and the ones of this folder, which hold what no shipped one has."""
    return [*(name for name in paths.shipped_scenarios() if name not in NOT_RUN), *OWN]


def scenario_file(name: str) -> Path:
    """The file of a scenario of all_scenarios()."""
    return (HERE if name in OWN else paths.SCENARIOS) / f'{name}.ini'


def host_of(scenario: str) -> dict[str, object]:
    """The host of HOSTS that a scenario has."""
    return HOSTS[all_scenarios().index(scenario) % len(HOSTS)]


def combos() -> Iterator[Combo]:
    """Every screen, or with NVITOP_PARITY other than `full` a part in which every pair of
    scenario and width, of scenario and mode, and of width and mode comes up."""
    is_full = os.environ.get('NVITOP_PARITY') == 'full'
    modes = list(MODES)
    for i, scenario in enumerate(all_scenarios()):
        for j, width in enumerate(WIDTHS):
            for k, mode in enumerate(modes):
                one = ONE_SCREEN.get(scenario)
                if one == (width, mode) or (not one and (is_full or (i + j) % len(modes) == k)):
                    yield Combo(scenario, width, mode)
