"""The one wheel on every CPython at hand: `./dev` makes an environment for each that it finds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import wheel as wheel_module
from support import paths, sim

READ = '''
import sys
import nvitop
from nvitop.api import _native
names = [_native.read_device(device, _native.metric_ids('name'))[0] for device in _native.device_list()]
print('%d.%d' % sys.version_info[:2], nvitop.__version__, names)
'''

INTERPRETERS = sorted((paths.ROOT / '.venv').glob('cpython-3.*/bin/python'))


@pytest.fixture(scope='module')
def unpacked(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp('unpacked')
    zipfile.ZipFile(wheel_module.build(folder / 'made')).extractall(folder / 'site')
    return folder / 'site'


@pytest.mark.skipif(not INTERPRETERS, reason='no other CPython is at hand')
@pytest.mark.parametrize('interpreter', INTERPRETERS, ids=lambda path: path.parts[-3])
def test_import_and_read(unpacked, interpreter):
    with sim.scenario('two') as two:
        done = two.command([interpreter, '-W', 'error', '-c', READ], {'PYTHONPATH': str(unpacked)})
    assert (done.rc, done.err) == (0, ''), done.err
    version = interpreter.parts[-3].replace('cpython-', '')
    assert done.lines == [f"{version} {paths.version()} ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti']"]
