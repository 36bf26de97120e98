"""The packages, built once for all tests here from the tree as it stands, and empty systems to put them into.

`./dev test packages` makes what this stands on in build-packages/; it takes root.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from packages import debs, systems  # noqa: E402

# `full`: what takes long, with the packages that were made before; `kept`: these, and what is quick.
WANTED = os.environ.get('NVITOP_PACKAGES', '')
IS_FULL = WANTED == 'full'
BUILT = systems.KEPT / 'built'


def pytest_collection_modifyitems(items):
    """What is marked as long is for `./dev test packages-full`, and that runs nothing else."""
    items[:] = [item for item in items if (item.get_closest_marker('long') is not None) == IS_FULL]


def pytest_configure(config):
    config.addinivalue_line('markers', 'long: builds anew, or in a system of its own')


@pytest.fixture(scope='session')
def built() -> Path:
    """The folder with source and binary packages."""
    if not WANTED:
        shutil.rmtree(BUILT, ignore_errors=True)
        debs.make(BUILT)
    assert list(BUILT.glob('*.changes')), 'no packages were made: run ./dev test packages'
    return BUILT


@pytest.fixture(scope='session')
def older(built, tmp_path_factory) -> Path:
    """The same binary packages under a version that is lower, each with a file that later ones lack."""
    folder = tmp_path_factory.mktemp('older')
    for package in debs.NAMES:
        debs.make_older(debs.find(built, package), folder)
    return folder


@pytest.fixture
def system(request):
    """A Debian of the suite that the test names by a parameter, bookworm if by none: empty, and gone afterwards."""
    with systems.fresh(getattr(request, 'param', 'bookworm')) as found:
        yield found
