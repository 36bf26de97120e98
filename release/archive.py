"""Archives that are the same whoever makes them, wherever and whenever: files in order, with one time,
one owner and one set of permissions."""

from __future__ import annotations

import gzip
import os
import stat
import tarfile
import time
import zipfile
from pathlib import Path


def mode_for_all(mode: int) -> int:
    """Permissions as everybody may have them."""
    return 0o755 if mode & 0o100 else 0o644


def _for_all(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without what depends on who packs it, and when."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ''
    entry.mtime = int(os.environ['SOURCE_DATE_EPOCH'])
    entry.mode = 0o777 if entry.issym() else mode_for_all(entry.mode)
    return entry


def pack(tree: Path, file: Path) -> Path:
    """The tree as a tarball, with a folder of the tree's name in it."""
    with open(file, 'wb') as raw, gzip.GzipFile('', 'wb', 9, raw, int(os.environ['SOURCE_DATE_EPOCH'])) as packed, \
            tarfile.open(fileobj=packed, mode='w', format=tarfile.PAX_FORMAT) as archive:
        for path in [tree, *sorted(tree.rglob('*'))]:
            archive.add(path, path.relative_to(tree.parent).as_posix(), recursive=False, filter=_for_all)
    return file


def pack_zip(tree: Path, file: Path) -> Path:
    """The files of the tree as a zip, with a folder of the tree's name around them."""
    when = time.gmtime(int(os.environ['SOURCE_DATE_EPOCH']))[:6]
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in tree.rglob('*') if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree.parent).as_posix(), when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | mode_for_all(path.stat().st_mode)) << 16
            archive.writestr(entry, path.read_bytes())
    return file


def unpack(file: Path, folder: Path) -> Path:
    """The one tree that a tarball holds."""
    with tarfile.open(file) as packed:
        packed.extractall(folder)
    tree, = folder.iterdir()
    return tree
