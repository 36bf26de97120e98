"""Makes the shared helpers importable, and the tarball once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import tarballs  # noqa: E402


@pytest.fixture(scope='session')
def tarball(tmp_path_factory):
    return tarballs.build(tmp_path_factory.mktemp('made'))


@pytest.fixture(scope='session')
def tree(tarball, tmp_path_factory):
    """Unpacked in a folder whose name has a space."""
    return tarballs.unpack(tarball, tmp_path_factory.mktemp('un packed'))
