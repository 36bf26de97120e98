"""The machine at the other end of ssh: its sshd, its one user, and what runs there.

sshd is the system's or that of `dev`, which NVITOP_SSHD names. It runs as a program of each connection
(`-i`), in a view of the file system where the account of this test is the only one beside its own.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Sequence

from support import paths, sim

USER = 'visitor'
PASSWD = 'root:x:0:0::/:/bin/sh\n{user}:x:0:0::{home}:/bin/bash\nsshd:x:74:65534::/run/sshd:/usr/sbin/nologin\n'
INSIDE = '''
mount -t tmpfs tmpfs /run && mkdir /run/sshd &&
mount --bind "$0/passwd" /etc/passwd && mount --bind "$0/shadow" /etc/shadow &&
exec "$1" -i -f "$0/sshd_config"
'''
CONFIG = '''
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
SetEnv {variables}
'''


def sshd() -> Path | None:
    for place in (os.environ.get('NVITOP_SSHD'), shutil.which('sshd'), '/usr/sbin/sshd'):
        if place and Path(place).exists():
            return Path(place)
    return None


def why_not() -> str:
    """'' where this can be run, else why not."""
    if os.getuid() != 0:
        return 'needs root, for a view of the file system with an account of its own'
    return '' if sshd() and shutil.which('ssh') else 'needs ssh and sshd'


class Host:
    """Made in a folder, once; each connection starts an sshd."""

    def __init__(self, folder: Path, running: sim.Sim):
        self.folder = folder
        self.mark = f'NVITOP_FAR={folder}'
        home = folder / 'home'
        (home / '.local/bin').mkdir(parents=True)
        (home / '.local/bin/nvitop').symlink_to(paths.nvitop())
        for key in ('host_key', 'user_key'):
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', folder / key], check=True, timeout=60)
        (folder / 'passwd').write_text(PASSWD.format(user=USER, home=home))
        (folder / 'shadow').write_text(f'root:*:1::::::\n{USER}:*:1::::::\nsshd:*:1::::::\n')
        variables = {name: value for name, value in running.env.items() if name.startswith('NVITOP_')}
        variables['LD_LIBRARY_PATH'] = running.env['LD_LIBRARY_PATH']
        variables['PATH'] = f'{paths.nvitop().parent}:/usr/bin:/bin'
        words = [self.mark, *(f'{name}={value}' for name, value in variables.items())]
        (folder / 'sshd_config').write_text(CONFIG.format(folder=folder, variables=' '.join(words)))
        (folder / 'known_hosts').write_text(f'host {(folder / "host_key.pub").read_text()}')

    def ssh(self, *words: str, options: Sequence[str] = ()) -> list[str]:
        """The command line of `ssh OPTIONS user@host WORDS`."""
        place = sshd()
        libraries = ':'.join(map(str, (place.parents[2] / 'usr/lib').glob('*-linux-gnu*')))  # of one that was unpacked
        start = ['env', f'LD_LIBRARY_PATH={libraries}', 'unshare', '--mount', 'sh', '-c', INSIDE, str(self.folder), str(place)]
        settings = {'ProxyCommand': shlex.join(start).replace('%', '%%'), 'UserKnownHostsFile': self.folder / 'known_hosts',
                    'IdentityFile': self.folder / 'user_key', 'IdentitiesOnly': 'yes', 'IdentityAgent': 'none',
                    'StrictHostKeyChecking': 'yes', 'BatchMode': 'yes'}
        return ['ssh', '-F', '/dev/null', *(word for name, value in settings.items() for word in ('-o', f'{name}={value}')),
                *options, f'{USER}@host', *words]

    def programs(self) -> list[int]:
        """The pids of nvitop on the far side."""
        found = []
        for entry in Path('/proc').iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and self.mark in re.split('\0', (entry / 'environ').read_text()) \
                        and Path(os.readlink(entry / 'exe')) == paths.nvitop():
                    found.append(int(entry.name))
        return found
