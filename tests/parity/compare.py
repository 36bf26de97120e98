"""Two screens, cell by cell."""

from __future__ import annotations

from typing import NamedTuple

from support.cells import BLANK, Cell, Row

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


def compare(peer: list[Row], ours: list[Row]) -> Comparison:
    """Every cell of the larger of both screens."""
    height = max(len(peer), len(ours))
    width = max((len(row) for row in [*peer, *ours]), default=0)
    masked, differences = 0, []
    for row in range(height):
        for column in range(width):
            a, b = _cell(peer, row, column), _cell(ours, row, column)
            if a and b and is_masked(row, column):
                masked += 1
            elif a != b:
                differences.append(Difference(row, column, a or Cell('\0'), b or Cell('\0')))
    return Comparison(height * width, masked, differences)


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
