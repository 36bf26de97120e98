"""The deliberate departures of the monitor from nvitop 1.7.2, applied to the original at run time.

As adapt.py, whose rows hold here too but for those of the report alone. A row that is never hit by
any screen fails the suite.
"""

from __future__ import annotations

import curses
import os
import sys
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import psutil  # noqa: E402
from nvitop.api import utils as api_utils  # noqa: E402
from nvitop.tui import tui  # noqa: E402
from nvitop.tui.library import displayable, history, messagebox, selection, widestring  # noqa: E402
from nvitop.tui.library import host as tui_host  # noqa: E402
from nvitop.tui.screens import environ as screen_environ  # noqa: E402
from nvitop.tui.screens import help as help_screen  # noqa: E402
from nvitop.tui.screens import main as main_screen  # noqa: E402
from nvitop.tui.screens import metrics as screen_metrics  # noqa: E402
from nvitop.tui.screens import treeview as screen_tree  # noqa: E402
from nvitop.tui.screens.main.panels import process as panel_process  # noqa: E402

import adapt  # noqa: E402
from adapt import Adaptation, Hit  # noqa: E402
from support import procfs  # noqa: E402

REPORT_ONLY = ('host-cpu', 'process-cpu')


def install_pid_order(hit: Hit, _spec: dict) -> None:
    original = main_screen.MainScreen.init_keybindings

    def init_keybindings(self: Any) -> None:
        def sort_by_pid(reverse: bool) -> None:
            hit()
            self.process_panel.order, self.process_panel.reverse = 'pid', reverse
            self.root.update_size()

        original(self)
        self.root.keymaps.bind('main', 'op', partial(sort_by_pid, True))
        self.root.keymaps.bind('main', 'oP', partial(sort_by_pid, False))

    main_screen.MainScreen.init_keybindings = init_keybindings


def install_box_keys(hit: Hit, _spec: dict) -> None:
    original, original_keys = messagebox.MessageBox.apply, messagebox.MessageBox.init_keybindings

    def apply(self: Any, index: int | None = None, wait: bool | None = None) -> None:
        if wait is None and index is not None:
            hit()
            self.current = index
            return
        original(self, index, wait)

    def init_keybindings(self: Any) -> None:
        original_keys(self)
        for key in 'nN':
            self.root.keymaps.bind('messagebox', key, partial(self.apply, index=self.cancel, wait=False))

    messagebox.MessageBox.apply = apply
    messagebox.MessageBox.init_keybindings = init_keybindings


def install_hopeless(hit: Hit, _spec: dict) -> None:
    original, original_any = selection.Selection.owned, selection.Selection.has_actionable_processes

    def owned(self: Any) -> bool:
        if original(self) and is_hopeless(self.process):
            hit()
            return False
        return original(self)

    def has_actionable_processes(self: Any) -> bool:
        if not self.tagged:
            return original_any(self)
        found = any(is_owned(process) and not is_hopeless(process) for process in self.tagged.values())
        if not found:
            hit()
        return found

    selection.Selection.owned = owned
    selection.Selection.has_actionable_processes = has_actionable_processes


def is_owned(process: Any) -> bool:
    """It belongs to the viewer, to whom all belong if that is root."""
    try:
        return selection.IS_SUPERUSER or process.username() == selection.USERNAME
    except psutil.Error:
        return False


def is_hopeless(process: Any) -> bool:
    """No signal could be sent to it: it is not there, or not one of this namespace."""
    snapshot = getattr(process, 'snapshot', None)  # of a process with a GPU
    return snapshot is not None and (snapshot.is_gone or snapshot.command == adapt.FOREIGN)


def install_foreign_colour(hit: Hit, _spec: dict) -> None:
    def color_at(self: Any, y: int, x: int, width: int, *args: Any, **kwargs: Any) -> None:
        if (width, kwargs) == (len('No Permissions'), {'fg': 'yellow'}) and adapt.FOREIGN in commands(self):
            hit()
            width = min(len(adapt.FOREIGN), self.width - 1 - x)
        displayable.CursesShortcuts.color_at(self, y, x, width, *args, **kwargs)

    def commands(panel: Any) -> list[str]:
        return [row.command for row in panel.snapshots]

    panel_process.ProcessPanel.color_at = color_at


