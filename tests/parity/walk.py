"""Walks both monitors through the same sizes and keys, side by side on one simulator."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import pwd
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

import compare
import monitor_table as monitors
import tmux
from support import cells, paths, procfs, sim

START_SECONDS = 60  # a loaded machine, and a scenario whose driver takes its time
PEER_SECONDS = 30  # until a key or a size has come to its frame
EQUAL_SECONDS = 5.0  # until ours looks the same; a graph needs two whole seconds after its start
SOON_SECONDS = 0.5  # the same, after something was wrong already
LOOK_AGAIN = 0.3  # seconds; also when nothing was written, to be sure
ESCAPE_SECONDS = 0.2  # what comes sooner after an Esc may be Alt and that key, if the machine is loaded
BOX_SECONDS = 0.3  # our box takes keys 0.25 s after it was first shown
LANES = 3  # scenarios at a time: most of a step is waiting for a terminal


class Frame(NamedTuple):
    """What the peer told with its frame."""

    keys: int
    size: str
    is_ready: bool
    graphs: list[compare.Graph]


class Outcome(NamedTuple):
    """What came of one step that is compared."""

    peer: tmux.Shot
    ours: tmux.Shot
    frame: Frame
    age: float  # of our program when it was looked at, in seconds
    settling: int = 0  # how many of the oldest seconds of a graph are left out

    def compare(self) -> tuple[compare.Comparison, list[cells.Row], list[cells.Row]]:
        """The comparison and both screens as it saw them."""
        theirs, ours = compare.visible(self.peer.rows()), compare.visible(self.ours.rows())
        left_out = compare.cut_graphs(theirs, ours, self.frame.graphs, self.settling)
        result = compare.compare(theirs, ours, compare.has_clock(theirs))
        return result._replace(masked=result.masked + left_out), theirs, ours

    def graph_seconds(self) -> int | None:
        """How many seconds the longest graph of the host panel shows; None where there is none."""
        ours = self.ours.rows()
        found = [compare.graph_seconds(ours, graph) for graph in self.frame.graphs]
        return 1 + max(map(max, filter(None, found)), default=-1) if found and compare.has_clock(ours) else None


def read_title(title: str) -> Frame | None:
    """The title's parts; None before there is one of ours."""
    words = title.split()
    if len(words) < 3 or not words[0].isdigit():
        return None
    graphs = [compare.Graph(*map(int, word.split(','))) for word in words[3:]]
    return Frame(int(words[0]), words[1], words[2] == '1', graphs)


def wait_for(terminal: tmux.Terminal, condition: Callable[[], object], seconds: float, what: Callable[[], str]) -> object:
    """Asks whenever the terminal's program has written, until the answer is true."""
    until = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        left = until - time.monotonic()
        if left < 0:
            raise TimeoutError(what())
        terminal.wait(min(left, LOOK_AGAIN))


class Peer:
    """The original on a terminal. Every step waits for the frame that answers it."""

    def __init__(self, server: tmux.Server, world: World, size: monitors.Size) -> None:
        self.err = world.folder / 'peer.err'
        self.hits_file = world.folder / f'hits-{time.monotonic_ns()}'
        self.terminal = server.open(self.command(world), world.env, *size)
        self.keys = 0

    def command(self, world: World) -> list[str]:
        """What runs it; its errors go to a file, they are not the screen's."""
        spec = {'procfs': world.env['NVITOP_PROCFS'], 'version': paths.version(), 'user': world.user,
                'foreign_pids': 'pid_namespace = host' in Path(world.env['NVITOP_SIM']).read_text(),
                'args': world.args, 'hits': str(self.hits_file)}
        path = world.folder / 'spec.json'
        path.write_text(json.dumps(spec))
        self.hits_file.touch()
        self.hits_file.chmod(0o666)
        return ['sh', '-c', f'exec {paths.peer_python()} {monitors.PEER} {path} 2>{self.err}']

    def await_frame(self, seconds: float = PEER_SECONDS) -> tuple[tmux.Shot, Frame]:
        """The screen once all keys have come to a frame of the terminal's size."""
        size = f'{self.terminal.rows}x{self.terminal.columns}'
        shot = self.terminal.shot()

        def answer() -> tuple[tmux.Shot, Frame] | None:
            nonlocal shot
            shot = self.terminal.shot()
            frame = read_title(shot.title)
            if 'Pane is dead' in shot.text:
                raise TimeoutError(failure())
            return (shot, frame) if frame and frame[:3] == (self.keys, size, True) else None

        def failure() -> str:
            return f'the peer shows {shot.title!r}, not {self.keys} {size} 1\n{self.err.read_text()}\n{shot.text}'

        found = wait_for(self.terminal, answer, seconds, failure)
        return found  # type: ignore[return-value]

    def step(self, step: monitors.Step) -> tuple[tmux.Shot, Frame]:
        """Does a step; the screen after it."""
        if step.size:
            self.terminal.resize(*step.size)
        for key in step.keys:
            self.terminal.keys(key)
            self.keys += 1
            self.await_frame()
        return self.await_frame()

    def hits(self) -> Counter:
        """How often each adaptation mattered so far."""
        return Counter(json.loads(self.hits_file.read_text() or '{}'))


