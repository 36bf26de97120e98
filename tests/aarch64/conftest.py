"""What is released for aarch64, in a Debian 12 of that machine, whose programs an emulator runs.
`./dev test aarch64` makes that system; it takes root, minutes, and a kernel of which a user namespace
may say how programs of other machines start (6.7), or one that has been told already.
"""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths, roots, tarballs, wheels  # noqa: E402

MACHINE = 'aarch64'
PLACE = paths.ROOT / 'build-debian-arm64'
PYTHON = paths.ROOT / '.venv/python/bin/python'


@pytest.fixture(scope='session')
def wheel(tmp_path_factory):
    return wheels.build(tmp_path_factory.mktemp('wheel'), PYTHON, MACHINE)


@pytest.fixture(scope='session')
def unpacked(tmp_path_factory):
    """The tree of the tarball."""
    return tarballs.unpack(tarballs.build(tmp_path_factory.mktemp('made'), MACHINE), tmp_path_factory.mktemp('unpacked'))


@pytest.fixture(scope='session')
def installed(wheel, tmp_path_factory):
    """What pip makes of the wheel on such a machine, whose Python would take it by its name."""
    folder = tmp_path_factory.mktemp('installed')
    wheels.run(PYTHON, '-m', 'pip', '--disable-pip-version-check', 'install', '-q', '--no-index', '--find-links', PLACE / 'needs',
               '--only-binary=:all:', '--python-version', '3.11', '--platform', 'manylinux2014_aarch64',
               '--platform', 'manylinux_2_17_aarch64', '--target', folder, wheel)
    return folder


@pytest.fixture(scope='session')
def system(installed, unpacked):
    """The machine, with both: in /root/pip and in /root/tarball."""
    root = roots.Root(PLACE / 'system', MACHINE)
    for name, tree in (('pip', installed), ('tarball', unpacked)):
        place = root.folder / 'root' / name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(tree, place, symlinks=True)
    root.environment['PYTHONPATH'] = '/root/pip'
    return root
