"""A terminal's cells as an SVG picture: runs of equal style, each as wide as its columns."""

from __future__ import annotations

from html import escape
from typing import Iterator, NamedTuple, Sequence

COLUMN, ROW, BASELINE, MARGIN = 8, 17, 13, 10  # pixels
BACKGROUND, FOREGROUND = '#16181d', '#d6d8dd'
COLOURS = {
    'black': '#16181d', 'red': '#f0616d', 'green': '#6cc66c', 'brown': '#e0b04c', 'yellow': '#e0b04c',
    'blue': '#6aa0f8', 'magenta': '#d08be8', 'cyan': '#4cc5d8', 'white': '#d6d8dd',
}


class Cell(NamedTuple):
    """One column; the right half of a wide character has no text."""

    text: str
    fg: str = 'default'
    bg: str = 'default'
    bold: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False


def _colour(name: str, otherwise: str) -> str:
    if name == 'default':
        return otherwise
    return COLOURS.get(name.removeprefix('bright'), f'#{name}')


def _paint(cell: Cell) -> tuple[str, str]:
    """Ink and paper."""
    ink, paper = _colour(cell.fg, FOREGROUND), _colour(cell.bg, BACKGROUND)
    return (paper, ink) if cell.reverse else (ink, paper)


def _is_wide(row: Sequence[Cell], at: int) -> bool:
    return at + 1 < len(row) and not row[at + 1].text


def _runs(row: Sequence[Cell]) -> Iterator[tuple[int, int, Cell, str]]:
    """First column, columns, style, text; a wide character is a run of its own, and so is Braille."""
    start = 0
    while start < len(row):
        style, end = row[start]._replace(text=''), start + 1
        if _is_wide(row, start):
            end += 1
        else:
            kind = _is_braille(row[start].text)
            while end < len(row) and row[end]._replace(text='') == style and not _is_wide(row, end) \
                    and _is_braille(row[end].text) == kind:
                end += 1
        yield start, end - start, style, ''.join(cell.text for cell in row[start:end])
        start = end


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Pieces without two blanks in a row, and where they begin: blanks need no ink."""
    at = 0
    for piece in text.split('  '):
        inner = piece.strip(' ')
        if inner:
            yield at + piece.index(inner[0]), inner
        at += len(piece) + 2


BRAILLE = range(0x2800, 0x2900)
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # column and row of each bit


def _is_braille(text: str) -> bool:
    return len(text) == 1 and ord(text) in BRAILLE


def _dots(left: int, top: int, text: str) -> str:
    """Braille as dots: few fonts have it as wide as their letters."""
    squares = []
    for number, char in enumerate(text):
        for bit, (column, row) in enumerate(DOTS):
            if ord(char) - BRAILLE.start >> bit & 1:
                x, y = left + number * COLUMN + 1 + column * COLUMN / 2, top + 1 + row * ROW / 4
                squares.append(f'M{x:g} {y:g}h2v2h-2z')
    return ''.join(squares)


def _style(cell: Cell) -> str:
    parts = [f'fill="{_paint(cell)[0]}"']
    if cell.bold:
        parts.append('font-weight="bold"')
    if cell.italic:
        parts.append('font-style="italic"')
    if cell.underline:
        parts.append('text-decoration="underline"')
    return ' '.join(parts)


def _row(y: int, row: Sequence[Cell]) -> Iterator[str]:
    for column, columns, style, text in _runs(row):
        left, paper = MARGIN + column * COLUMN, _paint(style)[1]
        if paper != BACKGROUND:
            yield f'<rect x="{left}" y="{y}" width="{columns * COLUMN}" height="{ROW}" fill="{paper}"/>'
        if _is_braille(text[:1]):
            yield f'<path fill="{_paint(style)[0]}" d="{_dots(left, y, text)}"/>'
            continue
        is_one = columns != len(text)  # wide, or with combining marks
        for at, word in [(0, text)] if is_one else _words(text):
            width = (columns if is_one else len(word)) * COLUMN
            yield (f'<text x="{left + at * COLUMN}" y="{y + BASELINE}" textLength="{width}" '
                   f'lengthAdjust="spacingAndGlyphs" {_style(style)}>{escape(word)}</text>')


def picture(rows: Sequence[Sequence[Cell]], title: str) -> str:
    """The whole file."""
    width, height = len(rows[0]) * COLUMN + 2 * MARGIN, len(rows) * ROW + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" rx="6" fill="{BACKGROUND}"/>',
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13.3" xml:space="preserve">',
    ]
    for number, row in enumerate(rows):
        lines.extend(_row(MARGIN + number * ROW, row))
    return '\n'.join([*lines, '</g>', '</svg>', ''])