def install_box_words(hit: Hit, _spec: dict) -> None:
    original = messagebox.MessageBox.__init__

    def init(self: Any, message: str, *args: Any, **kwargs: Any) -> None:
        hit()
        ours = message.replace('Send signal to process', 'Which signal for process')
        ours = ours.replace('Send signal to the following processes', 'Which signal for these processes')
        original(self, ours, *args, **kwargs)

    messagebox.MessageBox.__init__ = init


# Our words on the help page, by the label they stand beside; and our own keys: left and right label.
HELP_WORDS = {
    'a f c': 'auto, full, compact view', 'F5 r': 'read everything again', 'h ?': 'this help',
    'q': 'quit, or one screen back', 'Arrows': 'move in the list', 'Home': 'to the first process',
    'End': 'to the last process', 'Ctrl-A ^': 'start of the commands', 'Ctrl-E $': 'end of the commands',
    'PageUp [': 'move the screen up', 'PageDown ]': 'move the screen down', 'Space': 'tag a process, or untag',
    'Esc': 'forget selection and tags', 'Ctrl-C I': 'interrupt (asks first)', 'K': 'kill (asks first)',
    'T': 'terminate (asks first)', 'e': 'environment of a process', 't': 'tree of processes',
    'Enter': 'graphs of a process', 'Wheel': 'move in the list', 'Tab': 'move in the list',
    'Shift-Wheel': 'move to the side', 'Ctrl-Wheel': 'move five times as far', 'on oN': 'order by GPU',
    'op oP': 'order by PID', 'ou oU': 'order by USER', 'og oG': 'order by GPU-MEM', 'os oS': 'order by %SM',
    ', .': 'order by a neighbour', 'ob oB': 'order by %GMBW', 'oc oC': 'order by %CPU', 'om oM': 'order by %MEM',
    'ot oT': 'order by TIME', '/': 'turn the order round',
    'd': 'a line for each GPU', 'H': 'host panel on or off', 'x': 'bars for PCIe on or off', 'Z': 'pause, or go on',
    '\\ F4': 'only rows with a text', 'F2': 'columns and settings', 'w': 'why values are N/A',
    'Ctrl-L': 'draw the screen anew',
}
HELP_KEYS = (('d', '\\ F4', 'yellow'), ('H', 'F2', 'green'), ('x', 'w', 'green'), ('Z', 'Ctrl-L', 'green'))
HELP_HEAD = ('Free software under the Apache License 2.0.', '',
             'Types of processes: C compute, G graphics, X both (mixed).', '',
             'What the colours say of a GPU, by the heavier of these two:')
# Where our words in rows 3 and 5 have what the original colours: its column and width, and ours.
HELP_PLACES = {(3, 0, 17): (0, 19), (3, 18, 1): (20, 1), (3, 30, 1): (31, 1), (3, 43, 1): (43, 1),
               (3, 21, 1): (22, 1), (3, 33, 1): (33, 1), (3, 48, 1): (53, 1), (5, 0, 21): (0, 20)}
HELP_END = 'Any key leads back.'
HELP_MORE = 'Up and Down show the rest; any other key leads back.'
HELP_RIGHT = 39  # column where the right labels' places begin


def help_line(left: str, right: str) -> str:
    """A row of keys: labels end before columns 12 and 52, words begin a blank later."""
    line = f'{left + ":":>12} {HELP_WORDS[left]}' if left else ''
    return f'{line:<{HELP_RIGHT}}{right + ":":>13} {HELP_WORDS[right]}' if right else line


def in_our_words(line: str) -> str:
    """A row of the original's help: its labels, our words."""
    left, right = (part.partition(':')[0].strip() for part in (line[:HELP_RIGHT], line[HELP_RIGHT:]))
    return help_line(left, right)


