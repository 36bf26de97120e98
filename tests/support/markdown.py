"""The Python in a page of Markdown, with what stands about it in the comment before: `<!-- python: SCENARIO -->`.

A block of text behind `<!-- output -->` is what the block before it prints. `<!-- training: NAME -->`
marks what needs a framework. Blocks without a mark are run over the scenario with two GPUs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from support import paths

PAGES = [paths.ROOT / 'README.md', *sorted((paths.ROOT / 'docs' / 'python').rglob('*.md'))]
BLOCK = re.compile(r'(?:^<!-- (python|training): (\S+) -->\n)?^```python\n(.*?)^```\n'
                   r'(?:\n<!-- output -->\n```text\n(.*?)^```\n)?', re.S | re.M)


@dataclass
class Block:
    """A block of Python, and where it stands."""

    page: Path
    scenario: str
    training: str
    code: str
    output: str | None

    def __str__(self) -> str:
        return f'{self.page.relative_to(paths.ROOT)}:{self.code[:40]!r}'


def blocks(page: Path) -> list[Block]:
    """All of a page."""
    return [Block(page, name if kind == 'python' else 'two', name if kind == 'training' else '', code, output or None)
            for kind, name, code, output in BLOCK.findall(page.read_text(encoding='utf-8'))]


# Runs pieces of code as one program; prints what each of them has printed.
RUN = """
import contextlib, io, json, sys
printed, names = [], {'__name__': '__main__'}
for code in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as into:
        exec(code, names)
    printed.append(into.getvalue())
print(json.dumps(printed))
"""
