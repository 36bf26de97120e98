"""Sizes, terminals and crowds: it starts everywhere, and every frame has its edges."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess

import pytest

from monitors import CARD, THREE, Monitor, Shell
from support import paths, sim
from support.tty import edges


@pytest.fixture(scope='module')
def server():
    """The default demo, running as long as these tests."""
    with sim.scenario('a100x8') as running:
        yield running


def test_trap_28_resizes_in_any_frame(server):
    with Monitor(server, rows=60, columns=200) as monitor:
        monitor.wait_ready()
        for rows, columns, wanted in ((1, 1, ''), (24, 79, '79'), (24, 80, '80'), (12, 30, 'nvitop needs'), (60, 200, '200'),
                                      (24, 78, 'nvitop needs at least a width of 79'), (3, 79, ''), (50, 140, '140')):
            monitor.resize(rows, columns)
            if wanted.isdigit():
                monitor.wait_for(lambda tty, w=int(wanted): edges(tty) and edges(tty) <= {79, w}, f'{wanted} columns')
            elif wanted:
                monitor.wait_text(wanted.split()[0])
        monitor.type('q')
        assert monitor.leaves() == 0


def test_trap_28_a_storm_of_resizes(server):
    with Monitor(server, '-m', 'auto', rows=24, columns=79) as monitor:
        monitor.wait_ready()
        for step in range(300):
            monitor.resize(1 + step * 7 % 61, 1 + step * 13 % 211)
            monitor.pump(0)
        monitor.resize(40, 120)
        monitor.wait_for(lambda tty: 120 in edges(tty) and edges(tty) <= {79, 120}, 'whole edges')
        monitor.type('q')
        assert monitor.leaves() == 0


@pytest.mark.parametrize('env', [
    {'TERM': None}, {'TERM': ''}, {'TERM': 'xterm-ghostty'}, {'TERM': 'linux'}, {'TERM': 'xterm'}, {'TERM': 'vt100'},
    {'TERM': 'screen-256color'}, {'TERM': 'tmux-256color', 'TMUX': '/tmp/none,1,0'}, {'TERM': 'xterm-direct'},
    {'COLORTERM': 'truecolor'}, {'LC_ALL': 'C'}, {'LC_ALL': 'POSIX', 'TERM': None}, {'LC_ALL': None, 'LANG': None},
], ids=lambda env: ','.join(f'{name}={value}' for name, value in env.items()))
def test_trap_29_it_starts_everywhere(server, env):
    clean = {'LC_ALL': 'C.UTF-8', 'COLORTERM': None, **env}
    with UnsetMonitor(server, clean) as monitor:
        monitor.wait_for(lambda tty: 'Processes:' in tty.text() and 'pretrain' in tty.text(), 'the processes')
        if env.get('TERM') == 'linux':  # its fonts have no room for our bars
            assert all(byte < 0x80 for byte in monitor.raw)
        else:
            assert monitor.text().count('╞') >= 3
        monitor.type('q')
        assert monitor.leaves() == 0


class UnsetMonitor(Monitor):
    """The monitor with variables set, or taken away (None)."""

    def __init__(self, running, env):
        unset = [word for name, value in env.items() if value is None for word in ('-u', name)]
        given = {name: value for name, value in env.items() if value is not None}
        super().__init__(running, '-m', 'full', env=given, program=['env', *unset, str(paths.nvitop())], columns=140)


def test_trap_29_a_terminal_that_can_nothing(server):
    with Monitor(server, env={'TERM': 'dumb'}) as monitor:
        assert monitor.finish() == 1
        assert b'Processes:' in monitor.raw and b'\033' not in monitor.raw
        assert 'ERROR: ' in monitor.text()


@pytest.mark.skipif(not shutil.which('tmux'), reason='no tmux')
def test_trap_29_in_tmux(server, tmp_path):
    socket = tmp_path / 'tmux'
    env = {**os.environ, **server.env, 'TERM': 'xterm-256color', 'LC_ALL': 'C.UTF-8'}
    env.pop('TMUX', None)

    def tmux(*args):
        return subprocess.run(['tmux', '-S', str(socket), '-f', '/dev/null', *args], env=env, capture_output=True, text=True,
                              timeout=30, check=True).stdout
    tmux('new-session', '-d', '-x', '140', '-y', '50', f'{paths.nvitop()} -m full; tmux -S {socket} wait-for -S ended; exec cat')
    try:
        for _ in range(20000):
            shown = tmux('capture-pane', '-p')
            if 'pretrain' in shown:
                break
        assert 'pretrain' in shown and '╒' in shown
        assert tmux('display-message', '-p', '#{mouse_any_flag}#{alternate_on}#{cursor_flag}').strip() == '110'
        tmux('send-keys', 'q')
        tmux('wait-for', 'ended')
        assert tmux('display-message', '-p', '#{mouse_any_flag}#{alternate_on}#{cursor_flag}').strip() == '001'
    finally:
        tmux('kill-server')


def test_trap_27_a_crowd(open_scenario):
    """1000 processes on 16 GPUs, on the smallest terminal."""
    text = f'[device 0-15]\n{CARD}[process P]\ncount = 1000\ndevice = {{i%16}}\nmem = {{i}}MiB\ncommand = job {{i:03d}}\n'
    with open_scenario(text) as running, Monitor(running, '-m', 'auto', rows=24, columns=80) as monitor:
        def selected(job):
            monitor.wait_for(lambda tty: f'job {job:03d}' in tty.lines()[tty.reversed_row()], f'job {job}')
        monitor.wait_text(r'^╒')
        monitor.wait_for(lambda tty: tty.type('End') or tty.pump(1) and tty.reversed_row() >= 0, 'a selection')
        selected(991)
        assert monitor.reversed_row() >= 22
        monitor.type('Home')
        selected(0)
        for job in (16, 32, 48):
            monitor.type('Down')
            selected(job)
        monitor.type('End')
        selected(991)
        monitor.type('q')
        assert monitor.leaves() == 0


def test_trap_27_many_gpus(open_scenario):
    with open_scenario(f'[device 0-63]\n{CARD}') as running, Monitor(running, '-m', 'full', rows=250, columns=100) as monitor:
        for number in (0, 31, 63):
            monitor.wait_text(rf'^│ +{number}  Card')
        assert edges(monitor) == {79, 100} or edges(monitor) == {100}
        monitor.type('q')
        assert monitor.leaves() == 0


def test_only_what_changed_is_sent(open_scenario):
    """Nothing moves but the clock: a second costs a few bytes, not a screen."""
    with open_scenario(THREE) as running, Monitor(running) as monitor:
        monitor.wait_ready()
        def clock(tty):
            return tty.lines()[0][:24]
        def next_second(tty, before):
            return tty.wait_for(lambda t: clock(t) != before and clock(t), 'the next second')
        now = next_second(monitor, clock(monitor))
        counts = []
        for _ in range(6):
            begin = monitor.byte_count
            now = next_second(monitor, now)
            counts.append(monitor.byte_count - begin)
        assert max(counts) < 600, counts


def test_trap_28_a_size_that_came_and_went(server):
    """The same size again, but the terminal has forgotten what it showed: everything is sent."""
    with Monitor(server) as monitor:
        monitor.wait_ready()
        monitor.resize(10, 40)
        monitor.wait_text('nvitop')
        monitor.resize(50, 100)
        monitor.wait_for(lambda tty: edges(tty) == {79, 100} or edges(tty) == {100}, 'the size as it was')
        monitor.screen.erase_in_display(2)  # what a terminal may do
        os.kill(monitor.child(), signal.SIGWINCH)
        monitor.wait_for(lambda tty: edges(tty) == {79, 100} or edges(tty) == {100}, 'the whole screen')
        monitor.wait_text('Processes:')


def test_redraw_sends_everything(server):
    with Monitor(server) as monitor:
        monitor.wait_ready()
        begin = monitor.byte_count
        monitor.type('Ctrl-L')
        monitor.wait_for(lambda tty: tty.byte_count - begin > 3000, 'the whole screen')


def test_shell_prompt_is_read(server):
    """The helper's own eyes."""
    with Shell(server.env) as shell:
        shell.run('(exit 7)')
        assert shell.prompt() == 7
