"""The wheel for Windows: what is in it, what of that wants what of the system, and what it gives."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import abi3info
import pefile
import pytest
import wine
import winpython
from abi3info.models import PyVersion, Symbol
from support import paths

# What every Windows has.
SYSTEM = {'ADVAPI32.dll', 'KERNEL32.dll', 'msvcrt.dll', 'pdh.dll', 'SHELL32.dll'}
MODULE = 'nvitop/_nvitop.pyd'


@pytest.fixture(scope='module')
def images(wheel) -> dict[str, pefile.PE]:
    """The compiled files in it, by name."""
    archive = zipfile.ZipFile(wheel)
    return {name: pefile.PE(data=archive.read(name)) for name in archive.namelist() if name.endswith(('.exe', '.dll', '.pyd'))}


def names_in(wheel: Path) -> set[str]:
    return {re.sub(r'^nvitop-[^/]*\.(data|dist-info)/', r'\1/', name) for name in zipfile.ZipFile(wheel).namelist()}


def test_name_says_what_it_is_for(wheel):
    assert wheel.name == f'nvitop-{paths.version()}-cp38-abi3-win_amd64.whl'


def test_what_is_in_it(wheel):
    names = names_in(wheel)
    assert {'data/scripts/nvitop.exe', 'data/scripts/nvisel.exe', MODULE, 'nvitop/py.typed',
            'data/data/share/nvitop/libexec/nvitop-sim.exe', 'data/data/share/nvitop/libexec/nvml.dll',
            'data/data/share/nvitop/libexec/nvitop-cuda-order.exe', 'dist-info/licenses/LICENSE',
            *(f'dist-info/licenses/LICENSE.{name}' for name in ('inih', 'jansson', 'mingw-w64', 'utf8proc'))} <= names
    scenarios = {Path(name).stem for name in names if name.startswith('data/data/share/nvitop/scenarios/')}
    assert scenarios == set(paths.shipped_scenarios())
    assert [name for name in names if name.endswith(('.a', '.h', '.c', '.pc', '.so'))] == []


def test_every_module_of_the_tree_is_in_it(wheel):
    tree = {path.relative_to(paths.ROOT / 'python').as_posix() for path in (paths.ROOT / 'python/nvitop').rglob('*.py')}
    assert tree - set(zipfile.ZipFile(wheel).namelist()) == {'nvitop/_build.py'}


def test_only_the_system_is_wanted_and_python(images):
    assert len(images) == 6
    for name, image in images.items():
        wanted = {entry.dll.decode() for entry in image.DIRECTORY_ENTRY_IMPORT}
        assert 'KERNEL32.dll' in wanted and wanted - SYSTEM == ({'python3.dll'} if name == MODULE else set()), name


def test_python_is_wanted_by_names_that_every_one_has(images):
    """The stable interface of 3.8."""
    entry, = (entry for entry in images[MODULE].DIRECTORY_ENTRY_IMPORT if entry.dll == b'python3.dll')
    names = [symbol.name.decode() for symbol in entry.imports]
    assert len(names) > 10 and 'PyErr_Occurred' in names
    for name in names:
        found = abi3info.FUNCTIONS.get(Symbol(name)) or abi3info.DATAS.get(Symbol(name))
        assert found and found.added <= PyVersion(3, 8), name


def test_module_exports_its_entry_alone(images):
    assert [entry.name for entry in images[MODULE].DIRECTORY_ENTRY_EXPORT.symbols] == [b'PyInit__nvitop']


def test_compiled_files_tell_no_time_can_be_anywhere_and_are_stripped(images):
    for name, image in images.items():
        assert image.FILE_HEADER.TimeDateStamp == 0, name
        assert image.FILE_HEADER.PointerToSymbolTable == 0, name
        assert image.OPTIONAL_HEADER.IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE, name
        assert image.OPTIONAL_HEADER.IMAGE_DLLCHARACTERISTICS_NX_COMPAT, name


def test_report_of_the_demo():
    done = winpython.run(winpython.PROGRAMS / 'nvitop.exe', '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out


def test_demo_of_one_user(tmp_path):
    """Where pip puts programs and data for one user: `Python311\\Scripts`, and `share` two folders above."""
    program = tmp_path / 'Python311/Scripts/nvitop.exe'
    program.parent.mkdir(parents=True)
    shutil.copy(winpython.PROGRAMS / 'nvitop.exe', program)
    shutil.copytree(winpython.SHARE, tmp_path / 'share/nvitop')
    done = winpython.run(program, '--demo', 'list')
    assert done.rc == 0, done.err
    assert {line.split()[0] for line in done.lines} >= {'two', 'mig'}


@pytest.mark.parametrize('options', [[], ['-I']])
def test_module_becomes_the_program(options):
    done = winpython.run(winpython.PYTHON, *options, '-m', 'nvitop', '--version')
    assert (done.rc, done.err, done.lines) == (0, '', [f'nvitop {paths.version()}'])


def test_module_hands_on_arguments_and_status():
    done = winpython.run(winpython.PYTHON, '-m', 'nvitop', '--no-such-option', 'two words')
    assert (done.rc, done.out) == (2, '')
    assert done.err.startswith('usage: nvitop ') and 'unrecognized arguments: --no-such-option' in done.err.splitlines()[-1]


def test_module_waits_for_the_program(two):
    done = two.run("import nvitop.cli; nvitop.cli.main(['-1'])", env={'COLUMNS': '100'})
    assert (done.rc, done.err) == (0, '')
    assert 'RTX 4060 Ti' in done.out


def test_chooser_over_the_demo():
    done = winpython.run(winpython.PYTHON, '-m', 'nvitop.select', '--demo', 'two')
    assert (done.rc, done.lines) == (0, ['0,1']), done.err


def test_helper_is_found(two):
    helper, = two.lines('from nvitop.api import _native; print(_native._helper())')
    assert helper.replace('/', '\\') == wine.path(winpython.SHARE / 'libexec/nvitop-cuda-order.exe')


def test_without_a_library(two):
    done = two.run('''
        import nvitop
        print(nvitop.Device.all(), nvitop.Device.cuda.all())
        try:
            nvitop.libnvml.nvmlInit()
        except nvitop.libnvml.NVMLError_LibraryNotFound as error:
            print(type(error).__name__)
    ''', env={'NVITOP_NVML': r'C:\nowhere\nvml.dll'})
    assert (done.rc, done.lines) == (0, ['[] []', 'NVMLError_LibraryNotFound']), done.err
    assert 'HINT: The library, nvml.dll, is a part of' in done.err
