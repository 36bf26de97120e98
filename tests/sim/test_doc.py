"""docs/scenario.md tells every key of the parser, in the parser's own words."""

from __future__ import annotations

import re
import subprocess

from support import paths

DOC = (paths.ROOT / 'docs' / 'scenario.md').read_text()


def parser_rows() -> dict[str, list[list[str]]]:
    out = subprocess.run([paths.built('tests/unit/sim/scenario_keys_dump')], check=True, capture_output=True, text=True)
    sections: dict[str, list[list[str]]] = {}
    for line in out.stdout.splitlines():
        section, *row = line.split('\t')
        sections.setdefault(section, []).append(row)
    return sections


def doc_rows(section: str) -> list[list[str]]:
    """The rows of the first table under the section's heading."""
    part = re.search(rf'^## `\[{section}\b[^\n]*\n(.*?)(?=^## |\Z)', DOC, re.M | re.S)
    assert part, f'no heading for [{section}]'
    table = re.search(r'^\| key \| type .*?\n\|[-|]+\n((?:\|.*\n)+)', part.group(1), re.M)
    assert table, f'no table for [{section}]'
    cells = [[cell.strip() for cell in line.strip()[1:-1].split('|')] for line in table.group(1).splitlines()]
    return [[key.strip('`'), kind, unset.strip('`'), meaning] for key, kind, unset, meaning in cells]


def test_every_key_is_in_the_document_with_type_default_and_meaning():
    for section, rows in parser_rows().items():
        assert doc_rows(section) == rows, section


def test_the_example_is_a_good_scenario(driver):
    example = re.search(r'```ini\n(.*?)```', DOC, re.S)
    assert example
    driver.write(example.group(1))
    driver.pids()
    assert driver.probe('n.nvmlInit()\nshow(count=n.nvmlDeviceGetCount())') == {'count': 2}


def test_the_eras_of_the_document_have_the_rows_it_says(driver):
    for era, suffix in {'450.51': '', '450.66': '_v2', '510': '_v3', '535.54': '_v3', '535.98': '_v2', '535.104': '_v3'}.items():
        driver.write(f'[system]\nera = {era}\n[device 0]\n')
        name = 'nvmlDeviceGetComputeRunningProcesses'
        answer = driver.probe(f'''
            library = ctypes.CDLL(LIBRARY)
            show(found=[s for s in ('', '_v2', '_v3') if hasattr(library, {name!r} + s)])''', with_binding=False)
        assert answer['found'][-1] == suffix, era


def test_variables_of_the_document_are_the_codes():
    source = ''.join(path.read_text() for path in (paths.ROOT / 'sim').glob('*.c'))
    used = set(re.findall(r'environment_get\("(NVITOP_SIM\w*)"\)', source))
    assert used == set(re.findall(r'^\| `(NVITOP_SIM\w*)` \|', DOC, re.M))
