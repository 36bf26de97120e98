"""The terminal, from outside: what it is asked for, what it tells, and that it is given back as it was."""

import os
import signal
import termios

import pytest
from support.paths import built
from support.tty import ALTERNATE, CURSOR, MOUSE, Tty

WRAP = 7


def probe(*arguments, **options):
    env = dict.fromkeys(('COLORTERM', 'STY', 'TMUX', 'ESCDELAY'), '')
    env.update(options.pop('env', {}))
    unset = [name for name, value in env.items() if not value]
    command = ['env', *(f'-u{name}' for name in unset), built('tests/tty/term_probe'), *arguments]
    return Tty(command, env={name: value for name, value in env.items() if value}, **options)


def is_given_back(tty):
    return tty.is_sane() and tty.screen.has_mode(WRAP)


def test_taken_and_given_back():
    with probe() as tty:
        tty.wait_text(r'^size 24x80 colours 256 events 0 utf8 中█é$')
        assert tty.screen.has_mode(ALTERNATE) and not tty.screen.has_mode(CURSOR) and not tty.screen.has_mode(WRAP)
        assert not any(map(tty.screen.has_mode, MOUSE))
        modes = termios.tcgetattr(tty.slave)
        assert not modes[0] & (termios.IXON | termios.ICRNL) and not modes[3] & (termios.ICANON | termios.ECHO)
        tty.type('q')
        assert tty.finish() == 0 and is_given_back(tty)
        assert tty.lines()[0] == 'end: key'


def test_interrupt_suspend_and_flow_control_are_keys():
    with probe() as tty:
        tty.wait_text('^size')
        tty.type(b'\x11\x13')
        tty.wait_text('^key 0x13 .*\nkey 0x11 ')
        tty.type(b'\x03')
        assert tty.finish() == 0 and tty.lines()[0] == 'end: key'


def test_quit_keeps_its_meaning():
    with probe() as tty:
        tty.wait_text('^size')
        tty.type(b'\x1c')
        assert tty.finish() == -signal.SIGQUIT


@pytest.mark.parametrize('name', ['mouse', 'none'])
def test_mouse_only_where_it_is_wanted(name):
    with probe(name) as tty:
        tty.wait_text('^size')
        assert [number for number in MOUSE if tty.screen.has_mode(number)] == ([1000, 1006] if name == 'mouse' else [])
        tty.type(b'\033[<0;300;5M')
        tty.wait_text(r'^mouse 0 mod 0 button 0 at 4,299$')
        tty.type('q')
        assert tty.finish() == 0 and is_given_back(tty)


@pytest.mark.parametrize('term, colours, words', [
    ('xterm-256color', 256, 'utf8'), ('xterm', 8, 'utf8'), ('linux', 8, 'ascii'), ('screen', 8, 'utf8'),
    ('screen-256color', 256, 'utf8'), ('tmux-256color', 256, 'utf8'), ('rxvt-unicode-256color', 256, 'utf8'),
    ('vt100', 0, 'utf8'), ('vt220', 0, 'utf8'), ('xterm-ghostty', 256, 'utf8'), ('no-such-terminal', 256, 'utf8'),
    ('', 256, 'utf8')])
def test_every_terminal(term, colours, words):
    with probe(env={'TERM': term}) as tty:
        tty.wait_text(rf'^size 24x80 colours {colours} events 0 {words}')
        tty.type('Up', 'F5', 'x')
        tty.wait_text('^key 0x78 .*\nkey 0x11000f .*\nkey 0x110000 ')
        tty.wait_text('end$')
        assert words == 'utf8' or tty.raw.isascii()
        tty.type('q')
        assert tty.finish() == 0 and is_given_back(tty)


@pytest.mark.parametrize('term', ['dumb', 'vt52'])
def test_what_has_no_screen_is_refused(term):
    with probe(env={'TERM': term}) as tty:
        assert tty.finish() == 1
        assert tty.lines()[0].startswith('refused: ') and b'\033' not in tty.raw
        assert termios.tcgetattr(tty.slave) == tty.before