class Ours:
    """Our monitor on a terminal. Nothing tells when it has drawn: what is asked is that it soon looks the same."""

    def __init__(self, server: tmux.Server, world: World, size: monitors.Size) -> None:
        self.started = time.monotonic()
        self.settling = world.settling
        self.has_box = False
        self.deaf_until = 0.0
        self.terminal = server.open([*world.prefix, world.nvitop, '-m', 'auto', *world.args], world.env, *size)

    def step(self, step: monitors.Step) -> None:
        """Types the keys, each once the one before it could be drawn."""
        if step.size:
            self.terminal.resize(*step.size)
        for key in step.keys:
            wait_for(self.terminal, self.is_listening, 1 + BOX_SECONDS, lambda: 'the clock stands')
            self.terminal.keys(key)
            if key == 'Escape':
                self.deaf_until = time.monotonic() + ESCAPE_SECONDS

    def is_listening(self) -> bool:
        """A key that comes now is taken for itself."""
        return time.monotonic() >= self.deaf_until

    def note_box(self, shot: tmux.Shot) -> None:
        """A box is deaf while it is new: the next key has to come later than that."""
        has_box = 'ancel' in shot.text  # its first letter is apart: a key
        if has_box and not self.has_box:
            self.deaf_until = time.monotonic() + BOX_SECONDS
        self.has_box = has_box

    def look(self, peer: tmux.Shot, frame: Frame, seconds: float) -> tuple[Outcome, bool]:
        """Looks until it looks as the peer does; whether it came to that."""
        until = time.monotonic() + seconds
        while True:
            shot = self.terminal.shot()
            outcome = Outcome(peer, shot, frame, time.monotonic() - self.started, self.settling)
            is_equal = not outcome.compare()[0].differences
            self.note_box(shot)
            left = until - time.monotonic()
            if is_equal or left < 0:
                return outcome, is_equal
            self.terminal.wait(min(left, LOOK_AGAIN))

    def look_apart(self, peer: tmux.Shot, frame: Frame) -> Outcome:
        """Looks until it looks different, and stays as it is for a frame or two."""
        last = None
        until = time.monotonic() + EQUAL_SECONDS
        while True:
            shot = self.terminal.shot()
            outcome = Outcome(peer, shot, frame, time.monotonic() - self.started)
            rows = shot.rows()[1:]  # without the clock
            if (outcome.compare()[0].differences and rows == last) or time.monotonic() > until:
                return outcome
            last = rows
            self.terminal.wait(LOOK_AGAIN)


def user_group(user: str) -> int:
    """The user's own group."""
    return pwd.getpwnam(user).pw_gid


class World:
    """One scenario's environment: the simulator, a /proc that stands still, a folder."""

    def __init__(self, folder: Path, env: dict[str, str], args: list[str], user: str | None = None,
                 nvitop: Path | None = None) -> None:
        self.folder = folder
        self.env = env
        self.args = args  # of both programs
        self.user = user
        self.settling = monitors.SETTLING.get(Path(env['NVITOP_SIM']).stem, (0, ''))[0]
        self.nvitop = nvitop or paths.nvitop()
        # As root another user may be named.
        self.prefix = ['setpriv', f'--reuid={user}', f'--regid={user_group(user)}', '--clear-groups'] if user else []


