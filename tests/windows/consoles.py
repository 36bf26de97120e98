"""A Windows program in a console that is driven and watched from here, under wine.

console.c is the console: it makes keys, clicks and sizes of lines that are written to it. What the program draws
comes through a pipe, byte by byte, and is understood by the terminal that the other tests have, too: wine's own
console understands too few sequences to be looked at.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from pathlib import Path
from typing import Callable, Mapping, Sequence

from support.tty import ALTERNATE, PATIENCE, Screen, Stream

import wine

COMPILER = 'x86_64-w64-mingw32-gcc-posix'
ALT, CTRL, SHIFT = 0x2, 0x8, 0x10  # of the left, as Windows has them
KEYS = {  # code, character, state
    'Up': (0x26, 0, 0), 'Down': (0x28, 0, 0), 'Left': (0x25, 0, 0), 'Right': (0x27, 0, 0), 'Home': (0x24, 0, 0),
    'End': (0x23, 0, 0), 'PageUp': (0x21, 0, 0), 'PageDown': (0x22, 0, 0), 'Enter': (0x0d, 13, 0), 'Esc': (0x1b, 27, 0),
    'Tab': (0x09, 9, 0), 'S-Tab': (0x09, 9, SHIFT), 'Backspace': (0x08, 8, 0), 'Space': (0x20, 32, 0),
    'F2': (0x71, 0, 0), 'Ctrl-C': (0x43, 3, CTRL), 'Shift': (0x10, 0, SHIFT),
}
LEFT_BUTTON, DOUBLE, MOVED, WHEEL = 1, 2, 1, 4


def build(folder: Path) -> Path:
    """The console, compiled."""
    program = folder / 'console.exe'
    subprocess.run([COMPILER, '-std=c17', '-Wall', '-Wextra', '-Werror', '-static', '-D_WIN32_WINNT=0x0A00',
                    str(Path(__file__).with_name('console.c')), '-o', str(program)], check=True, timeout=PATIENCE)
    return program


class Console:
    """A program with a console of its own. Use it as a context."""

    def __init__(self, console: Path, command: Sequence[str | Path], rows: int = 30, columns: int = 100,
                 env: Mapping[str, str] | None = None):
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.raw = bytearray()
        self.told = ''  # by the console itself, and whatever the program says on standard error
        self.is_over = False
        self.process = subprocess.Popen(
            [*wine.COMMAND, str(console), str(rows), str(columns), *map(str, command)],
            env=wine.env({'NVITOP_CONSOLE_OUTPUT': 'stdout', **(env or {})}), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    # ---- in

    def order(self, *words: str | int):
        """A line for the console."""
        self.process.stdin.write((' '.join(map(str, words)) + '\n').encode())
        self.process.stdin.flush()

    def type(self, *keys: str):
        """Names of KEYS, and other text letter by letter."""
        for key in keys:
            for code, character, state in [KEYS[key]] if key in KEYS else [(0, ord(letter), 0) for letter in key]:
                self.order('key', code, character, state, 1)

    def click(self, row: int, column: int):
        """The left button goes down and up."""
        self.order('mouse', row, column, LEFT_BUTTON, 0, 0)
        self.order('mouse', row, column, 0, 0, 0)

    def turn_wheel(self, row: int, column: int, steps: int):
        """Up if `steps` is positive."""
        for _ in range(abs(steps)):
            self.order('mouse', row, column, (120 if steps > 0 else 0x10000 - 120) << 16, WHEEL, 0)

    def resize(self, rows: int, columns: int):
        """Gives the window another size."""
        self.screen.resize(rows, columns)
        self.order('size', rows, columns)

    # ---- out

    def pump(self, timeout: float):
        """Takes what comes in so many seconds at most; less, as soon as something has come."""
        pipes = {self.process.stdout.fileno(): self._take, self.process.stderr.fileno(): self._take_words}
        for fd in select.select(list(pipes), [], [], max(0.0, timeout))[0]:
            pipes[fd](os.read(fd, 65536))

    def _take(self, piece: bytes):
        self.is_over |= not piece
        self.raw += piece
        self.stream.feed(piece)

    def _take_words(self, piece: bytes):
        self.told += piece.decode(errors='replace').replace('\r', '')

    def wait_for(self, condition: Callable[[Console], object], what: str, timeout: float = PATIENCE):
        """Reads until the condition holds; returns what it gave."""
        deadline = time.monotonic() + timeout
        while not (result := condition(self)):
            left = deadline - time.monotonic()
            assert left > 0 and not self.is_over, \
                f'{what} did not come; the screen:\n{self.text()}\nand was told:\n{self.told}'
            self.pump(left)
        return result

    def wait_text(self, pattern: str) -> re.Match:
        """Until some row matches."""
        return self.wait_for(lambda console: re.search(pattern, console.text(), re.M), f'/{pattern}/')

    def rest(self, seconds: float):
        """Reads for so long, whatever comes."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.pump(left)

    def look(self) -> str:
        """How the console is set now."""
        seen = len(self.settings())
        self.order('look')
        return self.wait_for(lambda console: console.settings()[seen:], 'the settings')[0]

    def settings(self) -> list[str]:
        """How it was set whenever somebody looked: first before the program, last after it."""
        return re.findall(r'^console: (input \d+ output \d+ page \d+)$', self.told, re.M)

    def finish(self) -> int:
        """Reads until the end; the program's exit status."""
        self.wait_for(lambda console: re.search(r'^console: exit (-?\d+)$', console.told, re.M), 'the end')
        while not self.is_over:
            self.pump(PATIENCE)
        self.process.wait(PATIENCE)
        return int(re.search(r'^console: exit (-?\d+)$', self.told, re.M).group(1))

    def lines(self) -> list[str]:
        """The rows without trailing blanks."""
        return [line.rstrip() for line in self.screen.display]

    def text(self) -> str:
        return '\n'.join(self.lines())

    def insanities(self) -> list[str]:
        """What is not as it was before, in words."""
        found = []
        if len(set(self.settings()[i] for i in (0, -1))) != 1:
            found.append(f'settings: {self.settings()}')
        if self.screen.has_mode(ALTERNATE):
            found.append('alternate screen')
        if self.screen.cursor.hidden:
            found.append('no cursor')
        return found


class Idle:
    """A Windows process that does nothing until it is ended; `pid` is Windows's."""

    def __init__(self, console: Path):
        self.process = subprocess.Popen([*wine.COMMAND, str(console), '--wait'], env=wine.env(), stdin=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.pid = int(self.process.stderr.readline().split()[-1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stderr.close()
