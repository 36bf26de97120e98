"""Writes the C source of the native module: `_build.py NVITOP.H OUTPUT.C`.

cffi reads the plain declarations between CFFI-BEGIN and CFFI-END of the public header as they
stand; nothing is declared here a second time.
"""

import re
import sys
from pathlib import Path

# This folder has a module `select`, which must not be taken for Python's own.
sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).resolve().parent]

import cffi  # noqa: E402


def declarations(header: str) -> str:
    """The block of the header that cffi reads."""
    found = re.search(r'/\* CFFI-BEGIN \*/(.*)/\* CFFI-END \*/', header, re.DOTALL)
    if not found:
        raise SystemExit('the header has no block for cffi')
    return re.sub(r'\bNVITOP_API\b', '', found.group(1))


def main(header: str, output: str) -> None:
    """Generates the module `nvitop._nvitop`."""
    ffi = cffi.FFI()
    ffi.cdef(declarations(Path(header).read_text(encoding='utf-8')))
    ffi.set_source('nvitop._nvitop', '#include "nvitop/nvitop.h"\n', py_limited_api=True)
    ffi.emit_c_code(output)


if __name__ == '__main__':
    main(*sys.argv[1:])
