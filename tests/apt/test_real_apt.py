"""The installer with the real apt and dpkg, in a Debian 12 whose archive has packages named as the driver's.

Takes root and some seconds for each system: `./dev test installer-apt`.
"""

from __future__ import annotations

import fcntl
import shutil

import debian
import pytest
from debian import KERNEL, UBUNTU, Package, debian_driver, ubuntu_driver

OLD, NEW = '525.125', '525.147'
FAILS = 'echo "dkms: the module does not build" >&2; exit 10'


@pytest.fixture(scope='module')
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp('apt') / 'base'
    debian.unpack(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def system(base, tmp_path):
    yield debian.Debian(tmp_path / 'root', base)
    shutil.rmtree(tmp_path / 'root')


@pytest.fixture
def ubuntu(system):
    """An Ubuntu, as far as it says so and names its packages, with the driver 470."""
    (system.root / 'etc/os-release').unlink()
    (system.root / 'etc/os-release').write_text(UBUNTU)
    system.offer(*ubuntu_driver(470, '470.199'))
    done = system.install('--package=nvidia-driver-470', '--yes')
    assert (done.rc, done.err) == (0, ''), done.out
    return system


def installed_470():
    return ('ii libnvidia-gl-470 470.199\nii nvidia-dkms-470 470.199\nii nvidia-driver-470 470.199\n'
            "auto: ['libnvidia-gl-470', 'nvidia-dkms-470']")


def test_debian_from_nothing_to_the_newest(system):
    system.offer(*debian_driver(OLD))
    first = system.install('--latest', '--yes')
    assert (first.rc, first.err) == (0, '')
    assert f'will install  linux-headers-{KERNEL} 6.1.76' in first.lines
    assert first.lines[-2:] == [f'installed: nvidia-driver {OLD}', 'to use the driver: modprobe nvidia, or reboot']
    assert system.install('--latest', '--yes').lines[-1].startswith('nothing to do: ')
    system.offer(*debian_driver(OLD), *debian_driver(NEW))
    second = system.install('--latest', '--yes')
    assert (second.rc, second.err) == (0, '')
    assert f'will replace  nvidia-driver {OLD} -> {NEW}' in second.lines
    assert system.packages().splitlines()[:-1] == [
        f'ii {name} {NEW}' for name in ('libnvidia-ml1', 'nvidia-driver', 'nvidia-kernel-dkms')]


def test_debian_to_the_open_modules_and_back(system):
    system.offer(*debian_driver(NEW))
    assert system.install('--latest', '--yes').rc == 0
    done = system.install('--open', '--yes')
    assert (done.rc, done.err) == (0, '')
    assert f'ii nvidia-open-kernel-dkms {NEW}' in system.packages() and 'nvidia-kernel-dkms' not in system.packages()
    assert system.install('--latest', '--yes').lines[-1].startswith('nothing to do: ')
    assert system.install('--proprietary', '--yes').rc == 0
    assert f'ii nvidia-kernel-dkms {NEW}' in system.packages() and 'open' not in system.packages()


def test_ubuntu_to_another_series_and_back(ubuntu):
    assert ubuntu.packages() == installed_470()
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129'))
    done = ubuntu.install('--latest', '--yes')
    assert (done.rc, done.err) == (0, '')
    assert '470' not in ubuntu.packages() and 'ii nvidia-driver-535 535.129' in ubuntu.packages()
    assert ubuntu.install('--package=nvidia-driver-470', '--yes').rc == 0
    assert ubuntu.packages() == installed_470()


def test_dry_run_changes_nothing(ubuntu):
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129'))
    ubuntu.must('apt-get', 'update')
    status = ubuntu.root / 'var/lib/dpkg/status'
    before = status.read_bytes()
    done = ubuntu.install('--latest', '--dry-run')
    assert (done.rc, done.err) == (0, '')
    assert sorted(done.lines[-6:]) == [
        *(f'will install  {name}-535 535.129' for name in ('libnvidia-gl', 'nvidia-dkms', 'nvidia-driver')),
        *(f'will remove   {name}-470 470.199' for name in ('libnvidia-gl', 'nvidia-dkms', 'nvidia-driver'))]
    assert ubuntu.install_as_nobody('--latest', '--dry-run') == done
    refused = ubuntu.install_as_nobody('--latest', '--yes')
    assert (refused.rc, refused.err) == (3, 'install-nvidia-driver: not root: expected sudo, or --dry-run; nothing was changed\n')
    assert status.read_bytes() == before


def test_interrupted_while_packages_are_configured(ubuntu):
    """Ctrl-C goes to all that run in the terminal, dpkg and its scripts among them."""
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', postinst='kill -INT 0; exit 0'))
    done = ubuntu.run('setsid', '--wait', 'bash', '/srv/install-nvidia-driver.sh', '--latest', '--yes')
    assert done.rc == 8 and done.err.endswith('; what was there before is back\n')
    assert 'was interrupted' in done.err and ubuntu.packages() == installed_470()
    assert ubuntu.must('dpkg', '--audit') == ''
    ubuntu.must('apt-get', 'check')


def test_nobody_reads_on_while_packages_are_configured(ubuntu):
    """Whoever reads what is said ends then, as `tee` does by Ctrl-C: the way back is taken all the same."""
    away = f'kill "$(cat /run/reader)"; {FAILS}'
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', postinst=away))
    read = "bash /srv/install-nvidia-driver.sh --latest --yes | sh -c 'echo $$ >/run/reader; exec cat'"
    done = ubuntu.run('bash', '-c', read + '; exit ${PIPESTATUS[0]}')
    assert done.rc == 8 and '; what was there before is back\n' in done.err
    assert 'putting back what was there' not in done.lines and ubuntu.packages() == installed_470()
    assert ubuntu.must('dpkg', '--audit') == '' and list((ubuntu.root / 'var/tmp').iterdir()) == []


@pytest.mark.parametrize('script', ['preinst', 'postinst'])
def test_package_that_fails_is_put_back(ubuntu, script):
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', **{script: FAILS}))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 8
    assert 'dkms: the module does not build' in done.lines
    assert 'nvidia-dkms-535' in done.err and done.err.endswith('; what was there before is back\n')
    assert ubuntu.packages() == installed_470()
    assert (ubuntu.root / f'lib/modules/{KERNEL}/updates/dkms/nvidia.ko').read_text() == '470.199'
    assert list((ubuntu.root / 'var/tmp').iterdir()) == []
    ubuntu.must('apt-get', 'check')


def test_archive_goes_away_meanwhile(ubuntu):
    """The packages of before are those that were kept."""
    away = f'rm /srv/archive/*470*; {FAILS}'
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', postinst=away))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 8 and done.err.endswith('; what was there before is back\n')
    assert ubuntu.packages() == installed_470()
    ubuntu.must('apt-get', 'check')


def test_package_that_is_not_removed_at_once(ubuntu):
    """apt gives up, and dpkg goes through it."""
    once = '[ -e /run/tried ] || { touch /run/tried; exit 1; }'
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', postinst=FAILS, prerm=once, postrm=once))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 8 and done.err.endswith('; what was there before is back\n')
    assert done.out.count('E: Sub-process /usr/bin/dpkg returned an error code (1)') == 2
    assert ubuntu.packages() == installed_470()
    ubuntu.must('apt-get', 'check')


def test_version_that_fails_is_put_back(ubuntu):
    """The same package, newer: it is not removed but taken back."""
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(470, '470.223', postinst=FAILS))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 8 and done.err.endswith('; what was there before is back\n')
    assert ubuntu.packages() == installed_470()


