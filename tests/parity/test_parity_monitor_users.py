"""The monitor as an ordinary user sees it: other people's rows dim, no caution, no hint on them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

import compare
import monitor_table as monitors
import tmux
import walk
from support import paths, procfs, sim

SCENARIO = 'fixture-a'
USER = 'nobody'
KEYS = ('Down', 'Down', 'Down', 'Down', 'Space', 'Up', 'o', 'u', 'Escape', 't', 'Down', 'Down', 'Space', 'Down', 'e',
        'e', 'Escape', 't')
STEPS = [step for size in monitors.KEY_SIZES
         for step in (monitors.Step(f'{size[0]}x{size[1]}', monitors.RESET, size, True),
                      *(monitors.Step(f'{size[0]}x{size[1]}-{i}-{key}', (key,)) for i, key in enumerate(KEYS)))]


@pytest.fixture(scope='module')
def open_folder():
    """A folder that everybody may read, with the program in it."""
    folder = Path(tempfile.mkdtemp(prefix='nvitop-parity-'))
    folder.chmod(0o755)
    shutil.copy(paths.nvitop(), folder / 'nvitop')
    yield folder
    shutil.rmtree(folder)


def readable_copy(folder, path):
    """The file's copy in the folder, as text for the environment."""
    copy = Path(shutil.copy(path, folder))
    copy.chmod(0o644)
    return str(copy)


@pytest.mark.skipif(os.geteuid() != 0, reason='only root can become another user')
def test_screens_are_equal_for_an_ordinary_user(open_folder):
    with sim.scenario(SCENARIO, env={'NVITOP_SIM_CLOCK': monitors.CLOCK}) as running, tmux.Server() as server:
        for name in ('NVITOP_NVML', 'NVITOP_SIM', 'NVITOP_SIM_PIDS'):
            running.env[name] = readable_copy(open_folder, running.env[name])
        frozen = procfs.freeze(open_folder / 'proc')
        running.env.update({
            'NVITOP_PROCFS': str(frozen), 'LC_ALL': 'C.UTF-8', 'HOME': '/nonexistent',
            'USER': USER, 'LOGNAME': USER, 'LD_LIBRARY_PATH': str(open_folder)})
        pair = walk.Pair(server, walk.World(open_folder, running.env, [], USER, open_folder / 'nvitop'), monitors.SIZES[0])
        try:
            with procfs.ticking(frozen):
                outcomes = pair.walk(STEPS)
        finally:
            pair.close()
    has_dim = False
    for name, outcome in outcomes.items():
        result, theirs, ours = outcome.compare()
        assert not result.differences, f'{name}: {compare.explain(result, theirs, ours)}'
        has_dim = has_dim or any(cell.dim for row in theirs for cell in row)
        assert 'CAUTION' not in outcome.ours.text
    assert has_dim, 'no row of another user was dim'
