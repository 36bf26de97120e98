"""Programs that were built with an older header go on working: the binary interface is what it was."""

from __future__ import annotations

import platform
import re
import subprocess
from pathlib import Path

import abi
import pytest
from support import paths

HERE = Path(__file__).parent
OURS = paths.ROOT / 'include/nvitop/nvitop.h'
pytestmark = pytest.mark.skipif(platform.machine() != 'x86_64', reason='the baseline is one of x86-64')


def test_interface_is_the_promised_one(tmp_path):
    status, words = abi.compare(abi.BASELINE, abi.dump_ours(tmp_path / 'now.abi'))
    assert status == abi.SAME, f'{words}\nCONTRIBUTING.md, "a public function", says what to do'


def test_baseline_has_all_functions_and_nothing_of_ours():
    text = abi.BASELINE.read_text()
    names = set(re.findall(r"<elf-symbol name='(\w+)'", text))
    types = set(re.findall(r'^(?:enum|struct) (\w+) \{', OURS.read_text(), re.MULTILINE))
    assert names - {f'type_{name}' for name in types} == set((HERE / 'symbols.txt').read_text().split())
    assert types == set(re.findall(r"<(?:enum|class)-decl name='(nvitop_\w+)'(?! is-struct='yes' visibility='default' is-declaration-only)", text))
    block = re.sub(r'/\*.*?\*/', '', OURS.read_text().split('/* CFFI-BEGIN */')[1].split('/* CFFI-END */')[0], flags=re.DOTALL)
    numbers = set(re.findall(r'^    (NVITOP_[A-Z0-9_]+)(?= *[,=\n])', block, re.MULTILINE))
    assert len(numbers) > 150 and "name='NVITOP_HOST_CPU_COUNT' value='3012'" in text
    assert numbers == set(re.findall(r"<enumerator name='(NVITOP_\w+)'", text)), 'a number is promised from `./dev abi` on'
    assert '/tmp' not in text and 'struct value' not in text


# A library of the same habits as ours, which the mutations below change.
HEADER = '''
#include <stdint.h>
enum sample_status { SAMPLE_OK = 0, SAMPLE_EBAD = -1 };
enum sample_metric { SAMPLE_A = 1000, SAMPLE_B, SAMPLE_C };
struct sample_value { uint8_t kind; uint8_t why; int64_t number; };
struct sample_options { uint32_t size; uint32_t flags; const char *path; };
struct sample;
__attribute__((visibility("default"))) int sample_open(const struct sample_options *options, struct sample **ret_sample);
__attribute__((visibility("default"))) int sample_get(struct sample *sample, int id, struct sample_value *ret_value);
'''
SOURCE = '''
#include "sample.h"
struct sample { struct sample_options options; int inner; };
int sample_open(const struct sample_options *options, struct sample **ret_sample)
{ return options && ret_sample ? SAMPLE_OK : SAMPLE_EBAD; }
int sample_get(struct sample *sample, int id, struct sample_value *ret_value)
{ ret_value->number = sample->inner; return id == SAMPLE_A; }
'''

MUTATIONS = {
    'nothing': ('', '', abi.SAME),
    'an enumerator at the end': ('SAMPLE_C }', 'SAMPLE_C, SAMPLE_D }', abi.SAME),
    'a function more': ('struct sample;', 'struct sample;\n__attribute__((visibility("default"))) void sample_more(void);', abi.SAME),
    'an inner member': ('int inner;', 'long before, inner;', abi.SAME),
    'an enumerator in the middle': ('SAMPLE_B,', 'SAMPLE_X, SAMPLE_B,', abi.CHANGED),
    'another number': ('SAMPLE_EBAD = -1', 'SAMPLE_EBAD = -2', abi.CHANGED),
    'an enumerator less': (', SAMPLE_C', '', abi.CHANGED),
    'a member in the middle': ('uint32_t flags;', 'uint32_t flags; uint64_t more;', abi.CHANGED),
    'a frozen structure that grows': ('int64_t number;', 'int64_t number; int64_t more;', abi.CHANGED),
    'a member of another type': ('int64_t number;', 'double number;', abi.CHANGED),
    'a member less': ('uint8_t why;', '', abi.CHANGED),
    'a parameter of another type': ('int id,', 'long id,', abi.CHANGED),
    'a parameter more': ('int id,', 'int id, int row,', abi.CHANGED),
    'another result': ('int sample_get', 'long sample_get', abi.CHANGED),
    'a function less': ('__attribute__((visibility("default"))) int sample_get', 'int sample_get', abi.CHANGED),
}


def dump_sample(folder: Path, old: str = '', new: str = '') -> Path:
    """The sample library's interface after one replacement in its header and source."""
    folder.mkdir()
    changed = {name: text.replace(old, new) if old else text for name, text in (('sample.h', HEADER), ('sample.c', SOURCE))}
    assert not old or (HEADER, SOURCE) != tuple(changed.values())
    for name, text in changed.items():
        (folder / name).write_text(text)
    if 'sample_more' in new:
        (folder / 'sample.c').write_text(changed['sample.c'] + 'void sample_more(void) {}\n')
    subprocess.run(['gcc', '-g', '-O1', '-fPIC', '-fvisibility=hidden', '-c', 'sample.c', '-o', 'sample.o'], cwd=folder,
                   check=True, timeout=60)
    return abi.dump(folder / 'sample.h', [folder / 'sample.o'], folder / 'sample.abi')


@pytest.fixture(scope='module')
def sample(tmp_path_factory):
    return dump_sample(tmp_path_factory.mktemp('sample') / 'old')


@pytest.mark.parametrize('what', MUTATIONS)
def test_comparison_sees(what, sample, tmp_path):
    old, new, expected = MUTATIONS[what]
    status, words = abi.compare(sample, dump_sample(tmp_path / 'new', old, new))
    assert status & abi.CHANGED == expected, words
