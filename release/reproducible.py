#!/usr/bin/env python3
"""Makes a release twice and compares: `reproducible.py [MACHINE]…`. `./dev reproducible` starts it.

Each time from a clone of HEAD of its own, in a folder of another name and length, with nothing
compiled before, and with other permissions, time zone, language and home. Both get the same
libraries and the same compiler: those of another version make another release.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from target import ROOT, TARGETS, WHEELS, tell

# What a clone does not have, and both need.
SHARED = ['.venv', *(f'build-debian-{target.debian}' for target in TARGETS.values()),
          'build-windows-deps', 'build-windows-python']

# Where, with which permissions for new files, and with which variables.
WAYS = [
    ('one', 0o022, {'TZ': 'UTC', 'LC_ALL': 'C'}),
    ('another place with a longer name', 0o077, {'TZ': 'Pacific/Kiritimati', 'LC_ALL': 'C.UTF-8'}),
]


def run(place: Path, umask: int, env: dict[str, str], *command: str | Path) -> None:
    """Runs a command there; ends the program with what it said if it fails."""
    clean = {name: value for name, value in os.environ.items() if name != 'SOURCE_DATE_EPOCH'}
    done = subprocess.run(list(map(str, command)), cwd=place, env={**clean, **env}, umask=umask, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f'{done.stdout}\nreproducible: failed: {" ".join(map(str, command))}')


def make(commit: str, place: Path, umask: int, env: dict[str, str], machines: list[str]) -> Path:
    """All files of a release of a commit, in the folder that is given back."""
    # Tools write into a home; an empty one has nothing that was compiled at another time.
    home = place.with_name(f'home of {place.name}')
    home.mkdir()
    env = {**env, 'HOME': str(home)}
    run(ROOT, umask, env, 'git', 'clone', '-q', '--no-hardlinks', '--no-checkout', ROOT, place)
    run(place, umask, env, 'git', 'checkout', '-q', '--detach', commit)
    for name in SHARED:
        (place / name).symlink_to(ROOT / name)
    made = place / 'dist'
    run(place, umask, env, sys.executable, '-m', 'mesonbuild.mesonmain', 'setup', 'build', '-Dbuildtype=release', '-Dtests=false')
    run(place, umask, env, 'ninja', '-C', 'build')
    run(place, umask, env, sys.executable, 'release/make_wheel.py', '--source', made, *machines)
    if tarballs := [name for name in machines if name in TARGETS]:
        run(place, umask, env, sys.executable, 'release/make_tarball.py', 'build', made, *tarballs)
    if any(name not in TARGETS for name in machines):
        run(place, umask, env, sys.executable, 'release/make_zip.py', 'build', made)
    return made


def digests(folder: Path) -> dict[str, str]:
    """What each file of a folder is, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def main() -> int:
    """Tells of each file whether it is the same; 1 if one is not."""
    parser = argparse.ArgumentParser(description='Makes a release twice, and compares.')
    parser.add_argument('machines', nargs='*', metavar='MACHINE', help=f'one of {", ".join(WHEELS)} (this one)')
    options = parser.parse_args()
    # Of one commit, whatever is committed meanwhile.
    commit = tell('git', 'rev-parse', 'HEAD').strip()
    with tempfile.TemporaryDirectory() as folder:
        first, second = (digests(make(commit, Path(folder, name), umask, env, options.machines or [platform.machine()]))
                         for name, umask, env in WAYS)
    differing = [name for name in {**first, **second} if first.get(name) != second.get(name)]
    for name in sorted({**first, **second}):
        print(f'differs  {name}' if name in differing else f'{first[name]}  {name}')
    return 1 if differing else 0


if __name__ == '__main__':
    sys.exit(main())