def install_help_words(hit: Hit, spec: dict) -> None:
    original, original_draw = help_screen.HelpScreen.__init__, help_screen.HelpScreen.draw

    def init(self: Any, **kwargs: Any) -> None:
        original(self, **kwargs)
        rules = [line.replace('GPU-MEM percent', 'GPU memory used') for line in self.infos[6:8]]
        keys = [in_our_words(line) if line else '' for line in self.infos[8:-1]]
        own = [help_line(left, right) for left, right, _ in HELP_KEYS]
        first = len(self.infos) - 1
        self.infos = [f'nvitop {spec["version"]}', *HELP_HEAD, *rules, *keys, *own, '', HELP_END]
        self.color_matrix.update({first + i: ('green', colour) for i, (_, _, colour) in enumerate(HELP_KEYS)})
        self.width, self.height = max(map(len, self.infos)), len(self.infos)

    def color_at(self: Any, y: int, x: int, width: int, *args: Any, **kwargs: Any) -> None:
        x, width = HELP_PLACES.get((y, x, width), (x, width))
        displayable.CursesShortcuts.color_at(self, y, x, width, *args, **kwargs)

    def draw(self: Any) -> None:
        if self.need_redraw:
            hit()
        original_draw(self)
        rows, columns = self.root.termsize
        if rows < self.height:
            self.addstr(rows - 1, 0, HELP_MORE.ljust(columns))
            self.color_at(rows - 1, 0, width=columns, fg='cyan', attr='bold')

    help_screen.HelpScreen.__init__ = init
    help_screen.HelpScreen.color_at = color_at
    help_screen.HelpScreen.draw = draw


def install_environ_why(hit: Hit, _spec: dict) -> None:
    original = screen_environ.EnvironScreen.draw

    def draw(self: Any) -> None:
        original(self)
        if self.environ is None:  # one that is not in the copy of /proc is as if the process had just ended
            hit()
            is_there = os.path.exists(f'{psutil.PROCFS_PATH}/{self.process.pid}/environ')
            reason = 'no permission' if is_there else 'the process has ended'
            self.addstr(self.y + 3, self.x, f'Why: {reason}.')

    screen_environ.EnvironScreen.draw = draw


def install_ascii_screens(hit: Hit, _spec: dict) -> None:
    original = tui.TUI.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if self.no_unicode:
            hit()
        self.environ_screen.no_unicode = self.help_screen.no_unicode = self.no_unicode

    tui.TUI.__init__ = init


def install_empty_command(hit: Hit, _spec: dict) -> None:
    original = screen_tree.TreeNode.as_snapshot

    def as_snapshot(self: Any) -> None:
        original(self)
        if self.process.command == 'Zombie Process' and self.process.real.cmdline() == ['']:
            hit()
            self.process.command = ''

    screen_tree.TreeNode.as_snapshot = as_snapshot


FAR = 1 << 30


def install_line_end(hit: Hit, _spec: dict) -> None:
    limit = main_screen.LARGE_INTEGER

    def set_offset(self: Any, value: int) -> None:
        if value == FAR and any(len(row.host_info) - self.width > limit for row in self.snapshots):
            hit()
        self.adapted_offset = value

    main_screen.LARGE_INTEGER = panel_process.LARGE_INTEGER = FAR
    panel_process.ProcessPanel.host_offset = property(lambda self: self.adapted_offset, set_offset)


def straddled(row: str, column: int) -> bool:
    """Whether a wide character of the row begins one column before that one."""
    at = 0
    for char in row:
        width = widestring.utf_char_width(char)
        if at >= column:
            break
        if at == column - 1 and width == 2:
            return True
        at += 0 if is_mark(char) else width
    return False


def is_mark(char: str) -> bool:
    """It takes no column."""
    return adapt.is_combining(char)


