"""All families and paths of the exporter are in its manual page, and the paths in the README."""

from __future__ import annotations

import re

import pytest

from support import docs, paths
from test_values import TABLES

MANUAL = docs.Docs('nvitop-exporter').man


def section(title: str) -> str:
    """Of the page that the build made, without its escapes."""
    found = re.search(rf'^\.S[HS] {title}\n(.*?)(?=^\.S[HS] |\Z)', MANUAL.read_text(), re.M | re.S)
    assert found and found[1].strip(), title
    return re.sub(r'\\(?:f[BIR]|&)', '', found[1]).replace('\\-', '-').replace('\\(dq', '"').replace('\\(aq', "'")


def listed() -> dict[str, str]:
    """Family → help."""
    rows = re.findall(r'^\.TP\n\.B (\S+)\n((?:(?!\.TP).*\n)+)', section('METRICS'), re.M)
    found = {name: ' '.join(text.split()) for name, text in rows}
    assert len(found) == len(rows) and all(text.endswith('.') for text in found.values())
    return found


def test_rows_of_the_metric_tables_are_listed():
    prefixes = {'device': 'nvitop_gpu_', 'process': 'nvitop_process_', 'host': 'nvitop_host_'}
    wanted = {prefixes[scope] + key.partition('{')[0] for scope, table in TABLES.items() for key in table}
    assert wanted <= set(listed())


@pytest.mark.parametrize('scenario', ['a100x8', 'mig', 'lost'])
def test_what_is_told_is_listed(exporter, scenario):
    with exporter(scenario, '--command-lines') as found:
        told = re.findall(r'^# HELP (\S+) (.*)$', found.metrics(), re.M)
    assert len(told) > 30
    helps = listed()
    assert {name: re.sub(r'[\\`]', '', text) for name, text in told} == {name: helps.get(name) for name, _ in told}


# ---- paths

def served() -> list[str]:
    """The rows of the program's table."""
    source = (paths.ROOT / 'src/exporter/answer.c').read_text()
    metrics, = re.findall(r'^#define METRICS "(.*)"$', source, re.M)
    rows = re.findall(r'^    \{ (METRICS|"/.*"), put_\w+ \},$', source, re.M)
    assert len(rows) > 5
    return sorted(metrics if row == 'METRICS' else row.strip('"') for row in rows)


def test_paths_of_the_readme_are_those_of_the_program():
    table = (paths.ROOT / 'README.md').read_text().partition('| path | what is there |\n')[2].partition('\n\n')[0]
    assert sorted(re.findall(r'`(/.*?)`', table)) == served()


def test_paths_of_the_manual_are_those_of_the_program():
    assert sorted(re.findall(r'^\.BR? (/\S*)', section('Paths'), re.M)) == served()


def test_every_path_is_asked():
    """By test_paths_answer."""
    rows = (paths.ROOT / 'tests/exporter/test_server.py').read_text().partition('def test_paths_answer')[0]
    assert sorted(re.findall(r"\('(/.*?)', '", rows)) == served()
