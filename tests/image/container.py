"""Containers as `docker run` makes them, in as far as a program can tell: namespaces, user, environment, mounts."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Mapping, Sequence

from support import paths

# In the new namespaces, still as root: the network of a container has a loopback interface that is
# up, and its files stand where the program looks for them. $1 is the root, what follows is run in it.
INSIDE = '''
set -e
root=$1 mode=$2; shift 2
ip link set lo up
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
    [ -d "$1" ] && mkdir -p "$root$2" || { mkdir -p "$root$(dirname "$2")"; [ -e "$root$2" ] || : >"$root$2"; }
    mount --rbind "$1" "$root$2"
    shift 2
done
shift
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$@"
'''
# Where the container runtime of NVIDIA puts the driver's library.
DRIVER = f'/usr/lib/{platform.machine()}-linux-gnu/libnvidia-ml.so.1'


def command(image, *arguments: str, entrypoint: Sequence[str] = (), env: Mapping[str, str] | None = None,
            volumes: Mapping[Path | str, str] | None = None, is_pid_host: bool = False,
            is_read_only: bool = False, user: str = '') -> list[str]:
    """The command line that runs a container of the image and ends with it."""
    inside = [*as_user(image, user), image.root, '/usr/bin/env', '-i', *environment(image, env),
              *(entrypoint or image.config['Entrypoint']), *arguments]
    mounts = [str(word) for pair in (volumes or {}).items() for word in pair]
    namespaces = ['--mount', '--net', '--uts', *([] if is_pid_host else ['--pid'])]
    return ['unshare', *namespaces, '--fork', '--kill-child', 'sh', '-c', INSIDE, 'container', str(image.root),
            'ro' if is_read_only else 'rw', *mounts, '--', *map(str, inside)]


def as_user(image, user: str = '') -> list[str]:
    user = user or image.config['User']
    return [f'--userspec={user}', '--groups='] if user else []


def environment(image, more: Mapping[str, str] | None = None) -> list[str]:
    """Docker sets HOME and, for a terminal, TERM."""
    return [f'{name}={value}' for name, value in {'HOME': '/', 'TERM': 'xterm', **image.env, **(more or {})}.items()]


def inside(image, pid: int, *words: str) -> list[str]:
    """`docker exec`: a command in the container of a process, as its user."""
    return ['nsenter', '--target', str(pid), '--mount', '--net', '--uts', '--pid', '--root',
            'chroot', *as_user(image), '/', '/usr/bin/env', '-i', *environment(image), *words]


def with_driver(running) -> dict:
    """What a running scenario wants of a container: its library where a driver's would be, and its files."""
    return {'volumes': {paths.sim_library(): DRIVER, running.env['NVITOP_SIM']: '/run/sim/scenario.ini',
                        running.env['NVITOP_SIM_PIDS']: '/run/sim/pids'},
            'env': {'NVITOP_SIM': '/run/sim/scenario.ini', 'NVITOP_SIM_PIDS': '/run/sim/pids'}}
