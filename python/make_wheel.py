#!/usr/bin/env python3
"""Makes what is released: `make_wheel.py FOLDER [--source]`. `./dev wheel` starts it.

The wheel is built by pip from the tree, without asking an index, and by zig's compiler, which knows
the C libraries of old: it links against one that every system still alive has. The static libraries
are those of this system; a symbol that the old C library lacks ends the link. The name of the wheel
is then made to say what is true of its contents: any CPython from 3.8 on, as abi3audit finds, and
that C library, as auditwheel finds. `--source` makes the source distribution as well, of what Git has.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Kept between runs, so that only what has changed is compiled again.
BUILD = ROOT / 'build-manylinux'

# The libraries that are in the wheel, as their packages are called.
LINKED_IN = ['inih', 'jansson', 'ncurses', 'utf8proc']

# What `./dev wheel` fetches.
ZIG = ROOT / '.venv/zig/ziglang/zig'

MACHINE = platform.machine()
GLIBC = '2.17'
PLATFORM = f'manylinux_{GLIBC.replace(".", "_")}_{MACHINE}'
PLATFORM_ONCE = f'manylinux2014_{MACHINE}'  # what pip before 20.3 calls it

# Headers of the system are asked last: of the C library's, zig has those that fit.
COMPILER = (f'{ZIG} cc -target {MACHINE}-linux-gnu.{GLIBC} -idirafter /usr/include '
            f'-idirafter /usr/include/{MACHINE}-linux-gnu')


def tell(*command: str | Path, **more: str) -> str:
    """Runs a module of this Python from the root, with more variables; its output, or an end with it."""
    done = subprocess.run([sys.executable, '-m', *map(str, command)], cwd=ROOT, stdin=subprocess.DEVNULL, env={**os.environ, **more},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f'{done.stdout}\nmake_wheel: failed: {" ".join(map(str, command))}')
    return done.stdout


def only(folder: Path) -> Path:
    """The one wheel in a folder."""
    wheel, = folder.glob('*.whl')
    return wheel


def build(folder: Path) -> Path:
    """The wheel as pip has it."""
    if not ZIG.is_file():
        raise SystemExit(f'make_wheel: {ZIG} is missing; ./dev wheel fetches it')
    cache = str(BUILD / 'zig-cache')
    tell('pip', '--disable-pip-version-check', 'wheel', '.', '--no-build-isolation', '--no-deps', '--no-index',
         '-w', folder, f'-Cbuild-dir={BUILD}', '-Csetup-args=-Dc_link_args=-s',
         CC=COMPILER, ZIG_GLOBAL_CACHE_DIR=cache, ZIG_LOCAL_CACHE_DIR=cache)
    return only(folder)


def name_truly(wheel: Path) -> Path:
    """The wheel under the name it deserves; ends the program if it is good for less."""
    told = ' '.join(tell('auditwheel', 'show', wheel).split())
    if f'consistent with the following platform tag: "{PLATFORM}"' not in told:
        raise SystemExit(f'{told}\nmake_wheel: this is no wheel for {PLATFORM}')
    tell('wheel', 'tags', '--remove', '--platform-tag', f'{PLATFORM_ONCE}.{PLATFORM}', wheel)
    named = only(wheel.parent)
    tell('abi3audit', '--strict', '--summary', named)
    return named


def add_licences(wheel: Path) -> Path:
    """The wheel with the licences of the libraries that are in it, as the system's packages state them."""
    place = wheel.parent / 'unpacked'
    tell('wheel', 'unpack', '--dest', place, wheel)
    licences = next(place.glob('*/*.dist-info')) / 'licenses'
    for library in LINKED_IN:
        shutil.copyfile(f'/usr/share/doc/lib{library}-dev/copyright', licences / f'LICENSE.{library}')
    wheel.unlink()
    tell('wheel', 'pack', '--dest-dir', wheel.parent, next(place.iterdir()))
    return only(wheel.parent)


def make_source(folder: Path) -> Path:
    """The source distribution."""
    import mesonpy
    return folder / mesonpy.build_sdist(str(folder))


def main() -> int:
    """Writes the files into the folder, and their paths."""
    parser = argparse.ArgumentParser(description='Makes the wheel, and the source distribution.')
    parser.add_argument('folder', type=Path)
    parser.add_argument('--source', action='store_true', help='the source distribution as well')
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        print(shutil.copy2(add_licences(name_truly(build(Path(place)))), folder))
    if options.source:
        print(make_source(folder))
    return 0


if __name__ == '__main__':
    sys.exit(main())
