"""A machine for the installer to run on: a folder that looks like its root, and fake tools before all others.

A machine is told in a line of words, `;` between them; WORDS says which there are.
"""

from __future__ import annotations

import ast
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
from concurrent import futures
from dataclasses import dataclass, field
from pathlib import Path

from support import paths

SCRIPT = paths.ROOT / 'install-nvidia-driver.sh'
FAKE = Path(__file__).parent / 'fake.py'
# All that the script calls and that is not faked; nothing else is on its PATH.
REAL_TOOLS = ('awk', 'cat', 'chmod', 'cmp', 'cp', 'cut', 'find', 'grep', 'head', 'mkdir', 'mktemp', 'od', 'paste', 'rm', 'sed',
              'sort', 'tail', 'tee', 'tr')
FAKE_TOOLS = ('apt-get', 'apt-cache', 'apt-mark', 'add-apt-repository', 'dpkg', 'systemctl', 'modprobe', 'sleep')
SYSTEMS = {
    'ubuntu': ('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\n', '5.15.0-91-generic'),
    'debian': ('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', '6.1.0-18-amd64'),
    'mint': ('PRETTY_NAME="Linux Mint 21.3"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', '5.15.0-91-generic'),
    'fedora': ('PRETTY_NAME="Fedora Linux 40"\nID=fedora\n', '6.8.5-301.fc40.x86_64'),
}

@dataclass
class Outcome:
    """What a run has done: its status, what it said, how tools were called, which packages are there."""

    status: int
    out: list[str]
    err: list[str]
    calls: list[str]
    packages: list[str]


@dataclass
class Machine:
    """The folder of a machine, its tools, and the programs that use its GPU."""

    folder: Path
    facts: dict = field(default_factory=dict)
    lacks: set = field(default_factory=set)
    tools: list = field(default_factory=lambda: list(FAKE_TOOLS))
    programs: list = field(default_factory=list)
    names: dict = field(default_factory=dict)  # of pids

    @property
    def root(self) -> Path:
        return self.folder / 'root'

    def write(self, path: str, content: str | bytes = '') -> None:
        place = self.root / path.lstrip('/')
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)

    def close(self) -> None:
        for program in self.programs:
            program.kill()
            program.communicate()


# ---- the words: each with a function of the machine and of what follows the word


def system(machine: Machine, name: str) -> None:
    text, kernel = SYSTEMS[name]
    machine.write('/etc/os-release', text)
    machine.facts['kernel'] = kernel
    machine.facts['has'][f'linux-headers-{kernel}'] = ('ii ', kernel)
    machine.facts['components'] = ['main', 'restricted'] if name != 'debian' else ['contrib', 'main', 'non-free']


def has(machine: Machine, name: str, version: str, status: str = 'ii') -> None:
    machine.facts['has'][name] = (status.ljust(3), version)


def driver(machine: Machine, name: str, version: str) -> None:
    """A driver that is installed and runs, with modules that came built and are not taken away with it."""
    has(machine, name, version)
    of_nvidia = version.split(':')[-1].split('-')[0]
    machine.write('/sys/module/nvidia/version', of_nvidia + '\n')
    machine.write(f"/lib/modules/{machine.facts['kernel']}/kernel/nvidia/nvidia.ko", of_nvidia)
    machine.write('/proc/modules', 'nvidia_drm 69632 0 - Live 0x0\nnvidia 56000000 1 nvidia_drm, Live 0x0\n')


def uses(machine: Machine, name: str, manner: str) -> None:
    program = subprocess.Popen([sys.executable, Path(__file__).parent / 'program.py', machine.root, name, manner],
                               stdout=subprocess.PIPE)
    assert program.stdout.readline() == b'ready\n'
    machine.programs.append(program)
    machine.names[str(program.pid)] = 'PID'
    threading.Thread(target=program.wait, daemon=True).start()


