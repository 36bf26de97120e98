#!/usr/bin/env python3
"""Makes the Debian packages, source and binary: `make_packages.py FOLDER`. `./dev packages` starts it.

What Git knows of goes into the source package, as it stands in the tree, with the time of the newest
entry of debian/changelog; all of it is then built from that source package, in a folder of its own
and with nothing but the system's own tools. The same tree gives the same bytes, wherever and
whenever it is built on the same system; of the file .buildinfo, which describes the system, and of
.changes, which names that file's sum, this is not asked.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The system's own tools, whatever else is in front of them for people.
ENVIRONMENT = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/nonexistent', 'LC_ALL': 'C.UTF-8',
               **{name: os.environ[name] for name in ('DEB_BUILD_OPTIONS', 'TMPDIR') if name in os.environ}}


def tell(*command: str | Path, folder: Path = ROOT) -> str:
    """Runs a command; its output, or an end with it."""
    done = subprocess.run(list(map(str, command)), cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', check=False)
    if done.returncode != 0:
        raise SystemExit(f'{done.stdout}\nmake_packages: failed: {" ".join(map(str, command))}')
    return done.stdout


def changelog(field: str) -> str:
    """A field of the newest entry."""
    return tell('dpkg-parsechangelog', '-S', field).strip()


def tracked() -> list[str]:
    """The files that Git knows of and that are there, sorted."""
    names = tell('git', '-c', f'safe.directory={ROOT}', 'ls-files', '-z').split('\0')
    return sorted(name for name in names if name and os.path.lexists(ROOT / name))


def pack(names: list[str], top: str, time: int) -> bytes:
    """A tar of these files, in which nothing tells of the machine."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode='w', format=tarfile.GNU_FORMAT) as tar:
        for name in names:
            member = tar.gettarinfo(ROOT / name, f'{top}/{name}')
            member.uid = member.gid = 0
            member.uname = member.gname = 'root'
            member.mtime = time
            member.mode = 0o755 if member.mode & 0o100 else 0o644
            if member.isreg():
                with open(ROOT / name, 'rb') as file:
                    tar.addfile(member, file)
            else:
                tar.addfile(member)
    return whole.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """The files of a tar of ours, with their times."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(folder)


def is_packaging(name: str) -> bool:
    return name.startswith('debian/')


def build(place: Path) -> None:
    """Source and binary packages into this empty folder, where `source` is left as well."""
    names, time = tracked(), int(changelog('Timestamp'))
    version = changelog('Version').rpartition('-')[0]
    top = f'nvitop-{version}'
    original = pack([name for name in names if not is_packaging(name)], top, time)
    tarball = place / f'nvitop_{version}.orig.tar'
    tarball.write_bytes(original)
    tell('xz', '-9', '-T1', tarball.name, folder=place)
    unpack(original, place)
    unpack(pack([name for name in names if is_packaging(name)], top, time), place)
    tell('dpkg-buildpackage', '-us', '-uc', '--sanitize-env', folder=place / top)
    shutil.rmtree(place / top)


def main() -> int:
    """Writes the packages into the folder, and their paths."""
    parser = argparse.ArgumentParser(description='Makes the Debian packages, source and binary.')
    parser.add_argument('folder', type=Path)
    folder = parser.parse_args().folder.resolve()
    os.umask(0o022)  # folders have modes too
    # Debian's flags keep a path out of the binaries only if it is made of these.
    is_plain = re.fullmatch(r'[\w./+-]+', tempfile.gettempdir()) is not None
    with tempfile.TemporaryDirectory(prefix='nvitop-packages-', dir=None if is_plain else '/tmp') as place:
        build(Path(place))
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(Path(place).iterdir()):
            print(shutil.copy2(path, folder))
    return 0


if __name__ == '__main__':
    sys.exit(main())
