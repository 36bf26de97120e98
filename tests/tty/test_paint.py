"""What is painted, as an independent terminal shows it: random frames, each the change of the one before."""

import subprocess
import unicodedata

import pyte
import pytest
from support.paths import built
from support.tty import Screen, Stream

ROWS, COLUMNS, FRAMES = 12, 44, 150
NAMES = ['default', 'red', 'green', 'brown', 'blue', 'magenta', 'cyan', 'white', 'black']
RGB = NAMES.index('black') + 1
BOLD, ITALIC, UNDERLINE, BLINK, REVERSE = 1, 4, 8, 16, 32  # and 2, dim, which pyte does not know
# Where terminals agree about widths; the program may rely on no more than that.
SURE = [(0x20, 0x7e), (0xa1, 0x2ff), (0x370, 0x3ff), (0x400, 0x52f), (0x2000, 0x206f), (0x2190, 0x2193),
        (0x2500, 0x259f), (0x25b2, 0x25b2), (0x25bc, 0x25bc), (0x2800, 0x28ff), (0x3041, 0x30ff), (0x4e00, 0x9fa5),
        (0xac00, 0xd7a3)]


def frames(seed, colours, *more):
    """Pairs: the bytes, and the cells (text, fg, bg, attributes, RGB) that they must lead to."""
    command = [built('tests/tty/paint_probe'), str(seed), str(ROWS), str(COLUMNS), str(FRAMES), str(colours), *more]
    out = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    while out:
        size, out = out.split(b'\n', 1)
        painted, out = out[:int(size)], out[int(size):]
        *rows, out = out.split(b'\n', ROWS)
        cells = [[part.split('\x1c') for part in row.decode().split('\x1f')] for row in rows]
        yield painted, [[(text, *map(int, rest)) for text, *rest in row] for row in cells]


def terminal():
    screen = Marked(COLUMNS, ROWS)
    stream = Stream(screen)
    stream.feed(b'garbage\033[7m everywhere \033[?7l')
    return screen, stream


def shown_colour(number, rgb, colours):
    if colours < 8:
        return 'default'
    if number != RGB:
        return NAMES[number]
    return f'{rgb:06x}' if colours > 256 else None  # None: some other that is near


def differences(cell, got, colours):
    """What a cell of pyte's shows else than it should; a style that nobody can see is none."""
    text, fg, bg, attrs, rgb = cell
    found = []
    if unicodedata.normalize('NFC', got.data) != unicodedata.normalize('NFC', text):
        found.append(f'{got.data!r} instead of {text!r}')
    if not text:
        return found  # a right half looks like its left one
    if got.bg != ('default' if colours < 8 else NAMES[bg]):
        found.append(f'background {got.bg}')
    seen = {ITALIC: got.italics, UNDERLINE: got.underscore, BLINK: got.blink, BOLD: got.bold, REVERSE: got.reverse}
    if text == ' ' and not attrs & (REVERSE | UNDERLINE):
        return found + ['a blank that is seen'] * (got.reverse or got.underscore)
    wanted = shown_colour(fg, rgb, colours)
    if wanted and got.fg != wanted:
        found.append(f'colour {got.fg} instead of {wanted}')
    return found + [f'attribute {bit}' for bit, value in seen.items() if value != bool(attrs & bit)]


class Marked(Screen):
    """pyte leaves a mark after a wide character on its right half; it belongs to the left one."""

    def draw(self, data):
        for char in data:
            super().draw(char)
            line, x = self.buffer[self.cursor.y], self.cursor.x
            if x > 1 and unicodedata.combining(char) and unicodedata.combining(line[x - 1].data[:1] or 'a'):
                whole = unicodedata.normalize('NFC', line[x - 2].data + line[x - 1].data)
                line[x - 2] = line[x - 2]._replace(data=whole)
                line[x - 1] = line[x - 1]._replace(data='')


def is_sure(text):
    """The width of this cell is the same for all terminals."""
    return len(text) == 1 and any(first <= ord(text) <= last for first, last in SURE)


@pytest.mark.parametrize('colours', [0, 8, 256, 1 << 24])
@pytest.mark.parametrize('seed', range(3))
def test_every_frame_is_shown(seed, colours):
    screen, stream = terminal()
    for number, (painted, rows) in enumerate(frames(seed, colours)):
        stream.feed(painted)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                found = differences(cell, screen.buffer[y][x], colours)
                assert not found, f'frame {number}, row {y}, column {x}, {cell}: {"; ".join(found)}'


@pytest.mark.parametrize('width', [1, 2])
def test_another_opinion_of_widths_moves_nothing(width, monkeypatch):
    """A terminal that finds every doubtful character narrow, or wide."""
    real = pyte.screens.wcwidth
    monkeypatch.setattr(pyte.screens, 'wcwidth',
                        lambda char: real(char) if is_sure(char) or real(char) < 1 else width)
    screen, stream = terminal()
    checked = 0
    for number, (painted, rows) in enumerate(frames(7, 256)):
        stream.feed(painted)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if is_sure(cell[0]):
                    checked += 1
                    found = differences(cell, screen.buffer[y][x], 256)
                    assert not found, f'frame {number}, row {y}, column {x}, {cell}: {"; ".join(found)}'
    assert checked > ROWS * COLUMNS * FRAMES / 2


def test_ascii_only():
    screen, stream = terminal()
    for painted, rows in frames(11, 256, 'ascii'):
        assert painted.isascii() and not set(painted) & set(range(32)) - set(b'\033\r\n\b')
        stream.feed(painted)
        for y, row in enumerate(rows):
            text = ''.join(cell[0] if cell[0].isascii() and cell[0] else '?' for cell in row)
            assert screen.display[y] == text


def test_a_frame_costs_what_has_changed():
    """The whole stream is far less than painting each frame anew."""
    sizes = [len(painted) for painted, _ in frames(13, 256)]
    assert sum(sizes) / len(sizes) < ROWS * COLUMNS / 2
