"""A release that is made twice, in different places and at different times, is the same."""

from __future__ import annotations

import os
import platform
import re

import pytest
from support import paths, term, wheels

PYTHON = paths.ROOT / '.venv/python/bin/python'


def test_release_twice_is_the_same():
    if not (paths.ROOT / '.git').exists():
        pytest.skip('it is made of what Git has')
    done = term.run([PYTHON, paths.ROOT / 'release/reproducible.py'], {**wheels.tools(PYTHON), 'HOME': os.environ['HOME']}, timeout=1700)
    assert (done.rc, done.err) == (0, ''), done.out
    names = [re.fullmatch(r'[0-9a-f]{64}  (\S+)', line).group(1) for line in done.lines]
    version, machine = paths.version(), platform.machine()
    assert names == [f'nvitop-{version}-cp38-abi3-manylinux2014_{machine}.manylinux_2_17_{machine}.whl',
                     f'nvitop-{version}-linux-{machine}.tar.gz', f'nvitop-{version}.tar.gz']
