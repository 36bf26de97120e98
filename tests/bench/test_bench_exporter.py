"""The benchmark of the exporter runs and tells every row. Figures are never judged here: machines differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = ['nvitop-exporter (ours)', 'nvitop-exporter 1.7.2']
FIGURES = ['first_p50', 'first_p99', 'keep_p50', 'keep_p99', 'fresh_p50', 'fresh_p99', 'first_cpu', 'scrape_cpu', 'idle_cpu', 'rss']


def test_every_row_is_told(tmp_path):
    path = tmp_path / 'figures.json'
    done = subprocess.run([sys.executable, ROOT / 'bench' / 'exporter', '--rounds', '2', '--firsts', '2', '--scrapes', '10', '--seconds', '2',
                           '--json', path], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    rows = {line[0]: line[1:] for line in (re.split(r' *\| *', row.strip('| ')) for row in done.stdout.splitlines()
                                           if row.startswith('| '))}
    assert list(rows) == ['program', *PROGRAMS, '÷ ours']
    assert all(re.fullmatch(r'[\d.]+', cell) for who in PROGRAMS for cell in rows[who])
    told = json.loads(path.read_text())
    assert list(told['rows']) == PROGRAMS and list(told['gains']) == FIGURES
    for row in told['rows'].values():
        assert all(row[key] > 0 for key in FIGURES)
        assert all(row[f'{kind}_p50'] <= row[f'{kind}_p99'] for kind in ('first', 'keep', 'fresh'))
        assert row['samples'] > 40 * 5 + 8 * 10
    assert f'aim: {told["aim"]} times less of each; missed: ' in done.stdout
