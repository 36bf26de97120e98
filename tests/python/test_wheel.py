"""The wheel: one for all CPythons, on the C library alone, that gives the programs as well."""

from __future__ import annotations

import email
import re
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from support import binaries, paths, wheels


@pytest.fixture(scope='module')
def environment(wheel, tmp_path_factory) -> wheels.Environment:
    return wheels.Environment(tmp_path_factory.mktemp('clean'), wheel)


def test_name_says_what_it_is_for(wheel):
    """Its maker has it judged: abi3audit finds nothing that 3.8 lacks, auditwheel names the platform."""
    name = rf'nvitop-{re.escape(paths.version())}-cp38-abi3-manylinux2014_(\w+)\.manylinux_2_17_\1\.whl'
    assert re.fullmatch(name, wheel.name)


def test_metadata_names_the_extras_of_the_original(wheel):
    archive = zipfile.ZipFile(wheel)
    told = email.message_from_bytes(archive.read(f'nvitop-{paths.version()}.dist-info/METADATA'))
    assert {'cuda10', 'pynvml-11.450.51', 'pynvml-11.495.46'} <= {name.replace('-', '.').replace('pynvml.', 'pynvml-')
                                                                 for name in told.get_all('Provides-Extra')}
    assert sorted(re.split('[<>=]', name)[0] for name in told.get_all('Requires-Dist')) == ['cffi', 'nvidia-ml-py', 'psutil']
    assert (told['License-Expression'], told['Requires-Python']) == ('Apache-2.0', '>=3.8')


def test_what_is_in_it(wheel):
    names = {re.sub(r'^nvitop-[^/]*\.(data|dist-info)/', r'\1/', name) for name in zipfile.ZipFile(wheel).namelist()}
    assert {'data/scripts/nvitop', 'data/scripts/nvisel', 'nvitop/_nvitop.abi3.so', 'nvitop/py.typed',
            'data/data/share/nvitop/libexec/nvitop-sim', 'data/data/share/nvitop/libexec/libnvidia-ml.so.1',
            'data/data/share/nvitop/libexec/nvitop-cuda-order', 'dist-info/licenses/LICENSE',
            *(f'dist-info/licenses/LICENSE.{name}' for name in ('inih', 'jansson', 'ncurses', 'utf8proc'))} <= names
    scenarios = {Path(name).stem for name in names if name.startswith('data/data/share/nvitop/scenarios/')}
    assert scenarios == set(paths.shipped_scenarios())
    assert [name for name in names if name.endswith(('.a', '.h', '.c', '.pc'))] == []


def test_every_module_of_the_tree_is_in_it(wheel):
    tree = {path.relative_to(paths.ROOT / 'python').as_posix() for path in (paths.ROOT / 'python/nvitop').rglob('*.py')}
    assert tree - set(zipfile.ZipFile(wheel).namelist()) == {'nvitop/_build.py'}


def test_programs_can_be_run(wheel):
    modes = {Path(info.filename).name: info.external_attr >> 16 for info in zipfile.ZipFile(wheel).infolist()}
    for name in ('nvitop', 'nvisel', 'nvitop-sim', 'nvitop-cuda-order'):
        assert modes[name] & stat.S_IXUSR, name


@pytest.fixture(scope='module')
def compiled(wheel, tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp('unpacked')
    zipfile.ZipFile(wheel).extractall(folder)
    found = binaries.under(folder)
    assert len(found) == 6
    return found


def test_binaries_want_only_the_system(compiled):
    for path in compiled:
        binaries.check_libraries(path)


def test_binaries_want_no_symbol_of_a_newer_system(compiled):
    for path in compiled:
        binaries.check_symbols(path, others='_?Py' if path.name == '_nvitop.abi3.so' else r'(?!)')


def test_binaries_can_be_anywhere_in_memory_and_are_stripped(compiled):
    for path in compiled:
        binaries.check_shape(path)


def test_extension_exports_its_entry_alone(wheel, tmp_path):
    module = zipfile.ZipFile(wheel).extract('nvitop/_nvitop.abi3.so', tmp_path)
    told = subprocess.run(['nm', '-D', '--defined-only', module], check=True, capture_output=True, text=True).stdout
    assert [line.split()[-1] for line in told.splitlines()] == ['PyInit__nvitop']


def test_report_of_the_demo(environment):
    done = environment.run('nvitop', '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out


def test_chooser_over_the_demo(environment):
    done = environment.run('nvisel', '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


@pytest.mark.parametrize('options', [[], ['-I']])
def test_module_becomes_the_program(environment, options):
    done = environment.run('python', *options, '-m', 'nvitop', '--version')
    assert (done.rc, done.err, done.out) == (0, '', f'nvitop {paths.version()}\n')


def test_module_hands_on_arguments_and_status(environment):
    done = environment.run('python', '-m', 'nvitop', '--no-such-option')
    assert (done.rc, done.out) == (2, '')
    assert done.err.startswith('usage: nvitop ') and done.err.endswith('unrecognized arguments: --no-such-option\n')


def test_import_reads_over_the_demo(environment):
    simulator = environment.folder / 'share/nvitop/libexec/nvitop-sim'
    done = environment.run('python', '-c', f'''
import subprocess, sys
script = """
import nvitop
from nvitop.api import _native
print(nvitop.__version__, [device.name() for device in nvitop.Device.all()])
print(_native._helper())
"""
sys.exit(subprocess.call([{str(simulator)!r}, "two", "--", sys.executable, "-c", script]))
''')
    helper = environment.folder / 'share/nvitop/libexec/nvitop-cuda-order'
    assert (done.rc, done.err) == (0, '')
    assert done.lines == [f"{paths.version()} ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti']", str(helper)]


def test_uninstalling_leaves_nothing(wheel, tmp_path):
    environment = wheels.Environment(tmp_path / 'clean', wheel)
    assert environment.run('python', '-c', 'import nvitop; nvitop.Device').rc == 0
    assert environment.folder / 'bin/nvitop' in environment.files() - environment.before
    environment.pip('uninstall', '-y', 'nvitop')
    assert environment.files() == environment.before
    # pip takes only those folders away that had files of their own.
    assert not (environment.folder / 'share/nvitop').exists()
