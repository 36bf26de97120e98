"""The wheel of a release in a system of years ago: installed by its pip, run by its Python and on its C library."""

from __future__ import annotations

import re
import shutil

import pytest
from support import paths, wheels
from support.tty import Tty


@pytest.fixture(scope='module', autouse=True)
def installed(system, tmp_path_factory):
    system.environment['PATH'] = '/root/installed/bin:/usr/bin:/bin'
    wheel = wheels.build(tmp_path_factory.mktemp('wheel'), paths.ROOT / '.venv/python/bin/python')
    shutil.copy2(wheel, system.folder / 'root')
    for command in (['rm', '-rf', '/root/installed'], ['python3', '-m', 'venv', '/root/installed'],
                    ['pip', 'install', '--no-index', '--find-links', '/root/needs', f'/root/{wheel.name}']):
        done = system.run(*command)
        assert done.rc == 0, done.out + done.err


def test_system_is_old(system):
    version = re.search(r' (2)\.(\d+)\n', system.run('ldd', '--version').out)
    assert (2, 17) <= tuple(map(int, version.groups())) <= (2, 31)


@pytest.mark.parametrize('command', ['nvitop', 'nvisel', 'python -m nvitop', 'python -m nvitop.select'])
def test_every_symbol_is_found(system, command):
    """All are looked up at once, which a run may otherwise never do."""
    done = system.run(*command.split(), '--version', env={'LD_BIND_NOW': '1'})
    name = 'nvisel' if 'sel' in command else 'nvitop'
    assert (done.rc, done.err, done.out) == (0, '', f'{name} {paths.version()}\n')


def test_report(system):
    done = system.run('nvitop', '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and done.out.count('A100-SXM4-80GB') == 8


def test_monitor(system):
    with Tty(system.command('nvitop', '--demo', 'two'), rows=40, columns=100) as tty:
        tty.wait_text('RTX 4060 Ti')
        tty.type('q')
        assert tty.finish() == 0


def test_chooser(system):
    done = system.run('nvisel', '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


def test_python_reads_devices_processes_and_the_cuda_helper(system):
    script = ('import nvitop; from nvitop.api import _native; print(nvitop.Device.all());'
              'print(len(nvitop.take_snapshots().gpu_processes) > 0, _native._helper())')
    done = system.run('/root/installed/share/nvitop/libexec/nvitop-sim', 'two', '--', 'python', '-W', 'error', '-c', script,
                      env={'LD_BIND_NOW': '1'})
    assert (done.rc, done.err) == (0, '')
    assert done.lines[0].count('PhysicalDevice(') == 2
    assert done.lines[1] == 'True /root/installed/share/nvitop/libexec/nvitop-cuda-order'
