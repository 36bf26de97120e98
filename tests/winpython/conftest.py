"""The Python package on Windows: its wheel, installed by pip in a Python that wine runs."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / 'windows'), str(TESTS / 'python')]

import wine  # noqa: E402
import winpython  # noqa: E402
from winpython import Scripts  # noqa: E402, F401 - modules of tests/python take it from here
from support import paths, wheels  # noqa: E402

sys.path.insert(0, str(paths.PACKAGE_SITE))  # the tests that are taken from tests/python import it here


@pytest.fixture(scope='session')
def wheel(tmp_path_factory) -> Path:
    """The wheel as it is released, made once."""
    return wheels.build(tmp_path_factory.mktemp('wheel'), sys.executable, 'windows-x86_64')


@pytest.fixture(scope='session', autouse=True)
def installed(wheel):
    """A Windows that stays up, and the wheel in its Python; when it is taken away, nothing is left."""
    assert winpython.PYTHON.exists(), f'{winpython.PYTHON} is not there: ./dev test wheel-windows'
    wine.prepare()
    with wine.staying():
        if (winpython.PACKAGES / 'nvitop').exists():  # of a run that was cut off
            winpython.pip('uninstall', '-y', 'nvitop')
        before = winpython.files()
        told = winpython.pip('install', '--no-index', '--no-compile', wine.path(wheel))
        assert f'Successfully installed nvitop-{paths.version()}' in told
        yield
        winpython.pip('uninstall', '-y', 'nvitop')
        assert winpython.files() == before


@pytest.fixture
def over(request):
    """over(SCENARIO) → its scripts, there. The scenario is open while the test runs."""
    stack = contextlib.ExitStack()
    request.addfinalizer(stack.close)
    return lambda name, env=None: stack.enter_context(winpython.scenario(name, env))


@pytest.fixture(scope='session')
def two(installed):
    """The scenario with two GPUs, open for all tests that only look."""
    with winpython.scenario('two') as opened:
        yield opened