def test_what_is_no_terminal_is_refused():
    with Tty(['sh', '-c', f'{built("tests/tty/term_probe")} </dev/null']) as tty:
        assert tty.finish() == 1
        assert tty.lines()[0].startswith('refused: ') and b'\033' not in tty.raw


@pytest.mark.parametrize('arguments, env, is_direct', [
    (['gradient'], {'COLORTERM': 'truecolor'}, True),
    (['gradient'], {'COLORTERM': '24bit', 'TERM': 'xterm-ghostty'}, True),
    (['gradient'], {'COLORTERM': 'truecolor', 'TERM': 'tmux-256color', 'TMUX': '/tmp/x,1,0'}, True),
    ([], {'COLORTERM': 'truecolor'}, False),
    (['gradient'], {}, False),
    (['gradient'], {'COLORTERM': 'yes'}, False),
    (['gradient'], {'COLORTERM': 'truecolor', 'TERM': 'screen-256color', 'STY': '1.pts-0.host'}, False),
    (['gradient'], {'COLORTERM': 'truecolor', 'TERM': 'screen.xterm-256color'}, False)])
def test_colours_of_24_bits(arguments, env, is_direct):
    with probe(*arguments, env=env) as tty:
        tty.wait_text('^gradient  reverse')
        assert tty.screen.buffer[1][0].fg == ('12ab34' if is_direct else '00af5f')


@pytest.mark.parametrize('locale', ['C', 'POSIX', 'C.UTF-8', 'no_SUCH'])
def test_characters_in_every_locale(locale):
    with probe(env={'LC_ALL': locale}) as tty:
        tty.wait_text('utf8 中█é$')


def test_ascii():
    with probe('ascii') as tty:
        tty.wait_text('ascii$')
        tty.type('中')
        tty.wait_text('^key 0x4e2d ')
        assert tty.raw.isascii()


@pytest.mark.parametrize('rows, columns', [(1, 1), (2, 3), (1, 200), (60, 1), (300, 500), (24, 79)])
def test_every_size(rows, columns):
    with probe() as tty:
        tty.wait_text('^size 24x80 ')
        tty.raw.clear()
        tty.resize(rows, columns)
        head = f'size {rows}x{columns} colours'[:columns]
        tty.wait_for(lambda tty: b'\033[2J' in tty.raw and tty.screen.display[0].startswith(head), head)
        tty.resize(24, 80)
        tty.wait_text(r'^size 24x80 .*\n.*\n(?:.*\n)*resize ')
        tty.type('q')
        assert tty.finish() == 0 and is_given_back(tty)


def test_a_burst_is_not_lost():
    with probe(env={'ESCDELAY': '9000'}) as tty:  # the machine may be busy between two bytes
        tty.wait_text('^size')
        tty.type(b'jk\033[A' * 600)
        tty.wait_text('^size .* events 1800 ')


def test_type_ahead_is_not_lost():
    """What came before the program was there."""
    with Tty(['sh', '-c', f'stty -icanon -echo; echo ready; read go; exec {built("tests/tty/term_probe")}']) as tty:
        tty.wait_text('^ready')
        tty.type(b'\njj')
        tty.wait_text('^size .* events 2 ')


def test_esc_alone():
    with probe() as tty:
        tty.wait_text('^size')
        tty.type('Esc')
        tty.wait_text('^key 0x1b mod 0 ')
        tty.type(b'\033x')
        tty.wait_text('^key 0x78 mod 1 ')


def test_esc_has_the_time_that_is_set():
    with probe(env={'ESCDELAY': '9000'}) as tty:
        tty.wait_text('^size')
        tty.type('Esc')
        tty.resize(25, 80)
        tty.wait_text('^size 25x80 colours 256 events 1 ')
        tty.type(b'[A')
        tty.wait_text('^size 25x80 colours 256 events 2 ')
        tty.wait_text('^key 0x110000 mod 0 ')


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_it_back(number):
    with probe('mouse') as tty:
        tty.wait_text('^size')
        tty.process.send_signal(number)
        assert tty.finish() == 3 and is_given_back(tty)


