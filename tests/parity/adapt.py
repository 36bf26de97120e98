"""The deliberate departures from nvitop 1.7.2, applied to the original at run time.

TABLE has one row per departure: its name, why we depart, and what is replaced. A replacement
calls `hit` when it gave another answer than the original would have given: a row that is never
hit by any scenario fails the suite. FROZEN replaces clocks and the like, so that both programs
read the same numbers; it changes no rule.
"""

from __future__ import annotations

import ctypes
import datetime
import io
import os
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any, Callable, NamedTuple

import psutil
from nvitop.api import device as api_device
from nvitop.api import libnvml
from nvitop.api import process as api_process
from nvitop.api import utils as api_utils
from nvitop.tui.library import device as tui_device
from nvitop.tui.library import displayable
from nvitop.tui.library import host as tui_host
from nvitop.tui.library import process as tui_process
from nvitop.tui.library import utils as tui_utils
from nvitop.tui.library import widestring
from nvitop.tui.screens.main.panels import device as panel_device

NA = api_utils.NA
Hit = Callable[[], None]


class Adaptation(NamedTuple):
    """One row of the table."""

    name: str
    reason: str
    install: Callable[[Hit, dict], None]


def replace_everywhere(old: Any, new: Any) -> None:
    """Every module of nvitop that imported `old` by name gets `new`."""
    for module in [m for n, m in sys.modules.items() if n.startswith('nvitop')]:
        for name, value in list(vars(module).items()):
            if value is old:
                setattr(module, name, new)


# ---- what is shown


BYTE_FORMS = (  # below this many bytes (the 20 GiB row: up to), unit, decimals
    (api_utils.KiB, 1, 'B', 0),
    (api_utils.MiB, api_utils.KiB, 'KiB', 0),
    (20 * api_utils.GiB + 1, api_utils.MiB, 'MiB', 0),
    (100 * api_utils.GiB, api_utils.GiB, 'GiB', 2),
    (1000 * api_utils.GiB, api_utils.GiB, 'GiB', 1),
    (100 * api_utils.TiB, api_utils.TiB, 'TiB', 2),
    (1000 * api_utils.TiB, api_utils.TiB, 'TiB', 1),
    (100 * api_utils.PiB, api_utils.PiB, 'PiB', 2),
    (float('inf'), api_utils.PiB, 'PiB', 1),
)


def readme_bytes(count: Any, *, min_unit: int = 1) -> str:
    """Bytes as the README of 0.7.1 shows them."""
    if count == NA:
        return NA
    for limit, unit, name, decimals in BYTE_FORMS:
        if count < limit and min_unit <= unit:
            return f'{round(count / unit, decimals):.{decimals}f}{name}'
    raise AssertionError(count)


def install_bytes(hit: Hit, _spec: dict) -> None:
    original = api_utils.bytes2human

    def bytes2human(count: Any, /, *, min_unit: int = 1) -> str:
        text = readme_bytes(count, min_unit=min_unit)
        if text != original(count, min_unit=min_unit):
            hit()
        return text

    replace_everywhere(original, bytes2human)


def install_version(hit: Hit, spec: dict) -> None:
    panel_device.__version__ = spec['version']
    hit()


def install_host_cpu(hit: Hit, _spec: dict) -> None:
    def cpu_percent() -> Any:
        hit()
        return NA

    tui_host.cpu_percent = cpu_percent


def install_process_cpu(hit: Hit, _spec: dict) -> None:
    original = api_process.HostProcess.cpu_percent

    def cpu_percent(self: Any) -> float:
        before = original(self)
        times, age = self.cpu_times(), self.running_time().total_seconds()
        after = 100.0 * (times.user + times.system) / age if age > 0 else 0.0
        if f'{before:.1f}' != f'{after:.1f}':
            hit()
        return after

    api_process.HostProcess.cpu_percent = cpu_percent


# ---- text from outside


UNSAFE = re.compile(
    '[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]'
)


def printable(text: str) -> str:
    """The rule of our door: what moves a cursor or re-orders text is U+FFFD, a tab is a blank."""
    return UNSAFE.sub('\ufffd', text.replace('\t', ' '))


def install_printable(hit: Hit, _spec: dict) -> None:
    original = api_process.command_join

    def command_join(cmdline: list[str]) -> str:
        before = original(cmdline)
        after = printable(before)
        if before != after:
            hit()
        return after

    replace_everywhere(original, command_join)


