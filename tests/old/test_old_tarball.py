"""The tarball of a release in a system of years ago, on terminals and in locales of which it knows nothing."""

from __future__ import annotations

import shutil

import pytest
from support import paths, tarballs
from support.tty import Tty

TERMINFO = ('/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo')
LOCALES = ('/usr/lib/locale',)
NO_LOCALE = {'LC_ALL': None}


@pytest.fixture(scope='module', autouse=True)
def unpacked(system, tmp_path_factory):
    """In a folder whose name has a space, with links to the programs from one that is in PATH."""
    tree = tarballs.unpack(tarballs.build(tmp_path_factory.mktemp('made')), tmp_path_factory.mktemp('unpacked'))
    place = system.folder / 'root/un packed'
    links = system.folder / 'root/links'
    for folder in (place, links):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tree, place, symlinks=True)
    links.mkdir()
    for name in ('nvitop', 'nvisel'):
        (links / name).symlink_to(f'../un packed/bin/{name}')
    system.environment['PATH'] = '/root/links:/usr/bin:/bin'


@pytest.mark.parametrize('command', ['nvitop', 'nvisel'])
def test_every_symbol_is_found(system, command):
    """All are looked up at once, which a run may otherwise never do."""
    done = system.run(command, '--version', env={'LD_BIND_NOW': '1'})
    assert (done.rc, done.err, done.out) == (0, '', f'{command} {paths.version()}\n')


def test_report(system):
    done = system.run('nvitop', '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and done.out.count('A100-SXM4-80GB') == 8


def test_chooser(system):
    done = system.run('nvisel', '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


@pytest.mark.parametrize('hidden, env, corner', [
    ((), {'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color'}, '╒'),
    ((), {**NO_LOCALE, 'TERM': 'xterm-ghostty'}, '╒'),
    ((), {**NO_LOCALE, 'LANG': 'C', 'TERM': 'foot-extra'}, '╒'),
    ((), {**NO_LOCALE, 'TERM': None}, '╒'),
    (TERMINFO, {**NO_LOCALE, 'TERM': 'xterm-256color'}, '╒'),
    (TERMINFO, {**NO_LOCALE, 'TERM': 'xterm-kitty', 'COLORTERM': 'truecolor'}, '╒'),
    ((*TERMINFO, *LOCALES), {**NO_LOCALE, 'TERM': 'xterm-ghostty'}, '+'),
], ids=['known', 'unknown', 'C', 'no-term', 'no-terminfo', 'no-terminfo-truecolor', 'no-terminfo-no-locale'])
def test_monitor_draws_whatever_the_far_side_lacks(system, hidden, env, corner):
    with Tty(system.command('nvitop', '--demo', 'two', hidden=hidden, env=env), rows=40, columns=100) as tty:
        tty.wait_text('RTX 4060 Ti')
        tty.wait_text('Load Average')
        screen = tty.screen
        assert screen.has_mode(1049) and any(line.startswith(corner) for line in tty.lines())
        coloured = {cell.fg for row in screen.buffer.values() for cell in row.values()} - {'default'}
        assert len(coloured) >= 2
        tty.type('q')
        assert tty.finish() == 0
        assert not screen.has_mode(1049) and tty.insanities() == []
