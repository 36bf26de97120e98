"""The benchmark runs and tells every row. Its figures are never judged here: machines differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = ['true', 'bare calls and reads', 'nvitop (ours)', 'nvitop 1.7.2', 'gpustat 1.1.1']
NUMBER = r'\s+[\d.]+'


def test_every_row_is_told(tmp_path):
    figures = tmp_path / 'figures.json'
    done = subprocess.run([sys.executable, ROOT / 'bench' / 'once', '--rounds', '1', '--json', figures],
                          check=True, capture_output=True, text=True, timeout=240)
    for scenario in ('busy1', 'a100x8', 'procs256'):
        rows = done.stdout.split(f'\n{scenario}: ')[1].split('\n\n')[0]
        for program in PROGRAMS:
            assert re.search(f'^{re.escape(program)}{NUMBER * 10}$', rows, re.M), (scenario, program, rows)
    told = json.loads(figures.read_text())
    for rows in told.values():
        assert list(rows) == PROGRAMS
        for program, row in rows.items():
            assert row['wall'] > 0 and row['rss'] > 0
            assert (row['calls'] > 0) == (program != 'true')


def test_bare_makes_the_calls_ours_makes():
    done = subprocess.run([sys.executable, ROOT / 'bench' / 'once', '--rounds', '1', '--scenario', 'busy1'],
                          check=True, capture_output=True, text=True, timeout=120)
    assert 'note: ' not in done.stdout, done.stdout
