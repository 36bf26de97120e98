"""Random keys, mouse, sizes and signals: whole frames, a sane terminal, and signals only for whom the box names.

A sequence is some events in a row; after it the frame must have its edges, once all that was typed
is read. NVITOP_RANDOM_SEQUENCES of them (1000) are wanted; after NVITOP_RANDOM_SECONDS (60; 0: no
limit) it ends early, but never before ENOUGH have been played, however long that takes. The seed is
printed; NVITOP_SEED plays one again. NVITOP_CHECKER names the sanitizer of the build, whose
findings fail the test too.

As root the monitor runs as somebody else, so that the kernel lets it signal nothing but the
stand-ins made here. Nobody else may be at risk: without root it is started with --readonly.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / 'tty')]

from support import checker, paths  # noqa: E402
from support.tty import KEYS, PATIENCE, Tty, edges  # noqa: E402

import targets  # noqa: E402

SEQUENCES = int(os.environ.get('NVITOP_RANDOM_SEQUENCES', '1000'))
SECONDS = float(os.environ.get('NVITOP_RANDOM_SECONDS', '60'))
SEED = int(os.environ.get('NVITOP_SEED') or random.SystemRandom().randrange(1 << 32))
QUESTION_ROWS = 12  # in a lower window it may be cut
ENOUGH = 60  # by then somebody was signalled, and somebody came and went
FLOOR = min(SEQUENCES, ENOUGH)
SLOW = {'asan': 2, 'tsan': 4}.get(checker.NAME, 1)

BOX = re.compile(r'Which signal for(.*?)(?:No signal goes to:|$)', re.S)
NAMED = re.compile(r'(\d+)\(')
LETTERS = [chr(code) for code in range(0x20, 0x7f) if chr(code) not in 'qQ']
FREQUENT = ['Down', 'Up', 'Down', 'Space', 'Enter', 'Esc', 'Home', 'End', 'PageDown', 'PageUp', 'Left', 'Right', 'Tab', 't', 'e',
            'h', 'T', 'K', 'I', 'Ctrl-C', 'd', 'f', 'c', 'a', 'H', 'F2', 'F4', '\\', 'x', 'w', 'Z', '/', '.', 'og', 'on', 'oC', 'Ctrl-L']
CHORDS = [['Down', 'T', 'pause', 'T'], ['End', 'K', 'pause', 'Enter'], ['Down', 'Space', 'Space', 'I', 'pause', 'Enter'],
          ['t', 'Down', 'K', 'pause', 'K'], ['\\', 'S', 'Enter'], ['F2', 'Down', 'Space', 'Esc'], ['Down', 'Enter', 'pause', 'q'],
          ['Down', 'K', 'K', 'K'], ['Ctrl-Z'], ['h', 'h', 'h'], ['Down', 'K', 'pause', 'come and go', 'Enter']]
SIZES = [(24, 79), (24, 80), (40, 100), (50, 140), (12, 90), (60, 200), (5, 79), (30, 78), (3, 120), (1, 1), (2, 300)]
OPTIONS = [[], ['--ascii'], ['--colorful'], ['--light'], ['--no-mouse'], ['--interval', '0.25'], ['--readonly']]
ENDS = (0, 128 + signal.SIGTERM, -signal.SIGTERM, 128 + signal.SIGHUP, -signal.SIGHUP)
# While it leaves or is suspended nobody has the terminal in raw mode: there, Ctrl-C is a signal.
WHILE_AWAY = (128 + signal.SIGINT, -signal.SIGINT)
AWAY = {'q', 'Q', 'Ctrl-Z', signal.SIGTSTP, signal.SIGTERM, signal.SIGHUP}


def events(draw: random.Random) -> list:
    """One sequence."""
    made = []
    for _ in range(draw.randrange(3, 16)):
        kind = draw.random()
        if kind < 0.45:
            made.append(draw.choice(FREQUENT))
        elif kind < 0.60:
            made += draw.choice(CHORDS)
        elif kind < 0.68:
            made.append(draw.choice(LETTERS))
        elif kind < 0.74:
            made.append(draw.choice(list(KEYS)))
        elif kind < 0.84:
            button = draw.choice([0, 0, 1, 2, 64, 65, 68, 69, 80, 81, 32, 35])
            made.append(f'\033[<{button};{draw.randrange(1, 150)};{draw.randrange(1, 60)}{draw.choice("Mm")}'.encode())
        elif kind < 0.90:
            made.append(draw.choice(SIZES) if draw.random() < 0.6 else (draw.randrange(1, 70), draw.randrange(1, 220)))
        elif kind < 0.94:
            made.append(draw.choice([b'\033[', b'\033', b'\033O', b'\xff\xfe', b'\033[999;999~', b'\033[<999999;1;1M', b'\xe4\xb8', b'\0']))
        elif kind < 0.97:
            made.append(draw.choice([signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP, signal.SIGSTOP]))
        elif kind < 0.985:
            made.append('come and go')
        else:
            made.append(draw.choice(['q', 'Q', signal.SIGTERM, signal.SIGHUP]))
    return made


class Session:
    """The monitor from its start to its end, and whom its boxes have named."""

    def __init__(self, draw: random.Random, folder: Path, aims: targets.Targets):
        self.aims = aims
        options = draw.choice(OPTIONS)
        is_harmless = aims.user is None or '--readonly' in options
        readonly = ['--readonly'] if is_harmless else []
        mode = draw.choice(['auto', 'full', 'compact', 'dense'])
        env = {**aims.env, **checker.env(folder), 'NVITOP_GUARD': draw.choice(['0', '1']), 'HOME': str(folder),
               'XDG_CONFIG_HOME': str(folder), 'TERM': draw.choice(['xterm-256color', 'xterm-256color', 'screen', 'linux']),
               'LC_ALL': 'C.UTF-8'}
        self.tty = Tty([paths.nvitop(), '-m', mode, *[one for one in options if one not in readonly], *readonly],
                       *draw.choice(SIZES[:5]), env=env, user=aims.user)
        self.may_signal = not is_harmless
        self.named: set[int] = set()
        self.acts: list = []  # for the message of a failure
        self.is_shortened = False
        self.tty.wait_for(lambda tty: tty.byte_count > 100, 'the first frame', PATIENCE * SLOW)

    def look(self):
        """Remembers whom the box on the screen names."""
        if found := BOX.search(self.tty.text()):
            self.named |= set(map(int, NAMED.findall(found.group(1))))
            self.is_shortened |= '... and' in found.group(1)

    def pump(self, seconds: float = 0.0):
        end = time.monotonic() + seconds
        while self.tty.pump(max(0.0, end - time.monotonic())) or time.monotonic() < end and not self.is_over():
            self.look()
        self.look()

    def is_over(self) -> bool:
        return self.tty.process.poll() is not None

    def act(self, event):
        """One event."""
        self.acts.append(event)
        if isinstance(event, tuple):
            self.tty.resize(*event)
        elif event == signal.SIGSTOP:
            for number in (signal.SIGSTOP, signal.SIGCONT):
                os.killpg(self.tty.process.pid, number)
        elif isinstance(event, signal.Signals):
            os.killpg(self.tty.process.pid, event)
        elif event == 'pause':  # the box takes no key before it has been seen
            self.pump(0.3 * SLOW)
        elif event == 'come and go':
            self.check_signals()
            self.aims.come_and_go()
        else:
            self.tty.type(event)

    def play(self, sequence: list):
        """A sequence, until it is taken in or the monitor has ended; returns whether it goes on."""
        for event in sequence:
            if self.is_over():
                break
            self.act(event)
            self.pump()
        deadline = time.monotonic() + PATIENCE * SLOW
        while not self.is_over() and not self.is_whole():
            assert time.monotonic() < deadline, f'the frame stays broken, widths {edges(self.tty)}:\n{self.tty.text()}'
            self.pump(0.02)
        self.check_signals()
        return not self.is_over()

    def is_whole(self) -> bool:
        """All typed is read, and each row of a box has both its edges."""
        if self.tty.unread():
            return False
        lines, width = self.tty.lines(), self.tty.columns
        is_boxed = any(line.startswith(('╒', '+')) for line in lines)
        # The question stands over the rows; a window lower than it does not show its buttons.
        is_asked = 'Cancel' in self.tty.text() or self.tty.rows < QUESTION_ROWS
        question = {(width - 62) // 2 + 61} if is_asked else set()
        return width < 79 or not is_boxed or edges(self.tty) <= {79, width} | question

    def check_signals(self):
        """Only whom a box has named was signalled, and nobody at all with --readonly."""
        for pid, number in self.aims.look():
            assert self.may_signal, f'{pid} got signal {number} in spite of --readonly'
            is_named = pid in self.named or f'{pid}('.encode() in self.tty.raw or self.is_shortened
            assert is_named, (f'{pid} got signal {number}; named were {self.named}, done was {self.acts[-40:]}, '
                              f'the size is {self.tty.rows}x{self.tty.columns}:\n{self.tty.text()}')
            assert number in (signal.SIGTERM, signal.SIGKILL, signal.SIGINT), f'{pid} got signal {number}'

    def end(self):
        """It has ended, or ends now: as it may, and the terminal is as it was."""
        if not self.is_over():
            os.killpg(self.tty.process.pid, signal.SIGTERM)
        status = self.tty.finish(PATIENCE * SLOW)
        is_away = any(act in AWAY for act in self.acts[-20:])
        assert status in ENDS + (WHILE_AWAY if is_away else ()), f'ended with {status}:\n{self.tty.text()}'
        assert self.tty.insanities() == []


@pytest.fixture
def folder():
    """A folder that another user may look into, with one that he may write into."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        (Path(name) / 'out').mkdir()
        (Path(name) / 'out').chmod(0o777)
        yield Path(name)


