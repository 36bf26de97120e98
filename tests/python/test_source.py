"""The source distribution, and what the sources promise without being run."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile

import pytest
from support import paths, term

PACKAGE = paths.ROOT / 'python' / 'nvitop'


@pytest.fixture(scope='module')
def unpacked(tmp_path_factory):
    if not (paths.ROOT / '.git').exists():
        pytest.skip('the source distribution is made of what Git has')
    folder = tmp_path_factory.mktemp('source')
    subprocess.run([sys.executable, '-c', f'import mesonpy; mesonpy.build_sdist({str(folder)!r})'], cwd=paths.ROOT,
                   env=environment(), check=True, capture_output=True, timeout=120)
    with tarfile.open(folder / f'nvitop-{paths.version()}.tar.gz') as archive:
        archive.extractall(folder)
    return folder / f'nvitop-{paths.version()}'


def environment():
    """With the Meson of this environment before any other."""
    clean = term.clean_env()
    return {**clean, 'PATH': f'{sys.exec_prefix}/bin:{clean["PATH"]}'}


def test_source_distribution_can_be_configured(unpacked):
    """Meson names every source file, so what it finds is what a build needs."""
    assert f'Version: {paths.version()}' in (unpacked / 'PKG-INFO').read_text(encoding='utf-8').splitlines()
    done = subprocess.run(['meson', 'setup', 'build', '-Dpython=wheel', '-Dtests=false'], cwd=unpacked,
                          env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_version_is_told_once_in_effect():
    told = re.search(r"__version__ = '(.*)'", (PACKAGE / 'version.py').read_text(encoding='utf-8')).group(1)
    assert re.search(rf"^  version: '{re.escape(told)}',$", (paths.ROOT / 'meson.build').read_text(), re.MULTILINE)


def test_types_are_strict(tmp_path):
    done = subprocess.run([sys.executable, '-m', 'mypy', '--strict', f'--cache-dir={tmp_path}', str(PACKAGE)],
                          cwd=paths.ROOT, env=environment(), capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_native_module_is_met_in_one_place():
    meeting = [path.name for path in PACKAGE.rglob('*.py')
               if re.search(r'^\s*(from nvitop\._nvitop import|import nvitop\._nvitop|import cffi)', path.read_text(), re.MULTILINE)]
    assert sorted(meeting) == ['_build.py', '_native.py']
