"""The archive for Windows: what is in it, what it wants of the system, and that it works where it is unpacked."""

from __future__ import annotations

import os
import stat
import sys
import zipfile

import pytest
from support import paths, term, wheels

sys.path.insert(0, str(paths.ROOT / 'tests/windows'))

import wine  # noqa: E402

PYTHON = paths.ROOT / '.venv/python/bin/python'
NAME = f'nvitop-{paths.version()}-windows-x86_64'
LINKED_IN = ['gcc', 'inih', 'jansson', 'microhttpd', 'mingw-w64', 'utf8proc', 'xcrypt', 'yaml', 'zlib']


@pytest.fixture(scope='module')
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp('made')
    wheels.run(PYTHON, paths.ROOT / 'release/make_zip.py', paths.BUILD, folder,
               env=wheels.tools(PYTHON), timeout=wheels.BUILDING)
    made, = folder.iterdir()
    assert made.name == f'{NAME}.zip'
    return made


@pytest.fixture(scope='module')
def unpacked(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp('un packed')
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder / NAME


@pytest.fixture(scope='module')
def windows():
    wine.prepare()
    with wine.staying():
        yield


def test_everything_is_in_one_folder_and_of_one_time(archive):
    with zipfile.ZipFile(archive) as packed:
        entries = packed.infolist()
    assert {entry.filename.split('/')[0] for entry in entries} == {NAME}
    assert len({entry.date_time for entry in entries}) == 1
    assert {stat.S_IMODE(entry.external_attr >> 16) for entry in entries} <= {0o644, 0o755}


def test_what_is_in_it(unpacked):
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob('*') if path.is_file()}
    assert {'bin/nvitop.exe', 'bin/nvisel.exe', 'bin/nvitop-exporter.exe', 'bin/libnvitop-1.dll', 'lib/libnvitop.dll.a',
            'lib/pkgconfig/nvitop.pc', 'include/nvitop/nvitop.h', 'libexec/nvitop/nvitop-sim.exe', 'libexec/nvitop/nvml.dll',
            'libexec/nvitop/nvitop-cuda-order.exe', 'share/nvitop/powershell/nvitop.ps1', 'share/nvitop/snapshot.schema.json',
            'LICENSE', 'README.md', 'CHANGELOG.md', 'docs/windows.md',
            *(f'share/doc/nvitop/LICENSE.{name}' for name in (*LINKED_IN, 'GPL-3', 'LGPL-2.1')),
            *(f'share/nvitop/scenarios/{name}.ini' for name in paths.shipped_scenarios())} <= names
    assert [name for name in names if name.endswith(('.o', 'nvitop.a', 'nvml.dll.a', '.service'))] == []
    for library in ('libmicrohttpd', 'libxcrypt'):
        assert any(name.startswith(f'share/doc/nvitop/source/{library}_') and '.orig.' in name for name in names)


def test_nothing_names_where_it_was_built(unpacked):
    for path in unpacked.rglob('*'):
        if path.is_file():
            assert os.fsencode(paths.ROOT) not in path.read_bytes(), path


def test_binaries_are_stripped(unpacked):
    for path in [*unpacked.glob('bin/*'), *unpacked.glob('libexec/nvitop/*')]:
        assert 'no symbols' in term.run(['x86_64-w64-mingw32-nm', path]).err, path


def test_it_works_where_it_is_unpacked(windows, unpacked):
    program = unpacked / 'bin/nvitop.exe'
    done = term.run([*wine.COMMAND, program, '-1', '--demo', 'two'], wine.env({'COLUMNS': '100'}), timeout=120)
    assert (done.rc, done.err) == (0, '')
    assert 'RTX 4060 Ti' in done.out


@pytest.mark.parametrize('name', ['nvitop', 'nvisel', 'nvitop-exporter'])
def test_every_program_says_its_version(windows, unpacked, name):
    done = term.run([*wine.COMMAND, unpacked / f'bin/{name}.exe', '--version'], wine.env(), timeout=60)
    assert (done.rc, done.err, done.out.split()) == (0, '', [name, paths.version()])
