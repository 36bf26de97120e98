#!/usr/bin/env python3
"""The binary interface of libnvitop beside the one that was promised: `abi.py write` renews the baseline.

The baseline, libnvitop.abi, is what libabigail reads from a gcc build with debug information: every
exported function, every type of the public header, every number. Most enums are no parameter of
any function, so the api's objects are linked with a file that has a function for each type.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths  # noqa: E402

BASELINE = Path(__file__).parent / 'libnvitop.abi'
DUMP = ('abidw', '--no-corpus-path', '--no-comp-dir-path', '--no-show-locs', '--no-elf-needed', '--drop-undefined-syms',
        '--drop-private-types', '--exported-interfaces-only')
COMPARE = ('abidiff', '--no-added-syms')
SHOWN = '__attribute__((visibility("default")))'
SAME, CHANGED, BROKEN = 0, 4, 8  # bits of abidiff's exit status; 1 and 2 say that it failed itself


def run(*command: str | Path, folder: Path) -> None:
    subprocess.run(list(map(str, command)), cwd=folder, check=True, timeout=120)


def uses(header: Path) -> str:
    """C text with one function for each enum and each structure of the header."""
    types = re.findall(r'^(enum|struct) (\w+) \{', header.read_text(), re.MULTILINE)
    lines = [f'{SHOWN} void type_{name}({kind} {name} *type) {{ (void)type; }}\n' for kind, name in types]
    return f'#include "{header}"\n' + ''.join(lines)


def dump(header: Path, parts: list[Path], target: Path) -> Path:
    """Writes what the header's library, made of objects and archives, shows to programs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'types.c').write_text(uses(header))
        run('gcc', '-std=gnu17', '-g', '-fPIC', '-c', 'types.c', folder=folder)
        run('gcc', '-shared', '-o', 'it.so', 'types.o', '-Wl,--whole-archive', *parts, '-Wl,--no-whole-archive',
            folder=folder)
        run(*DUMP, '--headers-dir', header.parent, '--out-file', target, 'it.so', folder=folder)
    return target


def dump_ours(target: Path) -> Path:
    """The library of the build."""
    return dump(paths.ROOT / 'include/nvitop/nvitop.h', [paths.built('src/api/libapi.a')], target)


def compare(old: Path, new: Path) -> tuple[int, str]:
    """abidiff's status and words. Functions and enumerators that are new at an end change nothing."""
    done = subprocess.run([*COMPARE, str(old), str(new)], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode & 3:
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode, done.stdout


def main() -> int:
    if sys.argv[1:] != ['write']:
        print(f'usage: {Path(sys.argv[0]).name} write', file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        fresh = dump_ours(Path(name) / 'fresh.abi')
        status, words = compare(BASELINE, fresh) if BASELINE.exists() else (SAME, '')
        BASELINE.write_bytes(fresh.read_bytes())
    print(words if status else 'nothing that a program could notice has changed')
    return 0


if __name__ == '__main__':
    sys.exit(main())
