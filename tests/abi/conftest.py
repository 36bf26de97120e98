"""Two releases of nvidia-ml-py side by side, and what our own header says."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import bindings, paths  # noqa: E402


@pytest.fixture(scope='session', params=list(bindings.RELEASES))
def binding(request: pytest.FixtureRequest) -> ModuleType:
    """The module `pynvml` of one release."""
    path = bindings.folder(request.param) / 'pynvml.py'
    spec = importlib.util.spec_from_file_location(f'pynvml_{request.param}', path)
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
