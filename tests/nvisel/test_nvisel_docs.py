"""The manual page and the completions of nvisel, made of its table of options; its help and version."""

from __future__ import annotations

import re

import pytest

from choosing import run
from support import docs, paths

NVISEL = docs.Docs('nvisel')
NO_DRIVER = {'NVITOP_NVML': '/nonexistent/libnvidia-ml.so.1'}

# The usage of the original's README. What later releases added, and ours, stands behind it.
README_USAGE = ('usage: nvisel [--help] [--version] [--inherit [CUDA_VISIBLE_DEVICES]] [--account-as-free [USERNAME ...]] '
                '[--min-count N] [--max-count N] [--count N] [--min-free-memory SIZE] [--min-total-memory SIZE] '
                '[--max-gpu-utilization RATE] [--max-memory-utilization RATE] [--tolerance TOL] [--format FORMAT] '
                '[--sep SEP | --newline | --null] [--no-sort] ')
README_INVOCATIONS = [
    '--help, -h', '--version, -V', '--inherit [CUDA_VISIBLE_DEVICES], -i [CUDA_VISIBLE_DEVICES]',
    '--account-as-free [USERNAME ...]', '--min-count N, -c N', '--max-count N, -C N', '--count N, -n N',
    '--min-free-memory SIZE, -f SIZE', '--min-total-memory SIZE, -t SIZE', '--max-gpu-utilization RATE, -G RATE',
    '--max-memory-utilization RATE, -M RATE', '--tolerance TOL, --tol TOL', '--format FORMAT, -O FORMAT',
    '--sep SEP, --separator SEP, -s SEP', '--newline', '--null, -0', '--no-sort, -S']
OURS = ['--json', '--explain', '--wait[=TIMEOUT]', '--sustain SEC', '--nvml PATH', '--procfs PATH', '--demo [NAME]']


@pytest.mark.parametrize('option', ['--help', '-h', '--version', '-V'])
def test_help_and_version_need_no_driver(option):
    done = run(NO_DRIVER, option)
    assert (done.rc, done.err) == (0, '')
    assert done.out.startswith('usage: nvisel [--help]' if option in ('--help', '-h') else f'nvisel {paths.version()}\n')


def test_help_has_the_readmes_names_metavars_and_order():
    page = NVISEL.help()
    assert re.sub(r'\s+', ' ', page).startswith(README_USAGE)
    assert re.findall(r'^  (-.*?)(?:   .*)?$', page, re.MULTILINE) == README_INVOCATIONS + OURS
    assert re.findall(r'^(\w[\w ]*):$', page, re.MULTILINE) == [
        'optional arguments', 'constraints', 'formatting', 'waiting', 'data sources']


def test_help_follows_the_width():
    for columns in (60, 90, 140):
        usage = run({'COLUMNS': str(columns)}, '--help').out.split('\n\n')[0].splitlines()
        assert len(usage) > 2 and max(map(len, usage)) <= columns - 2


def test_shells_accept_their_completions():
    assert NVISEL.refused() == []


@pytest.mark.parametrize('file', NVISEL.files, ids=lambda file: file.name)
def test_every_option_is_named(file):
    assert len(NVISEL.names()) >= 35
    assert [name for name in NVISEL.names() if not NVISEL.has(file, name)] == []


def test_bash_offers_options_and_values():
    assert NVISEL.bash_complete('nvisel', '--min') == ['--min-count', '--min-free-memory', '--min-total-memory']
    assert NVISEL.bash_complete('nvisel', '-O', '') == ['index', 'uuid']
    assert 'root' in NVISEL.bash_complete('nvisel', '--account-as-free', 'nobody', 'ro')
    assert NVISEL.bash_complete('nvisel', '--wait', '--js') == ['--json']
    assert NVISEL.bash_complete('nvisel', '--wait', '=', '') == []
    assert NVISEL.bash_complete('nvisel', '--sustain', '') == []


def test_fish_offers_options_and_values(tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    assert NVISEL.fish_complete('nvisel --format u') == ['uuid']
    assert '--wait' in NVISEL.fish_complete('nvisel --w')


def test_manual_has_no_fault_and_is_readable():
    assert NVISEL.faults() == ''
    plain = NVISEL.plain()
    for part in ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'WAITING', 'ENVIRONMENT', 'EXIT STATUS', 'EXAMPLES'):
        assert f'\n{part}\n' in plain
    for variable in ('CUDA_VISIBLE_DEVICES', 'CUDA_DEVICE_ORDER', 'NVITOP_NVML', 'NVITOP_PROCFS', 'NVITOP_GUARD'):
        assert re.search(rf'^ +{variable}\n', plain, re.MULTILINE), variable
    assert '@' not in plain
