"""Runs cells as IPython would, on the machine of the README: replay.py TREE CELLS RESULTS, JSON files the last two.

The results are this process's pid, and the repr of what each cell comes to, or null.
"""

import ast
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:1] = [str(HERE / 'standins'), str(HERE), str(HERE.parent)]

import psutil  # noqa: E402
from machine import Machine, begin_on_gpu  # noqa: E402


def run(code: str, names: dict) -> 'str | None':
    """Executes it; the last line's value, if it has one."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, '<cell>', 'exec'), names)
    value = None if last is None else eval(compile(ast.Expression(last.value), '<cell>', 'eval'), names)
    return None if value is None else repr(value)


def main(root: str, cells: str, results: str) -> None:
    psutil.PROCFS_PATH = root
    Machine(Path(root)).write_example(os.getpid())
    begin_on_gpu('this_trainee')
    names = {'__name__': '__main__'}
    found = [run(code, names) for code in json.loads(Path(cells).read_text(encoding='utf-8'))]
    Path(results).write_text(json.dumps([os.getpid(), *found]), encoding='utf-8')


main(*sys.argv[1:])
