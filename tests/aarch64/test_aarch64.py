"""The wheel and the tarball for aarch64: what they want of the system, and that they run."""

from __future__ import annotations

import pytest
from support import binaries, paths
from support.tty import Tty

WAYS = ['pip', 'tarball']


@pytest.fixture(params=WAYS)
def way(request):
    """Where the programs are."""
    return f'/root/{request.param}/bin'


@pytest.fixture(params=['installed', 'unpacked'])
def compiled(request):
    ours = [path for path in binaries.under(request.getfixturevalue(request.param))
            if not {'cffi', 'psutil'} & set(path.parts) and '_cffi_backend' not in path.name and 'cffi.libs' not in path.parent.name]
    assert len(ours) == 6
    return ours


def test_name_says_what_it_is_for(wheel):
    """Its maker has it judged: abi3audit finds nothing that 3.8 lacks, auditwheel names the platform."""
    assert wheel.name == f'nvitop-{paths.version()}-cp38-abi3-manylinux2014_aarch64.manylinux_2_17_aarch64.whl'


def test_files_are_for_the_machine(compiled):
    assert {binaries.machine(path) for path in compiled} == {'AArch64'}


def test_binaries_want_an_old_c_library_alone(compiled):
    for path in compiled:
        binaries.check_libraries(path)
        binaries.check_symbols(path, others='_?Py' if path.name == '_nvitop.abi3.so' else r'(?!)')
        binaries.check_shape(path)


def test_system_is_of_the_machine(system):
    done = system.run('python3', '-c', 'import platform; print(platform.machine())')
    assert (done.rc, done.out) == (0, 'aarch64\n'), done.err


@pytest.mark.parametrize('program', ['nvitop', 'nvisel'])
def test_every_symbol_is_found(system, way, program):
    """All are looked up at once, which a run may otherwise never do."""
    done = system.run(f'{way}/{program}', '--version', env={'LD_BIND_NOW': '1'})
    assert (done.rc, done.err, done.out) == (0, '', f'{program} {paths.version()}\n')


def test_report(system, way):
    done = system.run(f'{way}/nvitop', '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and done.out.count('A100-SXM4-80GB') == 8
    assert done.out.count(' root ') > 20  # the processes: the emulator shows none of another user


def test_json_report(system, way):
    done = system.run(f'{way}/nvitop', '--json', '--demo', 'two')
    assert (done.rc, done.err) == (0, '') and 'RTX 4060 Ti' in done.out


def test_chooser(system, way):
    done = system.run(f'{way}/nvisel', '--demo', 'two')
    assert (done.rc, done.out) == (0, '0,1\n'), done.err


@pytest.mark.parametrize('term', ['xterm-256color', 'xterm-ghostty'])
def test_monitor(system, way, term):
    with Tty(system.command(f'{way}/nvitop', '--demo', 'two', env={'TERM': term}), rows=40, columns=100) as tty:
        tty.wait_text('RTX 4060 Ti')
        tty.wait_text('Load Average')
        assert any(line.startswith('╒') for line in tty.lines())
        tty.type('h')
        tty.wait_text('Types of processes')
        tty.type('q', 'q')
        assert tty.finish() == 0
        assert tty.insanities() == []


def test_python_reads_devices_and_processes(system):
    script = ('import nvitop; print(nvitop.Device.all());'
              'print(len(nvitop.take_snapshots().gpu_processes) > 0)')
    done = system.run('/root/pip/share/nvitop/libexec/nvitop-sim', 'two', '--', 'python3', '-W', 'error', '-c', script,
                      env={'LD_BIND_NOW': '1'})
    assert (done.rc, done.err) == (0, '')
    assert done.lines[0].count('PhysicalDevice(') == 2 and done.lines[1] == 'True'
