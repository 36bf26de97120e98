"""Every screen: equal text, colours and attributes in every cell."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

import compare
import table
from support import cells

DATE = '%a %b %d %H:%M:%S %Y'


@pytest.mark.parametrize('combo', list(table.combos()), ids='-'.join(['{0.scenario}', '{0.width}', '{0.mode}']).format)
def test_cells_are_equal(combo, screens, report):
    pair = screens.pair(combo)
    if combo.scenario in table.REFUSALS:
        check_refusal(table.REFUSALS[combo.scenario], pair)
        return
    assert (pair.peer.rc, pair.ours.rc) == (0, 0), f'peer: {pair.peer.err}\nours: {pair.ours.err}'
    assert not pair.ours.err
    if combo.mode == 'ascii':
        assert pair.ours.out.isascii()
    peer, ours = cells.parse(pair.peer.out), cells.parse(pair.ours.out)
    result = compare.compare(peer, ours)
    report['screens'] += 1
    report['cells'] += result.cells
    report['masked'] += result.masked
    report['worst'] = max(report['worst'], result.share)
    assert not result.differences, compare.explain(result, peer, ours)
    assert result.share <= table.MASKED_LIMIT, f'{result.masked} of {result.cells} cells are masked'
    check_date(ours)


def check_date(rows):
    """What the mask hides: the date line is the local time of now."""
    line = cells.row_text(rows[0])
    shown = datetime.strptime(line, DATE)
    assert line == shown.strftime(DATE)
    assert abs(datetime.now() - shown) < timedelta(minutes=10)


def check_refusal(refusal, pair):
    """The original has no report here: ours ends as the specification says."""
    peer_err, our_err = cells.strip(pair.peer.err), cells.strip(pair.ours.err)
    told = f'peer ended with {pair.peer.rc}: {peer_err}\nours ended with {pair.ours.rc}: {our_err}'
    is_peer_as_told = pair.peer.rc == refusal.peer_rc and re.search(refusal.peer_stderr, peer_err)
    is_ours_as_told = pair.ours.rc == refusal.rc and re.search(refusal.stderr, our_err)
    assert is_peer_as_told and is_ours_as_told, told
    assert bool(pair.ours.out) == refusal.has_report
