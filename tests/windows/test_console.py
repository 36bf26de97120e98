"""The console of Windows: what is typed there, what is drawn, and how it is left."""

from __future__ import annotations

import re
import subprocess

import pytest

from support import paths
from support.scenes import THREE
from support.tty import ALTERNATE, PATIENCE

import consoles
import wine
from consoles import ALT, CTRL, SHIFT, Console, Idle

RIGHT_ALT = 1
UP, DOWN, F1, BACK_TAB, PAGE_UP = 0x110000, 0x110001, 0x11000b, 0x11000a, 0x110006
MODIFIER = {'alt': 1, 'shift': 2, 'ctrl': 4}
BOX_LOOKS = 0.5  # seconds; twice what a box has to be on the screen before it takes keys
LIBRARIES = ('src/tui/libtui.a', 'src/view/libview.a', 'src/core/libcore.a', 'src/base/libbase.a')


# ---- the seam alone

@pytest.fixture(scope='session')
def probe(tmp_path_factory):
    """A program that tells the console's events."""
    program = tmp_path_factory.mktemp('probe') / 'probe.exe'
    needs = wine.PROGRAMS.with_name('build-windows-deps') / 'prefix/lib/libutf8proc.a'
    subprocess.run([consoles.COMPILER, '-std=c17', '-Wall', '-Wextra', '-Werror', '-static', '-D_WIN32_WINNT=0x0A00',
                    f'-I{paths.ROOT}/src', f'-I{paths.ROOT}/include', str(paths.ROOT / 'tests/windows/term_probe.c'),
                    *(str(wine.PROGRAMS / library) for library in LIBRARIES), str(needs), '-o', str(program)],
                   check=True, timeout=PATIENCE)
    return program


@pytest.fixture
def watched(console, probe):
    """The probe in a console, with the mouse, once it is there."""
    with Console(console, [wine.path(probe), 'mouse', 'gradient']) as watching:
        watching.wait_text('^size 30x100 ')
        yield watching


def events(watching, end='q'):
    """What was told until the end, as (kind, key, modifiers, button, row, column)."""
    watching.type(end)
    assert watching.finish() == 0
    found = re.findall(r'^event: (\w+) (\w+) mod (\d+) button (\d+) at (-?\d+),(-?\d+)$', watching.told, re.M)
    return [(kind, *(int(number, 0) for number in numbers)) for kind, *numbers in found][:-1]


def keys(watching):
    return [(key, modifiers) for kind, key, modifiers, *_ in events(watching) if kind == 'key']


# code, character, state as Windows has them → key and modifiers as the monitor has them
STRUCK = [
    ((0x26, 0, 0), (UP, 0)), ((0x28, 0, SHIFT), (DOWN, MODIFIER['shift'])), ((0x21, 0, CTRL), (PAGE_UP, MODIFIER['ctrl'])),
    ((0x70, 0, 0), (F1, 0)), ((0x7b, 0, 0), (F1 + 11, 0)), ((0x09, 9, SHIFT), (BACK_TAB, 0)), ((0x09, 9, 0), (9, 0)),
    ((0x08, 8, 0), (127, 0)), ((0x0d, 13, 0), (13, 0)), ((0x1b, 27, 0), (27, 0)), ((0x41, 97, 0), (97, 0)),
    ((0x41, 65, SHIFT), (65, 0)), ((0x41, 97, ALT), (97, MODIFIER['alt'])), ((0x41, 1, CTRL), (1, 0)),
    ((0x43, 3, CTRL), (3, 0)), ((0xde, 0xe9, 0), (0xe9, 0)), ((0x4d, 0x4e2d, 0), (0x4e2d, 0)),
    ((0x32, 64, RIGHT_ALT | CTRL), (64, 0)),  # AltGr
]


def test_keys(watched):
    for (code, character, state), _ in STRUCK:
        watched.order('key', code, character, state, 1)
    assert keys(watched) == [told for _, told in STRUCK]


def test_a_key_that_is_held_is_told_as_often(watched):
    watched.order('key', 0x28, 0, 0, 3)
    assert keys(watched) == [(DOWN, 0)] * 3


def test_a_character_of_two_halves_is_one_key(watched):
    for half in (0xd83d, 0xde02):
        watched.order('key', 0, half, 0, 1)
    assert keys(watched) == [(0x1f602, 0)]


