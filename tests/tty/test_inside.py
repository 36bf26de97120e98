"""The monitor inside GNU screen, which has a terminal of its own kind."""

from __future__ import annotations

import shutil

import pytest
from support import paths, tty


@pytest.mark.parametrize('colours', [[], ['-T', 'screen-256color']], ids=['screen', 'screen-256color'])
def test_monitor_inside_gnu_screen(colours, tmp_path):
    assert shutil.which('screen'), 'GNU screen is among the packages of the tests'
    tmp_path.chmod(0o700)
    command = ['screen', '-U', '-c', '/dev/null', '-S', f'nvitop-{tmp_path.name}', *colours,
               paths.nvitop(), '--demo', 'two']
    with tty.Tty(command, 30, 100, {'LC_ALL': 'C.UTF-8', 'SCREENDIR': str(tmp_path), 'TMUX': ''}) as one:
        one.wait_text(r'^│ +0 +\d+ C +\S+ 12400MiB')
        one.type('Down')
        one.wait_for(lambda t: t.reversed_row() >= 0, 'a selected row')
        lines = one.lines()
        first = next(y for y, line in enumerate(lines) if line.startswith('╒') and len(line) == 100)
        assert all(line[0] in '╒│╞├╘' and line[99] in '╕│╡┤╛' for line in lines[first:first + 8]), one.text()
        one.type('q')
        one.wait_for(lambda t: t.process.poll() is not None and not t.insanities(), 'a terminal as it was')
        assert one.process.returncode == 0
