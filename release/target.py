"""The machines that a release is for, and how it is compiled for them.

zig's compiler knows the C libraries of old and every machine, so one system makes the files of all:
what it links wants a C library that every system still alive has, and a symbol that this one lacks
ends the link. The other libraries are linked in as Debian's packages have them: this system's for
its own machine, and for another those that `./dev` has fetched and unpacked. Windows has a file of its own.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Mapping, NamedTuple

from windows import Windows

ROOT = Path(__file__).resolve().parents[1]

# What `./dev wheel` fetches.
ZIG = ROOT / '.venv/zig/ziglang/zig'

GLIBC = '2.17'

# The libraries that are linked in, as their packages are called.
LINKED_IN = ['inih', 'jansson', 'ncurses', 'utf8proc']


class Target(NamedTuple):
    """A machine: as the kernel calls it, and as Debian does."""

    machine: str
    debian: str

    @property
    def platform(self) -> str:
        """What Python calls it."""
        return f'linux-{self.machine}'

    @property
    def linked_in(self) -> list[str]:
        """The libraries that are linked in."""
        return LINKED_IN

    @property
    def needed(self) -> list[Path]:
        """What has to be there before something can be built."""
        return [ZIG, *map(self.licence, LINKED_IN)]

    def setup(self, folder: Path) -> list[str]:
        """Tells Meson of the target, in a file of the folder: arguments of its setup."""
        return [f'--cross-file={cross_file(self, folder)}', '-Dc_link_args=-s']

    def judge(self, wheel: Path) -> str:
        """The tags of the platform that a wheel is good for; ends the program if it is good for less."""
        tag = f'manylinux_{GLIBC.replace(".", "_")}_{self.machine}'
        told = ' '.join(tell(sys.executable, '-m', 'auditwheel', 'show', wheel).split())
        if f'consistent with the following platform tag: "{tag}"' not in told:
            raise SystemExit(f'{told}\nmake_wheel: this is no wheel for {tag}')
        return f'manylinux2014_{self.machine}.{tag}'  # the first is what pip before 20.3 calls it

    @property
    def system(self) -> Path:
        """The folder that holds the libraries for it, behind all links."""
        return Path('/') if self.machine == platform.machine() else (ROOT / f'build-debian-{self.debian}/root').resolve()

    def licence(self, library: str) -> Path:
        """That of a library that is linked in, as its package states it."""
        return self.system / f'usr/share/doc/lib{library}-dev/copyright'


TARGETS = {target.machine: target for target in (Target('x86_64', 'amd64'), Target('aarch64', 'arm64'))}

# Those that wheels are made for.
WHEELS = {**TARGETS, 'windows-x86_64': Windows()}

CROSS_FILE = """[binaries]
c = {compiler}
ar = {archiver}
pkg-config = 'pkg-config'
python = '{python}'

[properties]
needs_exe_wrapper = {is_foreign}
{places}
[host_machine]
system = 'linux'
cpu_family = '{machine}'
cpu = '{machine}'
endian = 'little'
"""

PLACES = """sys_root = '{system}'
pkg_config_libdir = '{system}/usr/lib/{machine}-linux-gnu/pkgconfig'
"""


def of(machine: str, among: Mapping[str, Target | Windows] = TARGETS) -> Target | Windows:
    """The target of a name; ends the program where it cannot be built for."""
    target = among.get(machine)
    if not target:
        raise SystemExit(f'release: no such machine: {machine}; there are: {", ".join(among)}')
    for file in target.needed:
        if not file.is_file():
            raise SystemExit(f'release: {file} is missing; ./dev wheel {machine} fetches it')
    return target


def cross_file(target: Target, folder: Path) -> Path:
    """Tells Meson of the target, in a file of the folder; ends the program where pkg-config could not."""
    if ' ' in str(target.system):
        raise SystemExit(f'release: {target.system}: expected a path without blanks, at each of which pkg-config would cut it')
    # Headers of the system are asked last: of the C library's, zig has those that fit.
    include = target.system / 'usr/include'
    compiler = [str(ZIG), 'cc', '-target', f'{target.machine}-linux-gnu.{GLIBC}',
                '-idirafter', str(include), '-idirafter', str(include / f'{target.machine}-linux-gnu')]
    is_foreign = target.system != Path('/')
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / 'target.ini'
    text = CROSS_FILE.format(compiler=compiler, archiver=[str(ZIG), 'ar'], python=sys.executable, machine=target.machine,
                             is_foreign=str(is_foreign).lower(),
                             places=PLACES.format(**target._asdict(), system=target.system) if is_foreign else '')
    if not file.is_file() or file.read_text(encoding='utf-8') != text:
        file.write_text(text, encoding='utf-8')
    return file


# What zig has compiled, and the C libraries that it has made, are kept for all builds.
CACHE = {name: str(ROOT / 'build-zig-cache') for name in ('ZIG_GLOBAL_CACHE_DIR', 'ZIG_LOCAL_CACHE_DIR')}


def settle() -> None:
    """What is made twice is the same: it is told one time, that of the last commit, or where there is
    no Git that of the sources, and one set of permissions."""
    os.umask(0o022)
    if 'SOURCE_DATE_EPOCH' not in os.environ:
        sources = ROOT / 'meson.build'
        is_git = (ROOT / '.git').exists()
        os.environ['SOURCE_DATE_EPOCH'] = (tell('git', 'log', '-1', '--format=%ct') if is_git else str(int(sources.stat().st_mtime))).strip()


def tell(*command: str | Path, **more: str) -> str:
    """Runs a command from the root, with more variables; its output, or an end with it."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, stdin=subprocess.DEVNULL, env={**os.environ, **more},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f'{done.stdout}\nrelease: failed: {" ".join(map(str, command))}')
    return done.stdout
