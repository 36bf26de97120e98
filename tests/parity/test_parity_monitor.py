"""The monitor beside nvitop 1.7.2 in tmux: every cell of every screen, after every key."""

from __future__ import annotations

import pytest

import compare
import monitor_table as monitors
from support import cells

SCREENS, KEYS = list(monitors.screens()), list(monitors.key_cases())


DENSE_ROWS = 7  # of the process box
START_UP = 10  # seconds that a program may take on a loaded machine before its first reading


def check(outcome, report):
    """Takes one comparison into the summary; fails if cells differ, too many were left out, or a
    graph has not the length of our program's age."""
    result, theirs, ours = outcome.compare()
    report['screens'] += 1
    report['cells'] += result.cells
    report['masked'] += result.masked
    report['worst'] = max(report['worst'], result.share)
    assert not result.differences, compare.explain(result, theirs, ours)
    assert result.share <= monitors.MASKED_LIMIT, f'{result.masked} of {result.cells} cells are masked'
    seconds = outcome.graph_seconds()
    if seconds is not None and seconds < 2 * min(graph.width for graph in outcome.frame.graphs):
        assert outcome.age - START_UP <= seconds <= outcome.age + 1, f'{seconds} s of graphs at {outcome.age:.1f} s'


@pytest.mark.parametrize('screen', SCREENS, ids=[f'{s.scenario}-{s.name}' for s in SCREENS])
def test_layouts_are_equal(screen, walks, report):
X, KEYS, ids=[f'{k.scenario}-{k.size[0]}x{k.size[1]}-{k.case}' for k in KEYS])
def test_screens_after_keys_are_equal(keys, walks, report):
    for name in keys.names():
        check(walks.outcome(keys.scenario, name), report)