def test_first_driver_that_fails_leaves_nothing(system):
    (system.root / 'etc/os-release').unlink()
    (system.root / 'etc/os-release').write_text(UBUNTU)
    system.offer(*ubuntu_driver(535, '535.129', postinst=FAILS))
    done = system.install('--latest', '--yes')
    assert done.rc == 8
    assert system.packages() == '\nauto: []'


def test_package_that_cannot_even_be_removed(ubuntu):
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', postinst=FAILS, prerm='exit 1', postrm='exit 1'))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 9
    kept = next((ubuntu.root / 'var/tmp').glob('install-nvidia-driver.*/backup'))
    assert {path.name for path in kept.iterdir()} == {
        f'{name}_470.199_all.deb' for name in ('libnvidia-gl-470', 'nvidia-dkms-470', 'nvidia-driver-470')}
    assert f'/var/tmp/{kept.parent.name}/backup' in done.err.splitlines()[-1]


def test_what_is_replaced_is_no_longer_offered(ubuntu):
    ubuntu.offer(*ubuntu_driver(535, '535.129', postinst=FAILS))
    done = ubuntu.install('--latest', '--yes')
    assert (done.rc, done.err.count('\n')) == (6, 1)
    assert 'is no longer to be had, so it could not be put back: expected dpkg-repack' in done.err
    assert ubuntu.packages() == installed_470()


