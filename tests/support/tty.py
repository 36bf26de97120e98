"""A program on a terminal of its own that is watched while it runs: what it sends, and what the screen shows."""

from __future__ import annotations

import contextlib
import copy
import fcntl
import itertools
import os
import pwd
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path
from typing import Callable, Mapping, Sequence

import pyte
import pyte.screens

from support import term

PATIENCE = 30.0  # seconds until a test is given up
KEYS = {
    'Up': b'\033OA', 'Down': b'\033OB', 'Right': b'\033OC', 'Left': b'\033OD', 'Home': b'\033OH', 'End': b'\033OF',
    'PageUp': b'\033[5~', 'PageDown': b'\033[6~', 'Insert': b'\033[2~', 'Delete': b'\033[3~', 'Tab': b'\t',
    'S-Tab': b'\033[Z', 'Enter': b'\r', 'Esc': b'\033', 'Space': b' ', 'Backspace': b'\x7f', 'Ctrl-C': b'\x03',
    'Ctrl-Z': b'\x1a', 'Ctrl-L': b'\x0c', 'Ctrl-A': b'\x01', 'Ctrl-E': b'\x05', 'Ctrl-R': b'\x12',
    'F2': b'\033OQ', 'F4': b'\033OS', 'F5': b'\033[15~',
}
ALTERNATE = 1049
MOUSE = (1000, 1002, 1003, 1005, 1006, 1015)
CURSOR = 25


class Screen(pyte.Screen):
    """pyte's screen with what xterm's terminfo entry uses and pyte lacks."""

    def __init__(self, columns: int, rows: int):
        self.normal = None
        self.last_drawn = ' '
        super().__init__(columns, rows)

    def has_mode(self, number: int) -> bool:
        """Whether a private mode is set."""
        return number << 5 in self.mode

    def set_mode(self, *modes, **kwargs):
        if kwargs.get('private') and ALTERNATE in modes and not self.has_mode(ALTERNATE):
            self.normal = (copy.deepcopy(self.buffer), copy.copy(self.cursor))
            self.erase_in_display(2)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes, **kwargs):
        if kwargs.get('private') and ALTERNATE in modes and self.normal and self.has_mode(ALTERNATE):
            hidden = self.cursor.hidden
            self.buffer, self.cursor = self.normal
            self.cursor.hidden = hidden
            self.normal = None
            self.dirty.update(range(self.lines))
        super().reset_mode(*modes, **kwargs)

    def draw(self, data):
        self.last_drawn = data[-1]
        super().draw(data)

    def repeat_last(self, count=1):
        super().draw(self.last_drawn * (count or 1))

    def scroll_up(self, count=1):
        self._scroll(count, pyte.Screen.delete_lines)

    def scroll_down(self, count=1):
        self._scroll(count, pyte.Screen.insert_lines)

    def _scroll(self, count, change):
        at = copy.copy(self.cursor)
        self.cursor.y = self.margins.top if self.margins else 0
        change(self, count or 1)
        self.cursor = at

    def back_tab(self, count=1):
        stops = [stop for stop in sorted(self.tabstops) if stop < self.cursor.x]
        self.cursor.x = stops[-min(count or 1, len(stops))] if stops else 0

    def select_graphic_rendition(self, *attrs, **kwargs):
        if not kwargs.get('private'):
            super().select_graphic_rendition(*attrs)


class Stream(pyte.ByteStream):
    """… and the sequences that lead there."""

    csi = {**pyte.Stream.csi, 'b': 'repeat_last', 'S': 'scroll_up', 'T': 'scroll_down', 'Z': 'back_tab',
           '`': 'cursor_to_column'}
    events = frozenset(itertools.chain(pyte.Stream.events, csi.values()))


