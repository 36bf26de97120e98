"""Runs cells as IPython would, on the machine of the README: replay.py TREE KILLED_PID CELLS RESULTS.

The last two are JSON files; the results are this process's pid, the first day of the process that is
killed, and the repr of what each cell comes to, or null.
"""

import ast
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:1] = [str(HERE / 'standins'), str(HERE), str(HERE.parent)]

import psutil  # noqa: E402
from machine import KILLED_DAYS_AGO, Machine, begin_on_gpu, midnight  # noqa: E402


def run(code: str, names: dict) -> 'str | None':
    """Executes it; the last line's value, if it has one."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, '<cell>', 'exec'), names)
    value = None if last is None else eval(compile(ast.Expression(last.value), '<cell>', 'eval'), names)
    return None if value is None else repr(value)


def main(root: str, killed: str, cells: str, results: str) -> None:
    machine = Machine(Path(root))
    machine.write(int(killed))
    machine.write_example(os.getpid())
    psutil.PROCFS_PATH = root
    begin_on_gpu('this_trainee')
    names = {'__name__': '__main__'}
    found = [run(code, names) for code in json.loads(Path(cells).read_text(encoding='utf-8'))]
    day = time.strftime('%Y-%m-%d', time.localtime(midnight(KILLED_DAYS_AGO)))
    Path(results).write_text(json.dumps([os.getpid(), day, found]), encoding='utf-8')


main(*sys.argv[1:])
