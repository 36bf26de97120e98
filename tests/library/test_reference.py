"""The reference and the manual: made from the header, complete, and without a fault."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support import paths

HEADER = paths.ROOT / 'include/nvitop/nvitop.h'
PAGE = 'docs/man/libnvitop.3'


def doxygen(folder: Path, header: Path = HEADER) -> subprocess.CompletedProcess:
    """As `./dev docs` runs it."""
    return subprocess.run(
        ['doxygen', str(paths.ROOT / 'docs/Doxyfile')], capture_output=True, text=True, timeout=120, check=False,
        env={'PATH': '/usr/local/bin:/usr/bin:/bin', 'NVITOP_VERSION': paths.version(), 'NVITOP_SOURCE': str(paths.ROOT),
             'NVITOP_HEADER': str(header), 'NVITOP_GEN_API': str(paths.built('src/cmd/gen-api')), 'NVITOP_DOCS': str(folder)})


def gen_api(*arguments: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run([paths.built('src/cmd/gen-api'), *arguments], capture_output=True, text=True, timeout=60, check=False)


def manual_of(header: Path) -> subprocess.CompletedProcess:
    """The manual, as the build makes it."""
    return gen_api('man', header, paths.ROOT / 'docs/man/libnvitop.3.in', paths.ROOT / 'examples/monitor.c')


def functions() -> set[str]:
    return set((Path(__file__).parent / 'symbols.txt').read_text().split())


def words(page: Path) -> str:
    return re.sub(r'\s+', ' ', re.sub(r'<[^>]*>', '', page.read_text()))


@pytest.fixture(scope='module')
def reference(tmp_path_factory):
    folder = tmp_path_factory.mktemp('reference')
    done = doxygen(folder)
    assert (done.returncode, done.stderr) == (0, '')
    return folder / 'html'


def test_reference_has_every_function_and_structure(reference):
    text = ''.join(page.read_text() for page in reference.glob('*.html'))
    anchors = set(re.findall(r'<h2 class="memtitle">.*?</span>(nvitop_\w+)(?:\(\))?</h2>', text))
    assert functions() <= anchors
    for name in re.findall(r'^struct (\w+) \{', HEADER.read_text(), re.MULTILINE):
        assert (reference / f'struct{name.replace("_", "__")}.html').exists(), name


def test_reference_begins_with_what_holds_for_all(reference):
    text = words(reference / 'index.html')
    assert 'leaves all its outputs' in text and 'Threads: everything may be called from any thread' in text


def test_metrics_have_the_help_of_the_table(reference):
    text = ' '.join(words(page) for page in reference.glob('group__*.html'))
    assert 'Degrees left before the driver slows the GPU' in text
    assert 'Name: memory_total; unit: bytes.' in text


# Each of them is a declaration that lost its comment.
BARE = {
    'a function': ('/* CFFI-END */', 'NVITOP_API int nvitop_bare(void);\n/* CFFI-END */', 'nvitop_bare'),
    'an enumeration': ('/** The state of a device in a snapshot. */', '', 'nvitop_condition'),
    'a member': ('/**< which device */', '', 'index'),
    'a structure': ('/** Which device. Frozen. */', '', 'nvitop_index'),
}


@pytest.mark.parametrize('what', BARE)
def test_doxygen_sees_a_bare_declaration(what, tmp_path):
    old, new, name = BARE[what]
    header = tmp_path / 'nvitop.h'
    assert HEADER.read_text().count(old) == 1
    header.write_text(HEADER.read_text().replace(old, new))
    done = doxygen(tmp_path, header)
    assert done.returncode == 1 and re.search(rf'{name}.* is not documented', done.stderr)
    done = manual_of(header)
    assert (done.returncode, done.stdout) == (1, '') and 'no comment' in done.stderr and name in done.stderr


LAST = re.findall(r'^    NVITOP_DEV_\w+,', HEADER.read_text(), re.MULTILINE)[-1]


@pytest.mark.parametrize(('old', 'new', 'name'), [
    ('/**< it answers */', '', 'NVITOP_CONDITION_OK'),
    (LAST, f'{LAST}\n    NVITOP_DEV_BARE,', 'NVITOP_DEV_BARE')])
def test_build_sees_a_bare_number(old, new, name, tmp_path):
    header = tmp_path / 'nvitop.h'
    assert HEADER.read_text().count(old) == 1
    header.write_text(HEADER.read_text().replace(old, new))
    done = manual_of(header)
    assert (done.returncode, done.stdout) == (1, '') and f'no comment: {name}' in done.stderr


def test_filter_keeps_the_lines():
    lines, filtered = HEADER.read_text().split('\n'), gen_api('filter', HEADER).stdout.split('\n')
    assert len(lines) == len(filtered) > 700
    changed = [number for number, (one, other) in enumerate(zip(lines, filtered)) if one != other]
    assert len(changed) > 100
    assert all(filtered[number].startswith(lines[number].rstrip()) or '----' in lines[number]
               or 'CFFI-END' in lines[number] for number in changed)


# ---- the manual


def mandoc(*arguments: str) -> subprocess.CompletedProcess:
    if not shutil.which('mandoc'):
        pytest.skip('mandoc is not installed')
    return subprocess.run(['mandoc', *arguments], capture_output=True, text=True, timeout=60, check=False)


def page() -> str:
    return re.sub('.\b', '', mandoc('-Tutf8', str(paths.built(PAGE))).stdout)


def test_manual_has_no_fault():
    done = mandoc('-Tlint', '-W', 'warning', str(paths.built(PAGE)))
    assert (done.returncode, done.stdout) == (0, '')


def test_manual_has_all_parts_and_functions():
    text = page()
    for part in ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'REFERENCE', 'METRICS', 'ERRORS', 'ENVIRONMENT', 'EXAMPLE', 'SEE ALSO'):
        assert f'\n{part}\n' in text
    assert '@' not in text
    flat = re.sub(r'\s+', ' ', text)
    for name in functions():
        assert re.search(rf'(?:int|void|\*|double|size_t|struct \w+) ?{name}\(', flat), name
    for name in re.findall(r'^    (NVITOP_\w+)', HEADER.read_text(), re.MULTILINE):
        assert name in flat, name
    assert '#include <nvitop/nvitop.h>' in text and 'pkg-config --cflags --libs nvitop' in text


def test_manual_shows_the_example_as_it_is():
    example = (paths.ROOT / 'examples/monitor.c').read_text()
    shown = '\n'.join(line[7:] if line.startswith(' ' * 7) else line for line in page().split('\n'))
    assert example.strip() in shown


def test_each_function_has_a_page_that_leads_to_the_manual(prefix):
    folder = prefix.find('libnvitop.3').parent
    assert {path.stem for path in folder.glob('nvitop_*.3')} == functions()
    assert all(path.read_text() == '.so man3/libnvitop.3\n' for path in folder.glob('nvitop_*.3'))


def test_manual_names_every_variable_that_the_library_reads():
    sources = (paths.ROOT / 'src/api').glob('*.c')
    read = {name for path in sources for name in re.findall(r'environment_(?:get|trusted)\("(\w+)"', path.read_text())}
    assert {'CUDA_VISIBLE_DEVICES', 'NVITOP_NVML'} <= read
    text = page()
    assert [name for name in sorted(read) if name not in text] == []


def test_command_of_the_manual_takes_the_archive_though_both_are_there(prefix, tmp_path):
    command = re.search(r'^ *(cc program\.c .*\\\n.*\\\n.*lnvitop//\))$', page(), re.MULTILINE).group(1)
    shutil.copy(prefix.find('pick_gpu.c'), tmp_path / 'program.c')
    # The prefix was moved by DESTDIR, so it is told; else the command is the manual's.
    told = tmp_path / 'pkg-config'
    told.write_text(f'#!/bin/sh\nexec {shutil.which("pkg-config")} --define-variable=prefix={prefix.path} "$@"\n')
    told.chmod(0o755)
    subprocess.run(['sh', '-ec', command], cwd=tmp_path, check=True, timeout=60,
                   env={'PATH': f'{tmp_path}:/usr/bin:/bin', 'PKG_CONFIG_PATH': str(prefix.libdir / 'pkgconfig')})
    said = subprocess.run(['readelf', '-d', tmp_path / 'a.out'], capture_output=True, text=True, check=True).stdout
    assert 'libc.so' in said and 'libnvitop' not in said


def test_manual_says_of_a_fork_what_the_header_says():
    flat = re.sub(r'\s+', ' ', page())
    assert 'does not survive a fork by itself' not in flat
    assert 'a session opens the driver anew when it is next needed' in flat
