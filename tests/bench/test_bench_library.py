"""The benchmarks of nvisel and of the C library run and tell every row. Times are never judged here: machines differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBER = r'\s+[\d.]+'


def run(name: str, figures: Path, *arguments: str) -> tuple[str, dict]:
    """A benchmark's output, and its figures."""
    done = subprocess.run([sys.executable, ROOT / 'bench' / name, '--json', figures, *arguments], check=True,
                          capture_output=True, text=True, timeout=240)
    return done.stdout, json.loads(figures.read_text())


def test_select_tells_every_row(tmp_path):
    text, figures = run('select', tmp_path / 'figures.json', '--rounds', '1')
    assert 'note: ' not in text, text  # both choose the same
    assert len(figures) == 4
    for rows in figures.values():
        assert list(rows) == ['true', 'nvisel (ours)', 'nvisel 1.7.2']
        for program, row in rows.items():
            assert row['wall'] > 0 and row['rss'] > 0
            assert (row['calls'] > 0) == (program != 'true')
        assert rows['nvisel (ours)']['calls'] < rows['nvisel 1.7.2']['calls']
    assert len(re.findall(f'^nvisel .*?{NUMBER * 10}$', text, re.M)) == 8


def test_snapshot_tells_every_row(tmp_path):
    text, figures = run('snapshot', tmp_path / 'figures.json', '--rounds', '1', '--snapshots', '20')
    assert 'note: ' not in text, text  # both see the same GPUs and processes
    for rows in figures.values():
        assert list(rows) == ['ours', 'ours, with PCIe', 'nvitop 1.7.2']
        for row in rows.values():
            assert row['devices'] == 8 and row['processes'] == 40 and row['calls'] > 100
            assert 0 < row['wall'] <= row['wall_max'] and row['cpu'] > 0 and row['first'] > 0
            assert row['device_facts'] > 200 and row['process_facts'] > 400
        assert rows['ours']['calls'] + 16 == rows['ours, with PCIe']['calls']
    waits = [rows['ours, with PCIe']['wall'] > 20 for rows in figures.values()]
    assert waits == [True, False]


def test_figures_have_their_place_in_the_readme():
    page = (ROOT / 'README.md').read_text()
    for name in ('steady', 'latency', 'select', 'snapshot', 'python', 'python collector'):
        assert f'<!-- bench: {name} -->\n\n| ' in page, name
    done = subprocess.run([sys.executable, ROOT / 'bench' / 'readme', 'dance=x'], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and 'usage: ' in done.stderr