def test_half_a_character_is_none(watched):
    for half in (0xde02, 0xd83d, ord('a')):
        watched.order('key', 0, half, 0, 1)
    assert keys(watched) == [(ord('a'), 0)]


def test_keys_that_mean_nothing_alone(watched):
    for code in (0x10, 0x11, 0x12, 0x14, 0x5b, 0xff):  # Shift, Ctrl, Alt, Caps Lock, Windows, one that nobody knows
        watched.order('key', code, 0, 0, 1)
    assert keys(watched) == []


LEFT, RIGHT, WHEEL_UP, WHEEL_DOWN = range(4)


def test_mouse(watched):
    watched.click(3, 4)
    watched.order('mouse', 5, 6, 2, 0, 0)
    watched.order('mouse', 7, 8, 3, 0, SHIFT)  # the left one, while the right one is down
    watched.order('mouse', 7, 9, 3, consoles.MOVED, 0)
    watched.order('mouse', 7, 9, 0, 0, 0)
    watched.order('mouse', 0, 0, 1, consoles.DOUBLE, 0)
    watched.turn_wheel(9, 10, 2)
    watched.turn_wheel(11, 12, -1)
    told = [(button, row, column, modifiers) for kind, _, modifiers, button, row, column in events(watched)
            if kind == 'mouse']
    assert told == [(LEFT, 3, 4, 0), (RIGHT, 5, 6, 0), (LEFT, 7, 8, MODIFIER['shift']), (LEFT, 0, 0, 0),
                    (WHEEL_UP, 9, 10, 0), (WHEEL_UP, 9, 10, 0), (WHEEL_DOWN, 11, 12, 0)]


def test_size(watched):
    watched.resize(20, 60)
    watched.wait_text('^size 20x60 ')
    assert {kind for kind, *_ in events(watched)} == {'resize'}  # one or more: it is changed in steps


def test_what_is_drawn(watched):
    """24-bit colours, attributes and characters of all lengths, to the last column."""
    head, gradient = watched.screen.buffer[0], watched.screen.buffer[1][0]
    assert watched.lines()[0].endswith('colours 16777216 中█é')
    assert (head[0].fg, head[0].bold, gradient.fg) == ('green', True, '12ab34')
    assert watched.screen.buffer[2][0].reverse
    assert watched.screen.display[29].endswith('end')
    assert watched.screen.cursor.hidden and watched.screen.has_mode(ALTERNATE)
    assert events(watched) == []


def test_modes_are_given_back(watched):
    before, during = watched.settings()[0], watched.look()
    assert during != before and during.endswith('page 65001')
    events(watched)
    assert watched.insanities() == []


def test_selecting_with_the_mouse_stays_where_ours_is_not_wanted(console, probe):
    quick_edit, mouse = 0x40, 0x10
    with Console(console, [wine.path(probe)]) as watching:
        watching.wait_text('^size 30x100 ')
        before, during = (int(settings.split()[1]) for settings in (watching.settings()[0], watching.look()))
        assert before & quick_edit and during & quick_edit and not during & mouse
        events(watching)


def test_what_the_system_tells_is_told(watched):
    """wine makes no other event than this one: Ctrl-Break and the end of a session go the same way."""
    watched.order('interrupt')
    assert watched.finish() == 2
    assert watched.insanities() == []


def test_without_a_console(probe):
    done = subprocess.run([*wine.COMMAND, str(probe)], env=wine.env(), stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=PATIENCE, text=True, check=False)
    assert done.returncode == 1 and done.stderr.strip() == 'refused: standard input and output are not a console'


# ---- the monitor

SCENARIO = THREE + """gpu_util = 37
[process IDLE]
device = 1
mem = 2GiB
type = C
"""


@pytest.fixture
def idle(console):
    """A process that the monitor may end."""
    with Idle(console) as process:
        yield process


@pytest.fixture
def monitor(console, idle, tmp_path):
    """nvitop over three GPUs, of which one is used by a process, once it is there."""
    (tmp_path / 'scenario.ini').write_text(SCENARIO, encoding='utf-8')
    (tmp_path / 'pids').write_text(f'IDLE {idle.pid}\n', encoding='utf-8')
    env = {'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll'), 'NVITOP_SIM': wine.path(tmp_path / 'scenario.ini'),
           'NVITOP_SIM_PIDS': wine.path(tmp_path / 'pids')}
    with Console(console, [wine.path(wine.program('nvitop')), '-m', 'full'], 50, 100, env) as watching:
        watching.wait_text(rf'^│ +1 +{idle.pid} C ')
        yield watching


