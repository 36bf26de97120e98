"""Standard descriptors that are closed, and readers that go away."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from support import paths, sim, term
from support.watching import PATIENCE, Program

# A report with a warning: both outputs have something to say.
LISTS = ', '.join(f'nvmlDeviceGet{kind}RunningProcesses*' for kind in ('Compute', 'Graphics', 'MPSCompute'))
TEXT = f'hide = {LISTS}\n[device 0]\nname = NVIDIA Card\nmem_total = 16GiB\nmem_used = 1GiB\n'
WARNING = 'WARNING: This driver has no process lists: no processes can be shown.\n'
CLOSED = [''.join(which) for n in range(4) for which in itertools.combinations('012', n)]


def is_report(text: str) -> bool:
    return ' Card ' in text and text.rstrip().endswith('╛')


@pytest.mark.parametrize('guard', ['1', '0'])
@pytest.mark.parametrize('closed', CLOSED)
def test_closed_descriptors_are_taken_by_nobody(open_scenario, tmp_path, closed, guard):
    """Whatever the program opens next gets a closed number: nothing may be written to it by mistake."""
    files = {name: tmp_path / name for name in ('0', '1', '2', 'calls')}
    files['0'].write_text('input\n')
    redirections = ''.join(f' {n}>&-' if n in closed else f' {n}<>{files[n]}' for n in '012')
    with open_scenario(TEXT) as running:
        done = subprocess.run(
            ['sh', '-c', f'exec "$0" -1{redirections}', paths.nvitop()], check=False, timeout=PATIENCE,
            env=term.clean_env({**running.env, 'NVITOP_SIM_LOG': str(files['calls']), 'NVITOP_GUARD': guard}))
    texts = {name: path.read_text() if path.exists() else '' for name, path in files.items()}
    assert texts['0'] == 'input\n'
    assert all(re.fullmatch(r'nvml\w+ [-0-9:]+', line) for line in texts['calls'].splitlines()) and texts['calls']
    if '1' in closed:
        assert (done.returncode, texts['1']) == (1, '')
        assert '2' in closed or texts['2'].startswith('ERROR: Cannot write the report: ')
    else:
        assert done.returncode == 0
        assert is_report(texts['1']) and 'WARNING' not in texts['1']
        assert texts['2'] == ('' if '2' in closed else WARNING)


@pytest.mark.parametrize('closed', CLOSED)
def test_closed_descriptors_and_an_option_that_ends_at_once(tmp_path, closed):
    out, err = tmp_path / '1', tmp_path / '2'
    redirections = ''.join(f' {n}>&-' if n in closed else f' {n}<>{tmp_path / n}' for n in '012')
    (tmp_path / '0').write_text('')
    status = {}
    for option in ('--version', '--no-such-option'):
        done = subprocess.run(['sh', '-c', f'exec "$0" {option}{redirections}', paths.nvitop()], check=False,
                              timeout=PATIENCE, env=term.clean_env())
        status[option] = done.returncode
    assert status == {'--version': 1 if '1' in closed else 0, '--no-such-option': 2}
    assert (tmp_path / '0').read_text() == ''
    assert '1' in closed or out.read_text().startswith('nvitop ')
    assert '2' in closed or 'no-such-option' in err.read_text()


# ---- the reader goes away


def test_head_is_no_reason_to_complain():
    """The report may be written before head has gone, or not: two ends, both quiet."""
    with sim.scenario('procs256') as running:
        script = '"$0" -1 | head -1; echo "${PIPESTATUS[0]}"'
        done = term.run(['bash', '-c', script, paths.nvitop()], running.env)
    assert (done.rc, done.err) == (0, '')
    first, status = done.out.splitlines()
    assert re.match(r'[A-Z][a-z]{2} [A-Z][a-z]{2} ', first)
    assert int(status) in (0, 128 + signal.SIGPIPE)


def run_without_reader(env) -> tuple[int, str]:
    reader, writer = os.pipe()
    os.close(reader)
    with Program('-1', env=env, stdout=writer) as program:
        os.close(writer)
        status = program.process.wait(PATIENCE)
        return status, program.err.end()


def test_no_reader_ends_by_sigpipe_without_a_word():
    with sim.scenario('two') as running:
        assert run_without_reader(running.env) == (-signal.SIGPIPE, '')


def test_no_reader_is_an_error_where_sigpipe_is_ignored():
    with sim.scenario('two') as running:
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(['bash', '-c', 'trap "" PIPE; exec "$0" -1', paths.nvitop()], check=False, stdout=writer,
                              stderr=subprocess.PIPE, text=True, timeout=PATIENCE, env=term.clean_env(running.env))
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, 'ERROR: Cannot write the report: Broken pipe.\n')


def test_a_full_disk_is_an_error():
    if not Path('/dev/full').exists():
        pytest.skip('no /dev/full')
    with sim.scenario('two') as running, open('/dev/full', 'w', encoding='utf-8') as full:
        with Program('-1', env=running.env, stdout=full) as program:
            status = program.process.wait(PATIENCE)
            err = program.err.end()
    assert (status, err) == (1, 'ERROR: Cannot write the report: No space left on device.\n')
