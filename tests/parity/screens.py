"""Gets the screens: one launcher run per scenario, in which peer and ours see the same processes."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import table
from support import paths, procfs, sim, term

PEER = Path(__file__).parent / 'peer.py'
PEER_SECONDS = 20  # for one report; a driver that never answers hangs the original


class Screen(NamedTuple):
    """What one program printed, and how it ended."""

    rc: int
    out: str
    err: str


class Pair(NamedTuple):
    """The same screen by both."""

    peer: Screen
    ours: Screen


def run_peer(running: sim.Sim, combos: list[table.Combo], folder: Path, user: str | None = None) -> Counter:
    """The peer's screens into the folder; how often each adaptation mattered."""
    spec = {
        'out': str(folder), 'procfs': running.env['NVITOP_PROCFS'], 'version': paths.version(), 'adapt': True,
        'timeout': PEER_SECONDS, 'user': user,
        'foreign_pids': 'pid_namespace = host' in Path(running.env['NVITOP_SIM']).read_text(),
        'runs': [{'name': c.name, 'columns': c.width, 'args': ['-1', *table.MODES[c.mode]]} for c in combos],
    }
    (folder / 'spec.json').write_text(json.dumps(spec))
    subprocess.run([paths.peer_python(), PEER, folder / 'spec.json'], env=term.clean_env(running.env), check=True,
                   stdin=subprocess.DEVNULL, timeout=60 + PEER_SECONDS * len(combos))
    used: Counter = Counter()
    for combo in combos:
        used.update(json.loads((folder / f'{combo.name}.json').read_text())['used'])
    return used


def peer_screen(folder: Path, combo: table.Combo) -> Screen:
    """What run_peer left of one screen."""
    rc = json.loads((folder / f'{combo.name}.json').read_text())['rc']
    return Screen(rc, *((folder / f'{combo.name}.{kind}').read_text(errors='replace') for kind in ('out', 'err')))


def _our_screen(running: sim.Sim, combo: table.Combo) -> Screen:
    done = running.run('-1', *table.MODES[combo.mode], env={'COLUMNS': str(combo.width)}, timeout=120)
    return Screen(done.rc, done.out, done.err)


class Screens:
    """Screens of all scenarios, each scenario started once, when first asked for."""

    def __init__(self, folder: Path, combos: list[table.Combo]) -> None:
        self.folder = folder
        self.combos = combos
        self.pairs: dict[table.Combo, Pair] = {}
        self.used: Counter = Counter()

    def pair(self, combo: table.Combo) -> Pair:
        """Both screens of a combination."""
        if combo not in self.pairs:
            self._run_scenario(combo.scenario)
        return self.pairs[combo]

    def all_used(self) -> Counter:
        """How often each adaptation mattered, over all scenarios."""
        for combo in self.combos:
            self.pair(combo)
        return self.used

    @staticmethod
    def reasons(program: Path = PEER) -> dict[str, str]:
        """The table of adaptations: name and reason, as the peer's Python reads it."""
        done = term.run([paths.peer_python(), program, '--list'])
        return json.loads(done.out)

    def _run_scenario(self, scenario: str) -> None:
        combos = [c for c in self.combos if c.scenario == scenario]
        folder = self.folder / scenario
        folder.mkdir()
        with sim.scenario(table.scenario_file(scenario), env={'NVITOP_SIM_CLOCK': table.CLOCK}) as running:
            frozen = procfs.freeze(folder / 'proc', **table.host_of(scenario))
            running.env.update({'NVITOP_PROCFS': str(frozen), 'LC_ALL': 'C.UTF-8'})
            self.used.update(run_peer(running, combos, folder))
            for combo in combos:
                self.pairs[combo] = Pair(peer_screen(folder, combo), _our_screen(running, combo))
