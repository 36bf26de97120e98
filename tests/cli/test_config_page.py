"""nvitop-config(5): its settings are those of the program, and its examples are files that the program takes."""

from __future__ import annotations

import re

import pytest
from support import docs, paths, term

PAGE = paths.built('docs/man/nvitop-config.5')


def plain(text: str) -> str:
    """What the macros make of a line: these escapes and fonts, no others."""
    return re.sub(r'\\f[BIR]', '', text.replace('\\-', '-').replace('\\(aq', "'"))


def section(name: str) -> str:
    return PAGE.read_text().split(f'.SH {name}\n')[1].split('\n.SH ')[0]


def settings(page) -> dict[str, str]:
    """The keys with what their values look like."""
    return dict(re.findall(r'^\.TP\n([a-z-]+) = ?(.*)$', plain(page), re.MULTILINE))


def examples() -> list[str]:
    return [plain(text) for text in re.findall(r'^\.nf\n(.*?)^\.fi$', section('EXAMPLES'), re.DOTALL | re.MULTILINE)]


def run(folder, text: str, *arguments: str) -> term.Result:
    (folder / 'nvitop').mkdir(exist_ok=True)
    (folder / 'nvitop/config.ini').write_text(text)
    return term.run([paths.nvitop(), '-1', '--demo', 'two', *arguments], env={'XDG_CONFIG_HOME': str(folder)})


def keys_of(text: str) -> list[str]:
    return re.findall(r'^([a-z-]+) *=', text, re.MULTILINE)


def test_page_has_no_fault():
    assert docs.run(docs.needs('mandoc'), '-Tlint', '-W', 'warning', str(PAGE)).stdout == ''
    assert '@' not in PAGE.read_text()


def test_settings_are_those_of_the_other_page():
    assert len(settings(section('SETTINGS'))) >= 12
    assert settings(section('SETTINGS')) == settings(paths.built('docs/man/nvitop.1').read_text())


def test_settings_are_those_of_the_program(tmp_path):
    """A value that none takes is told of each by its key; one that is no key, as such."""
    for key in settings(section('SETTINGS')):
        assert f':1: {key}: ' in run(tmp_path, f'{key} = nonsense\n').err, key
    assert "unknown key 'once'" in run(tmp_path, 'once = yes\n').err


def test_every_setting_has_an_example():
    assert len(examples()) >= 4
    assert {key for text in examples() for key in keys_of(text)} == settings(section('SETTINGS')).keys()


@pytest.mark.parametrize('text', examples(), ids=lambda text: keys_of(text)[0])
def test_example_is_taken(tmp_path, text):
    done = run(tmp_path, text)
    assert (done.rc, done.err) == (0, '')
    for key in keys_of(text):  # and the same with one letter too many is not
        wrong = run(tmp_path, re.sub(rf'^{key} ', f'{key}x ', text, flags=re.MULTILINE))
        assert wrong.rc == 0 and f"unknown key '{key}x'" in wrong.err


def test_example_has_its_effect(tmp_path):
    assert not run(tmp_path, '').out.isascii()
    assert run(tmp_path, next(text for text in examples() if text.startswith('ascii'))).out.isascii()


def test_what_the_page_says_of_lines(tmp_path):
    for text in ('ascii: yes\n', 'ascii = no\nascii = yes\n', '[nvitop]\nascii = YES\n', '\ufeffascii = on ; remark\n',
                 '; remark\n\n# remark\n  ascii  =  1  \n'):
        done = run(tmp_path, text)
        assert (done.err, done.out.isascii()) == ('', True), text
    for text, said in (('[other]\nascii = yes\n', 'unknown section'), ('ascii yes\n', 'neither `key = value` nor'),
                       ('ascii = maybe\n', 'invalid yes or no value')):
        done = run(tmp_path, text)
        assert done.rc == 0 and said in done.err and not done.out.isascii(), text