def gpu(machine: Machine, number: str) -> None:
    for name, content in (('vendor', '0x10de'), ('class', '0x030000'), ('device', number)):
        machine.write(f'/sys/bus/pci/devices/0000:{len(machine.names):02}:00.0/{name}', content + '\n')


def fails(machine: Machine, *words: str) -> None:
    step, _, said = ' '.join(words).partition(': ')
    machine.facts['fails'][step] = said


def needs(machine: Machine, name: str, *others: str) -> None:
    machine.facts['needs'][name] = others


def lacks(machine: Machine, what: str) -> None:
    machine.lacks.add(what)
    machine.facts['has'].pop(what, None)


def secure_boot(machine: Machine) -> None:
    machine.write('/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c', b'\6\0\0\0\1')


WORDS = {
    'system': system,       # NAME of SYSTEMS
    'has': has,             # PACKAGE VERSION [STATUS]: what dpkg knows
    'driver': driver,       # PACKAGE VERSION, and it runs
    'offers': lambda machine, name, version: machine.facts['offers'].update({name: version}),
    'ppa': lambda machine, name, version: machine.facts['ppa'].update({name: version}),  # what a source would offer
    'needs': needs,         # PACKAGE OTHER…: comes with others, which are offered
    'clashes': lambda machine, name: machine.facts['clashes'].append(name),  # any change would remove this one
    'vanished': lambda machine, name: machine.facts['vanished'].append(name),  # can no longer be downloaded
    'auto': lambda machine, name: machine.facts['auto'].append(name),  # was chosen by apt itself
    'components': lambda machine, *names: machine.facts.update(components=names),
    'gpu': gpu,             # 0xDEVICE
    'uses': uses,           # NAME obeys|clings: a program that has the GPU open
    'service': lambda machine, name: machine.facts['services'].append(name),
    'loaded': lambda machine, name: machine.write('/proc/modules', f'{name} 1 0 - Live 0x0\n'),
    'file': lambda machine, path: machine.write(path),   # PATH
    'lacks': lacks,         # a tool or a package
    'tool': lambda machine, name: machine.tools.append(name),  # one that most lack
    'user': lambda machine: machine.facts.update(uid=1000),
    'secure-boot': secure_boot,
    'interrupts': lambda machine, *words: machine.facts['interrupts'].append(' '.join(words)),  # STEP, by Ctrl-C
    'leaves': lambda machine, *words: machine.facts['leaves'].append(' '.join(words)),  # STEP, from which on nobody reads
    'one-pipe': lambda machine: machine.facts.update(one_pipe=True),  # stderr goes where stdout does
    'fails': fails,         # STEP: WHAT THE TOOL SAYS; the step `module` is that none is built
}


def make(folder: Path, told: str) -> Machine:
    machine = Machine(folder, {
        'has': {}, 'offers': {}, 'ppa': {}, 'needs': {}, 'fails': {}, 'services': [], 'clashes': [], 'vanished': [],
        'auto': [], 'interrupts': [], 'leaves': [], 'uid': 0})
    machine.write('/proc/modules')
    (machine.root / 'etc/apt/sources.list.d').mkdir(parents=True)
    (folder / 'kept').mkdir()
    os.mkfifo(folder / 'leave')
    os.mkfifo(folder / 'left')
    for phrase in filter(None, map(str.strip, told.split(';'))):
        word, *rest = phrase.split(' ')
        WORDS[word](machine, *rest)
    make_tools(machine)
    return machine


