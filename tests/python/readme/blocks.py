"""The Python blocks of the original's README: reading them, adapting them, comparing what they print.

The files in blocks/ are the code blocks of the README of nvitop 0.7.1, by Xuehai Pan and others, in
their order and without comments; nothing else says as well what scripts rely on.
What is compared is a text's words. `...` in what is printed there stands for any number of them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from adaptations import ADAPTATIONS

FOLDER = Path(__file__).parent / 'blocks'
NAMES = sorted(path.stem for path in FOLDER.iterdir())
# They need frameworks: tests/trainings/test_readme.py.
TRAININGS = ['02-keras', '03-lightning', '08-tensorboard', '09-csv']
# Blocks that are run in several ways.
KINDS = {'02-keras': ['torch', 'tensorflow']}

WORD = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\.\.\.|\d+\.\d+(?:e[+-]?\d+)?|\w+|[^\w\s]""")
FLOAT = re.compile(r'-?\d+\.\d+(?:e[+-]?\d+)?')
# Placeholders, the README's own and those that adaptations use.
PLACEHOLDERS = {'xxxxxx': re.compile(r'\d+'), 'AN_INT': re.compile(r'\d+'), 'A_FLOAT': FLOAT,
                'A_TEXT': re.compile(r"""'.*'|".*\"""")}
# So many digits are measured: another measurement is another number.
MEASURED = re.compile(r'\d+\.\d{7,}')


def code(name: str, kind: str = '') -> str:
    """A block as it is run."""
    text = (FOLDER / f'{name}.txt').read_text(encoding='utf-8')
    for row in ADAPTATIONS:
        if row.block in (name, f'{name}, {kind}'):
            assert row.readme in text, f'an adaptation that nothing needs: {row}'
            text = text.replace(row.readme, row.here)
    return text


@dataclass
class Cell:
    """What is typed, and what is printed then, if anything is."""

    number: int
    code: str
    printed: str


def cells(name: str) -> Iterator[Cell]:
    """The cells of a session of IPython."""
    text = code(name)
    if not text.startswith('In '):  # a few lines that belong to a session
        yield Cell(0, text, '')
    for part in re.split(r'^In ', text, flags=re.M)[1:]:
        found = re.fullmatch(r'\[(\d+)\]: (.*?\n)(?:Out\[(\d+)\]:(.*))?', part, re.S)
        assert found and found[3] in (None, found[1]), part
        yield Cell(int(found[1]), re.sub(r'^ +\.\.\.: ', '', found[2], flags=re.M), (found[4] or '').strip())


def words(text: str) -> list[str]:
    """The words of a text; a comma before a bracket is none."""
    found = WORD.findall(text)
    return [word for word, after in zip(found, [*found[1:], '']) if word != ',' or after not in tuple(')]}')]


def is_like(printed: str, found: str) -> bool:
    """Whether a word is the one that is printed, or one that it stands for."""
    if printed in PLACEHOLDERS:
        return PLACEHOLDERS[printed].fullmatch(found) is not None
    if MEASURED.fullmatch(printed):
        return FLOAT.fullmatch(found) is not None
    if FLOAT.fullmatch(printed) and FLOAT.fullmatch(found):  # sums come out a little differently
        return math.isclose(float(printed), float(found), rel_tol=1e-12)
    return printed == found


def difference(printed: str, found: str) -> str:
    """The first words that are not as printed; '' if all are."""
    pieces: list[list[str]] = [[]]
    for word in words(printed):
        if word == '...':
            pieces.append([])
        else:
            pieces[-1].append(word)
    rest = words(found)
    for number, piece in enumerate(pieces):
        last = len(rest) - len(piece)
        starts = [0] if number == 0 else [last] if number == len(pieces) - 1 else range(last + 1)
        place = next((start for start in starts if start >= 0 and _fits(piece, rest[start:])), None)
        if place is None:
            return f'{" ".join(piece)}\nis not where it should be in\n{" ".join(rest)}'
        rest = rest[place + len(piece):]
    return f'more than is printed: {" ".join(rest)}' if rest else ''


def _fits(piece: list[str], found: list[str]) -> bool:
    return len(piece) <= len(found) and all(map(is_like, piece, found))
