"""Standard descriptors that came closed: no file of ours, nor of the driver's library, takes their place."""

from __future__ import annotations

import itertools
import subprocess

import pytest

from support import paths, term

CLOSED = [''.join(which) for n in (1, 2, 3) for which in itertools.combinations('012', n)]


def run_closed(closed: str, command: list, env: dict | None = None) -> subprocess.CompletedProcess:
    """The command with these descriptors closed."""
    redirections = ''.join(f' {n}>&-' for n in closed)
    return subprocess.run(['sh', '-c', f'exec "$@"{redirections}', 'sh', *map(str, command)], capture_output=True,
                          text=True, timeout=60, check=False, env=term.clean_env(env))


@pytest.mark.parametrize('closed', CLOSED)
def test_demo_works_and_leaves_nothing(tmp_path, closed):
    done = run_closed(closed, [paths.nvitop(), '-1', '--demo', 'two'], {'TMPDIR': str(tmp_path)})
    assert done.returncode == (1 if '1' in closed else 0)
    assert '1' in closed or done.stdout.rstrip().endswith('╛')
    assert '2' in closed or ('Cannot write the report' in done.stderr) == ('1' in closed)


@pytest.mark.parametrize('closed', CLOSED)
def test_nothing_is_written_into_a_file_that_the_driver_opens(tmp_path, closed):
    file = tmp_path / 'device'
    file.write_text('untouched\n')
    inner = ' '.join(f'{n}>&-' for n in closed)
    library = paths.built('tests/cli/libopener.so')
    command = [paths.launcher(), 'two', '--', 'sh', '-c', f'exec "$0" -1 -o 0 7 --nvml {library} {inner}', paths.nvitop()]
    done = run_closed('', command, {'OPENER_FILE': str(file)})
    assert done.returncode == 1  # there is no GPU 7: both streams have something to say
    assert '2' in closed or 'ERROR' in done.stderr
    assert '1' in closed or done.stdout
    assert file.read_text() == 'untouched\n'


@pytest.mark.parametrize('closed', CLOSED)
def test_cuda_order_with_closed_descriptors(tmp_path, closed):
    library = tmp_path / 'libcuda.so.1'
    library.symlink_to(paths.built('tests/fakecuda/libcuda.so.1', 'tests/fakecuda/libcuda.so'))
    done = run_closed(closed, [paths.built('src/cuda/nvitop-cuda-order')], {'LD_LIBRARY_PATH': str(tmp_path), 'FAKE_CUDA_UUIDS': 32 * 'a'})
    assert done.returncode == (1 if '1' in closed else 0)
    assert '1' in closed or done.stdout.startswith('GPU-')
