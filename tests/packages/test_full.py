"""The packages built once more, elsewhere and later: the same bytes; from nothing but what they say they need, in
Debian 12 and 13; and their own tests, run as Debian does. `./dev test packages-full`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from packages import debs, systems
from packages.test_packages import cycle

pytestmark = [pytest.mark.long, pytest.mark.timeout(3000)]

# What describes the system that built, and the file that has that one's sum.
DESCRIBING = ('.buildinfo', '.changes')


def build_inside(system, built):
    """Binary packages from the source package, in a system that has what that asks for; their folder."""
    system.take(*built.glob('*.dsc'), *built.glob('*.tar.xz'))
    source, = built.glob('*.dsc')
    system.tell('apt-get', '-q', '-y', '--no-install-recommends', 'install', 'build-essential')
    system.tell('apt-get', '-q', '-y', '--no-install-recommends', 'build-dep', f'/root/{source.name}')
    system.tell('sh', '-c', f'mkdir /srv/there && cd /srv/there && dpkg-source -x /root/{source.name} tree && cd tree &&'
                ' dpkg-buildpackage -us -uc -b', timeout=2400, env={'DEB_BUILD_OPTIONS': 'nocheck'})
    return system.root / 'srv/there'


def differing(one: Path, other: Path, *endings: str) -> list[str]:
    """The names of files with these endings that are not the same in both folders; there are some."""
    names = {path.name for folder in (one, other) for path in folder.iterdir()
             if path.is_file() and path.name.endswith(endings) and not path.name.endswith(DESCRIBING)}
    assert len(names) >= len(debs.NAMES)
    return sorted(name for name in names if not all((folder / name).exists() for folder in (one, other))
                  or (one / name).read_bytes() != (other / name).read_bytes())


def test_same_bytes_elsewhere_and_later(built, tmp_path):
    """In a folder of another name, by a user with other habits; .dsc and both tarballs as well."""
    place, again = tmp_path / 'another-place', tmp_path / 'again'
    place.mkdir()
    before = os.umask(0o077)
    try:
        debs.make(again, TMPDIR=str(place))
    finally:
        os.umask(before)
    assert differing(built, again, '.deb', '.dsc', '.xz') == []


def suite(root: Path) -> str:
    """The name of the Debian under this root; empty if it is another system."""
    file = root / 'etc/os-release'
    found = re.search(r'^VERSION_CODENAME=(\w+)$', file.read_text(), re.MULTILINE) if file.exists() else None
    return found.group(1) if found else ''


def test_same_bytes_in_an_empty_system(system, built):
    """Built from the source package, with what that asks for and nothing else; compared where this is the same suite."""
    there = build_inside(system, built)
    assert len(list(there.glob('*.deb'))) >= len(debs.NAMES)
    if suite(Path('/')) == suite(system.root):
        assert differing(built, there, '.deb') == []


@pytest.mark.parametrize('system', ['trixie'], indirect=True)
def test_newer_suite(system, built, tmp_path):
    """Debian 13: built there, then the whole life of each package."""
    there = build_inside(system, built)
    older = tmp_path / 'older'
    older.mkdir()
    for package in debs.NAMES:
        debs.make_older(debs.find(there, package), older)
    for package in debs.NAMES:
        with systems.fresh('trixie') as empty:
            cycle(empty, package, older, there)
    system.satisfy('lintian')
    done = system.run('sh', '-c', 'lintian --allow-root --fail-on error,warning --tag-display-limit 0 /srv/there/*.changes')
    assert (done.rc, done.out) == (0, ''), done.out + done.err


def test_their_own_tests(system, built):
    """As Debian runs them; each test leaves the system as the one after finds it, so all are in one."""
    system.satisfy('autopkgtest')
    names = system.take(*built.glob('*.dsc'), *built.glob('*.tar.xz'), *(debs.find(built, package) for package in debs.NAMES))
    binaries = [name for name in names if name.endswith('.deb')]
    source, = (name for name in names if name.endswith('.dsc'))
    done = system.run('autopkgtest', *binaries, source, '--', 'null', timeout=1800)
    lines = {tuple(line.split()[:2]) for line in (done.out + done.err).splitlines()}
    assert done.rc == 0, done.out + done.err
    assert {(name, 'PASS') for name in ('nvitop', 'exporter', 'library', 'python')} <= lines
