#!/usr/bin/env python3
"""Makes what is released for pip: `make_wheel.py [--source] FOLDER [MACHINE]…`. `./dev wheel` starts it.

The wheel is built by pip from the tree, without asking an index, as target.py says for its machine.
The name of the wheel is then made to say what is true of its contents: any CPython from 3.8 on, as
abi3audit finds, and the C library of old, as auditwheel finds; or Windows, of which nothing but what
it has itself is wanted. `--source` makes the source distribution as well, of what Git has.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import archive
import target
from target import ROOT, WHEELS, Target
from windows import Windows


def python(*command: str | Path, **more: str) -> str:
    """Runs a module of this Python."""
    return target.tell(sys.executable, '-m', *command, **more)


def only(folder: Path) -> Path:
    """The one wheel in a folder."""
    wheel, = folder.glob('*.whl')
    return wheel


def build(machine: Target | Windows, folder: Path) -> Path:
    """The wheel as pip has it. Its build is kept, so that only what has changed is compiled again."""
    place = ROOT / f'build-wheel-{machine.machine}'
    python('pip', '--disable-pip-version-check', 'wheel', '.', '--no-build-isolation', '--no-deps', '--no-index',
           '-w', folder, f'-Cbuild-dir={place}', *(f'-Csetup-args={argument}' for argument in machine.setup(place)),
           _PYTHON_HOST_PLATFORM=machine.platform, **target.CACHE)
    return only(folder)


def name_truly(machine: Target | Windows, wheel: Path) -> Path:
    """The wheel under the name it deserves; ends the program if it is good for less."""
    tags = machine.judge(wheel)
    if not wheel.stem.endswith(f'-{tags}'):
        python('wheel', 'tags', '--remove', '--platform-tag', tags, wheel)
    named = only(wheel.parent)
    python('abi3audit', '--strict', '--summary', named)
    return named


def finish(machine: Target | Windows, wheel: Path) -> Path:
    """The wheel with the licences of the libraries that are in it, as their packages state them, and without
    what of its libraries is for linkers."""
    place = wheel.parent / 'unpacked'
    python('wheel', 'unpack', '--dest', place, wheel)
    licences = next(place.glob('*/*.dist-info')) / 'licenses'
    for library in machine.linked_in:
        shutil.copyfile(machine.licence(library), licences / f'LICENSE.{library}')
    for path in place.rglob('*.dll.a'):
        path.unlink()
    for path in place.rglob('*'):
        path.chmod(archive.mode_for_all(path.stat().st_mode))
    wheel.unlink()
    python('wheel', 'pack', '--dest-dir', wheel.parent, next(place.iterdir()))
    return only(wheel.parent)


def make_source(folder: Path) -> Path:
    """The source distribution."""
    with tempfile.TemporaryDirectory() as place:
        target.tell(sys.executable, '-c', f'import mesonpy; mesonpy.build_sdist({place!r})')
        made, = Path(place).iterdir()
        return archive.pack(archive.unpack(made, Path(place, 'unpacked')), folder / made.name)


def main() -> int:
    """Writes the files into the folder, and their paths."""
    parser = argparse.ArgumentParser(description='Makes wheels, and the source distribution.')
    parser.add_argument('folder', type=Path)
    parser.add_argument('machines', nargs='*', metavar='MACHINE', help=f'one of {", ".join(WHEELS)} (this one)')
    parser.add_argument('--source', action='store_true', help='the source distribution as well')
    options = parser.parse_args()
    target.settle()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for machine in (target.of(name, WHEELS) for name in options.machines or [platform.machine()]):
        with tempfile.TemporaryDirectory() as place:
            wheel = name_truly(machine, build(machine, Path(place)))
            print(shutil.copy2(finish(machine, wheel), folder))
    if options.source:
        print(make_source(folder))
    return 0


if __name__ == '__main__':
    sys.exit(main())
