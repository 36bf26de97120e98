"""Every way out leaves a sane terminal: settings, screen, cursor, mouse. And nobody is left behind."""

from __future__ import annotations

import os
import re
import signal

import pytest

from monitors import LEAVE, THREE, WAITING, Monitor, Shell, children, has_ended, is_end
from support import paths, term
from support.tty import Tty

DEADLY = [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS]


@pytest.fixture
def three(open_scenario):
    """Three GPUs with a process each."""
    with open_scenario(THREE) as running:
        yield running


@pytest.fixture
def monitor(three):
    """The monitor, ready."""
    with Monitor(three) as found:
        yield found.wait_ready()


def test_it_takes_the_terminal(monitor):
    """Else the tests below would show nothing."""
    assert monitor.insanities()[:3] == ['settings', 'alternate screen', 'no cursor']
    assert 'mouse mode 1000' in monitor.insanities() or 'mouse mode 1002' in monitor.insanities()
    assert monitor.screen.has_mode(1006)


def test_no_mouse_no_mouse_modes(three):
    with Monitor(three, '-m', '--no-mouse') as monitor:
        monitor.wait_ready()
        assert not [one for one in monitor.insanities() if 'mouse' in one]


@pytest.mark.parametrize('key', ['q', 'Q'])
def test_q_leaves_the_report_on_the_normal_screen(monitor, key):
    monitor.type(key)
    assert monitor.leaves() == 0
    assert 'Processes:' in monitor.text() and 'train --rank 2' in monitor.text()
    assert 'Press h for help' not in monitor.text()


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize('whom', ['guard', 'child', 'group'])
def test_trap_30_a_signal_ends_it(monitor, number, whom):
    {'guard': lambda: os.kill(monitor.process.pid, number), 'child': lambda: os.kill(monitor.child(), number),
     'group': lambda: os.killpg(monitor.process.pid, number)}[whom]()
    assert is_end(monitor.leaves(), number)


@pytest.mark.parametrize('number', DEADLY)
def test_trap_30_a_crash_of_the_child(monitor, number):
    os.kill(monitor.child(), number)
    assert monitor.leaves() == -number


def test_trap_30_a_killed_guard_leaves_no_orphan(three):
    """A shell that does not mend the terminal itself, as bash would."""
    with Tty(['sh', '-c', '"$0" -m full; echo "ended $?"; exec cat', paths.nvitop()], 50, 100, three.env) as shell:
        shell.wait_text('Processes:')
        guard, = children(shell.process.pid)
        child, = children(guard)
        pidfd = os.pidfd_open(child)
        os.kill(guard, signal.SIGKILL)
        shell.wait_for(lambda tty: b'ended 137' in tty.raw, 'the end of the guard')
        assert has_ended(pidfd)
        os.close(pidfd)
        shell.wait_for(lambda tty: not tty.insanities(), 'a sane terminal')


@pytest.mark.parametrize('is_hup_ignored', [False, True])
def test_trap_30_the_terminal_goes_away(three, is_hup_ignored):
    script = 'trap "" HUP; exec "$0" -m full' if is_hup_ignored else 'exec "$0" -m full'
    with Tty(['sh', '-c', script, paths.nvitop()], 50, 100, three.env) as monitor:
        monitor.wait_text('Processes:')
        ends = [os.pidfd_open(pid) for pid in (monitor.process.pid, monitor.child())]
        monitor.hang_up()
        for pidfd in ends:
            assert has_ended(pidfd, LEAVE), 'it goes on without a terminal'
            os.close(pidfd)


def test_trap_30_suspended_and_back(three):
    with Shell(three.env) as shell:
        shell.run(paths.nvitop(), '-m', 'full')
        shell.wait_text('train --rank 2')
        for _ in range(3):
            shell.type('Ctrl-Z')
            assert shell.prompt() == 128 + signal.SIGTSTP
            assert shell.terminal_state() == []
            shell.still_works()
            shell.run('fg')
            shell.wait_for(lambda tty: tty.screen.has_mode(1049) and tty.screen.cursor.hidden, 'the monitor')
            shell.wait_text('train --rank 2')
        shell.type('q')
        assert shell.prompt() == 0


