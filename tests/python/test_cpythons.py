"""The one wheel on every CPython at hand: `./dev` makes an environment for each that it finds."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support import paths, sim, term, wheels

INTERPRETERS = sorted((paths.ROOT / '.venv').glob('cpython-3.*/bin/python'))

READ = '''
import sys
import nvitop
print('%d.%d' % sys.version_info[:2], nvitop.__version__, [device.name() for device in nvitop.Device.all()])
'''


class Installed:
    """The wheel in a folder of its own, installed there by the pip of an interpreter that has what it needs."""

    def __init__(self, interpreter: Path, wheel: Path, folder: Path) -> None:
        self.interpreter = interpreter
        self.version = interpreter.parts[-3].replace('cpython-', '')
        self.folder = folder
        wheels.run(interpreter, '-m', 'pip', '--disable-pip-version-check', 'install', '--no-index', '--no-deps',
                         '--target', folder, wheel)

    def python(self, *options: str) -> term.Result:
        return term.run([self.interpreter, '-W', 'error', *options], {'PYTHONPATH': str(self.folder)})


@pytest.fixture(scope='module', params=INTERPRETERS, ids=lambda path: path.parts[-3])
def installed(request, wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp('installed')
    yield Installed(request.param, wheel, folder)
    shutil.rmtree(folder)


def test_import_and_read(installed):
    with sim.scenario('two') as two:
        done = two.command([installed.interpreter, '-W', 'error', '-c', READ], {'PYTHONPATH': str(installed.folder)})
    assert (done.rc, done.err) == (0, ''), done.err
    assert done.lines == [f"{installed.version} {paths.version()} ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti']"]


def test_modules_are_the_programs(installed):
    done = installed.python('-m', 'nvitop', '--version')
    assert (done.rc, done.err, done.out) == (0, '', f'nvitop {paths.version()}\n')
    done = installed.python('-m', 'nvitop.select', '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


def test_every_module_can_be_imported(installed):
    names = [re.sub(r'(/__init__)?\.py$', '', str(path.relative_to(installed.folder))).replace('/', '.')
             for path in sorted((installed.folder / 'nvitop').rglob('*.py')) if 'callbacks' not in path.parts]
    assert 'nvitop.api.device' in names
    done = installed.python('-c', f'import importlib\nfor name in {names}: importlib.import_module(name)')
    assert (done.rc, done.err) == (0, ''), done.err