def install_half_characters(hit: Hit, _spec: dict) -> None:
    original = messagebox.MessageBox.draw

    def draw(self: Any) -> None:
        rows, columns = self.root.termsize
        top, left = (rows - len(self.lines)) // 2, (columns - self.width) // 2
        under = {y: self.win.instr(y, 0).decode() for y in range(top, top + len(self.lines))}
        original(self)
        for y, row in under.items():
            for edge, blank in ((left, left - 1), (left + self.width, left + self.width)):
                if straddled(row, edge):
                    hit()
                    self.addstr(y, blank, ' ')

    messagebox.MessageBox.draw = draw


def install_decoder(hit: Hit, _spec: dict) -> None:
    original = screen_metrics.ProcessMetricsScreen.draw
    drawn: list[Any] = []

    def draw(self: Any) -> None:
        drawn[:] = [self.process.snapshot]
        original(self)

    def columns(pairs: list[tuple[str, Any]]) -> OrderedDict:
        decoder = str(drawn[0].gpu_decoder_utilization).rjust(4)
        if decoder != dict(pairs)['%DEC']:
            hit()
        return OrderedDict((name, decoder if name == '%DEC' else value) for name, value in pairs)

    screen_metrics.ProcessMetricsScreen.draw = draw
    screen_metrics.OrderedDict = columns


TABLE = (
    *(row for row in adapt.TABLE if row.name not in REPORT_ONLY),
    Adaptation('pid-order', '`op` sorts by PID descending, `oP` ascending, as the README has it', install_pid_order),
    Adaptation('box-keys', 'the keys of the box but Enter only highlight, and n cancels at once', install_box_keys),
    Adaptation('box-words', "the box's sentences are ours", install_box_words),
    Adaptation('help-words', "the help's sentences are ours, and our own keys follow", install_help_words),
    Adaptation('environ-why', 'where an environment cannot be read, the reason follows', install_environ_why),
    Adaptation('ascii-screens', 'with --ascii all screens are, the environment too', install_ascii_screens),
    Adaptation('empty-command', 'who has an empty command line is no zombie, in the tree neither', install_empty_command),
    Adaptation('line-end', '`$` goes to the end of command lines however long', install_line_end),
    Adaptation('half-characters', 'of a wide character half behind the box a blank is seen, and the rest of the row stays', install_half_characters),
    Adaptation('hopeless', 'no signal is offered where none could be sent', install_hopeless),
    Adaptation('foreign-colour', 'all of what is said of a foreign pid is yellow', install_foreign_colour),
    Adaptation('decoder', '%DEC is the load of the decoder, not of the encoder', install_decoder),
)


def freeze_keys() -> None:
    """The original throws type-ahead away; the tests wait for each frame, yet tmux may be ahead."""
    curses.flushinp = lambda: None


def freeze_graphs() -> None:
    """A history is as long as the screen from the first value on: with frozen readings it would be
    full of that value after some minutes. The tests then cut it to the length that ours has."""
    original = history.BufferedHistoryGraph.add

    def add(self: Any, value: float) -> None:
        if value is not api_utils.NA and value >= self.baseline and self.history[-1] != value:
            self.history.extend([value] * self.history.maxlen)
            self.graph_size = self.graph_size  # makes it anew from `history`
            history.HistoryGraph.add(self, value)  # sets the bound
        elif not self.buffer:
            history.HistoryGraph.add(self, self.baseline - 0.1 if value is api_utils.NA else value)
        original(self, value)

    history.BufferedHistoryGraph.add = add


def freeze_cpu() -> None:
    """The load that support.procfs.ticking makes, which the original's first samples do not have."""
    tui_host.cpu_percent = lambda: procfs.BUSY_PERCENT


def freeze_environs() -> None:
    """Where /proc could not be copied, its environment is one that may not be read."""
    original = psutil.Process.environ

    def environ(self: Any) -> dict[str, str]:
        try:
            return original(self)
        except FileNotFoundError as ex:
            raise psutil.AccessDenied(self.pid) from ex

    psutil.Process.environ = environ


def install(spec: dict) -> dict[str, int]:
    """Freezes and adapts. The counts of hits in the answer keep counting."""
    freeze_keys()
    freeze_cpu()
    freeze_graphs()
    freeze_environs()
    return adapt.install(spec, TABLE)