def test_suspended_and_back():
    with probe('mouse') as tty:
        tty.wait_text('^size')
        tty.type(b'x\x1a')
        assert os.waitid(os.P_PID, tty.process.pid, os.WSTOPPED | os.WNOWAIT).si_status == signal.SIGSTOP
        tty.wait_for(lambda tty: tty.screen.has_mode(WRAP))
        tty.drain(0)
        assert is_given_back(tty)
        os.write(tty.slave, b'\033[Hjob 1 stopped')
        tty.wait_text('^job 1 stopped')
        tty.process.send_signal(signal.SIGCONT)
        tty.wait_text('^size .*events 2 ')
        assert tty.screen.has_mode(ALTERNATE) and tty.screen.has_mode(1006)
        tty.type('q')
        assert tty.finish() == 0 and is_given_back(tty)


def test_stopped_without_a_word_and_back():
    """The shell has used the terminal meanwhile; what was before the program is what is given back."""
    with probe('mouse') as tty:
        tty.wait_text('^size')
        raw = termios.tcgetattr(tty.slave)
        os.kill(tty.process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, tty.process.pid, os.WSTOPPED | os.WNOWAIT)
        termios.tcsetattr(tty.slave, termios.TCSANOW, tty.before)
        os.write(tty.slave, b'\033[?1049l\033[?7h\033[?25h\033[?1000l$ fg')
        tty.wait_for(lambda tty: not tty.screen.has_mode(ALTERNATE))
        tty.process.send_signal(signal.SIGCONT)
        tty.wait_for(lambda tty: tty.screen.has_mode(ALTERNATE) and tty.screen.has_mode(1000))
        tty.wait_text('^size')
        assert termios.tcgetattr(tty.slave) == raw
        tty.type('q')
        assert tty.finish() == 0 and is_given_back(tty)


@pytest.mark.parametrize('arguments', [[], ['deaf']])
def test_a_hang_up_ends_it(arguments):
    """Without the signal too: the end of the terminal is seen, and nothing spins."""
    with probe(*arguments) as tty:
        tty.wait_text('^size')
        tty.hang_up()
        assert tty.process.wait(10) in (0, 3)


def test_a_terminal_that_does_not_read_holds_nobody():
    with probe() as tty:
        tty.wait_text('^size')
        termios.tcflow(tty.slave, termios.TCOOFF)
        tty.type(*['x'] * 100)
        tty.process.send_signal(signal.SIGTERM)
        assert tty.process.wait(10) == 3


def test_what_was_missed_is_shown_later():
    with probe() as tty:
        tty.wait_text('^size')
        termios.tcflow(tty.slave, termios.TCOOFF)
        tty.type(*['x'] * 100)
        termios.tcflow(tty.slave, termios.TCOON)
        tty.wait_text('^size .* events 100 ')


def test_in_tmux(tmp_path):
    env = {'TMUX_TMPDIR': str(tmp_path), 'TERM': 'xterm-ghostty', 'COLORTERM': 'truecolor'}
    env['TERM'] = 'xterm-256color'
    command = ['tmux', '-f', '/dev/null', 'new-session', ';', 'set', '-g', 'mouse', 'on', ';', 'set', '-g',
               'status', 'off', ';', 'respawn-pane', '-k', f'{built("tests/tty/term_probe")} mouse']
    with Tty(command, env=env) as tty:
        tty.wait_text('^size 24x80 .*utf8 中█é')
        tty.type(b'\033[<0;5;6M')
        tty.wait_text('^mouse 0 mod 0 button 0 at 5,4')
        tty.type('Up', 'F5')
        tty.wait_text('^key 0x11000f .*\nkey 0x110000 ')
        tty.type('q')
        tty.finish()
