"""What is otherwise on Windows: names of libraries and programs, and how a process becomes another.

No other module asks which system this is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Callable, List, NoReturn, Sequence

__all__ = ['CUDA', 'CUDART', 'CUDART_IN', 'HAS_ONE_CLOCK', 'NVML', 'NVML_BY_NAME', 'PROGRAM_SUFFIX', 'SCRIPTS',
           'after_fork', 'become']

IS_WINDOWS = os.name == 'nt'

# Where pip puts programs, below the place of packages, and what their names end with.
SCRIPTS, PROGRAM_SUFFIX = ('Scripts', '.exe') if IS_WINDOWS else ('bin', '')

NVML: str = 'nvml.dll' if IS_WINDOWS else 'libnvidia-ml.so.1'

# Whether nvidia-ml-py asks for it by that name, and so gets one that is there; on Windows it has paths of its own.
NVML_BY_NAME = not IS_WINDOWS

# Whether psutil's clock is the library's.
HAS_ONE_CLOCK = not IS_WINDOWS

# The driver's library for CUDA, the likeliest name first.
CUDA: Sequence[str] = ('nvcuda.dll',) if IS_WINDOWS else ('libcuda.so.1', 'libcuda.so')

# CUDA's runtime, the newest first, and where it lies in the folder of a toolkit.
CUDART: Sequence[str] = tuple(f'cudart64_{number}.dll' for number in (13, 12, 110, 102, 101, 100)) if IS_WINDOWS else (
    'libcudart.so', 'libcudart.so.13', 'libcudart.so.12', 'libcudart.so.11.0', 'libcudart.so.10.2',
    'libcudart.so.10.1', 'libcudart.so.10.0')
CUDART_IN: Sequence[str] = (('bin/x64/cudart64_*.dll', 'bin/cudart64_*.dll') if IS_WINDOWS else
                            ('lib64/libcudart.so*', 'lib/libcudart.so*'))


def after_fork(function: Callable[[], Any]) -> None:
    """Has a function called in each child of a fork; Windows has none."""
    if hasattr(os, 'register_at_fork'):
        os.register_at_fork(after_in_child=function)


def become(path: str, words: List[str]) -> NoReturn:
    """Goes on as the program `path` with these words, its name first.

    What Windows has instead of ``exec`` starts the program and ends this one at once, so that the
    shell would not wait: there this process stays, and ends with the status of the program's end.
    """
    if not IS_WINDOWS:
        os.execv(path, words)
    with subprocess.Popen([path, *words[1:]]) as program:
        while True:
            try:
                status = program.wait()
            except KeyboardInterrupt:  # it is the program's as well
                continue
            sys.exit(status if status < 1 << 31 else status - (1 << 32))
