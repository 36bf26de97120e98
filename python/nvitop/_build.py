"""Writes the C source of the native module: `_build.py NVITOP.H OUTPUT.C`.

cffi reads the plain declarations between CFFI-BEGIN and CFFI-END of the public header as they
stand; nothing is declared here a second time. Only what C calls in Python, and what is in C for the
sake of Python, is written below.
"""

import re
import sys
from pathlib import Path

# This folder has a module `select`, which must not be taken for Python's own.
sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).resolve().parent]

import cffi  # noqa: E402

# What C calls: takes the statistics of a collector, see nvitop.api._native.collect.
CALLED_BY_C = 'extern "Python" void nvitop_python_emit(void *arg, const char *key, double value);\n'

# What is ours in C: all series of a table at once. Each call from Python gives the interpreter's
# lock away, and a busy thread keeps it for milliseconds.
BATCHES = """
void nvitop_python_stats_add(struct nvitop_stats *const *series, size_t count, double time,
                             const double *values);
void nvitop_python_stats_get(struct nvitop_stats *const *series, size_t count, double now,
                             double *ret_results);
"""
BATCHES_SOURCE = """
static void nvitop_python_stats_add(struct nvitop_stats *const *series, size_t count, double time,
                                    const double *values)
{
    for (size_t i = 0; i < count; i++)
        nvitop_stats_add(series[i], time, values[i]);
}

static void nvitop_python_stats_get(struct nvitop_stats *const *series, size_t count, double now,
                                    double *ret_results)
{
    struct nvitop_stats_result result;
    for (size_t i = 0; i < count; i++) {
        nvitop_stats_get(series[i], now, &result);
        ret_results[4 * i] = result.mean;
        ret_results[4 * i + 1] = result.min;
        ret_results[4 * i + 2] = result.max;
        ret_results[4 * i + 3] = result.last;
    }
}
"""


def declarations(header: str) -> str:
    """The block of the header that cffi reads."""
    found = re.search(r'/\* CFFI-BEGIN \*/(.*)/\* CFFI-END \*/', header, re.DOTALL)
    if not found:
        raise SystemExit('the header has no block for cffi')
    return re.sub(r'\bNVITOP_API\b', '', found.group(1))


def main(header: str, output: str) -> None:
    """Generates the module `nvitop._nvitop`."""
    ffi = cffi.FFI()
    ffi.cdef(declarations(Path(header).read_text(encoding='utf-8')) + CALLED_BY_C + BATCHES)
    ffi.set_source('nvitop._nvitop', '#include "nvitop/nvitop.h"\n' + BATCHES_SOURCE, py_limited_api=True)
    ffi.emit_c_code(output)


if __name__ == '__main__':
    main(*sys.argv[1:])
