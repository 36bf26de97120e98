"""What a packager gets: where things are, and what pkg-config tells of them."""

from __future__ import annotations

import subprocess

import pytest
from prefix import run
from support import paths


@pytest.mark.parametrize('name', ['nvitop.h', 'libnvitop.so', 'libnvitop.so.1', 'libnvitop.so.1.0.0', 'libnvitop.a',
                                  'nvitop.pc', 'libnvitop.3', 'monitor.c'])
def test_file_is_there_once(prefix, name):
    assert prefix.find(name).exists()


def test_no_other_header_is_installed(prefix):
    assert [path.relative_to(prefix.path).as_posix() for path in prefix.root.rglob('*.h')] == ['include/nvitop/nvitop.h']


def test_library_lies_where_the_build_promises_it():
    found = {path.name for path in (paths.BUILD / 'lib').glob('libnvitop.*') if path.is_file()}
    assert found >= {'libnvitop.so', 'libnvitop.so.1', 'libnvitop.so.1.0.0', 'libnvitop.a'}


def test_pkg_config_knows_the_library(prefix):
    assert prefix.flags('--modversion') == [paths.version()]
    assert [word for word in prefix.flags('--cflags') if word.startswith('-I')] == [f'-I{prefix.path}/include']
    assert prefix.flags('--libs') == [f'-L{prefix.libdir}', '-lnvitop']


def test_pkg_config_tells_what_the_archive_needs(prefix):
    words = prefix.flags('--libs', '--static')
    assert {'-lnvitop', '-lutf8proc', '-lm', '-ldl', '-pthread'} <= set(words)


def test_pkg_config_file_is_valid(prefix):
    done = subprocess.run(['pkg-config', '--validate', str(prefix.find('nvitop.pc'))], capture_output=True, text=True,
                          timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, '')


@pytest.mark.parametrize('compiler', ['gcc', 'g++'])
def test_names_of_ours_do_not_meet_those_of_the_program(compiler, prefix, tmp_path):
    """A program may have functions that are called as our inner ones are."""
    clashing = ['arena_alloc', 'value_na', 'clock_mono_ns', 'xmalloc', 'snapshot_ref', 'str_append', 'metric_by_id',
                'status_text', 'bell_ring', 'lock_new']
    source = tmp_path / ('it.cpp' if compiler == 'g++' else 'it.c')
    own = ''.join(f'int {name}(void);\nint {name}(void) {{ return 7; }}\n' for name in clashing)
    calls = ' + '.join(f'{name}()' for name in clashing)
    guard = ('extern "C" {\n', '}\n') if compiler == 'g++' else ('', '')
    source.write_text(f'#include <nvitop/nvitop.h>\n{guard[0]}{own}{guard[1]}'
                      'int main(void)\n{\n    struct nvitop_session *session = 0;\n    struct nvitop_options options;\n'
                      '    nvitop_options_init(&options);\n    options.flags = NVITOP_OPEN_LAZY;\n'
                      '    if (nvitop_session_open(&options, &session) != NVITOP_OK || !nvitop_status_text(-2)[0])\n'
                      f'        return 1;\n    nvitop_session_close(session);\n    return {calls} != {7 * len(clashing)};\n}}\n')
    program = prefix.compile(source, tmp_path / 'it', 'gcc', is_static=True)
    run(program)
