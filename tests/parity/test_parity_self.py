"""The comparison itself: what it must notice, and that no exception is idle."""

from __future__ import annotations

from dataclasses import replace

import pytest

import compare
import table
from support import cells



@pytest.fixture(scope='module')
def subject(screens):
    """A coloured screen of ours that equals the peer's."""
    combo = next(c for c in screens.combos if c.mode == 'color' and c.scenario not in table.REFUSALS)
    pair = screens.pair(combo)
    peer, ours = cells.parse(pair.peer.out), cells.parse(pair.ours.out)
    assert not compare.compare(peer, ours).differences
    return peer, pair.ours.out


def moved_column(text):
    """Our report with everything from one column of the device box on moved by one cell."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if 'Bus-Id' in line)
    column = lines[at].index('Bus-Id')
    lines[at] = lines[at][:column] + ' ' + lines[at][column:]
    return '\n'.join(lines)


def test_one_column_moved_by_one_is_noticed(subject):
    peer, text = subject
    result = compare.compare(peer, cells.parse(moved_column(text)))
    assert {d.row for d in result.differences} == {4}


def test_one_colour_changed_is_noticed(subject):
    peer, text = subject
    for colour in ('\x1b[32m', '\x1b[33m', '\x1b[36m'):
        assert colour in text
        changed = text.replace(colour, '\x1b[31m', 1)
        assert compare.compare(peer, cells.parse(changed)).differences, f'{colour!r} made red'


@pytest.mark.parametrize('attribute', ['bold', 'dim', 'italic', 'underline', 'blink', 'reverse', 'bg'])
def test_one_attribute_of_one_cell_is_noticed(subject, attribute):
    peer, text = subject
    ours = cells.parse(text)
    cell = ours[5][10]
    ours[5][10] = replace(cell, **{attribute: '41' if attribute == 'bg' else not getattr(cell, attribute)})
    assert [(d.row, d.column) for d in compare.compare(peer, ours).differences] == [(5, 10)]


def test_a_missing_and_an_extra_row_are_noticed(subject):
    peer, text = subject
    ours = cells.parse(text)
    assert compare.compare(peer, ours[:-1]).differences
    assert compare.compare(peer, [*ours, []]).differences


def test_the_mask_is_the_date_only():
    masked = [(r, c) for r in range(60) for c in range(200) if compare.is_masked(r, c)]
    assert masked == [(0, c) for c in range(compare.DATE_COLUMNS)]


def test_no_adaptation_is_idle(screens, report):
    used = screens.all_used()
    reasons = screens.reasons()
    report['adaptations'] = [*report.get('adaptations', []),
                             *((name, reason, used[name]) for name, reason in reasons.items())]
    assert [name for name in reasons if not used[name]] == [], 'unused exception: no scenario needs it'


def test_no_refusal_is_idle():
    assert set(table.REFUSALS) <= {combo.scenario for combo in table.combos()}

