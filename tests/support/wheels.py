"""The wheel as pip makes it, and a clean environment with it and what it depends on."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

from support import paths, term

BUILDING = 1500  # seconds that a release may take, of which all is compiled
NEEDED = ('cffi', 'pycparser', 'nvidia-ml-py', 'psutil')


def run(*command: str | Path, env: dict[str, str] | None = None, timeout: float = 280) -> str:
    """Runs a command that must end well; its output."""
    done = subprocess.run(list(map(str, command)), cwd=paths.ROOT, env=term.clean_env(env), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


def tools(python: str | Path = sys.executable) -> dict[str, str]:
    """Meson and Ninja are those of an environment, or of the system."""
    return {'PATH': f'{Path(python).parent}:{os.environ["PATH"]}'}


def build(folder: Path, python: str | Path = sys.executable, *machines: str) -> Path:
    """The wheel as it is released, for a machine (this one)."""
    run(python, paths.ROOT / 'release/make_wheel.py', folder, *machines, env=tools(python), timeout=BUILDING)
    wheel, = folder.glob('*.whl')
    return wheel


def copy_distribution(name: str, site: Path) -> None:
    """One distribution of this environment into another's packages: no index is asked."""
    found = importlib.metadata.distribution(name)
    for file in found.files or ():
        source = Path(found.locate_file(file))
        if '..' not in file.parts and source.is_file():
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


class Environment:
    """A virtual environment with what the package depends on, what is installed into it, and nothing else: not even pip."""

    def __init__(self, folder: Path, *wanted: str | Path, env: dict[str, str] | None = None) -> None:
        self.folder = folder
        run(sys.executable, '-m', 'venv', '--without-pip', folder)
        self.bin = folder / 'bin'
        self.python = self.bin / 'python'
        site = Path(run(self.python, '-c', 'import sysconfig; print(sysconfig.get_path("platlib"))').strip())
        for name in NEEDED:
            copy_distribution(name, site)
        self.before = self.files()
        self.pip('install', '--no-index', *wanted, env=env)

    def pip(self, *arguments: str | Path, env: dict[str, str] | None = None) -> str:
        return run(sys.executable, '-m', 'pip', '--disable-pip-version-check', '--python', self.python, *arguments, env=env)

    def files(self) -> set[Path]:
        """All but folders: of those, pip leaves empty ones when it takes a package away."""
        return {path for path in self.folder.rglob('*') if not path.is_dir()}

    def run(self, *command: str, env: dict[str, str] | None = None) -> term.Result:
        """Runs a program of the environment, which is not activated; nothing of the tree is in reach."""
        program, *rest = command
        bare = {'PATH': '/usr/bin:/bin', 'HOME': str(self.folder), 'PYTHONDONTWRITEBYTECODE': '1'}
        return term.run([self.bin / program, *rest], {**bare, **(env or {})})
