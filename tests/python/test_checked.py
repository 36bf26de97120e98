"""Everything under a checker of memory, inside subinterpreters, and with the interpreter's own checks."""

from __future__ import annotations

import sys

import pytest
from support import paths

# The interpreter allocates each object by itself, so that a use after its end is seen.
CHECKED = {'PYTHONMALLOC': 'malloc', 'PYTHONHASHSEED': '0'}
# CPython reads what nobody wrote; what is asked here is whether memory of others is touched.
VALGRIND = ['valgrind', '-q', '--undef-value-errors=no', '--leak-check=no', '--child-silent-after-fork=yes']


def under_valgrind(scripts, folder, script):
    log = folder / 'found'
    done = scripts.sim.command([*VALGRIND, f'--log-file={log}', sys.executable, '-c', script],
                               {**scripts.env, **CHECKED}, 200)
    return done, log.read_text()


def test_memory_of_others_is_never_touched(two, tmp_path):
    done, found = under_valgrind(two, tmp_path, '''
import everything, gc, os
everything.use()
child = os.fork()
everything.use()
if child == 0:
    os._exit(0)
gc.collect()
print(os.waitpid(child, 0)[1])
''')
    assert (done.rc, done.err, done.lines, found) == (0, '', ['0'], '')


def test_what_is_touched_is_seen(two, tmp_path):
    """The checker is there: it finds what it is given to find."""
    _, found = under_valgrind(two, tmp_path, '''
from nvitop.api._native import ffi, lib
texts = ffi.new('char[]', 4)
lib.nvitop_bytes_human(1e9, 1, texts, 64)
''')
    assert 'Invalid write of size' in found and 'nvitop_bytes_human' in found


def test_interpreter_has_nothing_to_say(two):
    done = two.sim.command([sys.executable, '-X', 'dev', '-W', 'error', '-c', 'import everything\neverything.use()'], two.env)
    assert (done.rc, done.out, done.err) == (0, '', '')


# In an interpreter inside another one the package works, or says that it does not, as cffi decides;
# and the other one goes on.
INSIDE = '''
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import everything
inner = interpreters.create()
told = """if True:
    try:
        import sys
        sys.path[:] = %r
        from nvitop import *
        print(Device(1).name(), select_devices(max_count=1), len(Device(0).processes()), NA is NaType())
    except ImportError as error:
        print('ImportError', error)
""" % sys.path
for turn in range(2):
    interpreters.run_string(inner, told)
interpreters.destroy(inner)
everything.use()
'''
WORKS = 'NVIDIA GeForce RTX 4060 Ti '
REFUSES = 'ImportError module nvitop._nvitop does not support loading in subinterpreters'
INTERPRETERS = [sys.executable, *map(str, sorted((paths.ROOT / '.venv').glob('cpython-3.*/bin/python')))]


@pytest.mark.parametrize('interpreter', INTERPRETERS, ids=lambda path: path.split('/')[-3])
def test_interpreter_inside_another(two, interpreter):
    done = two.sim.command([interpreter, '-c', INSIDE], two.env)
    if 'ModuleNotFoundError' in done.err and 'interpreters' in done.err:
        pytest.skip('this interpreter cannot have another one inside')
    assert (done.rc, done.err) == (0, '') and len(done.lines) == 2
    assert all(line.startswith(WORKS) or line == REFUSES for line in done.lines)
