"""What the monitor's parity walks through: sizes, layouts, keys, and where the original has no monitor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator, NamedTuple

import table
from table import CLOCK, MASKED_LIMIT, host_of, scenario_file  # noqa: F401 used from here

PEER = Path(__file__).parent / 'peer_monitor.py'
Size = tuple[int, int]  # columns, rows
SIZES: tuple[Size, ...] = (
    (79, 24), (80, 24), (100, 40), (120, 39), (140, 50), (160, 44), (200, 60), (300, 100))
LAYOUTS = {'auto': 'a', 'full': 'f', 'compact': 'c'}

# In which a test could only wait for ever; the report's parity has the first.
NEVER_DRAWN = {
    'hang': 'a call never returns: the original never draws',
    'frozen': 'a thread stands still in the kernel: the original could not even be killed',
}
# Scenarios in which the original shows no monitor at all; what ours does there is tested elsewhere.
NO_MONITOR = {
    'nodriver': 'nvmlInit answers 9: both say so and end',
    'noperm': 'nvmlInit answers 4: both say so and end',
    'mismatch': 'nvmlInit answers 18: both say so and end',
    'none': 'there is no GPU to show: both print the report and end',
    'fixture-z': 'there is no GPU to show: both print the report and end',
    **NEVER_DRAWN,
}

# Where `auto` of ours gives each GPU one line, since the processes would have no room: 8 or more GPUs,
# and compact panels with seven rows of the process box do not fit. How many GPUs, and at which sizes.
DENSE: dict[str, tuple[int, tuple[Size, ...]]] = {
    'a100x8': (8, SIZES[:2]),
    'gpus16': (16, (*SIZES[:4], (160, 44))),
    'mig': (8, SIZES[:4]),
}

# The first seconds of a graph that cannot be the same in both, since readings were still coming.
SETTLING = {'slow': (2, 'each GPU wakes at its own time: the averages of the first second differ')}

# Variants: a scenario with options, walked through less.
VARIANTS = {
    'hostile-ascii': ('hostile', ('--ascii',)),
    'mixed4-ascii': ('mixed4', ('--ascii',)),
    'fixture-m-light': ('fixture-m', ('--light',)),
    'fixture-a-readonly': ('fixture-a', ('--readonly',)),
    'desktop-plain': ('desktop', ()),
    'mixed4-plain': ('mixed4', ()),
}
KEY_SIZES: tuple[Size, ...] = ((79, 24), (140, 50))
KEY_SCENARIOS = ('fixture-a', 'mixed4', 'fixture-m')
VARIANT_CASES = {
    'hostile-ascii': ('columns', 'tree', 'environ', 'help'),
    'mixed4-ascii': ('select', 'columns-sorted', 'metrics', 'box'),
    'fixture-m-light': ('select', 'tags', 'tree', 'environ', 'box'),
    'fixture-a-readonly': ('select', 'tags', 'help', 'tree'),
    'desktop-plain': ('metrics-of-all',),
    'mixed4-plain': ('box-kinds',),
}


class Step(NamedTuple):
    """Keys and a size, and the name under which what then is shown is compared ('': not compared)."""

    name: str
    keys: tuple[str, ...] = ()
    size: Size | None = None
    is_start: bool = False  # both programs may be started anew before it
    is_alike: bool = True  # False: ours shows something else on purpose


class Screen(NamedTuple):
    """One layout at one size."""

    scenario: str
    size: Size
    layout: str

    @property
    def is_dense(self) -> bool:
        """Ours has a layout here that the original has not."""
        return self.layout == 'auto' and self.size in DENSE.get(self.scenario, (0, ()))[1]

    @property
    def name(self) -> str:
        """As a step and as a test."""
        return f'{self.size[0]}x{self.size[1]}-{self.layout}'


class Keys(NamedTuple):
    """One sequence of keys at one size; every key is compared."""

    scenario: str
    size: Size
    case: str

    @property
    def keys(self) -> tuple[str, ...]:
        """What is typed."""
        return CASES.get(self.case) or OWN_CASES[self.case]

    def names(self) -> list[str]:
        """The steps' names."""
        return [f'{self.size[0]}x{self.size[1]}-{self.case}-{i}-{key}' for i, key in enumerate(self.keys)]


