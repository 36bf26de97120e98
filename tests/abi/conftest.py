"""Two releases of nvidia-ml-py side by side, and what our own header says."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import paths  # noqa: E402

RELEASES = {'11.495.46': 'NVITOP_PYNVML_11', '13.595.45': 'NVITOP_PYNVML_13'}


def _folder(release: str) -> Path:
    """Where the release is: the folder a variable names, else one of our own beside the build."""
    named = os.environ.get(RELEASES[release])
    if named:
        return Path(named)
    target = paths.BUILD / f'pynvml-{release}'
    if not (target / 'pynvml.py').exists():
        subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', '--target', str(target),
                        f'nvidia-ml-py=={release}'], check=True)
    return target


@pytest.fixture(scope='session', params=list(RELEASES))
def binding(request: pytest.FixtureRequest) -> ModuleType:
    """The module `pynvml` of one release."""
    folder = _folder(request.param)
    infos = list(folder.glob('nvidia_ml_py-*.dist-info'))
    assert [info.name for info in infos] == [f'nvidia_ml_py-{request.param}.dist-info'], f'wrong release in {folder}'
    spec = importlib.util.spec_from_file_location(f'pynvml_{request.param}', folder / 'pynvml.py')
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    module.release = request.param
    sys.modules[spec.name] = module  # it looks itself up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope='session')
def ours() -> list[list]:
    """The rows that abi_dump prints."""
    done = subprocess.run([paths.built('tests/abi/abi_dump')], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
