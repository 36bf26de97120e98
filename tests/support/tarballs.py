"""The tarball as it is released."""

from __future__ import annotations

import tarfile
from pathlib import Path

from support import paths, wheels


def build(folder: Path, *machines: str) -> Path:
    """Of an ordinary build, for a machine (this one)."""
    python = paths.ROOT / '.venv/python/bin/python'
    wheels.run(python, paths.ROOT / 'release/make_tarball.py', paths.BUILD, folder, *machines,
               env=wheels.tools(python), timeout=wheels.BUILDING)
    tarball, = folder.glob('*.tar.gz')
    return tarball


def unpack(tarball: Path, folder: Path) -> Path:
    """The tree that is in it."""
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter='tar')
    return folder / tarball.name.removesuffix('.tar.gz')
