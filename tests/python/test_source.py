"""What the sources promise without being run."""

from __future__ import annotations

import re
import subprocess
import sys

from support import paths, term

PACKAGE = paths.ROOT / 'python' / 'nvitop'


def environment():
    """With the Meson of this environment before any other."""
    clean = term.clean_env()
    return {**clean, 'PATH': f'{sys.exec_prefix}/bin:{clean["PATH"]}'}


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
