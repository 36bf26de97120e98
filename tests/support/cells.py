"""Text with SGR escapes → a grid of cells. Anything else that a terminal would obey is an error."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

SGR = re.compile(r'\x1b\[([0-9;]*)m')
ATTRIBUTES = {1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 5: 'blink', 7: 'reverse'}
RESETS = {22: ('bold', 'dim'), 23: ('italic',), 24: ('underline',), 25: ('blink',), 27: ('reverse',)}


@dataclass(frozen=True)
class Cell:
    """One column of one row. The right half of a wide character has the text ''."""

    text: str = ' '
    fg: str = ''
    bg: str = ''
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False


BLANK = Cell()
Row = list[Cell]


def char_width(char: str) -> int:
    """Columns a terminal gives the character: 0, 1 or 2."""
    if unicodedata.category(char) in ('Mn', 'Me', 'Cf') and char != '\xad' or '\u1160' <= char <= '\u11ff':
        return 0
    return 2 if unicodedata.east_asian_width(char) in 'WF' else 1


def text_width(text: str) -> int:
    """Columns of a text without escapes."""
    return sum(map(char_width, text))


def _colour(numbers: list[int]) -> str:
    """The colour after 38 or 48; takes its numbers from the list."""
    kind = numbers.pop(0)
    count = {5: 1, 2: 3}[kind]
    taken, numbers[:] = numbers[:count], numbers[count:]
    return f'{kind}:' + ','.join(map(str, taken))


def apply_sgr(style: Cell, parameters: str) -> Cell:
    """The style after one SGR escape."""
    numbers = [int(n or 0) for n in parameters.split(';')]
    while numbers:
        n = numbers.pop(0)
        if n == 0:
            style = BLANK
        elif n in ATTRIBUTES:
            style = replace(style, **{ATTRIBUTES[n]: True})
        elif n in RESETS:
            style = replace(style, **dict.fromkeys(RESETS[n], False))
        elif n in (38, 48):
            style = replace(style, **{'fg' if n == 38 else 'bg': _colour(numbers)})
        elif 30 <= n <= 37 or 90 <= n <= 97:
            style = replace(style, fg=str(n))
        elif 40 <= n <= 47 or 100 <= n <= 107:
            style = replace(style, bg=str(n - 10))
        elif n in (39, 49):
            style = replace(style, **{'fg' if n == 39 else 'bg': ''})
        else:
            raise ValueError(f'unknown SGR parameter {n}')
    return style


def _put(row: Row, char: str, style: Cell) -> None:
    if unicodedata.category(char) == 'Cc':
        raise ValueError(f'control character {char!r} in the output')
    width = char_width(char)
    if width:
        row.append(replace(style, text=char))
        row.extend([replace(style, text='')] * (width - 1))
        return
    base = next((i for i in reversed(range(len(row))) if row[i].text), None)
    if base is None:
        raise ValueError(f'combining character {char!r} at the start of a row')
    row[base] = replace(row[base], text=row[base].text + char)


def parse_line(line: str, style: Cell = BLANK) -> tuple[Row, Cell]:
    """One row that begins in a style, and the style after it."""
    row: Row = []
    at = 0
    while at < len(line):
        escape = SGR.match(line, at)
        if escape:
            style = apply_sgr(style, escape.group(1))
            at = escape.end()
            continue
        _put(row, line[at], style)
        at += 1
    return row, style


def parse(text: str) -> list[Row]:
    """The rows of a report. A style carries over line ends, as on a terminal."""
    rows, style = [], BLANK
    for line in text.replace('\r\n', '\n').removesuffix('\n').split('\n'):
        row, style = parse_line(line, style)
        rows.append(row)
    return rows


def row_text(row: Row) -> str:
    """What the row reads, without trailing blanks."""
    return ''.join(cell.text for cell in row).rstrip()


def texts(rows: list[Row]) -> list[str]:
    """What the rows read."""
    return [row_text(row) for row in rows]


def strip(text: str) -> str:
    """The text without SGR escapes."""
    return SGR.sub('', text)
