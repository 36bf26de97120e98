"""The benchmark of the Python package runs and tells every row. Times are never judged here: machines differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBER = r'\s+-?[\d.]+'


def test_every_row_is_told(tmp_path):
    done = subprocess.run([sys.executable, ROOT / 'bench' / 'python', '--rounds', '1', '--seconds', '0.2', '--json', tmp_path / 'figures.json'],
                          check=True, capture_output=True, text=True, timeout=240)
    assert 'note: ' not in done.stdout, done.stdout  # both see the same GPUs and processes
    figures = json.loads((tmp_path / 'figures.json').read_text())
    tasks = [figures['PCIe calls take 20 ms'], figures['PCIe calls take no time']]
    for rows in (figures['starts'], *tasks):
        for sides in rows.values():
            assert list(sides) == ['ours', 'nvitop 1.7.2']
            assert all(0 < row['wall_min'] <= row['wall'] <= row['wall_max'] for row in sides.values())
    assert all('own_wall' in row for sides in figures['starts'].values() for row in sides.values())
    assert [list(rows) for rows in tasks] == [['full', 'devices', 'each', 'processes']] * 2
    waits = [rows['each']['nvitop 1.7.2']['wall'] > 8 * 2 * 20 for rows in tasks]
    assert waits == [True, False]
    for sides in figures['collector'].values():
        assert list(sides) == ['ours', 'nvitop 1.7.2']
        assert all(row['steps'] > 0 and row['collect'] > 0 and row['keys'] > 1000 for row in sides.values())
    assert len(re.findall(f'^\\S.*{NUMBER * 9}(?:{NUMBER}|\\s+–)$', done.stdout, re.M)) == 15, done.stdout