def leave(monitor):
    """Quits; the status, and the console as it was."""
    monitor.type('q')
    assert monitor.finish() == 0
    assert monitor.insanities() == []


def test_quit(monitor):
    assert monitor.screen.has_mode(ALTERNATE)
    assert 'NVITOP' in monitor.text() and '37%' in monitor.text()
    leave(monitor)


def test_the_report_stays(monitor, idle):
    leave(monitor)
    after = bytes(monitor.raw).rpartition(b'\033[?25h')[2].decode()
    assert re.search(rf'^│ +1 +{idle.pid} ', after, re.M) and '╒' in after and '\033' not in after, after


def test_screens(monitor):
    for key, words, back in (('h', 'Any key leads back', 'q'), ('t', r'console\.exe', 'q'), ('F2', 'Column TYPE', 'Esc')):
        monitor.type(key)
        monitor.wait_text(words)
        monitor.type(back)
        monitor.wait_for(lambda console: not re.search(words, console.text()), 'the main screen')
    leave(monitor)


def test_filter_takes_text(monitor, idle):
    monitor.type('\\', 'nobody é中')
    monitor.wait_text('nobody é中')
    monitor.wait_for(lambda console: str(idle.pid) not in console.text(), 'the row to go')
    monitor.type('Esc')
    monitor.wait_text(f'{idle.pid} C ')
    leave(monitor)


def row_of(monitor, idle):
    return next(y for y, line in enumerate(monitor.lines()) if f'{idle.pid} C ' in line)


def is_selected(monitor, row):
    return monitor.screen.buffer[row][2].reverse


def test_click_selects(monitor, idle):
    row = row_of(monitor, idle)
    assert not is_selected(monitor, row)
    monitor.click(row, 30)
    monitor.wait_for(lambda console: is_selected(console, row), 'the selection')
    leave(monitor)


def test_the_selected_process_is_terminated(monitor, idle):
    row = row_of(monitor, idle)
    monitor.type('Down')
    monitor.wait_for(lambda console: is_selected(console, row), 'the selection')
    monitor.type('T')
    monitor.wait_text('Cancel')
    monitor.rest(BOX_LOOKS)  # keys that come sooner were meant for what was there before
    monitor.type('Enter')
    idle.process.wait(PATIENCE)  # though its input is still open
    monitor.wait_for(lambda console: str(idle.pid) not in console.text() or 'No Such Process' in console.text(), 'its end')
    leave(monitor)


def test_resize(monitor):
    monitor.resize(40, 120)
    monitor.wait_for(lambda console: any(len(line) > 100 for line in console.lines()), 'a wider screen')
    leave(monitor)


def test_ctrl_c_is_a_key(monitor):
    monitor.type('Ctrl-C')
    monitor.wait_text('press q to quit')
    leave(monitor)


def test_ctrl_c_of_another_program_is_that_key_too(monitor):
    monitor.order('interrupt')
    monitor.wait_text('press q to quit')
    leave(monitor)


def test_the_console_is_as_it_was_though_a_driver_hangs(console):
    """The program cannot wait for the thread that is in a call then."""
    env = {'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll'), 'NVITOP_SIM': wine.path(paths.SCENARIOS / 'hang.ini'),
           'NVITOP_SIM_PIDS': 'NUL', 'NVITOP_SIM_CLOCK': '60'}
    with Console(console, [wine.path(wine.program('nvitop')), '-1'], env=env) as watching:
        watching.finish()
        assert b'NVITOP' in watching.raw
        assert watching.insanities() == []


def test_into_a_pipe_there_is_no_monitor(console, tmp_path):
    """Where nobody says that a terminal reads it."""
    (tmp_path / 'scenario.ini').write_text(SCENARIO.partition('[process')[0], encoding='utf-8')
    env = {'NVITOP_NVML': wine.path(wine.PROGRAMS / 'sim/nvml.dll'), 'NVITOP_SIM': wine.path(tmp_path / 'scenario.ini'),
           'NVITOP_CONSOLE_OUTPUT': ''}
    with Console(console, [wine.path(wine.program('nvitop')), '-m', 'full'], env=env) as watching:
        assert watching.finish() == 1
        assert 'ERROR: You must run monitor mode from a TTY terminal.' in watching.told
        assert b'\033[?1049h' not in watching.raw
