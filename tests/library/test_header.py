"""The header alone: in every C and C++ that it promises, its frozen structures, and read by cffi."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import cffi
import pytest
from prefix import WARNINGS, run
from support import paths, sim

LANGUAGES = [('gcc', 'c99'), ('gcc', 'c11'), ('gcc', 'c17'), ('g++', 'c++11'), ('g++', 'c++17'),
             ('clang', 'c99'), ('clang', 'c11'), ('clang', 'c17'), ('clang++', 'c++11'), ('clang++', 'c++17')]

# Of these the size is part of the binary interface, on systems whose pointers have 64 bits.
FROZEN = {'nvitop_value': 24, 'nvitop_index': 8, 'nvitop_stats_result': 32}


def compile_text(text: str, compiler: str, standard: str, folder: Path, prefix) -> subprocess.CompletedProcess:
    source = folder / ('it.cpp' if '++' in compiler else 'it.c')
    source.write_text(text)
    return subprocess.run([compiler, f'-std={standard}', *WARNINGS, *prefix.flags('--cflags'), '-fsyntax-only', str(source)],
                          capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(('compiler', 'standard'), LANGUAGES)
def test_header_compiles_alone_and_twice(compiler, standard, prefix, tmp_path):
    text = '#include <nvitop/nvitop.h>\n#include <nvitop/nvitop.h>\nint main(void) { return nvitop_abi_version() - NVITOP_ABI; }\n'
    done = compile_text(text, compiler, standard, tmp_path, prefix)
    assert (done.returncode, done.stderr) == (0, '')


@pytest.mark.parametrize(('compiler', 'standard'), [('gcc', 'c17'), ('g++', 'c++17')])
def test_frozen_structures_have_their_size(compiler, standard, prefix, tmp_path):
    word = 'static_assert' if '++' in compiler else '_Static_assert'
    lines = ''.join(f'{word}(sizeof(void *) != 8 || sizeof(struct {name}) == {size}, "{name}");\n'
                    for name, size in FROZEN.items())
    done = compile_text(f'#include <nvitop/nvitop.h>\n{lines}', compiler, standard, tmp_path, prefix)
    assert (done.returncode, done.stderr) == (0, '')


def test_frozen_structures_are_those_that_say_so():
    text = (paths.ROOT / 'include/nvitop/nvitop.h').read_text()
    said = re.findall(r'/\*\*((?:(?!\*/).)*?)\*/\nstruct (\w+) \{', text, re.DOTALL)
    assert {name for comment, name in said if re.search(r'frozen', comment, re.IGNORECASE)} == set(FROZEN)
    grown = {name for comment, name in said if 'Grows at' in ' '.join(comment.replace('*', ' ').split())}
    assert grown | set(FROZEN) == {name for _, name in said}
    for name in grown:  # the caller tells its size: inside, or beside an array of them
        assert re.search(rf'struct {name} \{{\n    uint32_t size; |struct {name} \*ret_rows, size_t row_size|'
                         rf'size_t row_size,\s+struct {name} \*\*ret_rows', text), name


def block(prefix) -> str:
    """What a binding reads: the block, without lines of the preprocessor and the word of the linker."""
    text = prefix.find('nvitop.h').read_text()
    inside = text.split('/* CFFI-BEGIN */')[1].split('/* CFFI-END */')[0]
    return '\n'.join(line for line in inside.split('\n') if not line.startswith('#')).replace('NVITOP_API ', '')


def test_block_has_no_line_of_the_preprocessor(prefix):
    text = prefix.find('nvitop.h').read_text()
    inside = text.split('/* CFFI-BEGIN */')[1].split('/* CFFI-END */')[0]
    assert re.findall(r'^\s*#.*', inside, re.MULTILINE) == []


def test_cffi_knows_every_name(prefix):
    ffi = cffi.FFI()
    ffi.cdef(block(prefix))
    for name, size in FROZEN.items():
        assert ffi.sizeof(f'struct {name}') == size, name
    assert ffi.typeof('enum nvitop_status').relements['NVITOP_EUNKNOWN'] == -15
    assert ffi.typeof('enum nvitop_metric').relements['NVITOP_HOST_CPU_PERCENT'] == 3000


USE = '''
import math
from trial import ffi, lib
print(ffi.string(lib.nvitop_version()).decode(), lib.nvitop_abi_version() == lib.NVITOP_ABI)
session, count = ffi.new('struct nvitop_session **'), ffi.new('uint32_t *')
assert lib.nvitop_session_open(ffi.NULL, session) == lib.NVITOP_OK
assert lib.nvitop_device_count(session[0], count) == lib.NVITOP_OK
device, value = ffi.new('struct nvitop_device **'), ffi.new('struct nvitop_value *')
for index in range(count[0]):
    assert lib.nvitop_device_by_index(session[0], (index, -1), device) == lib.NVITOP_OK
    assert lib.nvitop_device_read(device[0], [lib.NVITOP_DEV_NAME], 1, value) == lib.NVITOP_OK
    print(ffi.string(value.u.text).decode())
lib.nvitop_session_close(session[0])

@ffi.def_extern()
def take(arg, key, value):
    ffi.from_handle(arg).append((ffi.string(key).decode(), value))

session = ffi.new('struct nvitop_session **')
collector, rows = ffi.new('struct nvitop_collector **'), []
handle = ffi.new_handle(rows)
assert lib.nvitop_session_open(ffi.NULL, session) == lib.NVITOP_OK
assert lib.nvitop_collector_new(session[0], ffi.NULL, collector) == lib.NVITOP_OK
assert lib.nvitop_collector_activate(collector[0], b'run') == lib.NVITOP_OK
assert lib.nvitop_collector_collect(collector[0], lib.take, handle) == lib.NVITOP_OK
lib.nvitop_collector_free(collector[0])
lib.nvitop_session_close(session[0])
assert rows and all(key.startswith('run/') for key, _ in rows)
print('collected')
'''


def test_module_of_cffi_works(prefix, tmp_path):
    """As a binding would do it: compiled against the installed header, then used from Python."""
    ffi = cffi.FFI()
    ffi.cdef(block(prefix) + '\nextern "Python" void take(void *, const char *, double);\n')
    ffi.set_source('trial', '#include <nvitop/nvitop.h>')
    source, module = tmp_path / 'trial.c', tmp_path / 'trial.so'
    ffi.emit_c_code(str(source))
    run('gcc', '-shared', '-fPIC', '-O1', f'-I{sysconfig.get_path("include")}', source, '-o', module,
        *prefix.flags('--cflags', '--libs'))
    with sim.scenario('two') as two:
        done = two.command([sys.executable, '-c', USE], {**prefix.env_over(two.env), 'PYTHONPATH': str(tmp_path)})
    assert (done.rc, done.err) == (0, ''), done.err
    assert done.lines == [f'{paths.version()} True', 'NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4060 Ti', 'collected']