def test_what_is_replaced_is_in_the_cache(ubuntu):
    for package in ubuntu_driver(470, '470.199'):
        shutil.copy2(ubuntu.root / 'srv/archive' / package.file_name, ubuntu.root / 'var/cache/apt/archives')
    ubuntu.offer(*ubuntu_driver(535, '535.129', postinst=FAILS))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 8
    assert ubuntu.packages() == installed_470()


def hold(ubuntu):
    ubuntu.must('apt-mark', 'hold', 'nvidia-dkms-470')


def leave_half(ubuntu):
    ubuntu.must('dpkg', '--unpack', '/srv/archive/nvidia-dkms-470_470.199_all.deb')


def break_dependency(ubuntu):
    ubuntu.must('dpkg', '--remove', '--force-depends', 'libnvidia-gl-470')


def take_file_away(ubuntu):
    ubuntu.must('apt-get', 'update')
    (ubuntu.root / 'srv/archive/nvidia-dkms-535_535.129_all.deb').unlink()


@pytest.mark.parametrize('prepare, status, said', [
    (hold, 5, 'nvidia-dkms-470 is held'),
    (leave_half, 5, 'nvidia-dkms-470 is not installed to the end'),
    (break_dependency, 5, 'apt is not ready: nvidia-driver-470 : Depends: libnvidia-gl-470 (= 470.199) but it is not installed'),
    (take_file_away, 6, 'nvidia-driver-535 could not be downloaded: ')])
def test_system_that_is_not_ready(ubuntu, prepare, status, said):
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129'))
    prepare(ubuntu)
    before = ubuntu.packages()
    done = ubuntu.install('--latest', '--yes')
    assert (done.rc, done.err.count('\n')) == (status, 1), done.err
    assert said in done.err and done.err.endswith('; nothing was changed\n')
    assert ubuntu.packages() == before


def test_lock_is_held(ubuntu):
    before = ubuntu.packages()
    with open(ubuntu.root / 'var/lib/dpkg/lock-frontend', 'w', encoding='utf-8') as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        done = ubuntu.install('--latest', '--yes')
    assert done.rc == 5 and 'apt is not ready: Could not get lock /var/lib/dpkg/lock-frontend' in done.err
    assert ubuntu.packages() == before


def test_driver_that_cannot_be_installed(ubuntu):
    ubuntu.offer(*ubuntu_driver(470, '470.199'),
                 *ubuntu_driver(535, '535.129', fields='Pre-Depends: nowhere (>= 2)\n'))
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 5
    assert 'apt cannot install nvidia-driver-535: nvidia-driver-535 : PreDepends: nowhere (>= 2) but it is not installable' in done.err
    assert ubuntu.packages() == installed_470()


def test_package_of_others_would_go(ubuntu):
    ubuntu.offer(*ubuntu_driver(470, '470.199'), *ubuntu_driver(535, '535.129', fields='Conflicts: desktop\n'),
                 Package('desktop', '1'))
    ubuntu.must('apt-get', 'update')
    ubuntu.must('apt-get', '-y', 'install', 'desktop')
    done = ubuntu.install('--latest', '--yes')
    assert done.rc == 5 and 'apt would remove desktop as well' in done.err
    assert ubuntu.packages() == installed_470()


def test_nothing_is_offered(system):
    done = system.install('--latest', '--yes')
    assert (done.rc, done.err.count('\n')) == (4, 1)
    assert 'no driver is offered: expected contrib, non-free and non-free-firmware' in done.err
