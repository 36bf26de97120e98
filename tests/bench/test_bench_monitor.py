"""The monitor's benchmarks run and tell every row. Figures are never judged here: machines differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEADY = ['the floor', 'nvitop (ours)', 'nvitop 1.7.2', 'gpustat 1.1.1']
LATENCY = ['nvitop (ours)', 'nvitop 1.7.2']


def run(name: str, *arguments: str) -> str:
    """A benchmark's output."""
    done = subprocess.run([sys.executable, ROOT / 'bench' / name, *arguments], capture_output=True, text=True, timeout=280,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cells(text: str) -> dict[str, list[str]]:
    """First cell → the others, of all rows of all tables."""
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in text.splitlines() if line.startswith('| ')]
    return {row[0]: row[1:] for row in rows}


@pytest.fixture(scope='module')
def steady(tmp_path_factory):
    """One short round over one GPU: the text and the figures."""
    path = tmp_path_factory.mktemp('steady') / 'figures.json'
    programs = [word for program in STEADY for word in ('--program', program)]
    text = run('steady', '--scenario', 'busy1', '--interval', '1', '--rounds', '1', '--seconds', '3', '--warm-up', '3',
               '--calls-seconds', '12', '--json', str(path), *programs)
    return text, json.loads(path.read_text())['busy1 1']


def test_steady_tells_every_row(steady):
    text, figures = steady
    rows = cells(text)
    assert list(figures) == STEADY
    for program in STEADY:
        assert all(re.fullmatch(r'[\d.]+', cell) for cell in rows[program]), rows[program]


def test_steady_measures_what_it_says(steady):
    _, figures = steady
    for program, row in figures.items():
        assert row['cpu'] > 0 and row['pss'] > 0 and row['threads'] >= 1 and row['calls'] > 1, program
        assert (row['bytes'] > 50) == (program != 'the floor'), program
    ours = figures['nvitop (ours)']
    assert 0 < ours['calls_narrow'] <= ours['calls']
    assert ours['cpu'] < figures['nvitop 1.7.2']['cpu']


def test_the_floor_makes_the_calls_ours_makes(steady):
    text, _ = steady
    assert 'note: ' not in text, text


def test_latency_tells_every_row(tmp_path):
    path = tmp_path / 'figures.json'
    programs = [word for program in LATENCY for word in ('--program', program)]
    text = run('latency', '--case', 'every call takes 20 ms', '--keys', '3', '--json', str(path), *programs)
    figures = json.loads(path.read_text())['every call takes 20 ms']
    assert list(figures) == LATENCY and text.count('| every call takes 20 ms |') == 2
    for program, row in figures.items():
        assert len(row['times']) == 3 and all(0 < seconds < 20 for seconds in row['times']), program
        assert 0 < row['quit'] and 0 < row['start']


def test_every_benchmark_has_its_help():
    for name in ('once', 'steady', 'latency', 'select', 'snapshot'):
        assert 'usage: ' in run(name, '--help')


def test_an_unknown_benchmark_is_refused():
    done = subprocess.run([sys.executable, ROOT / 'bench' / 'run', 'dance'], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and 'once|steady|latency|select|snapshot' in done.stderr
