"""Colours: the sequences, who switches them on and off, and that the original says the same."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import nvitop
import pytest
from nvitop import colored
from nvitop.api import termcolor

# Of the package, whose colours are off in a test: standard output is no terminal there.
SCRIPT = '''
import json, os, sys
from nvitop import colored, set_color
from nvitop.api import termcolor
def look():
    return [colored('a', 'red'), colored(5), termcolor.colored('a', 'red'),
            os.environ.get('FORCE_COLOR'), os.environ.get('NO_COLOR')]
found = [look()]
for value in (True, False, 1, None):
    set_color(value)
    found.append(look())
set_color(True)
os.environ['NO_COLOR'] = '1'
found.append(look())
json.dump(found, open(sys.argv[1], 'w'))
'''
RED, BARE, ZERO = '\033[31ma\033[0m', 'a', '5\033[0m'
SWITCHED = [[RED, ZERO, RED, '1', None], [BARE, '5', BARE, None, '1'], [RED, ZERO, RED, '1', None],
            [BARE, '5', BARE, None, '1'], [BARE, '5', BARE, '1', '1']]


def force(text='a', *args, **kwargs):
    return termcolor.colored(text, *args, force_color=True, **kwargs)


@pytest.mark.parametrize('found,expected', [
    (force('a', 'green', 'on_white', ['bold', 'underline']), '\033[4m\033[1m\033[107m\033[32ma\033[0m'),
    (force('a', 'green'), '\033[32ma\033[0m'),
    (force('a', None, 'on_red'), '\033[41ma\033[0m'),
    (force('a', attrs=('bold', 'bold')), '\033[1m\033[1ma\033[0m'),
    (force('a', attrs=()), 'a\033[0m'),
    (force(5), '5\033[0m'),
    (force('', 'red'), '\033[31m\033[0m'),
    (force('a\033[32mb\033[0mc', 'red'), '\033[31ma\033[32mb\033[0mc\033[0m'),
    (force('a', 'red', no_color=True), 'a')])
def test_sequences(found, expected):
    assert found == expected


@pytest.mark.parametrize('args', [('orange',), (None, 'red'), (None, None, ['italic']), ((1, 2, 3),), (None, None, 'bold')])
def test_unknown_names_are_refused(args):
    with pytest.raises(KeyError):
        force('a', *args)


def test_no_name_is_looked_at_while_colours_are_off():
    assert colored('a', 'orange', 'on_orange', ['italic']) == 'a'
    assert colored(5, 'red') == '5'


def test_printing(capsys):
    termcolor.cprint('a', 'red', force_color=True, end='|\n')
    termcolor.cprint('a', 'red', no_color=True)
    assert capsys.readouterr().out == f'{RED}|\na\n'


PYTHONS = {'ours': sys.executable, 'original': os.environ.get('NVITOP_PEER_PYTHON', '')}


@pytest.fixture(params=PYTHONS)
def look(request, tmp_path):
    """Runs SCRIPT with this environment, on a terminal or not, and says what it found."""
    def run(is_terminal: bool, **env: str) -> list:
        ours = {'PYTHONPATH': str(Path(nvitop.__file__).parents[1]), 'PYTHONDONTWRITEBYTECODE': '1'}
        outer, inner = pty.openpty()
        try:
            subprocess.run([PYTHONS[request.param], '-c', SCRIPT, str(tmp_path / 'found')], timeout=60, check=True,
                           env={'PATH': os.defpath, 'TERM': 'xterm', **(ours if request.param == 'ours' else {}), **env},
                           stdout=inner if is_terminal else subprocess.PIPE)
        finally:
            os.close(outer)
            os.close(inner)
        return json.loads((tmp_path / 'found').read_text(encoding='utf-8'))
    return run


def first(look, is_terminal: bool, **env: str) -> list:
    """The texts before anything is switched; what comes after must be what was switched."""
    before, *after = look(is_terminal, **env)
    assert after == SWITCHED
    return before[:3]


def test_terminal_has_colours(look):
    assert first(look, True) == [RED, ZERO, RED]


def test_file_has_none(look):
    assert first(look, False) == [BARE, '5', BARE]


def test_environment_may_forbid_them(look):
    assert first(look, True, NO_COLOR='') == [BARE, '5', BARE]
    assert first(look, True, NO_COLOR='1', FORCE_COLOR='1') == [BARE, '5', BARE]


def test_environment_may_force_them_where_the_module_is_asked(look):
    assert first(look, False, FORCE_COLOR='1') == [BARE, '5', RED]
    assert first(look, True, TERM='dumb', FORCE_COLOR='1') == [RED, ZERO, RED]


def test_dumb_terminal_has_none(look):
    assert first(look, True, TERM='dumb') == [BARE, '5', BARE]


def test_older_word_of_the_environment_stands_above_all(look):
    found = look(True, ANSI_COLORS_DISABLED='1')
    assert [row[:3] for row in found] == [[BARE, '5', BARE]] * 6


@pytest.mark.parametrize('stream', [None, object()])
def test_standard_output_may_be_anything(monkeypatch, stream):
    monkeypatch.delenv('FORCE_COLOR', raising=False)
    monkeypatch.setattr(sys, 'stdout', stream)
    assert termcolor.colored('a', 'red') == 'a'


def test_closed_standard_output_has_none(monkeypatch, tmp_path):
    with open(tmp_path / 'x', 'w') as closed:
        pass
    monkeypatch.delenv('FORCE_COLOR', raising=False)
    monkeypatch.setattr(sys, 'stdout', closed)
    assert termcolor.colored('a', 'red') == 'a'
