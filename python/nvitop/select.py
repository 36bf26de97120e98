"""Choosing devices for a job: `select_devices`, and ``python -m nvitop.select``, which is nvisel."""

from __future__ import annotations

import sys
from typing import NoReturn

from nvitop.api._select import select_devices
from nvitop.cli import run_program

__all__ = ['select_devices']


def main(arguments: list[str] | None = None) -> NoReturn:
    """Becomes ``nvisel`` with these arguments, or with those of the interpreter."""
    run_program('nvisel', sys.argv[1:] if arguments is None else arguments)


if __name__ == '__main__':
    main()
