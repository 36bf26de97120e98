"""nvitop at the far end of ssh, where the terminal is not known, no locale is set, or there is no terminal."""

from __future__ import annotations

import os
import select
import signal
import subprocess

import pytest
from support import paths, term
from support.tty import Tty, edges

TERMS = ['xterm-256color', 'xterm-ghostty', 'xterm-kitty', 'nobody-knows-it']
LOCALES = {'no locale': '', 'C': 'LC_ALL=C ', 'one that is not there': 'LANG=xx_YY.UTF-8 LC_CTYPE=xx_YY.UTF-8 '}
TRAIN = r'│ +\d +\d+ C .* train --rank 2'
PATIENCE = 20.0  # seconds until what a lost connection leaves is given up


def monitor(host, command, term_name='xterm-256color', rows=50, columns=100):
    return Tty(host.ssh(command, options=['-t']), rows, columns, {'TERM': term_name})


def ended(pids):
    """Whether all these processes end in time."""
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        is_over = bool(select.select([fd], [], [], PATIENCE)[0])
        os.close(fd)
        if not is_over:
            return False
    return True


def check_monitor(tty):
    """It draws, follows the size, and leaves the terminal as it was."""
    tty.wait_text(TRAIN)
    assert edges(tty) <= {79, 100} and '╒═' in tty.text()
    tty.resize(40, 120)
    tty.wait_for(lambda tty: any(line.startswith('╞') and len(line) == 120 for line in tty.lines()), '120 columns')
    tty.type('Down')
    tty.wait_for(lambda tty: tty.reversed_row() >= 0, 'a selection')
    tty.type('q')
    assert tty.finish() == 0
    assert tty.insanities() == []
    assert 'train --rank 2' in tty.text()


@pytest.mark.parametrize('name', TERMS)
def test_monitor_whatever_the_terminal(host, name):
    with monitor(host, 'nvitop', name) as tty:
        check_monitor(tty)
    assert host.programs() == []


@pytest.mark.parametrize('locale', LOCALES.values(), ids=LOCALES)
def test_monitor_whatever_the_locale(host, locale):
    with monitor(host, f'{locale}nvitop', 'xterm-ghostty') as tty:
        check_monitor(tty)


def test_monitor_of_one_user(host):
    """README.md's second line."""
    with monitor(host, '~/.local/bin/nvitop') as tty:
        check_monitor(tty)


def test_dumb_terminal_gets_the_report_and_is_told(host):
    with monitor(host, 'nvitop', 'dumb') as tty:
        status = tty.finish()
        assert status == 1 and 'train --rank 2' in tty.text()
        assert 'ERROR' in tty.text() and 'dumb' in tty.text()
        assert tty.insanities() == []


def test_suspended_in_a_login_shell_and_back(host):
    with Tty(host.ssh(options=['-t']), 50, 100, {'TERM': 'xterm-ghostty'}) as tty:
        tty.type('~/.local/bin/nvitop\r')
        tty.wait_text(TRAIN)
        tty.type('Ctrl-Z')
        tty.wait_text(r'Stopped .*nvitop')
        assert not tty.screen.has_mode(1049) and not tty.screen.cursor.hidden
        tty.type('fg\r')
        tty.wait_for(lambda tty: tty.screen.has_mode(1049), 'the monitor')
        tty.wait_text(TRAIN)
        tty.type('q')
        tty.wait_for(lambda tty: not tty.screen.has_mode(1049), 'the shell')
        tty.type('exit\r')
        assert tty.finish() == 0
        assert tty.insanities() == []


@pytest.mark.parametrize('command', ['nvitop -1', 'nvitop'])
def test_report_without_a_terminal(host, command):
    done = term.run(host.ssh(command))
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and 'train --rank 2' in done.out
    assert '\033' not in done.out and '╒═' in done.out


def test_monitor_without_a_terminal_is_refused(host):
    done = term.run(host.ssh('nvitop -m'))
    assert done.rc == 1
    assert len(done.err.splitlines()) == 1 and 'TTY' in done.err


@pytest.mark.parametrize('whom', ['ssh', 'sshd'])
def test_lost_connection_leaves_nobody(host, whom):
    """Whichever end goes first: the program has a terminal that is no more."""
    with monitor(host, 'nvitop') as tty:
        tty.wait_text(TRAIN)
        left = host.programs()
        assert len(left) == 2, 'the guard and its child'
        if whom == 'ssh':
            os.kill(tty.process.pid, signal.SIGKILL)
        else:
            server = int(open(f'/proc/{min(left)}/stat').read().rpartition(')')[2].split()[1])
            os.kill(server, signal.SIGKILL)
        assert ended(left)
    assert host.programs() == []


def test_lost_connection_ends_a_loop_without_a_terminal(host):
    process = subprocess.Popen(host.ssh('nvitop --json --loop --interval 0.25'), env=term.clean_env(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with process:
        assert process.stdout.readline().startswith(b'{')
        left = host.programs()
        assert left
        process.kill()
    assert ended(left)