@pytest.fixture
def aims(folder):
    """The stand-ins."""
    found = targets.Targets(folder, 6, targets.other_user())
    yield found
    found.close()


def play_one(session: Session | None, draw: random.Random, folder: Path, aims: targets.Targets) -> Session | None:
    """One sequence, in a session that goes on or a new one."""
    session = session or Session(draw, folder / 'out', aims)
    goes_on = session.play(events(draw)) and draw.random() > 0.03
    if not goes_on:
        session.end()
        session.tty.close()
    assert checker.findings(folder / 'out') == ''
    return session if goes_on else None


@pytest.mark.timeout(max(SECONDS or SEQUENCES * 6, FLOOR * 6) * 2 + 120)
def test_random_sequences(folder, aims):
    print(f'NVITOP_SEED={SEED}')
    draw, begin, count, session = random.Random(SEED), time.monotonic(), 0, None
    try:
        while count < FLOOR or count < SEQUENCES and (not SECONDS or time.monotonic() - begin < SECONDS):
            session = play_one(session, draw, folder, aims)
            count += 1
        if session:
            session.end()
        assert checker.findings(folder / 'out') == ''
    except BaseException:
        print(f'in sequence {count} of NVITOP_SEED={SEED}')
        raise
    finally:
        if session:
            session.tty.close()
    print(f'{count} of {SEQUENCES} sequences, {len(aims.told)} signals, {aims.replaced} stand-ins replaced')
    assert count == SEQUENCES or SECONDS and count >= FLOOR
    if count >= ENOUGH:
        assert aims.replaced, 'nobody came and went'
        assert aims.told or aims.user is None, 'no signal was ever sent'


@pytest.mark.skipif(os.getuid() != 0, reason='only root can be somebody else')
def test_stand_ins_tell(aims):
    """The eyes of the test above."""
    os.kill(aims.processes[1].pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while not (found := aims.look()):
        assert time.monotonic() < deadline
    assert found == [(aims.processes[1].pid, signal.SIGTERM)]
    victim = aims.processes[2]
    victim.kill()
    victim.wait()
    assert aims.look() == [(victim.pid, signal.SIGKILL)]
    assert aims.processes[2].pid != victim.pid and f'S2 {aims.processes[2].pid}' in aims.map.read_text()