def query_name(func: str, handle: Any, **_kwargs: Any) -> Any:
    """A device's name with whatever bytes it has; the original gives up on those that are not UTF-8."""
    text = ctypes.create_string_buffer(96)
    code = libnvml._nvmlGetFunctionPointer(func)(handle, text, ctypes.c_uint(len(text)))
    return printable(text.value.decode('utf-8', 'surrogateescape')) if code == 0 else NA


def install_printable_name(hit: Hit, _spec: dict) -> None:
    def nvml_name(func: str, handle: Any, **kwargs: Any) -> Any:
        before, after = QUERIES.original(func, handle, **kwargs), query_name(func, handle)
        if before != after:
            hit()
        return after

    QUERIES.handlers['nvmlDeviceGetName'] = nvml_name


def install_carriage_return(hit: Hit, _spec: dict) -> None:
    def open_text(path: str) -> Any:
        text = Path(path).read_bytes()
        if b'\r' in text:
            hit()
        return io.StringIO(text.decode('utf-8', 'surrogateescape'), newline='\n')

    psutil._pslinux.open_text = open_text


INVISIBLE = re.compile('[\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f]')


def install_invisible(hit: Hit, _spec: dict) -> None:
    original = api_process.command_join

    def command_join(cmdline: list[str]) -> str:
        after, count = INVISIBLE.subn('', original(cmdline))
        if count:
            hit()
        return after

    replace_everywhere(original, command_join)


class AsciiTable:
    """For str.translate: the original's shapes, and one '?' a column for all else beyond ASCII."""

    def __init__(self, shapes: dict[int, Any], hit: Hit) -> None:
        self.shapes = shapes
        self.hit = hit

    def __getitem__(self, code: int) -> Any:
        if code < 0x80:
            raise LookupError(code)
        if code in self.shapes:
            return self.shapes[code]
        self.hit()
        char = chr(code)
        return '' if is_combining(char) else '?' * widestring.utf_char_width(char)


def install_ascii(hit: Hit, _spec: dict) -> None:
    displayable.Displayable.ASCII_TRANSTABLE = AsciiTable(displayable.Displayable.ASCII_TRANSTABLE, hit)


def install_zombie(hit: Hit, _spec: dict) -> None:
    original = api_process.HostProcess.cmdline

    def cmdline(self: Any) -> list[str]:
        try:
            return original(self)
        except psutil.ZombieProcess:
            hit()
            return []

    api_process.HostProcess.cmdline = api_utils.memoize_when_activated(cmdline)


def is_combining(char: str) -> bool:
    return unicodedata.category(char) in ('Mn', 'Me', 'Cf') and char != '\xad'


def install_combining(hit: Hit, _spec: dict) -> None:
    original = widestring.string_to_charlist

    def string_to_charlist(string: str) -> list[str]:
        chars: list[str] = []
        for char in original(string):
            if char and is_combining(char) and chars:
                hit()
                base = next(i for i in reversed(range(len(chars))) if chars[i])
                chars[base] += char
            else:
                chars.append(char)
        return chars

    widestring.string_to_charlist = string_to_charlist


# ---- what the driver is asked, and what its answers mean


class Queries:
    """Every driver call of nvitop goes through here; adaptations register by function name."""

    def __init__(self) -> None:
        self.original = libnvml.nvmlQuery
        self.handlers: dict[str, Callable[..., Any]] = {}
        self.failed_utilization = False
        self.sampled: set[int] = set()

    def __call__(self, func: Any, /, *args: Any, **kwargs: Any) -> Any:
        handler = self.handlers.get(func if isinstance(func, str) else func.__name__)
        return handler(func, *args, **kwargs) if handler else self.original(func, *args, **kwargs)


QUERIES = Queries()
UTILIZATION = 'nvmlDeviceGetProcessUtilization'


def query_utilization(func: str, handle: Any, since: int, default: Any = ()) -> Any:
    """The samples, and whether the query itself failed (nothing new is no failure)."""
    QUERIES.failed_utilization = False
    try:
        samples = QUERIES.original(func, handle, since, ignore_errors=False)
    except libnvml.NVMLError as ex:
        QUERIES.failed_utilization = ex.value != libnvml.NVML_ERROR_NOT_FOUND
        samples = default
    kept = [s for s in samples if QUERIES.keep_sample(s, since)]
    QUERIES.sampled = {s.pid for s in kept}
    return kept


