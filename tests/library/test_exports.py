"""What the library shows to the loader and the linker, and what it takes from others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prefix import run
from support import paths

HERE = Path(__file__).parent
HEADER = paths.ROOT / 'include/nvitop/nvitop.h'

# What a library must not do: print, end the program, run another one by a shell.
FORBIDDEN = re.compile(r'^(v?f?printf(_chk)?|__v?f?printf_chk|v?dprintf|__v?dprintf_chk|puts|fputs|putchar|putc|fputc|fwrite'
                       r'|perror|psignal|err|errx|warn|warnx|v?syslog|stdout|stderr|exit|_exit|_Exit|quick_exit|abort'
                       r'|system|popen|__assert_fail)$')
# Objects of the build that may end the process, in the one case that the header names: there is no memory.
ALLOWED = {name: {'abort'} for name in ('arena.c.o', 'mem.c.o', 'node.c.o', 'str.c.o')}
ASSERTIONS = {'__assert_fail'}  # our own bugs, in builds that keep assertions


def exported(library: Path) -> set[str]:
    return {line.split()[2] for line in run('nm', '-D', '--defined-only', library).splitlines() if line.split()[1] != 'A'}


def wanted() -> set[str]:
    return set((HERE / 'symbols.txt').read_text().split())


def declared() -> set[str]:
    text = re.sub(r'/\*.*?\*/', '', HEADER.read_text(), flags=re.DOTALL)
    return set(re.findall(r'^NVITOP_API\b[^;]*?\b(nvitop_\w+)\(', text, re.MULTILINE))


def dynamic(library: Path, tag: str) -> list[str]:
    return re.findall(rf'\({tag}\) +(?:.*: )?\[?(.*?)\]?$', run('readelf', '-d', '-W', library), re.MULTILINE)


def test_list_of_symbols_is_sorted():
    lines = (HERE / 'symbols.txt').read_text().splitlines()
    assert lines == sorted(set(lines))


def test_shared_library_exports_the_list(prefix):
    found = exported(prefix.libdir / 'libnvitop.so.1')
    assert found == {f'{name}@@NVITOP_1' for name in wanted()}


def test_archive_shows_the_list(prefix):
    lines = run('nm', '-g', '--defined-only', prefix.libdir / 'libnvitop.a').splitlines()
    assert {line.split()[2] for line in lines if len(line.split()) == 3} == wanted()


def test_header_declares_the_list():
    assert declared() == wanted()


def test_soname_and_needs(prefix):
    library = prefix.libdir / 'libnvitop.so.1'
    assert dynamic(library, 'SONAME') == ['libnvitop.so.1']
    needed = {name.split('.so')[0] for name in dynamic(library, 'NEEDED')}
    assert {'libc', 'libutf8proc'} <= needed <= {'libc', 'libm', 'libdl', 'libpthread', 'libutf8proc', 'libjansson'}


def test_library_stays_mapped(prefix):
    """A thread left behind in the driver may come back after a dlclose."""
    assert any('NODELETE' in flags for flags in dynamic(prefix.libdir / 'libnvitop.so.1', 'FLAGS_1'))


def test_names_of_the_library_are_those_a_linker_looks_for(prefix):
    links = {path.name: path.readlink().name for path in prefix.libdir.glob('libnvitop.so*') if path.is_symlink()}
    assert links == {'libnvitop.so': 'libnvitop.so.1', 'libnvitop.so.1': 'libnvitop.so.1.0.0'}


def taken() -> dict[str, set[str]]:
    """Object of the library → forbidden names that it takes from elsewhere."""
    uses: dict[str, set[str]] = {}
    for folder in ('base', 'nvml', 'cuda', 'host', 'core', 'report', 'collect', 'select', 'api'):
        for path in sorted((paths.BUILD / 'src' / folder).glob('lib*.a.p/*.c.o')):
            names = {line.split()[-1].split('@')[0] for line in run('nm', '-u', path).splitlines()}
            uses[path.name] = {name for name in names if FORBIDDEN.match(name)} - ASSERTIONS
    return uses


def test_library_neither_prints_nor_ends_the_program():
    uses = taken()
    assert len(uses) > 60
    assert {name: found for name, found in uses.items() if found} == ALLOWED


def test_shared_library_takes_nothing_else(prefix):
    names = {line.split()[-1].split('@')[0] for line in run('nm', '-D', '-u', prefix.libdir / 'libnvitop.so.1').splitlines()}
    assert {'malloc', 'dlopen'} <= names
    assert {name for name in names if FORBIDDEN.match(name)} - ASSERTIONS <= set().union(*ALLOWED.values())


@pytest.mark.parametrize('name', ['printf', '__fprintf_chk', 'stderr', 'exit', '__vprintf_chk', 'puts', 'fwrite'])
def test_rule_sees(name):
    assert FORBIDDEN.match(name)


@pytest.mark.parametrize('name', ['snprintf', '__snprintf_chk', 'vsnprintf', 'write', 'pthread_exit', 'fopen'])
def test_rule_lets_be(name):
    assert not FORBIDDEN.match(name)