class Pair:
    """Both programs in the same state."""

    def __init__(self, server: tmux.Server, world: World, size: monitors.Size) -> None:
        self.server = server
        self.world = world
        self.used: Counter = Counter()
        self.open(size)

    def open(self, size: monitors.Size) -> None:
        """Starts both."""
        self.ours = Ours(self.server, self.world, size)
        self.peer = Peer(self.server, self.world, size)
        self.peer.await_frame(START_SECONDS)

    def close(self) -> None:
        """Ends both; keeps what the peer's adaptations did."""
        self.used.update(self.peer.hits())
        self.peer.terminal.close()
        self.ours.terminal.close()

    def walk(self, steps: list[monitors.Step]) -> dict[str, Outcome]:
        """Takes the steps. After a difference both begin anew with the next step that may begin one."""
        outcomes: dict[str, Outcome] = {}
        is_astray = False
        for step in steps:
            if is_astray and step.is_start:
                size = (self.peer.terminal.columns, self.peer.terminal.rows)
                self.close()
                self.open(size)
                is_astray = False
            shot, frame = self.peer.step(step)
            self.ours.step(step)
            if step.name:
                outcomes[step.name], is_equal = self.look(step, shot, frame, is_astray)
                is_astray = is_astray or not is_equal
        return outcomes

    def look(self, step: monitors.Step, shot: tmux.Shot, frame: Frame, is_astray: bool) -> tuple[Outcome, bool]:
        """What came of a step, and whether it is as it should be, as far as one can tell here."""
        if step.is_alike:
            return self.ours.look(shot, frame, SOON_SECONDS if is_astray else EQUAL_SECONDS)
        return self.ours.look_apart(shot, frame), True


class Walks:
    """The walks of all scenarios, several at a time, begun when the first is asked for."""

    def __init__(self, walks: dict[str, list[monitors.Step]]) -> None:
        self.walks = walks
        self.used: Counter = Counter()
        self.pool = concurrent.futures.ThreadPoolExecutor(LANES)
        self.server = tmux.Server()
        self.server.__enter__()
        self.results: dict[str, concurrent.futures.Future] = {}

    def close(self) -> None:
        """Waits for what runs; what has not begun never will."""
        self.pool.shutdown(cancel_futures=True)
        self.server.__exit__()

    def outcome(self, walk: str, step: str) -> Outcome:
        """What came of one step."""
        return self.begun()[walk].result()[step]

    def begun(self) -> dict[str, concurrent.futures.Future]:
        """All walks; none waits until it is asked for."""
        self.results = self.results or {name: self.pool.submit(self.run, name) for name in self.walks}
        return self.results

    def all_used(self) -> Counter:
        """How often each adaptation mattered, over all scenarios."""
        for result in self.begun().values():
            result.result()
        return self.used

    @contextlib.contextmanager
    def world(self, name: str) -> Iterator[World]:
        """The world of a walk: its simulator runs, its /proc stands still."""
        scenario = monitors.scenario_of(name)
        with tempfile.TemporaryDirectory(prefix='nvitop-parity-') as folder, \
                sim.scenario(monitors.scenario_file(scenario), env={'NVITOP_SIM_CLOCK': monitors.CLOCK}) as running:
            frozen = procfs.freeze(Path(folder) / 'proc', **monitors.host_of(scenario))
            running.env.update({'NVITOP_PROCFS': str(frozen), 'LC_ALL': 'C.UTF-8', 'XDG_CONFIG_HOME': folder})
            with procfs.ticking(frozen):
                yield World(Path(folder), running.env, monitors.options_of(name))

    def run(self, name: str) -> dict[str, Outcome]:
        """One walk."""
        with self.world(name) as world:
            return self.walk(world, self.walks[name])

    def walk(self, world: World, steps: list[monitors.Step]) -> dict[str, Outcome]:
        """A walk in a world that stands."""
        pair = Pair(self.server, world, monitors.SIZES[0])
        try:
            return pair.walk(steps)
        finally:
            pair.close()
            self.used.update(pair.used)
