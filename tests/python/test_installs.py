"""Other ways than the wheel of a release: from the source distribution, from a Git URL, and in place."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest
from support import paths, sim, wheels

# No index is asked: what builds is this environment's. Nor is it optimised, which takes longest.
BUILDING = {**wheels.tools(), 'PYTHONPATH': sysconfig.get_path('purelib')}
QUICKLY = ('--no-build-isolation', '-Csetup-args=-Dbuildtype=plain')

NAMES = 'import nvitop; print([device.name() for device in nvitop.Device.all()])'


@pytest.fixture(scope='module')
def source(tmp_path_factory) -> Path:
    """The source distribution unpacked, as a repository: what it lacks no build from it can have."""
    if not (paths.ROOT / '.git').exists():
        pytest.skip('the source distribution is made of what Git has')
    folder = tmp_path_factory.mktemp('source')
    wheels.run(sys.executable, '-c', f'import mesonpy; mesonpy.build_sdist({str(folder)!r})', env=wheels.tools())
    with tarfile.open(folder / f'nvitop-{paths.version()}.tar.gz') as archive:
        archive.extractall(folder)
    tree = folder / f'nvitop-{paths.version()}'
    for command in (['init', '-q'], ['add', '-A'], ['-c', 'user.name=x', '-c', 'user.email=x', 'commit', '-qm', 'x']):
        subprocess.run(['git', '-C', tree, *command], check=True)
    return tree


@pytest.fixture(scope='module')
def from_git(source, tmp_path_factory) -> wheels.Environment:
    return wheels.Environment(tmp_path_factory.mktemp('from-git'), *QUICKLY,
                                    f'nvitop[cuda10,pynvml-11.450.51] @ git+file://localhost{source}', env=BUILDING)


@pytest.fixture(scope='module')
def in_place(tmp_path_factory) -> wheels.Environment:
    return wheels.Environment(tmp_path_factory.mktemp('in-place'), *QUICKLY,
                                    f'-Cbuild-dir={paths.ROOT / "build-editable"}', '-e', paths.ROOT, env=BUILDING)


@pytest.fixture(scope='module', params=['from_git', 'in_place'])
def environment(request) -> wheels.Environment:
    return request.getfixturevalue(request.param)


def test_name_is_for_every_cpython(from_git):
    info, = from_git.folder.glob('lib/python3.*/site-packages/nvitop-*.dist-info')
    tags = [line for line in (info / 'WHEEL').read_text().splitlines() if line.startswith('Tag: ')]
    assert len(tags) == 1 and tags[0].startswith('Tag: cp38-abi3-linux_')


@pytest.mark.parametrize('command', [['nvitop'], ['python', '-m', 'nvitop']])
def test_commands_are_the_programs(environment, command):
    done = environment.run(*command, '--version')
    assert (done.rc, done.err, done.out) == (0, '', f'nvitop {paths.version()}\n')


@pytest.mark.parametrize('command', [['nvisel'], ['python', '-m', 'nvitop.select']])
def test_commands_find_the_demo(environment, command):
    done = environment.run(*command, '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


def test_devices_are_read(environment):
    with sim.scenario('two') as two:
        done = two.command([environment.python, '-c', NAMES], {'PATH': '/usr/bin:/bin'})
    assert (done.rc, done.err) == (0, '')
    assert done.lines == ["['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti']"]


def test_helper_is_found(environment):
    done = environment.run('python', '-c', 'from nvitop.api import _native; print(_native._helper())')
    assert (done.rc, done.err) == (0, '')
    assert Path(done.out.strip()).name == 'nvitop-cuda-order' and Path(done.out.strip()).is_file()


def test_uninstalling_leaves_nothing(environment):
    """The last test of each: it takes the package away."""
    assert environment.files() > environment.before
    environment.pip('uninstall', '-y', 'nvitop')
    assert environment.files() == environment.before
