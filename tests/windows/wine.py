"""Windows programs run here by wine: where they are, and what they need around them."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Mapping

from support import paths, term

PROGRAMS = Path(os.environ.get('NVITOP_WINDOWS', paths.ROOT / 'build-windows')).resolve()
COMMAND = ('wine',)


def env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a program finds around it: a Windows of the tests' own, and none of wine's complaints."""
    place = PROGRAMS / 'wine'
    found = term.clean_env({'WINEPREFIX': str(place), 'WINEDEBUG': '-all', 'WINEDLLOVERRIDES': 'mscoree,mshtml=',
                            **(extra or {})})
    found.pop('DISPLAY', None)
    return found


def prepare():
    """Makes that Windows, once."""
    if not (PROGRAMS / 'wine' / 'system.reg').exists():
        subprocess.run(['wine', 'wineboot', '-i'], env=env(), check=True, timeout=300, capture_output=True)


@contextlib.contextmanager
def staying():
    """Windows ends with its last program: this one waits for its input, which never comes. What it says first tells
    that Windows is up; a program that came before would hand its own pipes to the services, which stay."""
    waiting = subprocess.Popen([*COMMAND, 'cmd', '/k', 'echo', 'up'], env=env(), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        while b'up' not in waiting.stdout.readline():
            assert waiting.poll() is None, 'wine cannot be started'
        yield
    finally:
        waiting.stdin.close()
        waiting.stdout.close()
        waiting.wait(60)


@contextlib.contextmanager
def registry(key: str, name: str, value: str, kind: str = 'REG_SZ', after: str | None = None):
    """A value of the registry, which is another, or none, afterwards."""
    def change(*words: str):
        subprocess.run([*COMMAND, 'reg', *words, '/f'], env=env(), check=True, timeout=120, capture_output=True)
    change('add', key, '/v', name, '/t', kind, '/d', value)
    try:
        yield
    finally:
        if after is None:
            change('delete', key, '/v', name)
        else:
            change('add', key, '/v', name, '/t', kind, '/d', after)


def path(here: str | Path) -> str:
    """A path as Windows has it."""
    return 'Z:' + str(Path(here).resolve()).replace('/', '\\')


def program(name: str) -> Path:
    """A program of ours."""
    found = PROGRAMS / 'bin' / f'{name}.exe'
    assert found.exists(), f'{found} is not there: ./dev build windows'
    return found
