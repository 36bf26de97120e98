"""A system of years ago, Debian 11: `./dev test old-system` makes it, which takes root and minutes.

NVITOP_OLD_ROOT names another one: with a `python3` that has venv, and in /root/needs what the
Python package depends on.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths, roots  # noqa: E402


@pytest.fixture(scope='session')
def system():
    return roots.Root(Path(os.environ.get('NVITOP_OLD_ROOT', paths.ROOT / 'build-old-system' / 'root')))
