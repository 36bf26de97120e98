"""Runs the monitor of nvitop 1.7.2 with the adaptations of adapt_monitor.py. Not a test: the
peer's own Python runs it, on a terminal.

usage: peer_monitor.py SPEC | --list

SPEC is a JSON file: {"procfs": folder, "version": text, "user": name or null, "foreign_pids": bool,
"args": [text], "hits": file}. --list prints {adaptation: reason} instead. After each frame the terminal's title tells `KEYS LINESxCOLUMNS
READY GRAPH...`: how many keys were taken so far, the size that was drawn, 1 once processes are
known, and where it has graphs. The counts of the adaptations' hits go to `hits`, rewritten when they change.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import nvitop.cli  # noqa: E402
import nvitop.tui.tui as tui_module  # noqa: E402

import adapt_monitor  # noqa: E402
import peer  # noqa: E402
from support import procfs  # noqa: E402

TICK = 0.02  # seconds; how often it looks whether the terminal has another size
FRAME = 0.3  # seconds without input after which it draws all the same


class Loop:
    """The monitor's loop in place of the original's, which spins for a second after each key. The
    frames and what a key does are the original's."""

    def __init__(self, tui: tui_module.TUI, hits: dict[str, int], path: Path) -> None:
        self.tui = tui
        self.hits = hits
        self.path = path
        self.told = ''
        self.keys = 0
        self.is_key = False
        self.watch_keys()

    def watch_keys(self) -> None:
        """Notes when the original takes what it read for a key, not for a change of size."""
        original = self.tui.handle_key

        def handle(key: int) -> None:
            self.is_key = True
            original(key)

        self.tui.handle_key = handle

    def run(self) -> None:
        """Until the viewer leaves. Every device's history has a value before the first frame."""
        for device in self.tui.main_screen.device_panel.leaf_devices:
            device.as_snapshot()
        while True:
            self.tui.redraw()
            if self.take_key():
                continue
            self.tui.redraw()  # some marks come only with the frame after one that draws everything
            self.tell()
            if not self.take_key():
                self.wait()

    def take_key(self) -> bool:
        """One key, if there is one; a change of size is not counted."""
        before, size, self.is_key = self.tui.last_input_time, self.tui.termsize, False
        self.tui.handle_input()
        self.keys += self.is_key
        if self.tui.termsize != size:  # the terminal may have cut what was under way to it
            self.tui.win.clearok(True)
        return self.tui.last_input_time != before

    def wait(self) -> None:
        """For input, another size, or the time of a frame."""
        until = time.monotonic() + FRAME
        while time.monotonic() < until:
            size = os.get_terminal_size(0)
            if (size.lines, size.columns) != self.tui.termsize or select.select([0], [], [], TICK)[0]:
                return

    def graphs(self) -> list[tuple[int, int, int, int]]:
        """Where the screen has history graphs: row, column, width, height."""
        host, metrics = self.tui.main_screen.host_panel, self.tui.process_metrics_screen
        if metrics.visible:
            upper, lower = (6, metrics.upper_height), (metrics.upper_height + 7, metrics.lower_height)
            left, right = (1, metrics.left_width), (metrics.left_width + 2, metrics.right_width)
            return [(y, x, width, height) for y, height in (upper, lower) for x, width in (left, right)]
        if not self.tui.main_screen.visible or host.compact:
            return []
        left = [(host.y, 1, 77, 5), (host.y + 6, 1, 77, 4), (host.y + 10, 1, 77, 1)]
        width = max(host.width - 80, 20)
        right = [(host.y, 79, width, 5), (host.y + 6, 79, width, 5)]
        return left + right if host.width >= 100 else left

    def tell(self) -> None:
        """The title, after everything that the frame has sent."""
        lines, columns = self.tui.termsize
        is_ready = self.tui.main_screen.process_panel.has_snapshots
        graphs = [f' {row},{column},{width},{height}' for row, column, width, height in self.graphs()]
        os.write(1, f'\033]2;{self.keys} {lines}x{columns} {is_ready:d}{"".join(graphs)}\007'.encode())
        told = json.dumps(self.hits)
        if told != self.told:
            self.told = told
            self.path.write_text(told)


def main() -> int:
    """The monitor until it ends."""
    if sys.argv[1] == '--list':
        print(json.dumps({row.name: row.reason for row in adapt_monitor.TABLE}))
        return 0
    spec = json.loads(Path(sys.argv[1]).read_text())
    sys.argv = ['nvitop', '-m', 'auto', *spec['args']]
    for pid in (os.getpid(), os.getppid()):
        if not (Path(spec['procfs']) / str(pid)).exists():
            procfs.add_process(Path(spec['procfs']), pid)
    hits_file = os.open(spec['hits'], os.O_WRONLY | os.O_CREAT, 0o666)
    if spec['user']:
        peer.become(spec['user'])
    hits = adapt_monitor.install(spec)

    def loop(self: tui_module.TUI) -> None:
        try:
            Loop(self, hits, Path(spec['hits'])).run()
        except tui_module.BreakLoop:
            pass

    tui_module.TUI.loop = loop
    os.close(hits_file)
    return nvitop.cli.main()


if __name__ == '__main__':
    sys.exit(main())