ORDER_LETTERS = 'npugsbcmt'
# Each begins and ends on the main screen; RESET comes before it.
CASES: dict[str, tuple[str, ...]] = {
    **{f'sort-{letter}': ('o', letter, '/', '/', 'o', letter.upper()) for letter in ORDER_LETTERS},
    'sort-next': ('.',) * len(ORDER_LETTERS),
    'sort-previous': (',',) * len(ORDER_LETTERS),
    'sort-other-names': ('>', '/', '>', '<', '<'),
    'chord-broken': ('o', 'y', 'o', 'Escape', 'o', 'g'),
    'select': ('Down', 'Down', 'Down', 'Up', 'Tab', 'BTab', 'M-j', 'M-k', 'Escape', 'Up', 'Up', 'Escape'),
    'select-ends': ('End', 'Down', 'Down', 'Home', 'Up', 'Home', 'End', 'End', 'Escape'),
    'select-sorted': ('o', 'g', 'Down', 'Down', 'o', 'n', 'End', '/', 'o', 't'),
    'rows': ('PageDown', 'PageDown', ']', 'M-J', 'PageUp', '[', 'M-K', 'PageUp', 'PageUp'),
    'rows-far': (']',) * 12 + ('Down', 'Home', '['),
    'columns': ('Right', 'Right', 'Right', 'Left', 'M-l', 'M-h', 'C-e', 'Left', '^', '$', 'C-a'),
    'columns-sorted': ('o', 'c', 'Right', 'Right', 'Right', 'Right', 'o', 'm', 'o', 't', 'Right', 'Right', 'Right',
                       'Right', 'Right', 'Right', '$', '^'),
    'columns-selected': ('Down', 'Right', 'Right', '$', 'Down', '^'),
    'tags': ('Down', 'Space', 'Space', 'Up', 'Up', 'Space', 'Space', 'o', 'p', 'Escape'),
    'refresh': ('Down', 'Space', ']', 'Right', 'r', 'Down', 'F5', 'Down', 'C-r'),
    'modes': ('f', 'c', 'a', 'f', 'Down', 'Down', 'a'),
    'digits': ('1', '2', 'Down', '3', 'Down'),
    'tree': ('t', 'Down', 'Down', 'Up', 'Right', 'Right', 'Left', '^', 'Space', 'Space', 'End', 'Home', 'Escape',
             'PageDown', ']', 'PageUp', '[', 'Tab', 'BTab', 'q'),
    'tree-wide': ('t',) + ('Right',) * 12 + ('Down', 'C-a', 't'),
    'tree-selected': ('Down', 'Down', 't', 'Up', 'q', 'Escape', 't', 'Q'),
    'environ': ('Down', 'e', 'Down', 'Down', 'Up', 'Right', 'Right', 'Left', '^', 'End', 'Home', 'PageDown', '[', 'r',
                'e', 'e', 'Escape', 'e', 'q'),
    'environ-of-tree': ('t', 'Down', 'e', 'Down', 'e', 't'),
    'help': ('h', 'x', '?', 'Escape', 'h', 'q'),
    'help-of-others': ('Down', 't', 'h', 'x', 'q', 'e', 'h', 'x', 'e', 'Enter', 'h', 'x', 'q'),
    'metrics': ('Down', 'Enter', 'Enter', 'Down', 'Enter', 'Escape', 'Enter', 'e', 'e', 'q'),
    'box': ('Down', 'T', 'Right', 'Right', 'Right', 'Right', 'Left', 'Tab', 'BTab', '.', ',', ']', '[', '>', '<',
            'Escape'),
    'box-keys': ('Down', 'T', 'k', '3', 'c', '1', 't', 'i', 'n'),
    'box-kinds': ('Down', 'K', 'Escape', 'k', 'q', 'I', 'n', 'C-c', 'Escape'),
    'box-tags': ('Down', 'Space', 'Space', 'Space', 'T', 'Left', 'Escape', 'Escape'),
    'box-of-tree': ('t', 'Down', 'Down', 'K', 'Escape', 'Space', 'Space', 'T', 'Escape', 'Escape', 't'),
}
# Of a variant only.
OWN_CASES = {'metrics-of-all': ('End', *('Enter', 'q', 'Up') * 5)}
# Back to the start from any main screen.
RESET = ('r', 'o', 'n', 'a')


def is_full() -> bool:
    """The whole product is wanted."""
    return os.environ.get('NVITOP_PARITY') == 'full'


def scenarios() -> list[str]:
    """Those with a monitor: the shipped ones and the one of this folder."""
    shipped = [name for name in table.paths.shipped_scenarios() if name not in NO_MONITOR]
    return [*shipped, *table.OWN]


def screens() -> Iterator[Screen]:
    """Every layout at every size of every scenario, or a part with every pair of two of them."""
    for i, scenario in enumerate(scenarios()):
        for j, size in enumerate(SIZES):
            for k, layout in enumerate(LAYOUTS):
                if is_full() or (i + j) % len(LAYOUTS) == k:
                    yield Screen(scenario, size, layout)


def key_cases() -> Iterator[Keys]:
    """Every case at every size in every scenario of KEY_…, or a part with every case and every size;
    and the cases of the variants."""
    for i, scenario in enumerate(KEY_SCENARIOS):
        for j, size in enumerate(KEY_SIZES):
            for k, case in enumerate(CASES):
                if is_full() or (i + k) % len(KEY_SCENARIOS) == 0 and (i + k // len(KEY_SCENARIOS)) % 2 == j:
                    yield Keys(scenario, size, case)
    for i, (variant, cases) in enumerate(VARIANT_CASES.items()):
        for j, size in enumerate(KEY_SIZES):
            for k, case in enumerate(cases):
                if is_full() or (i + k) % 2 == j:
                    yield Keys(variant, size, case)


def scenario_of(walk: str) -> str:
    """The scenario that a walk is in."""
    return VARIANTS[walk][0] if walk in VARIANTS else walk


def options_of(walk: str) -> list[str]:
    """The options both programs get."""
    return list(VARIANTS[walk][1]) if walk in VARIANTS else []


def walks() -> dict[str, list[Step]]:
    """For each scenario and variant the steps through its screens, then through its keys."""
    steps: dict[str, list[Step]] = {name: [] for name in (*scenarios(), *VARIANTS)}
    for screen in screens():
        steps[screen.scenario].append(Step(screen.name, (LAYOUTS[screen.layout],), screen.size, True,
                                           not screen.is_dense))
    for keys in key_cases():
        steps[keys.scenario].append(Step('', RESET, keys.size, True))
        steps[keys.scenario] += [Step(name, (key,)) for name, key in zip(keys.names(), keys.keys)]
    return steps
