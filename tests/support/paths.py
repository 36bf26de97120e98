"""Where the built programs are. NVITOP_BUILD names the build folder (default: build/)."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get('NVITOP_BUILD', ROOT / 'build')).resolve()
SCENARIOS = ROOT / 'sim' / 'scenarios'
# Where `meson install` put the Python package.
PACKAGE_SITE = Path(os.environ.get('NVITOP_PYTHON_SITE', ROOT / 'build-python' / 'root' / 'site')).resolve()


def built(*candidates: str) -> Path:
    """The first of the candidates that exists under the build folder."""
    for name in candidates:
        path = BUILD / name
        if path.exists():
            return path
    raise FileNotFoundError(f'none of {", ".join(candidates)} under {BUILD}: build first, or set NVITOP_BUILD')


def nvitop() -> Path:
    """Our program."""
    return built('bin/nvitop', 'src/cmd/nvitop')


def nvisel() -> Path:
    """Our program that chooses."""
    return built('bin/nvisel')


def launcher() -> Path:
    """The program that starts a scenario's processes and runs a command over the simulator."""
    return built('sim/nvitop-sim')


def sim_library() -> Path:
    """The simulator itself."""
    return built('sim/libnvidia-ml.so.1')


def peer_python() -> str:
    """A Python with nvitop 1.7.2 and gpustat 1.1.1 in it."""
    return os.environ.get('NVITOP_PEER_PYTHON', sys.executable)


@lru_cache(maxsize=1)
def version() -> str:
    """Our version, as `nvitop --version` tells it."""
    out = subprocess.run([nvitop(), '--version'], check=True, capture_output=True, text=True, timeout=30)
    return out.stdout.split()[-1]


def shipped_scenarios() -> list[str]:
    """Names of all scenarios in the tree, sorted."""
    return sorted(path.stem for path in SCENARIOS.glob('*.ini'))
