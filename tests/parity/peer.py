"""Runs nvitop 1.7.2 with the adaptations of adapt.py. Not a test: the peer's own Python runs it.

usage: peer.py SPEC | --list

SPEC is a JSON file: {"out": folder, "procfs": folder, "version": text, "adapt": bool,
"timeout": seconds, "user": name or null, "foreign_pids": bool, "runs": [{"name": text, "columns": number, "args": [text]}]}.
Every run is a forked child of this process, so nvitop is imported once. A run leaves NAME.out,
NAME.err and NAME.json ({"rc": number, "used": {adaptation: times}}) in the folder.
--list prints {adaptation: reason} instead.
"""

from __future__ import annotations

import json
import os
import pwd
import signal
import sys
import traceback
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import nvitop.cli  # noqa: E402
import nvitop.version  # noqa: E402

import adapt  # noqa: E402
from support import procfs  # noqa: E402


def redirect(out: Path, name: str) -> None:
    """stdin from nowhere, stdout and stderr into files."""
    for fd, path, flags in (
        (0, Path(os.devnull), os.O_RDONLY),
        (1, out / f'{name}.out', os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, out / f'{name}.err', os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(path, flags, 0o644)
        os.dup2(opened, fd)
        os.close(opened)


def become(name: str) -> None:
    """Goes on as another user; nvitop took the first one's name when it was imported."""
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    for module in [m for n, m in sys.modules.items() if n.startswith('nvitop.tui')]:
        if hasattr(module, 'IS_SUPERUSER'):
            module.IS_SUPERUSER = False
        if hasattr(module, 'USERNAME'):
            module.USERNAME = name
        if hasattr(module, 'USER_CONTEXT'):
            module.USER_CONTEXT = f'{name}@{module.HOSTNAME}'


def run_child(spec: dict, run: dict) -> None:
    """One report; never returns."""
    out = Path(spec['out'])
    redirect(out, run['name'])
    signal.alarm(spec['timeout'])
    os.environ['COLUMNS'] = str(run['columns'])
    sys.argv = ['nvitop', *run['args']]
    for pid in (os.getpid(), os.getppid()):  # it looks whether `watch` started it
        if not (Path(spec['procfs']) / str(pid)).exists():
            procfs.add_process(Path(spec['procfs']), pid)
    result = os.open(out / f'{run["name"]}.json', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    if spec['user']:
        become(spec['user'])
    hits = adapt.install(spec) if spec['adapt'] else {}
    try:
        rc = nvitop.cli.main()
    except SystemExit as ex:
        rc = ex.code if isinstance(ex.code, int) else 1
    except BaseException:  # noqa: BLE001 what Python does with an exception that nobody takes
        traceback.print_exc()
        rc = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(result, json.dumps({'rc': rc, 'used': hits}).encode())
    os._exit(0)


def main() -> int:
    """All runs of the specification, one after the other."""
    if sys.argv[1] == '--list':
        print(json.dumps({row.name: row.reason for row in adapt.TABLE}))
        return 0
    spec = json.loads(Path(sys.argv[1]).read_text())
    if nvitop.version.__version__ != '1.7.2':
        sys.exit(f'peer.py: nvitop 1.7.2 is wanted, this is {nvitop.version.__version__}')
    for run in spec['runs']:
        pid = os.fork()
        if pid == 0:
            run_child(spec, run)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        result = Path(spec['out']) / f'{run["name"]}.json'
        if not result.stat().st_size:  # a signal: the alarm, or a crash in the driver library
            result.write_text(json.dumps({'rc': status, 'used': {}}))
    return 0


if __name__ == '__main__':
    sys.exit(main())
