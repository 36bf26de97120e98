#!/usr/bin/env python3
"""Makes the tarballs of a release: `make_tarball.py BUILD FOLDER [MACHINE]…`. `./dev tarball` starts it.

A tarball is a tree that works wherever it is unpacked: programs, library and simulator with all that
they need linked in but the C library, as target.py says for a machine. Manual pages and completions
are those of BUILD, an ordinary build for this machine, since they are the same for all. What is
linked in has its licence beside ours.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import sys
import tempfile
from pathlib import Path

import archive
import target
from target import LINKED_IN, ROOT, TARGETS, Target

# Of an ordinary installation, what is not made for a machine.
PAGES = ('share/man/', 'share/bash-completion/', 'share/zsh/', 'share/fish/', 'share/nvitop/powershell/')

# What belongs to a program that is not in the tarball.
LEFT_OUT = re.compile(r'nvitop-exporter\b')

# A file of the tree that a page links to.
LINK = re.compile(r'\]\(([a-z][\w./-]+)\)')

MESON = [sys.executable, '-m', 'mesonbuild.mesonmain']


def read(build: Path, name: str) -> list | dict:
    """What Meson says of a build."""
    return json.loads((build / 'meson-info' / f'intro-{name}.json').read_text(encoding='utf-8'))


def prefix_of(build: Path) -> Path:
    """The prefix that a build was configured with."""
    return next(Path(option['value']) for option in read(build, 'buildoptions') if option['name'] == 'prefix')


def install(build: Path, tree: Path) -> None:
    """What a build installs, under a folder that stands for its prefix."""
    with tempfile.TemporaryDirectory() as place:
        target.tell(*MESON, 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', place)
        shutil.copytree(Path(place, *prefix_of(build).parts[1:]), tree, symlinks=True)


def copy_pages(build: Path, tree: Path) -> None:
    """What of a build is the same for all machines."""
    prefix = prefix_of(build)
    for source, place in read(build, 'installed').items():
        name = Path(place).relative_to(prefix) if Path(place).is_relative_to(prefix) else Path()
        if name.as_posix().startswith(PAGES) and not LEFT_OUT.search(name.name):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, tree / name)


def copy_texts(tree: Path) -> None:
    """What a person reads first, and the files that it links to."""
    linked = LINK.findall((ROOT / 'README.md').read_text(encoding='utf-8'))
    for name in ('LICENSE', 'README.md', 'CHANGELOG.md', *linked):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)


def compile_for(machine: Target) -> Path:
    """The build for a machine. It is kept, so that only what has changed is compiled again."""
    place = ROOT / f'build-tarball-{machine.machine}'
    cross_file = target.cross_file(machine, place)
    if not (place / 'build.ninja').is_file():
        target.tell(*MESON, 'setup', place, f'--cross-file={cross_file}', '-Dbuildtype=release', '-Dtests=false', '-Dportable=true',
                    '-Db_pie=true', '-Dprefix=/usr', '-Dlibdir=lib', '-Dpkgconfig.relocatable=true', '-Dc_link_args=-s', **target.CACHE)
    target.tell('ninja', '-C', place, **target.CACHE)
    return place


def make_tree(machine: Target, build: Path, tree: Path) -> None:
    """The tree as it will be unpacked."""
    install(compile_for(machine), tree)
    copy_pages(build, tree)
    licences = tree / 'share/doc/nvitop'
    for library in LINKED_IN:
        shutil.copyfile(machine.licence(library), licences / f'LICENSE.{library}')
    copy_texts(tree)


def version() -> str:
    """That of the sources."""
    return re.search(r"^  version: '(.*)',$", (ROOT / 'meson.build').read_text(encoding='utf-8'), re.MULTILINE).group(1)


def main() -> int:
    """Writes the files into the folder, and their paths."""
    parser = argparse.ArgumentParser(description='Makes the tarballs of a release.')
    parser.add_argument('build', type=Path, help='an ordinary build for this machine')
    parser.add_argument('folder', type=Path)
    parser.add_argument('machines', nargs='*', metavar='MACHINE', help=f'one of {", ".join(TARGETS)} (this one)')
    options = parser.parse_args()
    target.settle()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for machine in map(target.of, options.machines or [platform.machine()]):
        name = f'nvitop-{version()}-linux-{machine.machine}'
        with tempfile.TemporaryDirectory() as place:
            make_tree(machine, options.build.resolve(), Path(place, name))
            print(archive.pack(Path(place, name), folder / f'{name}.tar.gz'))
    return 0


if __name__ == '__main__':
    sys.exit(main())
