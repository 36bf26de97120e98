"""The programs of the package, started from Python: ``python -m nvitop``."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Iterator, List, NoReturn, Optional

from nvitop.api import _platform

__all__ = ['find_program', 'main', 'run_program']


def _folders() -> Iterator[Path]:
    """Where programs are: ``bin`` or ``Scripts`` above the package, or above its native part in an editable
    installation, where that is a build's; then the interpreter's own place."""
    native = importlib.util.find_spec('nvitop._nvitop')
    for file in (__file__, native and native.origin):
        for folder in list(Path(file or '').resolve().parents)[1:5]:
            yield folder / _platform.SCRIPTS
    yield Path(sysconfig.get_path('scripts'))


def find_program(name: str) -> Optional[str]:
    """The path of a program that came with the package, else of one in ``PATH``; None without either."""
    for folder in _folders():
        path = folder / f'{name}{_platform.PROGRAM_SUFFIX}'
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    return shutil.which(name)


def run_program(name: str, arguments: List[str]) -> NoReturn:
    """Becomes the program `name`; does not come back."""
    path = find_program(name)
    if path is None:
        raise SystemExit(f'{name}: the program is not there; was the package installed whole?')
    sys.stdout.flush()
    sys.stderr.flush()
    _platform.become(path, [name, *arguments])


def main(arguments: Optional[List[str]] = None) -> NoReturn:
    """Becomes ``nvitop`` with these arguments, or with those of the interpreter."""
    run_program('nvitop', sys.argv[1:] if arguments is None else arguments)


if __name__ == '__main__':
    main()
