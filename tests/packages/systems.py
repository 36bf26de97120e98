"""An empty Debian, as a folder: commands run in it with mounts and processes of their own, and what it
holds can be compared. `./dev test packages` keeps one of each suite in build-packages/."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator, Mapping

from support import paths, term

KEPT = paths.ROOT / 'build-packages'
INSIDE = ('mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount --bind "$1" "$0/var/cache/apt/archives" &&'
          ' root=$0 && shift && exec chroot "$root" /usr/bin/env -i "$@"')
ENVIRONMENT = ('PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'TERM=xterm-256color', 'LC_ALL=C.UTF-8',
               'DEBIAN_FRONTEND=noninteractive', 'AUTOPKGTEST_TMP=/tmp')

# What dpkg, apt and tools keep of all that ever happened, and what is for a while.
VOLATILE = ('dev', 'proc', 'root', 'run', 'sys', 'tmp', 'var/cache', 'var/lib/apt', 'var/log', 'etc/ld.so.cache',
            'var/lib/dpkg/available', 'var/lib/dpkg/status', 'var/lib/dpkg/triggers', 'var/lib/dpkg/lock')


class System:
    """One of them; `root` is its folder."""

    def __init__(self, root: Path, archives: Path) -> None:
        self.root = root
        self.archives = archives

    def run(self, *command: str, timeout: float = 600, env: Mapping[str, str] | None = None) -> term.Result:
        """A command in it, by root."""
        extra = [f'{name}={value}' for name, value in (env or {}).items()]
        return term.run(['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', INSIDE, self.root, self.archives,
                         *ENVIRONMENT, *extra, *command], timeout=timeout)

    def tell(self, *command: str, timeout: float = 600, env: Mapping[str, str] | None = None) -> str:
        """The output of a command that must end well."""
        done = self.run(*command, timeout=timeout, env=env)
        assert done.rc == 0, f'{" ".join(command)}: {done.rc}\n{done.out}{done.err}'
        return done.out

    def take(self, *files: Path) -> list[str]:
        """Copies files into its /root; their names there."""
        return [f'/root/{Path(shutil.copy(file, self.root / "root")).name}' for file in files]

    def satisfy(self, *wanted: str) -> None:
        """Whatever is wanted, from its archive."""
        self.tell('apt-get', '-q', '-y', '--no-install-recommends', 'satisfy', ', '.join(wanted))

    def files(self) -> dict[str, str]:
        """What is in it, with kind, mode and, under /etc, contents."""
        return dict(self._files(self.root))

    def _files(self, folder: Path) -> Iterator[tuple[str, str]]:
        for entry in os.scandir(folder):
            name = os.path.relpath(entry.path, self.root)
            if name in VOLATILE or name.endswith('-old'):
                continue
            facts = entry.stat(follow_symlinks=False)
            yield name, f'{stat.filemode(facts.st_mode)} {facts.st_uid}:{facts.st_gid} {self._contents(entry)}'
            if entry.is_dir(follow_symlinks=False):
                yield from self._files(Path(entry.path))

    @staticmethod
    def _contents(entry: os.DirEntry) -> str:
        if entry.is_symlink():
            return os.readlink(entry.path)
        if entry.is_file(follow_symlinks=False) and '/etc/' in entry.path:
            return hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()
        return ''


@contextlib.contextmanager
def fresh(suite: str) -> Iterator[System]:
    """A copy of the kept one of that suite; without it, or without root, the test fails and says so."""
    kept = KEPT / suite / 'root'
    assert os.geteuid() == 0 and (kept / 'root/ready').exists(), f'run as root: ./dev test packages, which makes {kept}'
    archives = KEPT / suite / 'archives'
    (archives / 'partial').mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f'nvitop-{suite}-') as place:
        root = Path(place, 'root')
        subprocess.run(['cp', '-a', kept, root], check=True)
        (root / 'etc/apt/apt.conf.d/keep').write_text('Binary::apt-get::APT::Keep-Downloaded-Packages "true";\n'
                                                      'APT::Keep-Downloaded-Packages "true";\n')
        yield System(root, archives)