def test_trap_30_another_size_while_suspended(three):
    with Shell(three.env) as shell:
        shell.run(paths.nvitop(), '-m', 'full')
        shell.wait_text('train --rank 2')
        shell.type('Ctrl-Z')
        shell.prompt()
        shell.resize(40, 120)
        shell.run('fg')
        shell.wait_for(lambda tty: any(line.startswith('╞') and len(line) == 120 for line in tty.lines()), '120 columns')
        shell.type('q')
        assert shell.prompt() == 0


def selected(tty) -> str:
    """The row of the selection."""
    row = tty.reversed_row()
    return tty.lines()[row] if row >= 0 else ''


def ranks(tty) -> list[str]:
    """The processes from above to below."""
    return re.findall(r'train --rank (\d)', tty.text())


def test_type_ahead_is_not_lost(monitor):
    """All in one piece, and each key acts: order by GPU memory, the second row, compact, the help and back."""
    assert ranks(monitor) == ['0', '1', '2'] and '╴30s' in monitor.text()
    monitor.type('og', 'Down', 'Down', 'c', 'h', 'x')
    monitor.wait_for(lambda tty: 'rank 1' in selected(tty), 'the selection')
    assert ranks(monitor) == ['2', '1', '0']
    assert '╴30s' not in monitor.text()
    monitor.type('og', 'Up', 'f', 'h')
    monitor.wait_for(lambda tty: 'Processes:' not in tty.text(), 'the help')
    monitor.type('xq')
    assert monitor.leaves() == 0


def test_keys_typed_before_it_starts_count(three):
    """The terminal still edits lines and echoes then."""
    with Monitor(three) as monitor:
        monitor.type('c', 'og')
        monitor.wait_for(lambda tty: ranks(tty) == ['2', '1', '0'], 'the order')
        assert '╴30s' not in monitor.text()
        monitor.type('q')
        assert monitor.leaves() == 0


def test_keys_before_the_first_frame_count(open_scenario):
    """The help and back, and the help again: were the first key lost, the second would leave."""
    with open_scenario(f'hang.nvmlInit* = yes\n{THREE}') as running, Monitor(running) as monitor:
        monitor.type('h', 'q', 'h')
        monitor.wait_text('Any key leads back')
        monitor.type('x')
        monitor.wait_text(WAITING)
        monitor.type('q')
        assert monitor.leaves() == 0


def test_q_before_the_first_frame_leaves(open_scenario):
    with open_scenario(f'hang.nvmlInit* = yes\n{THREE}') as running, Monitor(running) as monitor:
        monitor.type('q')
        assert monitor.leaves() == 0
        assert 'Processes:' not in monitor.text()


def test_the_monitor_wants_a_terminal(three):
    result = three.run('-m')
    assert result.rc == 1 and 'Processes:' in result.out
    assert 'ERROR: You must run monitor mode from a TTY terminal.' in result.err


def test_a_failing_start_leaves_the_terminal_untouched(open_scenario):
    with open_scenario('init_error = DRIVER_NOT_LOADED\n[device 0]\n') as running, Monitor(running) as monitor:
        assert monitor.finish() == 1
        assert b'\033[?1049h' not in monitor.raw
        assert 'NVML ERROR: Driver Not Loaded' in monitor.text()


def test_a_start_that_fails_late_says_why(open_scenario):
    text = 'delay.nvmlInit* = 0.5s\ninit_error = DRIVER_NOT_LOADED\n[device 0]\n'
    with open_scenario(text) as running, Monitor(running) as monitor:
        monitor.wait_text(WAITING)
        assert monitor.finish() == 1
        assert monitor.insanities() == []
        assert 'NVML ERROR: Driver Not Loaded' in monitor.text()


def test_the_environment_has_no_settings_of_ours():
    assert not [name for name in term.clean_env() if name.startswith('NVITOP_')]
