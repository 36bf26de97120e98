"""Two screens, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from support.cells import BLANK, Cell, Row, row_text

DATE_COLUMNS = 24  # of row 0: `%a %b %d %H:%M:%S %Y`


class Difference(NamedTuple):
    """One cell that is not the same."""

    row: int
    column: int
    peer: Cell
    ours: Cell


class Comparison(NamedTuple):
    """What came of comparing two screens."""

    cells: int
    masked: int
    differences: list[Difference]

    @property
    def share(self) -> float:
        return self.masked / self.cells if self.cells else 0.0


def is_masked(row: int, column: int) -> bool:
    """The clock is the only thing that cannot be made to stand still for both."""
    return row == 0 and column < DATE_COLUMNS


def _cell(rows: list[Row], row: int, column: int) -> Cell | None:
    """None where a screen has no such row; blanks right of a row's end."""
    if row >= len(rows):
        return None
    return rows[row][column] if column < len(rows[row]) else BLANK


def compare(peer: list[Row], ours: list[Row], has_date: bool = True) -> Comparison:
    """Every cell of the larger of both screens."""
    height = max(len(peer), len(ours))
    width = max((len(row) for row in [*peer, *ours]), default=0)
    masked, differences = 0, []
    for row in range(height):
        for column in range(width):
            a, b = _cell(peer, row, column), _cell(ours, row, column)
            if a and b and has_date and is_masked(row, column):
                masked += 1
            elif a != b:
                differences.append(Difference(row, column, a or Cell('\0'), b or Cell('\0')))
    return Comparison(height * width, masked, differences)


# ---- screens of a monitor


class Graph(NamedTuple):
    """Where a history graph is drawn."""

    row: int
    column: int
    width: int
    height: int


CURSES_CHARS = 5  # of a cell: the original's terminal library keeps no more marks on a character
HEADER = '(Press h for help or q to quit)'
BRAILLE = range(0x2801, 0x2900)
RIGHT_DOTS = 0x2800 | 0x08 | 0x10 | 0x20 | 0x80


def has_clock(rows: list[Row]) -> bool:
    """Whether the row with the clock is on the screen, as its first."""
    return row_text(rows[0]).endswith(HEADER)


def visible(rows: list[Row]) -> list[Row]:
    """The cells without what nobody can see: the colour and weight of a blank, which depend on how
    a program clears; and without the marks on one character that curses cannot hold."""
    return [[_visible_cell(cell) for cell in row] for row in rows]


def _visible_cell(cell: Cell) -> Cell:
    if cell.text == ' ' and not (cell.bg or cell.reverse or cell.underline):
        return BLANK
    return replace(cell, text=cell.text[:CURSES_CHARS]) if len(cell.text) > CURSES_CHARS else cell


def is_graph_cell(cell: Cell) -> bool:
    """A braille character, or what stands for one in ASCII."""
    return cell.text == '=' or len(cell.text) == 1 and ord(cell.text) in BRAILLE


def graph_length(rows: list[Row], graph: Graph) -> int:
    """How many values a graph shows, from its right edge on: two in each column."""
    longest = 0
    for row in rows[max(0, graph.row):graph.row + graph.height]:
        cells = row[graph.column:graph.column + graph.width]
        first = next((i for i, cell in enumerate(cells) if is_graph_cell(cell)), None)
        if first is not None:
            is_half = cells[first].text != '=' and not ord(cells[first].text) & ~RIGHT_DOTS
            longest = max(longest, 2 * (graph.width - first) - is_half)
    return longest


def has_end(rows: list[Row], graph: Graph) -> bool:
    """Whether the graph's right edge is to be seen on a screen where it is full."""
    last = graph.column + graph.width - 1
    return any(is_graph_cell(row[last]) for row in rows[max(0, graph.row):graph.row + graph.height])


def cut_graphs(peer: list[Row], ours: list[Row], graphs: list[Graph]) -> None:
    """Takes from the peer's graphs, which are full, what is older than our program: the two never
    started at the same moment. No cell is left out of the comparison by this. A graph of ours
    without any value is left alone, and so differs; one whose end is behind a box is taken to be as
    long as the others."""
    lengths = [graph_length(ours, graph) for graph in graphs]
    for graph, own in zip(graphs, lengths):
        length = own if has_end(peer, graph) else max(lengths)
        if length >= 2:
            for row in peer[max(0, graph.row):graph.row + graph.height]:
                _cut_row(row, graph, length)


def _cut_row(row: Row, graph: Graph, length: int) -> None:
    for column in range(graph.column, graph.column + graph.width):
        cell, back = row[column], graph.column + graph.width - 1 - column
        if not is_graph_cell(cell) or 2 * back + 2 <= length:
            continue
        if 2 * back + 1 == length and cell.text != '=':
            dots = ord(cell.text) & RIGHT_DOTS
            row[column] = replace(cell, text=chr(dots)) if dots != 0x2800 else BLANK
        elif 2 * back >= length:
            row[column] = BLANK


def _style(cell: Cell) -> str:
    flags = [name for name in ('bold', 'dim', 'italic', 'underline', 'blink', 'reverse') if getattr(cell, name)]
    return ' '.join([f'fg {cell.fg or "-"}', f'bg {cell.bg or "-"}', *flags])


def explain(result: Comparison, peer: list[Row], ours: list[Row], limit: int = 8) -> str:
    """The rows that differ, both versions, and the first cells."""
    lines = [f'{len(result.differences)} of {result.cells} cells differ']
    for row in sorted({d.row for d in result.differences})[:limit]:
        first = next(d for d in result.differences if d.row == row)
        lines.append(f'row {row}, first at column {first.column}: '
                     f'peer {first.peer.text!r} ({_style(first.peer)}), ours {first.ours.text!r} ({_style(first.ours)})')
        for who, rows in (('peer', peer), ('ours', ours)):
            lines.append(f'  {who}: ' + (''.join(c.text for c in rows[row]) if row < len(rows) else '(no such row)'))
    return '\n'.join(lines)
