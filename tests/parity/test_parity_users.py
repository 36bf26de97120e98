"""The report as an ordinary user sees it: names in magenta, other people's rows dim."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

import compare
import screens
import table
from support import cells, paths, procfs, sim, term

SCENARIO = 'fixture-a'
USER = 'nobody'
COMBOS = [table.Combo(SCENARIO, width, 'color') for width in (79, 140)]


@pytest.fixture(scope='module')
def open_folder():
    """A folder that everybody may read, with the programs in it."""
    folder = Path(tempfile.mkdtemp(prefix='nvitop-parity-'))
    folder.chmod(0o755)
    shutil.copy(paths.nvitop(), folder / 'nvitop')
    (folder / 'out').mkdir()
    yield folder
    shutil.rmtree(folder)


def readable_copy(folder, path):
    """The file's copy in the folder, as text for the environment."""
    copy = Path(shutil.copy(path, folder))
    copy.chmod(0o644)
    return str(copy)


@pytest.mark.skipif(os.geteuid() != 0, reason='only root can become another user')
def test_cells_are_equal_for_an_ordinary_user(open_folder):
    with sim.scenario(SCENARIO, env={'NVITOP_SIM_CLOCK': table.CLOCK}) as running:
        for name in ('NVITOP_NVML', 'NVITOP_SIM', 'NVITOP_SIM_PIDS'):
            running.env[name] = readable_copy(open_folder, running.env[name])
        running.env.update({
            'NVITOP_PROCFS': str(procfs.freeze(open_folder / 'proc')), 'LC_ALL': 'C.UTF-8', 'HOME': '/nonexistent',
            'USER': USER, 'LOGNAME': USER, 'LD_LIBRARY_PATH': str(open_folder)})
        screens.run_peer(running, COMBOS, open_folder / 'out', user=USER)
        for combo in COMBOS:
            done = term.run([open_folder / 'nvitop', '-1', *table.MODES[combo.mode]],
                            {**running.env, 'COLUMNS': str(combo.width)}, user=USER)
            theirs = screens.peer_screen(open_folder / 'out', combo)
            assert (theirs.rc, done.rc, done.err) == (0, 0, ''), theirs.err
            peer, ours = cells.parse(theirs.out), cells.parse(done.out)
            result = compare.compare(peer, ours)
            assert not result.differences, compare.explain(result, peer, ours)
            assert any(cell.dim for row in peer for cell in row), 'no row of another user was dim'
