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


LEFT_DOTS = 0x2800 | 0x01 | 0x02 | 0x04 | 0x40
GAPS_MOST = 2  # seconds in which our program got no time on a loaded machine


def graph_seconds(rows: list[Row], graph: Graph) -> set[int]:
    """The seconds of which a graph shows a value; 0 is the newest, at the right edge, two in a column."""
    seconds = set()
    for row in rows[max(0, graph.row):graph.row + graph.height]:
        for back in range(graph.width):
            cell = row[graph.column + graph.width - 1 - back]
            if is_graph_cell(cell):
                dots = 0xff if cell.text == '=' else ord(cell.text)
                seconds.update([2 * back] if dots & RIGHT_DOTS & 0xff else [])
                seconds.update([2 * back + 1] if dots & LEFT_DOTS & 0xff else [])
    return seconds


def has_end(rows: list[Row], graph: Graph) -> bool:
    """Whether the graph's right edge is to be seen on a screen where it is full."""
    last = graph.column + graph.width - 1
    return any(is_graph_cell(row[last]) for row in rows[max(0, graph.row):graph.row + graph.height])


def common_gaps(found: list[set[int]]) -> set[int]:
    """The seconds that all graphs lack: no reading was taken then. More than a few are an error, one
    graph without values too."""
    if not found or not all(found):
        return set()
    gaps = set(range(max(map(max, found)))) - set().union(*found)
    return gaps if len(gaps) <= GAPS_MOST else set()


def cut_graphs(peer: list[Row], ours: list[Row], graphs: list[Graph], settling: int = 0) -> int:
    """Takes from the peer's graphs, which are full, what our program cannot have: the seconds before
    it began, and those in which it took no reading at all. No cell is left out of the comparison by
    this. A graph of ours with less than two values is left alone, and so differs; one whose end is
    behind a box is taken to be as long as the others. So many of the oldest values as are settling
    are taken from both: how many cells that leaves out is returned."""
    found = [graph_seconds(ours, graph) for graph in graphs]
    visible_graphs = [seconds for graph, seconds in zip(graphs, found) if has_end(peer, graph)]
    gaps, longest = common_gaps(visible_graphs), max((max(s) for s in found if s), default=-1)
    left_out = 0
    for graph, seconds in zip(graphs, found):
        length = 1 + (max(seconds, default=-1) if has_end(peer, graph) else longest)
        if length >= 2:
            kept = set(range(length - settling)) - gaps
            for row in peer[max(0, graph.row):graph.row + graph.height]:
                _keep_seconds(row, graph, kept)
            for row in ours[max(0, graph.row):graph.row + graph.height] if settling else ():
                _keep_seconds(row, graph, kept)
                left_out += (settling + 1) // 2 + 1
    return left_out


def _keep_seconds(row: Row, graph: Graph, kept: set[int]) -> None:
    for back in range(graph.width):
        column = graph.column + graph.width - 1 - back
        cell = row[column]
        if not is_graph_cell(cell):
            continue
        has_left, has_right = 2 * back + 1 in kept, 2 * back in kept
        if cell.text == '=':
            row[column] = cell if has_left or has_right else BLANK
            continue
        mask = (LEFT_DOTS if has_left else 0) | (RIGHT_DOTS if has_right else 0)
        dots = 0x2800 | ord(cell.text) & mask & 0xff
        row[column] = replace(cell, text=chr(dots)) if dots != 0x2800 else BLANK


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
