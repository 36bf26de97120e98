"""Both nvitops over one scenario at one moment: what scripts tell, and what of it may differ."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Callable, NamedTuple

import psutil
from support import paths, sim

HERE = Path(__file__).parent
CASES = sorted((paths.ROOT / 'tests/cases').glob('python-*.case'))
# What psutil reads of the machine: as it is when the scene opens, for both.
HOST_FILES = 'stat meminfo vmstat uptime cpuinfo diskstats net/dev'.split()

# What the stand-ins of CUDA's libraries tell of.
CUDA = {'FAKE_CUDA_UUIDS': 'aaaaaaaa111122223333444444444444,bbbbbbbb111122223333444444444444', 'FAKE_CUDART_COUNT': '2'}


class Scene(NamedTuple):
    """A machine to run scripts over."""

    scenario: str
    scripts: str
    env: dict[str, str] = {}
    cuda: str = ''


class Allowed(NamedTuple):
    """A difference: of which expressions, what of the original's text becomes what, why, and in which scenes."""

    expression: str
    theirs: str
    ours: str | Callable[[re.Match], str]
    why: str
    scene: str = '.*'
    is_cut_from_both: bool = False

    def concerns(self, scene: str, expression: str) -> bool:
        """Whether the row is about this."""
        return bool(re.fullmatch(self.scene, scene) and re.fullmatch(self.expression, expression, re.DOTALL))


def applied(rows: list[Allowed], theirs: str, ours: str) -> tuple[str, str, set[Allowed]]:
    """The original's text as ours would be, ours without what is cut from both, and the rows that did it."""
    needed = set()
    for row in rows:
        made = re.sub(row.theirs, row.ours, theirs, flags=re.DOTALL)
        left = re.sub(row.theirs, row.ours, ours, flags=re.DOTALL) if row.is_cut_from_both else ours
        needed |= {row} if (made, left) != (theirs, ours) else set()
        theirs, ours = made, left
    return theirs, ours, needed


def frozen(root: Path, pids: list[int]) -> None:
    """A tree like /proc that stands still, but for the processes of a scenario and those above."""
    for name in HOST_FILES:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(Path('/proc', name), root / name)
    above = {parent.pid for pid in pids for parent in psutil.Process(pid).parents()}
    for pid in {*pids, *above}:
        (root / str(pid)).symlink_to(f'/proc/{pid}')


def scripts(scene: Scene) -> list[str]:
    """Files."""
    found = [HERE / f'scripts/{name}.py' for name in scene.scripts.split()]
    return [str(path) for path in (found if scene.scripts != 'cases' else CASES)]


def asked(opened: sim.Sim, python: str, arguments: list[str], env: dict[str, str]) -> dict:
    """What child.py prints."""
    done = opened.command([python, '-W', 'ignore', HERE / 'child.py', *arguments],
                          {'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONHASHSEED': '0', 'NVITOP_SIM_CLOCK': '42', **env}, 120)
    assert done.rc == 0, done.out + done.err
    return json.loads(done.out)


def both(opened: sim.Sim, arguments: list[str], env: dict[str, str]) -> tuple[dict, dict]:
    """The original's, ours."""
    import nvitop
    site = os.path.dirname(os.path.dirname(nvitop.__file__))
    return (asked(opened, paths.peer_python(), arguments, env),
            asked(opened, sys.executable, arguments, {'PYTHONPATH': site, **env}))


def cuda_libraries(opened: sim.Sim, folder: str) -> dict[str, str]:
    """Where the loader finds stand-ins of CUDA's libraries."""
    return {'LD_LIBRARY_PATH': f'{paths.BUILD / folder}:{opened.env.get("LD_LIBRARY_PATH", "")}', **CUDA} if folder else {}


def perform(name: str, scene: Scene, root: Path, names: dict) -> tuple[dict, dict]:
    """A scene with both."""
    with sim.scenario(scene.scenario) as opened:
        frozen(root, list(opened.pids.values()))
        return both(opened, ['tell', *scripts(scene)], {
            'TWIN_PROC': str(root), 'TWIN_SCENE': name, 'TWIN_NAMES': json.dumps(names), **scene.env,
            **cuda_libraries(opened, scene.cuda)})


def compared(scene: str, theirs: dict[str, str], ours: dict[str, str], allowed: list[Allowed]):
    """What differs without leave, as (theirs, ours) by expression, and the rows that were needed."""
    wrong, used = {}, set()
    for key in {**theirs, **ours}:
        pair = theirs.get(key, 'not told'), ours.get(key, 'not told')
        if pair[0] == pair[1]:
            continue
        made, left, needed = applied([row for row in allowed if row.concerns(scene, key)], *pair)
        if made == left:
            used |= needed
        else:
            wrong[key] = pair
    return wrong, used
