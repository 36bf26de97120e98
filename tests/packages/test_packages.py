"""Each binary package in an empty Debian 12: installed, used, upgraded, removed, and nothing left behind."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from packages import debs
from support import paths, term


pytestmark = pytest.mark.timeout(1800)  # the first one builds


class Case(NamedTuple):
    """How a package is tried: what it can do with nothing but its dependencies, then with what its own tests
    (debian/tests) want beside it."""

    alone: str
    test: str
    others: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


CASES = {
    'nvitop': Case('nvitop --version && nvisel --version', 'nvitop'),
    'nvitop-exporter': Case('nvitop-exporter --version', 'exporter', ('nvitop',), ('curl',)),
    'libnvitop1': Case('ldconfig -p | grep libnvitop.so.1 && ! ldd /usr/lib/*/libnvitop.so.1 | grep "not found"', 'library',
                       ('libnvitop-dev', 'nvitop'), ('gcc', 'libc6-dev', 'pkgconf')),
    'libnvitop-dev': Case('pkg-config --modversion nvitop', 'library', ('nvitop',), ('gcc', 'libc6-dev', 'pkgconf'), ('libnvitop1',)),
    'python3-nvitop': Case('python3 -W error -c "import nvitop; print(nvitop.__version__)"', 'python', ('nvitop',)),
}


def cycle(system, package, older, newer):
    """The whole life of a package in a system."""
    case = CASES[package]
    own = [*case.needs, package]
    whole = [*own, *case.others]
    found = [debs.find(newer, name) for name in whole]
    system.satisfy(*debs.wanted(*found), *case.tools)
    before = system.files()

    system.tell('dpkg', '-i', *system.take(*(debs.find(older, name) for name in own)))
    assert system.tell('sh', '-c', case.alone)
    only_older = system.root / debs.LEFT_OUT.format(package=package, version=debs.OLDER)
    assert only_older.exists()

    system.tell('dpkg', '-i', *system.take(*found))
    versions = system.tell('dpkg-query', '-W', '-f', '${Version} ${db:Status-Status}\n', *whole)
    assert versions == f'{debs.field(found[0], "Version")} installed\n' * len(whole)
    assert not only_older.exists()
    script, = system.take(paths.ROOT / 'debian/tests' / case.test)
    system.tell(script)

    system.tell('dpkg', '--remove', *whole)
    assert [name for name in system.files().keys() - before.keys() if name.startswith(('usr', 'lib')) and '/' in name] == []
    system.tell('dpkg', '--purge', *whole)
    assert system.files() == before


@pytest.mark.parametrize('package', debs.NAMES)
def test_life_of_a_package(system, package, older, built):
    cycle(system, package, older, built)


def test_lintian_finds_nothing(built):
    changes, = built.glob('*.changes')
    done = term.run(['lintian', '--allow-root', '--fail-on', 'error,warning', '--tag-display-limit', '0', changes], timeout=500)
    assert (done.rc, done.out) == (0, ''), done.out + done.err


def test_every_override_has_a_reason():
    files = [*(paths.ROOT / 'debian').glob('*lintian-overrides'), paths.ROOT / 'debian/source/lintian-overrides']
    assert len(files) > 1
    for file in files:
        lines = file.read_text().splitlines()
        assert all(above.startswith('#') for above, line in zip(['', *lines], lines) if not line.startswith('#')), file


def test_symbols_are_those_of_the_library():
    lines = (paths.ROOT / 'debian/libnvitop1.symbols').read_text().splitlines()
    named = {line.split('@')[0].strip() for line in lines if line.startswith(' ')} - {'NVITOP_1'}
    assert named == set((paths.ROOT / 'tests/library/symbols.txt').read_text().split())
