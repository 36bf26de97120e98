"""Every block of Python in our README and in the site's pages runs, and prints what stands behind it.

Blocks of a page over the same scenario are one program. Those that need a framework are run by
tests/trainings/test_pages.py.
"""

import itertools
import json

import pytest
from support import markdown, paths

PROGRAMS = [(f'{page.relative_to(paths.ROOT)} over {scenario}', list(found)) for page in markdown.PAGES
            for scenario, found in itertools.groupby(
                sorted((block for block in markdown.blocks(page) if not block.training), key=lambda block: block.scenario),
                key=lambda block: block.scenario)]


@pytest.mark.parametrize('program', [program for _, program in PROGRAMS], ids=[name for name, _ in PROGRAMS])
def test_blocks_print_what_they_say(over, program):
    scenario = program[0].scenario
    opened = over(paths.ROOT / scenario if '/' in scenario else scenario)
    line, = opened.lines(markdown.RUN, json.dumps([block.code for block in program]))
    for block, printed in zip(program, json.loads(line)):
        assert block.output in (None, printed), block


def test_there_are_blocks():
    assert len(PROGRAMS) >= 3
    assert sum(block.output is not None for _, program in PROGRAMS for block in program) >= 2