def make_tools(machine: Machine) -> None:
    (machine.folder / 'machine').write_text(repr(machine.facts))
    (machine.folder / 'status').write_text(
        ''.join(f'{status}|{name}|{version}\n' for name, (status, version) in machine.facts['has'].items()))
    (machine.folder / 'bin').mkdir()
    for name in REAL_TOOLS:
        (machine.folder / 'bin' / name).symlink_to(shutil.which(name))
    tools = dict.fromkeys(machine.tools, f'#!{sys.executable} -IS\n{FAKE.read_text()}')
    tools['dpkg-query'] = '#!/bin/sh\ncat "$FAKE_FOLDER/status"\n'
    tools['modinfo'] = '#!/bin/sh\n[ "$1 $2" = "-F version" ] && cat "$3" && echo\n'
    tools['id'] = f"#!/bin/sh\necho {machine.facts['uid']}\n"
    tools['uname'] = f"#!/bin/sh\necho {machine.facts.get('kernel')}\n"
    for name in tools.keys() - machine.lacks:
        (machine.folder / 'bin' / name).write_text(tools[name])
        (machine.folder / 'bin' / name).chmod(0o755)


# ---- running


def run(machine: Machine, shell: str, arguments: list[str], answers: str | None) -> Outcome:
    """Runs the installer; with `answers` its input is a terminal on which they have been typed."""
    master, slave = pty.openpty() if answers is not None else (-1, subprocess.DEVNULL)
    if answers is not None:
        os.write(master, answers.replace(' ', '\n').encode() + b'\n')
    try:
        status, out, err = execute(machine, [shutil.which(shell), str(SCRIPT), *arguments], slave)
    finally:
        if answers is not None:
            os.close(master)
            os.close(slave)
    calls = machine.folder / 'calls'
    return Outcome(status, plain(machine, out), plain(machine, err),
                   plain(machine, calls.read_text()) if calls.exists() else [], packages(machine))


def execute(machine: Machine, command: list[str], stdin: int) -> tuple[int, str, str]:
    """Its status, and what was read of what it says: by a reader who may leave."""
    environment = {'PATH': str(machine.folder / 'bin'), 'FAKE_FOLDER': str(machine.folder),
                   'INSTALL_NVIDIA_DRIVER_ROOT': str(machine.root), 'TMPDIR': str(machine.folder / 'kept')}
    readable, writable = os.pipe()
    with futures.ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read_until_asked, machine, readable)
        try:
            done = subprocess.run(command, env=environment, stdin=stdin, stdout=writable,
                                  stderr=writable if machine.facts.get('one_pipe') else subprocess.PIPE,
                                  timeout=60, check=False, start_new_session=True, preexec_fn=hear_interrupts)
        finally:
            os.close(writable)
    return done.returncode, reader.result().decode(), (done.stderr or b'').decode()


def read_until_asked(machine: Machine, readable: int) -> bytes:
    """What is said until its end, or until a tool asks the reader to leave and waits for that: leave() of fake.py."""
    asked = os.open(machine.folder / 'leave', os.O_RDWR)
    told, is_asked = b'', False
    while not is_asked:
        ready = select.select([readable, asked], [], [])[0]
        block = os.read(readable, 65536) if readable in ready else b''
        if readable in ready and not block:
            break
        told, is_asked = told + block, readable not in ready
    os.close(readable)
    os.close(asked)
    if is_asked:
        (machine.folder / 'left').write_bytes(b'')
    return told


def hear_interrupts() -> None:
    """A program that was started in the background of a shell does not, nor do those that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def plain(machine: Machine, text: str) -> list[str]:
    """Lines in which what differs from run to run has one name."""
    text = re.sub(re.escape(str(machine.folder / 'kept')) + r'/install-nvidia-driver\.\w+', 'KEPT', text)
    for number, name in machine.names.items():
        text = re.sub(rf'\b{number}\b', name, text)
    return text.splitlines()


def packages(machine: Machine) -> list[str]:
    """What dpkg has in the end, but for the headers: `name version`, and its status if it is not whole."""
    has_now = ast.literal_eval((machine.folder / 'machine').read_text())['has']
    return [f'{name} {version}' + ('' if status == 'ii ' else f' {status.strip()}')
            for name, (status, version) in sorted(has_now.items()) if not name.startswith('linux-headers')]
