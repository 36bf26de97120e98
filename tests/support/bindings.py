"""The two releases of nvidia-ml-py that tests compare with, each in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support import paths

RELEASES = {'11.495.46': 'NVITOP_PYNVML_11', '13.595.45': 'NVITOP_PYNVML_13'}


def folder(release: str) -> Path:
    """Where the release is: the folder its variable names, else one beside the build, made once."""
    named = os.environ.get(RELEASES[release])
    target = Path(named) if named else paths.BUILD / f'pynvml-{release}'
    if not named and not (target / 'pynvml.py').exists():
        subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', '--target', str(target),
                        f'nvidia-ml-py=={release}'], check=True)
    infos = [info.name for info in target.glob('nvidia_ml_py-*.dist-info')]
    assert infos == [f'nvidia_ml_py-{release}.dist-info'], f'{release} is not in {target}: {infos}'
    return target
