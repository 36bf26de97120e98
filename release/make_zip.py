#!/usr/bin/env python3
"""Makes the archive of a release for Windows: `make_zip.py BUILD FOLDER`. `./dev zip` starts it.

The archive is a tree that works wherever it is unpacked: programs, library and simulator, each a file
with all that it needs linked in, as windows.py says. What is linked in has its licence beside ours;
that of libmicrohttpd and libxcrypt, the LGPL, wants their source as well: whoever changes these builds
the exporter anew from ours. Completions are those of BUILD, an ordinary build.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import archive
import make_tarball
import target
from target import ROOT
from windows import LIBRARIES, Windows

# The compiler's own libraries that are linked in, and where Debian states their licences.
RUNTIME = {'mingw-w64': 'mingw-w64-common', 'gcc': 'gcc-mingw-w64-base'}

# What some of them, and of the other libraries, name without printing it.
COMMON = ['GPL-3', 'LGPL-2.1']

# Of an installation, what is not for those who want to use it.
LEFT_OUT = ['lib/libnvitop.a', 'libexec/nvitop/nvml.dll.a']


def compile_all() -> Path:
    """The build for Windows. It is kept, so that only what has changed is compiled again."""
    place = ROOT / 'build-zip'
    if not (place / 'build.ninja').is_file():
        target.tell(*make_tarball.MESON, 'setup', place, *Windows().setup(place), '-Dbuildtype=release', '-Dtests=false',
                    '-Dprefix=/usr', '-Dlibdir=lib', '-Dpkgconfig.relocatable=true')
    target.tell('ninja', '-C', place)
    return place


def add_licences(place: Path) -> None:
    """Those of all that is linked in, and the sources that some of them ask for."""
    for package in sorted((LIBRARIES / 'share/doc').iterdir()):
        shutil.copyfile(package / 'copyright', place / f'LICENSE.{package.name}')
    for name, package in RUNTIME.items():
        shutil.copyfile(Path('/usr/share/doc', package, 'copyright'), place / f'LICENSE.{name}')
    for name in COMMON:
        shutil.copyfile(Path('/usr/share/common-licenses', name), place / f'LICENSE.{name}')
    shutil.copytree(LIBRARIES / 'share/source', place / 'source')


def make_tree(build: Path, tree: Path) -> None:
    """The tree as it will be unpacked."""
    make_tarball.install(compile_all(), tree)
    for name in LEFT_OUT:
        (tree / name).unlink()
    completions = tree / 'share/nvitop/powershell'
    completions.mkdir()
    for script in (build / 'completions').glob('*.ps1'):
        shutil.copyfile(script, completions / script.name)
    add_licences(tree / 'share/doc/nvitop')
    make_tarball.copy_texts(tree)


def main() -> int:
    """Writes the file into the folder, and its path."""
    parser = argparse.ArgumentParser(description='Makes the archive of a release for Windows.')
    parser.add_argument('build', type=Path, help='an ordinary build for this machine')
    parser.add_argument('folder', type=Path)
    options = parser.parse_args()
    target.settle()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    name = f'nvitop-{make_tarball.version()}-windows-x86_64'
    with tempfile.TemporaryDirectory() as place:
        make_tree(options.build.resolve(), Path(place, name))
        print(archive.pack_zip(Path(place, name), folder / f'{name}.zip'))
    return 0


if __name__ == '__main__':
    sys.exit(main())
