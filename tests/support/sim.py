"""The simulator under a test: a scenario's processes are alive while the context is open."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from support import paths, term

# Runs as the launcher's command: tells the environment it was given, then waits for us.
HOLD = 'import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()'


@dataclass
class Sim:
    """A running scenario. `env` is what the launcher gave its command."""

    scenario: str
    env: dict[str, str]
    pids: dict[str, int] = field(default_factory=dict)

    def run(self, *args: str | Path, env: Mapping[str, str] | None = None, timeout: float = 60) -> term.Result:
        """Our nvitop, over pipes."""
        return term.run([paths.nvitop(), *args], {**self.env, **(env or {})}, timeout)

    def run_pty(self, columns: int, *args: str | Path, env: Mapping[str, str] | None = None,
                timeout: float = 60) -> term.Result:
        """Our nvitop on a terminal that wide."""
        return term.run_pty([paths.nvitop(), *args], columns, env={**self.env, **(env or {})}, timeout=timeout)

    def command(self, command: Sequence[str | Path], env: Mapping[str, str] | None = None,
                timeout: float = 60) -> term.Result:
        """Any other program."""
        return term.run(command, {**self.env, **(env or {})}, timeout)


def _read_pids(path: str | None) -> dict[str, int]:
    """The map the launcher wrote: one `NAME PID` (or `NAME = PID`) a line."""
    pids = {}
    if path:
        for line in Path(path).read_text().splitlines():
            words = line.replace('=', ' ').split()
            if len(words) == 2 and not words[0].startswith('#'):
                pids[words[0]] = int(words[1])
    return pids


@contextlib.contextmanager
def scenario(name: str | Path, env: Mapping[str, str] | None = None) -> Iterator[Sim]:
    """Opens a scenario (a shipped name or a file)."""
    shipped = paths.SCENARIOS / f'{name}.ini'
    process = subprocess.Popen(
        [paths.launcher(), str(shipped if shipped.exists() else name), '--', sys.executable, '-c', HOLD],
        env=term.clean_env(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    assert process.stdin and process.stdout
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f'{paths.launcher()} {name} ended with {process.wait(30)} before running its command')
        given = json.loads(line)
        yield Sim(str(name), given, _read_pids(given.get('NVITOP_SIM_PIDS')))
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(30)
