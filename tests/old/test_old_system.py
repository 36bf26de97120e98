"""The wheel of a release in a system of years ago, Debian 11: installed by its pip, run by its Python
and on its C library. `./dev test old-system` makes that system; it takes root and minutes.

NVITOP_OLD_ROOT names another one: with a `python3` that has venv, and in /root/needs what the
package depends on.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from support import paths, term, wheels
from support.tty import Tty

ROOT = Path(os.environ.get('NVITOP_OLD_ROOT', paths.ROOT / 'build-old-system' / 'root'))
INSIDE = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" /usr/bin/env -i "$@"'
ENVIRONMENT = ('PATH=/root/installed/bin:/usr/bin:/bin', 'HOME=/root', 'TERM=xterm-256color', 'LC_ALL=C.UTF-8')


def inside(*command: str) -> list[str | Path]:
    """The command line that runs a command in that system, with processes and mounts of its own."""
    return ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', INSIDE, ROOT, *ENVIRONMENT, *command]


def run(*command: str) -> term.Result:
    return term.run(inside(*command), timeout=120)


@pytest.fixture(scope='module', autouse=True)
def installed(tmp_path_factory):
    wheel = wheels.build(tmp_path_factory.mktemp('wheel'), paths.ROOT / '.venv/python/bin/python')
    shutil.copy2(wheel, ROOT / 'root')
    for command in (['rm', '-rf', '/root/installed'], ['python3', '-m', 'venv', '/root/installed'],
                    ['pip', 'install', '--no-index', '--find-links', '/root/needs', f'/root/{wheel.name}']):
        done = run(*command)
        assert done.rc == 0, done.out + done.err


def test_system_is_old():
    version = re.search(r' (2)\.(\d+)\n', run('ldd', '--version').out)
    assert (2, 17) <= tuple(map(int, version.groups())) <= (2, 31)


@pytest.mark.parametrize('command', ['nvitop', 'nvisel', 'python -m nvitop', 'python -m nvitop.select'])
def test_every_symbol_is_found(command):
    """All are looked up at once, which a run may otherwise never do."""
    done = run('LD_BIND_NOW=1', *command.split(), '--version')
    name = 'nvisel' if 'sel' in command else 'nvitop'
    assert (done.rc, done.err, done.out) == (0, '', f'{name} {paths.version()}\n')


def test_report():
    done = run('nvitop', '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and done.out.count('A100-SXM4-80GB') == 8


def test_monitor():
    with Tty(inside('nvitop', '--demo', 'two'), rows=40, columns=100) as tty:
        tty.wait_text('RTX 4060 Ti')
        tty.type('q')
        assert tty.finish() == 0


def test_chooser():
    done = run('nvisel', '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


def test_python_reads_devices_processes_and_the_cuda_helper():
    script = ('import nvitop; from nvitop.api import _native; print(nvitop.Device.all());'
              'print(len(nvitop.take_snapshots().gpu_processes) > 0, _native._helper())')
    done = run('LD_BIND_NOW=1', '/root/installed/share/nvitop/libexec/nvitop-sim', 'two', '--', 'python', '-W', 'error', '-c', script)
    assert (done.rc, done.err) == (0, '')
    assert done.lines[0].count('PhysicalDevice(') == 2
    assert done.lines[1] == 'True /root/installed/share/nvitop/libexec/nvitop-cuda-order'
