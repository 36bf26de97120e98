#!/usr/bin/env python3
"""Makes what is released: `make_wheel.py FOLDER [--source]`. `./dev wheel` starts it.

The wheel is built by pip from the tree, without asking an index. Its name is then made to say what
is true of its contents: any CPython from 3.8 on, as abi3audit finds, and the oldest C library that
auditwheel finds enough. `--source` makes the source distribution as well, of what Git has.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Kept between runs, so that only what has changed is compiled again.
BUILD = ROOT / 'build-wheel'


def tell(*command: str | Path) -> str:
    """Runs a module of this Python from the root; its output, or an end with what it said."""
    done = subprocess.run([sys.executable, '-m', *map(str, command)], cwd=ROOT, stdin=subprocess.DEVNULL,
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
    tell('pip', '--disable-pip-version-check', 'wheel', '.', '--no-build-isolation', '--no-deps', '--no-index',
         '-w', folder, f'-Cbuild-dir={BUILD}')
    return only(folder)


def platform_of(wheel: Path) -> str:
    """The widest platform tag that its binaries keep to."""
    told = ' '.join(tell('auditwheel', 'show', wheel).split())
    found = re.search(r'consistent with the following platform tag: "(\w+)"', told)
    if not found:
        raise SystemExit(f'{told}\nmake_wheel: auditwheel names no platform')
    return found.group(1)


def name_truly(wheel: Path) -> Path:
    """The wheel under the name it deserves; ends the program if it breaks the stable interface."""
    tell('wheel', 'tags', '--remove', '--python-tag', 'cp38', '--platform-tag', platform_of(wheel), wheel)
    named = only(wheel.parent)
    tell('abi3audit', '--strict', '--summary', named)
    return named


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
        print(shutil.copy2(name_truly(build(Path(place))), folder))
    if options.source:
        print(make_source(folder))
    return 0


if __name__ == '__main__':
    sys.exit(main())
