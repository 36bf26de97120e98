"""The comparison of monitors itself: what it must notice, and that no exception is idle."""

from __future__ import annotations

from dataclasses import replace

import pytest

import compare
import monitor_table as monitors
import screens as screens_module
import table
import tmux
from support import paths

SCENARIO = 'fixture-a'
GRAPHS_NEED = (30, 123)  # rows and columns from which on a full screen has graphs on both sides


@pytest.fixture(scope='module')
def subject(walks):
    """A screen with graphs on both sides in which ours equals the peer's."""
    for screen in monitors.screens():
        if screen.scenario == SCENARIO and screen.size[0] >= GRAPHS_NEED[1] and screen.layout != 'compact':
            outcome = walks.outcome(SCENARIO, screen.name)
            if len(outcome.frame.graphs) == 5 and not outcome.compare()[0].differences:
                return outcome
    pytest.fail('no screen with graphs is equal')


def differences(outcome, ours):
    """Where a changed screen of ours differs."""
    return outcome._replace(ours=ours).compare()[0].differences


def changed(outcome, old, new):
    """Our screen with the first occurrence of a text changed."""
    assert old in outcome.ours.text
    return tmux.Shot(f'{outcome.ours.title}\n{outcome.ours.text.replace(old, new, 1)}', outcome.ours.columns)


def test_one_column_moved_by_one_is_noticed(subject):
    found = differences(subject, changed(subject, 'Memory-Usage', ' Memory-Usage'))
    assert len({d.row for d in found}) == 1


@pytest.mark.parametrize('colour', ['31', '32', '33', '34', '35', '36'])
def test_one_colour_changed_is_noticed(subject, colour):
    _, theirs, ours = subject.compare()
    row, column = next((r, c) for r, line in enumerate(ours) for c, cell in enumerate(line) if cell.fg == colour)
    ours[row][column] = replace(ours[row][column], fg='37')
    assert [(d.row, d.column) for d in compare.compare(theirs, ours).differences] == [(row, column)]


@pytest.mark.parametrize('attribute', ['bold', 'dim', 'italic', 'underline', 'blink', 'reverse', 'bg'])
def test_one_attribute_of_one_cell_is_noticed(subject, attribute):
    _, theirs, ours = subject.compare()
    row, column = next((r, c) for r, line in enumerate(ours) for c, cell in enumerate(line)
                       if r > 0 and cell.text.isalpha())
    cell = ours[row][column]
    ours[row][column] = replace(cell, **{attribute: '41' if attribute == 'bg' else not getattr(cell, attribute)})
    assert [(d.row, d.column) for d in compare.compare(theirs, ours).differences] == [(row, column)]


def graph_cells(ours, graph):
    """Row and column of our cells in a graph."""
    return [(row, column) for row in range(graph.row, graph.row + graph.height)
            for column in range(graph.column, graph.column + graph.width)
            if compare.is_graph_cell(ours[row][column])]


def test_a_gap_in_a_graph_is_noticed(subject):
    theirs, ours = (compare.visible(shot.rows()) for shot in (subject.peer, subject.ours))
    for graph in subject.frame.graphs:
        row, column = max(graph_cells(ours, graph), key=lambda place: place[1])
        holed = [list(line) for line in ours]
        holed[row][column] = compare.BLANK
        cut = [list(line) for line in theirs]
        compare.cut_graphs(cut, holed, subject.frame.graphs)
        assert (row, column) in [(d.row, d.column) for d in compare.compare(cut, holed).differences]


def test_another_height_of_a_graph_is_noticed(subject):
    theirs, ours = (compare.visible(shot.rows()) for shot in (subject.peer, subject.ours))
    for graph in subject.frame.graphs:
        row, column = max(graph_cells(ours, graph), key=lambda place: place[1])
        cell = ours[row][column]
        other = [list(line) for line in ours]
        other[row][column] = replace(cell, text='⡇' if cell.text != '⡇' else '⣿')
        cut = [list(line) for line in theirs]
        compare.cut_graphs(cut, other, subject.frame.graphs)
        assert compare.compare(cut, other).differences


def test_an_empty_graph_is_noticed(subject):
    theirs, ours = (compare.visible(shot.rows()) for shot in (subject.peer, subject.ours))
    for graph in subject.frame.graphs:
        empty = [list(line) for line in ours]
        for row, column in graph_cells(ours, graph):
            empty[row][column] = compare.BLANK
        cut = [list(line) for line in theirs]
        compare.cut_graphs(cut, empty, subject.frame.graphs)
        assert compare.compare(cut, empty).differences


def test_nothing_but_what_nobody_sees_is_made_equal():
    shown = compare.Cell(' ', reverse=True, fg='36', bold=True)
    underlined = compare.Cell(' ', underline=True, fg='31')
    coloured = compare.Cell(' ', bg='41')
    for cell in (shown, underlined, coloured, compare.Cell('x', fg='31')):
        assert compare.visible([[cell]]) == [[cell]]
    assert compare.visible([[compare.Cell(' ', fg='31', bold=True, italic=True)]]) == [[compare.BLANK]]


def test_no_adaptation_of_the_monitor_is_idle(walks, report):
    used = walks.all_used()
    reasons = screens_module.Screens.reasons(monitors.PEER)
    report['adaptations'] = [*report.get('adaptations', []),
                             *((f'monitor: {name}', reason, used[name]) for name, reason in reasons.items())]
    assert [name for name in reasons if not used[name]] == [], 'unused exception: no scenario needs it'


def test_every_size_layout_scenario_and_key_comes_up():
    found = list(monitors.screens())
    assert {s.size for s in found} == set(monitors.SIZES)
    assert {s.layout for s in found} == set(monitors.LAYOUTS)
    assert {s.scenario for s in found} == set(monitors.scenarios())
    cases = list(monitors.key_cases())
    assert {k.case for k in cases} == {*monitors.CASES, *monitors.OWN_CASES}
    assert {k.size for k in cases} == set(monitors.KEY_SIZES)
    assert {k.scenario for k in cases} == {*monitors.KEY_SCENARIOS, *monitors.VARIANTS}
    for scenario, cases in monitors.VARIANT_CASES.items():
        assert {k.case for k in monitors.key_cases() if k.scenario == scenario} == set(cases)


def test_no_scenario_without_a_monitor_has_one():
    assert set(monitors.NO_MONITOR) | set(monitors.scenarios()) == {*paths.shipped_scenarios(), *table.OWN}