def install_samples(hit: Hit, _spec: dict) -> None:
    def keep_sample(sample: Any, since: int) -> bool:
        is_sane = max(sample.smUtil, sample.memUtil, sample.encUtil, sample.decUtil) <= 100
        if not (is_sane and sample.timeStamp > since):
            hit()
            return False
        return True

    QUERIES.keep_sample = keep_sample
    QUERIES.handlers[UTILIZATION] = query_utilization


def after_processes(change: Callable[[Any], None]) -> None:
    """`change` sees every process of a device after the device's processes were read."""
    original = api_device.Device.processes

    def processes(self: Any) -> dict[int, Any]:
        found = original(self)
        for process in found.values():
            change(process)
        return found

    api_device.Device.processes = processes


def install_failed_utilization(hit: Hit, _spec: dict) -> None:
    def change(process: Any) -> None:
        if QUERIES.failed_utilization:
            if process.gpu_sm_utilization() is not NA:
                hit()
            process.set_gpu_utilization(NA, NA, NA, NA)

    after_processes(change)


def install_zero_utilization(hit: Hit, _spec: dict) -> None:
    def change(process: Any) -> None:
        if not QUERIES.failed_utilization and process.pid not in QUERIES.sampled:
            if process.gpu_sm_utilization() is NA:
                hit()
            process.set_gpu_utilization(0, 0, 0, 0)

    after_processes(change)


COMPUTE = 'nvmlDeviceGetComputeRunningProcesses'
MPS = 'nvmlDeviceGetMPSComputeRunningProcesses'
GRAPHICS = 'nvmlDeviceGetGraphicsRunningProcesses'


def chain(function: str, change: Callable[[list, Any], list]) -> None:
    """`change` sees the answer of a list query, after those installed before it."""
    inner = QUERIES.handlers.get(function, QUERIES.original)
    QUERIES.handlers[function] = lambda func, handle, **kw: change(list(inner(func, handle, **kw)), handle)


def install_mps(hit: Hit, _spec: dict) -> None:
    def add_clients(rows: list, handle: Any) -> list:
        known = {row.pid for row in rows}
        clients = [p for p in QUERIES.original(MPS, handle, default=()) if p.pid not in known]
        if clients:
            hit()
        return rows + clients

    chain(COMPUTE, add_clients)


PID_LARGEST = 2**31 - 1


def install_pid_range(hit: Hit, _spec: dict) -> None:
    def drop(rows: list, _handle: Any) -> list:
        kept = [row for row in rows if 0 < row.pid <= PID_LARGEST]
        if len(kept) != len(rows):
            hit()
        return kept

    chain(COMPUTE, drop)
    chain(GRAPHICS, drop)


FOREIGN = 'host PID (another namespace)'


def install_foreign_pid(hit: Hit, spec: dict) -> None:
    if not spec['foreign_pids']:
        return
    original = tui_process.GpuProcess.as_snapshot
    text = FOREIGN
    if 'COLUMNS' in os.environ:  # a report: the original finds no text to colour that it has cut
        text = tui_utils.cut_string(FOREIGN, maxlen=max(79, int(os.environ['COLUMNS'])) - 64, padstr='..')

    def as_snapshot(self: Any, **kwargs: Any) -> Any:
        snapshot = original(self, **kwargs)
        hit()
        snapshot._gone = True  # after those that are known, as processes that ended are
        snapshot.is_zombie = snapshot.is_gone = False
        snapshot.no_permissions = True  # yellow
        snapshot.command = text
        snapshot.username = snapshot.running_time_human = NA
        snapshot.cpu_percent_string = snapshot.memory_percent_string = NA
        return snapshot

    tui_process.GpuProcess.as_snapshot = as_snapshot


def install_mig_holes(hit: Hit, _spec: dict) -> None:
    original = tui_device.Device.mig_devices

    def mig_devices(self: Any) -> list[Any]:
        found = []
        for index in range(self.max_mig_device_count()) if self.is_mig_mode_enabled() else ():
            try:
                found.append(tui_device.MigDevice(index=(self.index, index)))
            except libnvml.NVMLError:
                continue
        if len(found) != len(original(self)):
            hit()
        return found

    tui_device.Device.mig_devices = mig_devices


def install_missing_symbols(hit: Hit, _spec: dict) -> None:
    class Forgetful(dict):
        """Says of every function that it was told already, so that none is logged or kept."""

        def __contains__(self, key: Any) -> bool:
            hit()
            return True

    libnvml.UNKNOWN_FUNCTIONS = Forgetful()


class UnifiedPercent(float):
    """A memory percentage whose bar says UMA."""


