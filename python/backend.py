"""How pip builds the package: as meson-python does, but for two things.

A wheel is named for every CPython that it serves, not for the one that built it. And an editable
installation, where nothing but modules has a place, gets commands that start the programs of the
build.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, Optional

import mesonpy
from mesonpy import build_sdist, get_requires_for_build_editable, get_requires_for_build_sdist, get_requires_for_build_wheel

__all__ = ['build_editable', 'build_sdist', 'build_wheel', 'get_requires_for_build_editable',
           'get_requires_for_build_sdist', 'get_requires_for_build_wheel']

COMMANDS = """[console_scripts]
nvitop = nvitop.cli:main
nvisel = nvitop.select:main
"""


def _wheel(*arguments: str) -> str:
    return subprocess.run([sys.executable, '-m', 'wheel', *arguments], check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout


def build_wheel(wheel_directory: str, config_settings: Optional[Dict[str, str]] = None,
                metadata_directory: Optional[str] = None) -> str:
    """The wheel, for CPython 3.8 and later; without the stable interface, for the one that builds it."""
    name: str = mesonpy.build_wheel(wheel_directory, config_settings, metadata_directory)
    if '-abi3-' not in name:
        return name
    return _wheel('tags', '--remove', '--python-tag', 'cp38', str(Path(wheel_directory, name))).strip()


def build_editable(wheel_directory: str, config_settings: Optional[Dict[str, str]] = None,
                   metadata_directory: Optional[str] = None) -> str:
    """The wheel that points to the tree and its build, with commands."""
    name: str = mesonpy.build_editable(wheel_directory, config_settings, metadata_directory)
    with tempfile.TemporaryDirectory() as place:
        _wheel('unpack', '--dest', place, str(Path(wheel_directory, name)))
        tree, = Path(place).iterdir()
        info, = tree.glob('*.dist-info')
        (info / 'entry_points.txt').write_text(COMMANDS)
        _wheel('pack', '--dest-dir', wheel_directory, str(tree))
    return name
