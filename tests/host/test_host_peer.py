"""Our host reader against psutil and nvitop 1.7.2: the same trees, the same live processes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import paths  # noqa: E402

HERE = Path(__file__).parent
TREES = HERE.parent / 'proc'
CASES = HERE.parent / 'cases' / 'command.case'
TOTALS = ('cpu_percent', 'memory_total', 'memory_available', 'memory_used', 'memory_percent', 'swap_total', 'swap_used',
          'swap_percent', 'load1', 'load5', 'load15', 'uptime', 'cpu_count')
COLUMNS = ('pid', 'presence', 'uid', 'user', 'ppid', 'name', 'threads', 'state', 'rss', 'cpu', 'running', 'command')
ESCAPES = {'n': b'\n', 't': b'\t', 'e': b'\x1b', '\\': b'\\', '|': b'|'}


def ask_peer(what: str, root: Path | None = None, **more: object) -> object:
    """The peer's answer."""
    request = json.dumps({'what': what, 'root': str(root) if root else '', **more})
    done = subprocess.run([paths.peer_python(), HERE / 'peer.py'], input=request, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ask_ours(*pids: int, root: Path | None = None) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Our totals and processes, as text."""
    where = ['--root', str(root)] if root else []
    out = subprocess.run([paths.built('tests/host/host_probe'), *where, *map(str, pids)], capture_output=True,
                         check=True, timeout=60).stdout.decode()
    first, *rest = out.splitlines()
    return dict(zip(TOTALS, first.split('\t'))), [dict(zip(COLUMNS, line.split('\t'))) for line in rest]


@pytest.mark.parametrize('tree', ['server', 'old-kernel', 'container'])
def test_totals_are_psutils(tree: str) -> None:
    peer = ask_peer('totals', TREES / tree)
    ours, _ = ask_ours(root=TREES / tree)
    if tree == 'container':  # more swap free than there is: psutil tells a negative use
        assert peer.pop('swap_used') < 0
        assert peer.pop('swap_percent') < 0
    for name, number in peer.items():
        assert float(ours[name]) == pytest.approx(number, abs=1e-6), name


@contextlib.contextmanager
def sleeper(*argv: str, **options: object) -> Iterator[int]:
    """A child that waits for the end of its standard input."""
    child = subprocess.Popen(['/bin/sh', '-c', 'echo; read end', *argv], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, **options)
    try:
        child.stdout.readline()
        yield child.pid
    finally:
        child.stdin.close()
        child.wait(timeout=30)
        child.stdout.close()


def assert_same(pid: int) -> None:
    before, peer, after = ask_ours(pid)[1][0], ask_peer('process', pids=[pid])[0], ask_ours(pid)[1][0]
    for name in ('uid', 'user', 'ppid', 'name', 'threads', 'rss', 'command'):
        assert str(peer[name]) == before[name] == after[name], name
    assert float(before['cpu']) <= peer['cpu'] + 1e-6 <= float(after['cpu']) + 2e-6
    # the peer counts from a boot time in whole seconds
    assert float(before['running']) - 1.5 <= peer['running'] <= float(after['running']) + 1.5


def test_a_live_process_reads_alike() -> None:
    with sleeper('--name', 'two words', '$HOME', "it's", '') as pid:
        assert_same(pid)


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root to start another user\'s process')
def test_another_users_process_reads_alike() -> None:
    with sleeper(user=65534, cwd='/') as pid:
        assert_same(pid)
    with sleeper(user=4000000, cwd='/') as pid:  # nobody has that number
        assert_same(pid)


def test_init_reads_alike() -> None:
    assert_same(1)


def unescape(text: str) -> bytes:
    """The escapes of case files."""
    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] == 'x' else ESCAPES[code].decode()
    if text == '""':
        return b''
    raw = re.sub(r'\\(x[0-9a-fA-F]{2}|[nte\\|])', one, text)
    return b''.join(char.encode('latin-1') if ord(char) < 256 else char.encode() for char in raw)


def command_cases() -> list[tuple[bytes, str]]:
    """Input and expectation of every line."""
    lines = CASES.read_text(encoding='utf-8').splitlines()
    pairs = [line.split(' | ', 1) for line in lines if line and not line.startswith('#')]
    return [(unescape(given.strip()), unescape(expected.strip()).decode()) for given, expected in pairs]


def test_the_cases_of_commands_are_the_originals(tmp_path: Path) -> None:
    cases = command_cases()
    assert len(cases) > 40
    (tmp_path / 'stat').write_text('cpu  1 1 1 1\nbtime 1700000000\n')
    for pid, (given, _) in enumerate(cases, 1):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / 'cmdline').write_bytes(given)
        (tmp_path / str(pid) / 'stat').write_text(
            f'{pid} (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {pid} 0 0 0' + ' 0' * 28 + '\n')
    answers = ask_peer('command', tmp_path, pids=list(range(1, len(cases) + 1)), files='/file/')
    for (given, expected), answer in zip(cases, answers):
        assert answer == expected, given
