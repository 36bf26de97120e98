"""The monitor beside nvitop 1.7.2 in tmux: every cell of every screen, after every key."""

from __future__ import annotations

import itertools

import pytest

import compare
import monitor_table as monitors
import walk
from support import cells

SCREENS, KEYS = list(monitors.screens()), list(monitors.key_cases())


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
    outcome = walks.outcome(screen.scenario, screen.name)
    if screen.is_dense:
        check_dense(outcome, monitors.DENSE[screen.scenario][0])
    else:
        check(outcome, report)


def check_dense(outcome, gpus):
    """The original has two rows for each GPU and a line between them; ours has one row."""
    lines = cells.texts(outcome.ours.rows())
    box = lines[lines.index(next(line for line in lines if line.startswith('╞'))) + 1:]
    box = list(itertools.takewhile(lambda line: not line.startswith('╘'), box))
    indices = [line[1:5].strip() for line in box]
    assert [index for index in indices if ':' not in index] == [str(i) for i in range(gpus)]
    assert any(line.startswith('├') for line in cells.texts(outcome.peer.rows())[4:])


@pytest.mark.parametrize('keys', KEYS, ids=[f'{k.scenario}-{k.size[0]}x{k.size[1]}-{k.case}' for k in KEYS])
def test_screens_after_keys_are_equal(keys, walks, report):
    for name in keys.names():
        check(walks.outcome(keys.scenario, name), report)


@pytest.mark.parametrize('scenario', sorted(set(monitors.NO_MONITOR) - set(monitors.NEVER_DRAWN)))
def test_neither_has_a_monitor(scenario, walks):
    with walks.world(scenario) as world:
        peer, ours = walk.Peer(walks.server, world, (80, 24)), walk.Ours(walks.server, world, (80, 24))
        for terminal in (peer.terminal, ours.terminal):
            walk.wait_for(terminal, terminal.is_over, walk.START_SECONDS, lambda: terminal.shot().text)
            assert walk.read_title(terminal.shot().title) is None
            terminal.close()
