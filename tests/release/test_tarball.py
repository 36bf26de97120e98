"""The tarball: what is in it, what it wants of the system, and that it works wherever it is unpacked."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tarfile

import pytest
from support import binaries, paths, term
from support.tty import Tty

PLACES = {'PATH': '/usr/bin:/bin', 'HOME': '/nonexistent', 'CCACHE_DISABLE': '1'}


def test_name_says_what_it_is_for(tarball):
    assert tarball.name == f'nvitop-{paths.version()}-linux-{platform.machine()}.tar.gz'


def test_everything_is_in_one_folder_of_nobody(tarball):
    folder = tarball.name.removesuffix('.tar.gz')
    with tarfile.open(tarball) as archive:
        for entry in archive:
            assert entry.name.split('/')[0] == folder
            assert (entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, '', ''), entry.name
            assert entry.mode in ((0o777,) if entry.issym() else (0o755,) if entry.isdir() else (0o755, 0o644)), entry.name


def test_what_is_in_it(tree):
    names = {path.relative_to(tree).as_posix() for path in tree.rglob('*') if not path.is_dir()}
    assert {'bin/nvitop', 'bin/nvisel', 'lib/libnvitop.so.1', 'lib/pkgconfig/nvitop.pc', 'include/nvitop/nvitop.h',
            'libexec/nvitop/nvitop-sim', 'libexec/nvitop/libnvidia-ml.so.1', 'libexec/nvitop/nvitop-cuda-order',
            'share/man/man1/nvitop.1', 'share/man/man1/nvisel.1', 'share/man/man3/libnvitop.3',
            'share/bash-completion/completions/nvitop.bash', 'share/zsh/site-functions/_nvitop',
            'share/fish/vendor_completions.d/nvitop.fish', 'share/fish/vendor_completions.d/nvisel.fish',
            'share/nvitop/powershell/nvitop.ps1', 'share/nvitop/snapshot.schema.json', 'docs/windows.md', 'LICENSE', 'README.md', 'CHANGELOG.md',
            *(f'share/doc/nvitop/LICENSE.{name}' for name in ('inih', 'jansson', 'ncurses', 'utf8proc')),
            *(f'share/nvitop/scenarios/{name}.ini' for name in paths.shipped_scenarios())} <= names
    assert [name for name in names if 'exporter' in name and not name.startswith('docs/') or name.endswith(('.a', '.o', '.service'))] == []
    assert [path for path in tree.rglob('*') if path.is_symlink() and not path.exists()] == []


def test_links_lead_somewhere(tree):
    for target in re.findall(r'\]\(([^)#]+)\)', (tree / 'README.md').read_text()):
        assert '://' in target or (tree / target).exists(), target


def test_nothing_names_where_it_was_built(tree):
    for path in tree.rglob('*'):
        if path.is_file():
            content = path.read_bytes()
            assert os.fsencode(paths.ROOT) not in content and b'build-tarball' not in content, path


@pytest.fixture(scope='module')
def compiled(tree):
    found = binaries.under(tree)
    assert [path.name for path in found] == ['nvisel', 'nvitop', 'libnvitop.so.1.0.0', 'libnvidia-ml.so.1', 'nvitop-cuda-order',
                                             'nvitop-sim']
    return found


def test_binaries_want_an_old_c_library_alone(compiled):
    for path in compiled:
        binaries.check_libraries(path)
        binaries.check_symbols(path)
        binaries.check_shape(path)


def test_library_exports_what_it_promises(tree):
    told = subprocess.run(['nm', '-D', '--defined-only', tree / 'lib/libnvitop.so.1'], check=True, capture_output=True, text=True).stdout
    names = {line.split()[-1].split('@')[0] for line in told.splitlines()} - {'NVITOP_1'}
    assert names == set((paths.ROOT / 'tests/library/symbols.txt').read_text().split())


@pytest.fixture(params=['in place', 'moved', 'by link', 'by link to a link'])
def program(request, tree, tmp_path):
    """How a person comes to the program."""
    place = tree
    if request.param == 'moved':
        place = tmp_path / 'elsewhere'
        shutil.copytree(tree, place, symlinks=True)
    if not request.param.startswith('by link'):
        return place / 'bin/nvitop'
    for name in ('first', 'second'):
        (tmp_path / name).mkdir()
    (tmp_path / 'first/nvitop').symlink_to(tree / 'bin/nvitop')
    (tmp_path / 'second/nvitop').symlink_to('../first/nvitop')
    return tmp_path / ('second' if request.param.endswith('link to a link') else 'first') / 'nvitop'


def test_demo_is_found_from_anywhere(program):
    done = term.run([program, '-1', '--demo', 'two'], PLACES)
    assert (done.rc, done.err) == (0, '')
    assert 'RTX 4060 Ti' in done.out


def test_program_is_found_in_path(program):
    done = term.run(['nvitop', '--version'], {**PLACES, 'PATH': f'{program.parent}:/usr/bin:/bin'})
    assert (done.rc, done.err, done.out) == (0, '', f'nvitop {paths.version()}\n')


def test_monitor(tree):
    with Tty([tree / 'bin/nvitop', '--demo', 'two'], rows=40, columns=100) as tty:
        tty.wait_text('RTX 4060 Ti')
        tty.type('q')
        assert tty.finish() == 0 and tty.insanities() == []


def test_pages_and_completions_are_those_of_a_build(tree):
    for name, built in {'share/man/man1/nvitop.1': 'docs/man/nvitop.1', 'share/man/man1/nvisel.1': 'docs/man/nvisel.1',
                        'share/bash-completion/completions/nvitop.bash': 'completions/nvitop.bash',
                        'share/zsh/site-functions/_nvisel': 'completions/_nvisel'}.items():
        assert (tree / name).read_bytes() == (paths.BUILD / built).read_bytes()


def test_example_is_built_against_the_library(tree, tmp_path):
    """By what pkg-config says, which knows the folder that it is in, and no other library."""
    flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'nvitop'], check=True, capture_output=True, text=True,
                           env={**os.environ, 'PKG_CONFIG_LIBDIR': str(tree / 'lib/pkgconfig')}).stdout
    source = tree / 'share/doc/nvitop/examples/devices_json.c'
    subprocess.run(f'gcc -o {tmp_path}/example "{source}" {flags}', shell=True, check=True)
    done = term.run([tree / 'libexec/nvitop/nvitop-sim', 'two', '--', tmp_path / 'example'], {'LD_LIBRARY_PATH': str(tree / 'lib')})
    assert (done.rc, done.err) == (0, '') and 'RTX 4060 Ti' in done.out


def test_version_of_the_tree_is_told_once(tree):
    assert re.search(rf'^Version: {re.escape(paths.version())}$', (tree / 'lib/pkgconfig/nvitop.pc').read_text(), re.MULTILINE)
