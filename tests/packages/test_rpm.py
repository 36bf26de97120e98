"""The RPM packages, as far as they can be had on a Debian: built from the tarball of the source package, checked, and
their programs run from where they are unpacked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from packages import debs
from support import paths, term

SPEC = paths.ROOT / 'packaging/nvitop.spec'
NAMES = ('libnvitop', 'libnvitop-devel', 'nvitop', 'nvitop-exporter', 'python3-nvitop')
PLAIN = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/nonexistent', 'CCACHE_DISABLE': '1'}


def rpmlint(*files: Path) -> str:
    """What it finds, but for what packaging/rpmlint.toml leaves out."""
    done = term.run(['rpmlint', '-c', paths.ROOT / 'packaging/rpmlint.toml', *files], PLAIN)
    return '' if ' 0 errors, 0 warnings' in done.out else done.out + done.err


def test_specification_is_clean():
    assert rpmlint(SPEC) == ''


def test_specification_has_the_version():
    assert debs.tell('rpmspec', '--query', '--queryformat', '%{version}\n', SPEC).split() == [paths.version()] * len(NAMES)


@pytest.fixture(scope='module')
def rpms(built, tmp_path_factory) -> dict[str, Path]:
    """The binary packages by name. What the build wants is there, but RPM does not know it from Debian's packages."""
    top = tmp_path_factory.mktemp('rpm')
    tarball, = built.glob('*.orig.tar.xz')
    done = term.run(['rpmbuild', '-ta', '--nodeps', '--define', f'_topdir {top}', tarball], PLAIN, timeout=1200)
    assert done.rc == 0, done.out + done.err
    found = {debs.tell('rpm', '-qp', '--queryformat', '%{name}', path): path for path in top.glob('RPMS/*/*.rpm')}
    assert sorted(found) == sorted(NAMES)
    return found


@pytest.mark.long
@pytest.mark.timeout(1300)
def test_packages_are_clean(rpms):
    assert rpmlint(*rpms.values()) == ''


@pytest.mark.long
def test_no_package_passes_for_the_driver(rpms):
    provided = {name: debs.tell('rpm', '-qp', '--provides', path) for name, path in rpms.items()}
    assert 'libnvitop.so.1' in provided['libnvitop']
    assert [name for name, text in provided.items() if 'nvidia' in text] == []


@pytest.mark.long
def test_programs_run(rpms, tmp_path):
    for name in ('nvitop', 'nvitop-exporter'):
        with subprocess.Popen(['rpm2cpio', rpms[name]], stdout=subprocess.PIPE) as packed:
            subprocess.run(['cpio', '-idm', '--quiet'], cwd=tmp_path, stdin=packed.stdout, check=True)
    done = term.run([tmp_path / 'usr/bin/nvitop', '--demo', '-1'])
    assert (done.rc, done.err) == (0, '')
    assert 'A100-SXM4-80GB' in done.out
    assert term.run([tmp_path / 'usr/bin/nvitop-exporter', '--version']).out == f'nvitop-exporter {paths.version()}\n'
