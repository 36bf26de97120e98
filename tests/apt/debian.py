"""A Debian 12 of its own for each test, and packages with the names of the driver's in an archive inside it.

`./dev test installer-apt` makes the system, build-apt/bookworm.tar; NVITOP_APT_SYSTEM names another one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support import paths, term

SYSTEM = Path(os.environ.get('NVITOP_APT_SYSTEM', paths.ROOT / 'build-apt' / 'bookworm.tar'))
KERNEL = '6.1.0-18-amd64'
INSIDE = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" /usr/bin/env -i "$@"'
ENVIRONMENT = ('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C')
UBUNTU = 'ID=ubuntu\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\n'


@dataclass(frozen=True)
class Package:
    """A package of the archive; `fields` are lines of its control file, `scripts` its maintainer's."""

    name: str
    version: str
    fields: str = ''
    files: tuple[str, ...] = ()
    scripts: tuple[tuple[str, str], ...] = ()

    @property
    def file_name(self) -> str:
        return f'{self.name}_{self.version}_all.deb'

    def build(self, folder: Path) -> str:
        """Makes the file; its paragraph of the archive's index."""
        tree = folder / 'tree'
        (tree / 'DEBIAN').mkdir(parents=True)
        control = (f'Package: {self.name}\nVersion: {self.version}\nArchitecture: all\n'
                   f'Maintainer: Nobody <nobody@localhost>\n{self.fields}Description: stands for the real one\n')
        (tree / 'DEBIAN/control').write_text(control)
        for name, body in self.scripts:
            (tree / 'DEBIAN' / name).write_text(f'#!/bin/sh\n{body}\n')
            (tree / 'DEBIAN' / name).chmod(0o755)
        for path in self.files:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(self.version)
        made = folder / self.file_name
        subprocess.run(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, made], check=True, capture_output=True)
        shutil.rmtree(tree)
        digest = hashlib.sha256(made.read_bytes()).hexdigest()
        return f'{control}Filename: ./{self.file_name}\nSize: {made.stat().st_size}\nSHA256: {digest}\n'


def debian_driver(version: str) -> list[Package]:
    """What Debian's non-free and contrib have, as far as it matters to who depends on whom."""
    kernels = f'nvidia-kernel-dkms (= {version}) | nvidia-open-kernel-dkms (= {version})'
    return [
        Package('nvidia-driver', version, f'Depends: libnvidia-ml1 (= {version}), {kernels}\n'),
        Package('libnvidia-ml1', version, files=('usr/lib/libnvidia-ml.so.1',)),
        Package('nvidia-kernel-dkms', version, 'Conflicts: nvidia-open-kernel-dkms\nReplaces: nvidia-open-kernel-dkms\n',
                (f'lib/modules/{KERNEL}/updates/dkms/nvidia-current.ko',)),
        Package('nvidia-open-kernel-dkms', version, 'Conflicts: nvidia-kernel-dkms\nReplaces: nvidia-kernel-dkms\n',
                (f'lib/modules/{KERNEL}/updates/dkms/nvidia-current-open.ko',)),
    ]


def ubuntu_driver(number: int, version: str, fields: str = '', **scripts: str) -> list[Package]:
    """A series of Ubuntu's; `scripts` are those of its modules' package."""
    return [
        Package(f'nvidia-driver-{number}', version,
                f'Depends: nvidia-dkms-{number} (= {version}), libnvidia-gl-{number} (= {version})\n{fields}'),
        Package(f'nvidia-dkms-{number}', version, 'Provides: nvidia-dkms-kernel\nConflicts: nvidia-dkms-kernel\n',
                (f'lib/modules/{KERNEL}/updates/dkms/nvidia.ko',), tuple(scripts.items())),
        Package(f'libnvidia-gl-{number}', version, 'Provides: libnvidia-gl\nConflicts: libnvidia-gl\nReplaces: libnvidia-gl\n',
                ('usr/lib/libGLX_nvidia.so.0',)),
    ]


def unpack(base: Path) -> None:
    """The system as it was made, without what nobody reads."""
    base.mkdir()
    subprocess.run(['tar', '-C', base, '--exclude=./usr/share/locale', '--exclude=./usr/share/doc', '-xf', SYSTEM], check=True)
    (base / 'etc/dpkg/dpkg.cfg.d/quick').write_text('force-unsafe-io\n')  # what is lost with the power is no matter


class Debian:
    """One system: a folder that is a root. Its files are links to those of `base`, which goes well: dpkg and apt
    put a new file in the place of an old one and write into none but their logs."""

    def __init__(self, root: Path, base: Path):
        self.root = root
        subprocess.run(['cp', '-al', base, root], check=True)
        shutil.copy2(paths.ROOT / 'install-nvidia-driver.sh', root / 'srv')
        (root / 'etc/apt/sources.list').unlink(missing_ok=True)
        for name, body in (('uname', f'echo {KERNEL}'), ('modinfo', 'cat "$3" && echo')):
            (root / 'usr/local/bin' / name).write_text(f'#!/bin/sh\n{body}\n')
            (root / 'usr/local/bin' / name).chmod(0o755)
        shutil.rmtree(root / 'etc/apt/sources.list.d')
        (root / 'etc/apt/sources.list.d').mkdir()
        (root / 'etc/apt/sources.list').write_text('deb [trusted=yes] file:/srv/archive ./\n')
        self.offer()

    def offer(self, *packages: Package) -> None:
        """Makes the archive anew: these, and the headers of the kernel."""
        archive = self.root / 'srv/archive'
        shutil.rmtree(archive, ignore_errors=True)
        archive.mkdir()
        wanted = (*packages, Package(f'linux-headers-{KERNEL}', '6.1.76'))
        (archive / 'Packages').write_text('\n'.join(package.build(archive) for package in wanted))

    def run(self, *command: str) -> term.Result:
        return term.run(['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', INSIDE, self.root,
                         *ENVIRONMENT, *command], timeout=120)

    def must(self, *command: str) -> str:
        done = self.run(*command)
        assert done.rc == 0, done.out + done.err
        return done.out

    def install(self, *arguments: str) -> term.Result:
        return self.run('bash', '/srv/install-nvidia-driver.sh', *arguments)

    def install_as_nobody(self, *arguments: str) -> term.Result:
        return self.run('setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups',
                        'sh', '/srv/install-nvidia-driver.sh', *arguments)

    def packages(self) -> str:
        """The driver's packages with their status, and which of them apt has chosen by itself."""
        chosen = [name for name in self.must('apt-mark', 'showauto').split() if 'nvidia' in name]
        listed = self.must('dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Package} ${Version}\\n')
        return '\n'.join(sorted(line for line in listed.splitlines() if line[1] not in 'nc' and 'nvidia' in line)) + f'\nauto: {sorted(chosen)}'
