"""The same expressions about processes with ours and with the original: what differs is listed, with the reason."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import nvitop
import pytest

SCRIPT = Path(__file__).with_name('process_twin.py')
SITE = os.path.dirname(os.path.dirname(nvitop.__file__))

# What the original writes in a text, what ours does, why.
TEXTS = [
    ('nvitop.api.process.HostProcess(', 'HostProcess(', 'the README has no module there'),
    ("name='NVIDIA GeForce RTX PID'", 'name="NVIDIA GeForce RTX PID"', 'the README has these quotes'),
]
# By expression: what the original comes to, what ours does, why.
STARTED = 'the README always tells when it was started'
VALUES = {
    '0 h': ("HostProcess(pid=PID, name='cat', status='sleeping')",
            "HostProcess(pid=PID, name='cat', status='sleeping', started=THEN)", STARTED),
    'zombie: 0 z': ("HostProcess(pid=PID, name='cat', status='zombie')",
                    "HostProcess(pid=PID, name='cat', status='zombie', started=THEN)", STARTED),
    'told.gpu_memory_human()': ("'1.00MiB'", "'1MiB'", "the README's form of sizes"),
    'HostProcess(True).pid': ('True', '1', 'a pid is a number'),
}


def outcome(scripts, python, site):
    done = scripts.sim.command([python, '-W', 'ignore', SCRIPT], {'PYTHONPATH': site, 'PYTHONDONTWRITEBYTECODE': '1'})
    assert done.rc == 0, done.err
    return json.loads(done.out)


@pytest.fixture(scope='module')
def found(two):
    """Expression → what the original comes to, what ours does."""
    theirs, ours = outcome(two, os.environ['NVITOP_PEER_PYTHON'], ''), outcome(two, sys.executable, SITE)
    assert list(theirs) == list(ours)
    return {expression: (theirs[expression], ours[expression]) for expression in ours}


def listed(expression):
    """The row of `VALUES` for an expression, with or without its number."""
    return VALUES.get(expression) or VALUES.get(expression.split(' ', 1)[1])


def test_only_what_is_listed_differs(found):
    wrong = []
    for expression, (theirs, ours) in found.items():
        row = listed(expression)
        for text, made, _ in TEXTS:
            theirs = theirs.replace(text, made)
        if (theirs, ours) != (row[:2] if row else (ours, ours)):
            wrong.append(f'{expression}\n    theirs {theirs}\n    ours   {ours}')
    assert len(found) > 250 and not wrong, '\n'.join(wrong)


def test_every_row_is_needed(found):
    used = [row for row in map(listed, found) if row]
    assert all(row in used for row in VALUES.values())
    for text, made, why in TEXTS:
        assert any(text in theirs and made in ours for theirs, ours in found.values()), why