def install_unified_memory(hit: Hit, _spec: dict) -> None:
    original = api_device.Device.memory_info
    meminfo = psutil.virtual_memory()

    def is_unified(info: Any) -> bool:
        return info.total is not NA and abs(info.total - meminfo.total) <= meminfo.total / 1000

    def memory_info(self: Any) -> Any:
        info = original(self)
        if not is_unified(info):
            return info
        hit()
        rows = {}
        for function in (COMPUTE, GRAPHICS):
            rows.update({p.pid: p.usedGpuMemory for p in QUERIES(function, self.handle, default=())})
        used = sum(value for value in rows.values() if isinstance(value, int))
        return info._replace(free=meminfo.available, used=used)

    def memory_percent(self: Any) -> Any:
        percent = original_percent(self)
        return UnifiedPercent(percent) if is_unified(self.memory_info()) else percent

    original_percent = tui_device.Device.memory_percent
    for name in ('cache_activate', 'cache_deactivate'):
        setattr(memory_info, name, getattr(original, name))
    api_device.Device.memory_info = memory_info
    tui_device.Device.memory_percent = memory_percent

    def make_bar_chart(prefix: str, percent: Any, *args: Any, **kwargs: Any) -> str:
        return bar('UMA' if isinstance(percent, UnifiedPercent) else prefix, percent, *args, **kwargs)

    bar = panel_device.make_bar_chart
    panel_device.make_bar_chart = make_bar_chart


TABLE = (
    Adaptation('bytes', "human bytes have the README's form", install_bytes),
    Adaptation('version', 'the title line names our version', install_version),
    Adaptation('host-cpu', "the report does not wait for the host's second CPU sample", install_host_cpu),
    Adaptation('process-cpu', "a process's %CPU is CPU time over running time, as ps has it", install_process_cpu),
    Adaptation('printable', 'no control byte from a command line reaches the terminal', install_printable),
    Adaptation('carriage-return', 'a carriage return in a command line is no newline', install_carriage_return),
    Adaptation('printable-name', 'no control byte from a GPU name, and names with bad bytes are shown', install_printable_name),
    Adaptation('invisible', 'joiners and variation selectors are left out: terminals differ about them', install_invisible),
    Adaptation('ascii', 'no byte beyond ASCII leaves with --ascii, from texts of others neither', install_ascii),
    Adaptation('zombie', 'a zombie is called one, not a process that does not exist', install_zombie),
    Adaptation('combining', 'combining marks and joiners take no column', install_combining),
    Adaptation('samples', 'impossible or old utilization samples are dropped', install_samples),
    Adaptation('failed-utilization', '%SM and %GMBW are N/A when the query failed', install_failed_utilization),
    Adaptation('zero-utilization', '%SM and %GMBW are 0 after a query without a sample', install_zero_utilization),
    Adaptation('mps', 'MPS clients are compute processes', install_mps),
    Adaptation('pid-range', 'pids that cannot be one are dropped', install_pid_range),
    Adaptation('foreign-pid', "a pid of another namespace is never taken for a process here", install_foreign_pid),
    Adaptation('mig-holes', 'MIG devices after a hole are shown', install_mig_holes),
    Adaptation('missing-symbols', 'a missing driver symbol never changes the exit code', install_missing_symbols),
    Adaptation('unified-memory', 'unified memory: used is what the processes use, UMA', install_unified_memory),
)


def freeze(spec: dict) -> None:
    """The peer reads the frozen /proc, and its clock stands where that was copied."""
    procfs = Path(spec['procfs'])
    psutil.PROCFS_PATH = str(procfs)
    uptime = float((procfs / 'uptime').read_text().split()[0])
    load = tuple(map(float, (procfs / 'loadavg').read_text().split()[:3]))
    psutil.getloadavg = lambda: load
    tui_host.uptime = lambda: uptime

    def running_time(self: Any) -> datetime.timedelta:
        return datetime.timedelta(seconds=uptime - self._proc.create_time(monotonic=True))

    api_process.HostProcess.running_time = api_utils.memoize_when_activated(running_time)


def install(spec: dict, table: tuple[Adaptation, ...] = TABLE) -> dict[str, int]:
    """Freezes and adapts. The counts of hits in the answer keep counting."""
    freeze(spec)
    libnvml.nvmlQuery = QUERIES
    hits = dict.fromkeys((row.name for row in table), 0)
    for row in table:
        def hit(name: str = row.name) -> None:
            hits[name] += 1

        row.install(hit, spec)
    return hits
