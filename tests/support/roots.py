"""Whole systems in folders: their programs run there with processes and mounts of their own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Sequence

from support import term

ENVIRONMENT = {'PATH': '/usr/bin:/bin', 'HOME': '/root', 'TERM': 'xterm-256color', 'LC_ALL': 'C.UTF-8'}

# $1 is the root; what follows are folders to be covered by empty ones, and after `--` the command.
ENTER = '''
root=$1
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 99
while shift && [ "$1" != -- ]; do
    mount -t tmpfs tmpfs "$root$1" || exit 99
done
shift
exec env -i "$@"
'''

# The kernel starts programs of this machine by an emulator: in a user namespace, which has settings
# of its own for that, so that those of this machine stay. Kernels before 6.7 have one for all: theirs
# must do.
EMULATE = '''
if mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc; then
    printf %s '{rule}' >/proc/sys/fs/binfmt_misc/register || exit 99
fi 2>/dev/null
'''
RULES = {
    'aarch64': r':aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
               r':\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:{emulator}:OF',
}


class Root:
    """A system in a folder, for a machine if that is another than this one."""

    def __init__(self, folder: Path, machine: str | None = None) -> None:
        self.folder = folder
        self.machine = machine
        self.environment = dict(ENVIRONMENT)

    def command(self, *command: str, hidden: Sequence[str] = (), env: dict[str, str | None] | None = None) -> list[str | Path]:
        """The command line that runs a command there. What is hidden, are folders; a variable of no value is unset."""
        start, options = ENTER, ['--mount', '--pid', '--fork', '--kill-child']
        if self.machine:
            emulator = shutil.which(f'qemu-{self.machine}-static')
            start = EMULATE.format(rule=RULES[self.machine].format(emulator=emulator)) + start
            options += ['--user', '--map-root-user']
        variables = [f'{name}={value}' for name, value in {**self.environment, **(env or {})}.items() if value is not None]
        return ['unshare', *options, 'sh', '-c', start, 'sh', self.folder, *hidden, '--', *variables,
                shutil.which('chroot', path='/usr/sbin:/sbin:/usr/bin'), self.folder, *command]

    def run(self, *command: str, timeout: float = 120, **more) -> term.Result:
        return term.run(self.command(*command, **more), timeout=timeout)
