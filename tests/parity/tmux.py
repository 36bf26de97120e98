"""A tmux server of our own, and programs in it: keys in, resizes, screens out as cells."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
from pathlib import Path
from typing import Mapping, Sequence

from support import cells

# One server for all sessions of a test run; nothing of the user's tmux is read or touched.
SETTINGS = (
    ('set', '-g', 'status', 'off'), ('set', '-g', 'history-limit', '0'),
    ('set', '-g', 'default-terminal', 'tmux-256color'), ('set', '-g', 'remain-on-exit', 'on'),
    ('set', '-sg', 'escape-time', '0'), ('set', '-g', 'exit-empty', 'off'),
)


class Shot:
    """What a terminal shows: the title a program gave it, and its cells."""

    def __init__(self, text: str, columns: int) -> None:
        self.title, _, self.text = text.partition('\n')
        self.columns = columns

    def rows(self) -> list[cells.Row]:
        """The cells; every row has the terminal's width."""
        return [row + [cells.BLANK] * (self.columns - len(row)) for row in parse_rows(self.text)]


PARSED: dict[tuple[cells.Cell, str], tuple[cells.Row, cells.Cell]] = {}


def parse_rows(text: str) -> list[cells.Row]:
    """As cells.parse; but screens of one program have most lines in common, so those are kept."""
    rows, style = [], cells.BLANK
    for line in text.removesuffix('\n').split('\n'):
        key = (style, line)
        if key not in PARSED:
            PARSED[key] = cells.parse_line(line, style)
        row, style = PARSED[key]
        rows.append(list(row))
    return rows


class Server:
    """The tmux server; use as a context."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix='nvitop-tmux-')
        self.base = ['tmux', '-u', '-S', str(Path(self.folder.name) / 'socket'), '-f', os.devnull]
        self.count = 0

    def __enter__(self) -> Server:
        os.chmod(self.folder.name, 0o755)
        self.command('start-server', *[word for row in SETTINGS for word in (';', *row)])
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run([*self.base, 'kill-server'], check=False, capture_output=True, timeout=30)
        self.folder.cleanup()

    def command(self, *words: str) -> str:
        """Runs tmux commands, `;` between them; what they print."""
        done = subprocess.run([*self.base, *words], check=True, capture_output=True, timeout=30,
                              env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color'})
        return done.stdout.decode(errors='surrogateescape')

    def open(self, argv: Sequence[str | Path], env: Mapping[str, str], columns: int, rows: int) -> Terminal:
        """Starts a program in a terminal of its own."""
        self.count += 1
        name = f't{self.count}'
        kept = {k: v for k, v in env.items() if k not in ('TERM', 'TMUX', 'TMUX_PANE', 'COLUMNS', 'LINES')}
        assigned = [f'{k}={v}' for k, v in {**kept, 'TERM': 'tmux-256color', 'TMUX': self.base[3] + ',1,0'}.items()]
        words = ['env', '-i', *assigned, *map(str, argv)]
        fifo = Path(self.folder.name) / name
        os.mkfifo(fifo)
        self.command('new-session', '-d', '-s', name, '-x', str(columns), '-y', str(rows), '--',
                     *(f'{word[:-1]}\\;' if word.endswith(';') else word for word in words), ';',
                     'pipe-pane', '-O', '-t', name, f'exec cat >{fifo}')  # at once: it may end soon
        return Terminal(self, name, columns, rows, fifo)


class Terminal:
    """One program on one terminal."""

    def __init__(self, server: Server, name: str, columns: int, rows: int, fifo: Path) -> None:
        self.server = server
        self.name = name
        self.columns = columns
        self.rows = rows
        self.output = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)  # what the program writes, as a sign that it did

    def wait(self, seconds: float) -> None:
        """Until the program writes again, at most so long."""
        if select.select([self.output], [], [], max(0.0, seconds))[0]:
            os.read(self.output, 1 << 20)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; the program is told by SIGWINCH."""
        self.columns, self.rows = columns, rows
        self.server.command('resize-window', '-t', self.name, '-x', str(columns), '-y', str(rows))

    def keys(self, *names: str) -> None:
        """Types keys, by tmux's names of them."""
        self.server.command('send-keys', '-t', self.name, *names)

    def shot(self) -> Shot:
        """The screen as it is now."""
        return Shot(self.server.command('display-message', '-p', '-t', self.name, '#{pane_title}', ';',
                                        'capture-pane', '-peN', '-t', self.name), self.columns)

    def is_over(self) -> bool:
        """Whether the program has ended; its last screen stays."""
        return self.server.command('display-message', '-p', '-t', self.name, '#{pane_dead}').strip() == '1'

    def close(self) -> None:
        """Ends the program with its terminal."""
        subprocess.run([*self.server.base, 'kill-session', '-t', self.name], check=False, capture_output=True,
                       timeout=30)
        os.close(self.output)