class Tty:
    """A program as the leader of a session on a pseudo-terminal. Close it, or use it as a context."""

    def __init__(self, command: Sequence[str | Path], rows: int = 24, columns: int = 80,
                 env: Mapping[str, str] | None = None, is_shown: bool = True, user: str | None = None):
        self.rows, self.columns = rows, columns
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.is_shown = is_shown  # else bytes are counted, and not understood
        self.raw = bytearray()  # only while is_shown
        self.byte_count = 0
        self.read_at = 0.0  # monotonic second of the last piece that came
        self.is_over = False  # nobody has the terminal open any more
        self.master, self.slave = os.openpty()
        self._set_size()
        self.before = termios.tcgetattr(self.slave)
        self.start = time.monotonic()
        identity = {}
        if user:
            group = pwd.getpwnam(user).pw_gid
            os.fchown(self.slave, pwd.getpwnam(user).pw_uid, group)
            identity = {'user': user, 'group': group, 'extra_groups': []}
        self.process = subprocess.Popen(list(map(str, command)), env=term.clean_env(env), stdin=self.slave,
                                        stdout=self.slave, stderr=self.slave, start_new_session=True,
                                        preexec_fn=_take_terminal, **identity)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the program and all that is still in its session."""
        for pid in session_of(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        for fd in (self.master, self.slave):
            if fd >= 0:
                os.close(fd)
        self.master = self.slave = -1

    # ---- in

    def _set_size(self):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', self.rows, self.columns, 0, 0))

    def resize(self, rows: int, columns: int):
        """Gives the terminal another size; what it shows stays where it was, as in xterm."""
        self.rows, self.columns = rows, columns
        self.screen.resize(rows, columns)
        self._set_size()

    def type(self, *keys: str | bytes):
        """Names of KEYS, other text as it is; all in one piece."""
        pieces = [key if isinstance(key, bytes) else KEYS.get(key, key.encode()) for key in keys]
        os.write(self.master, b''.join(pieces))

    def hang_up(self):
        """The terminal goes away, as when ssh's line drops."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    # ---- out

    def pump(self, timeout: float = 0.0) -> bool:
        """Takes one piece of output; False if none came in time."""
        if self.is_over or not select.select([self.master], [], [], max(0.0, timeout))[0]:
            return False
        try:
            piece = os.read(self.master, 65536)
        except OSError:  # EIO: the last one has closed it
            piece = b''
        self.read_at = time.monotonic()
        if not piece:
            self.is_over = True
            return False
        self.byte_count += len(piece)
        for _ in range(piece.count(b'\033[6n')):  # where is the cursor? blessed waits for seconds
            os.write(self.master, b'\033[1;1R')
        if self.is_shown:
            self.raw += piece
            self.stream.feed(piece)
        return True

    def wait_for(self, condition: Callable[[Tty], object], what: str = 'what was waited for',
                 timeout: float = PATIENCE, step: float = 1.0):
        """Reads until the condition holds; returns what it gave. What no output tells is looked at each `step` seconds."""
        deadline = time.monotonic() + timeout
        while not (result := condition(self)):
            left = deadline - time.monotonic()
            assert left > 0 and not self.is_over, f'{what} did not come; the screen:\n{self.text()}'
            self.pump(min(left, step))
        return result

    def wait_text(self, pattern: str, timeout: float = PATIENCE) -> re.Match:
        """Until some row matches; returns the match."""
        return self.wait_for(lambda tty: re.search(pattern, tty.text(), re.M), f'/{pattern}/', timeout)

    def drain(self, seconds: float):
        """Reads for so long, whatever comes."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self.is_over:
            self.pump(left)

    def finish(self, timeout: float = PATIENCE) -> int:
        """Reads until the program has ended; its status as Popen tells it (a signal is negative)."""
        if self.process.poll() is not None:
            while self.pump():
                pass
            return self.process.returncode
        pidfd = os.pidfd_open(self.process.pid)
        deadline = time.monotonic() + timeout
        try:
            while not self.is_over:
                left = deadline - time.monotonic()
                assert left > 0, f'it goes on; the screen:\n{self.text()}'
                ready = select.select([pidfd, self.master], [], [], left)[0]
                if self.master in ready:
                    self.pump()
                elif pidfd in ready:
                    break
        finally:
            os.close(pidfd)
        return self.process.wait(max(0.1, deadline - time.monotonic()))

    # ---- what is there

    def lines(self) -> list[str]:
        """The rows without trailing blanks."""
        return [line.rstrip() for line in self.screen.display]

    def text(self) -> str:
        return '\n'.join(self.lines())

    def reversed_row(self) -> int:
        """The row of the selection: the first that is reversed, cyan or yellow, from edge to edge; -1: none."""
        for y in range(self.screen.lines):
            ends = self.screen.buffer[y][2], self.screen.buffer[y][self.screen.columns - 3]
            if all(end.reverse and end.fg in ('cyan', 'brown') for end in ends):
                return y
        return -1

    def child(self) -> int:
        """The process that the guard watches."""
        children = Path(f'/proc/{self.process.pid}/task/{self.process.pid}/children').read_text().split()
        assert len(children) == 1, children
        return int(children[0])

    def is_sane(self) -> bool:
        """Nothing is otherwise than it was before."""
        return not self.insanities()

    def unread(self) -> int:
        """Bytes typed that the program has not taken yet."""
        taken = fcntl.ioctl(self.slave, termios.FIONREAD, struct.pack('i', 0))
        return struct.unpack('i', taken)[0]

    def insanities(self) -> list[str]:
        """What is not as it was before, in words: settings, screen, cursor, mouse."""
        screen, found = self.screen, []
        if termios.tcgetattr(self.slave) != self.before:
            found.append('settings')
        if screen.has_mode(ALTERNATE):
            found.append('alternate screen')
        if screen.cursor.hidden:
            found.append('no cursor')
        return found + [f'mouse mode {number}' for number in MOUSE if screen.has_mode(number)]


def _take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):  # what runs in the background ignores them
        signal.signal(number, signal.SIG_DFL)


def session_of(leader: int) -> list[int]:
    """The processes of a session, its leader last."""
    found = []
    for entry in Path('/proc').iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (entry / 'stat').read_text().rpartition(')')[2].split()
                if int(fields[3]) == leader:
                    found.append(int(entry.name))
    return sorted(found, key=lambda pid: pid == leader)


LEFT, RIGHT = '│├╞╘╒|+', '│┤╡╛╕|+'


def edges(tty: Tty) -> set[int]:
    """The widths of the rows of boxes, which begin and end with a border; {0} is in it for a row that does not end so."""
    rows = [line for line in tty.lines() if line and line[0] in LEFT]
    return {len(line) if line[-1] in RIGHT else 0 for line in rows}
