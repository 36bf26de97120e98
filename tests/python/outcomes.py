"""Expressions of Python, evaluated over a scenario, and what came of each: a repr, or the error.

`ours` runs them with the package of this tree, `peers` with the original.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Mapping, Sequence

SCRIPT = '''
import contextlib, json, sys
{imports}
def outcome(expression):
    try:
        return repr(eval(expression))
    except BaseException as error:
        return 'raised ' + type(error).__name__ + ': ' + str(error)
with contextlib.redirect_stderr(sys.stdout):
    found = {{expression: outcome(expression) for expression in json.loads(sys.argv[1])}}
print(json.dumps(found))
'''


def _evaluate(scripts, python: str, imports: str, expressions: Sequence[str], env: Mapping[str, str]) -> dict[str, str]:
    done = scripts.sim.command([python, '-c', SCRIPT.format(imports=imports), json.dumps(list(expressions))], env)
    assert done.rc == 0, done.out + done.err
    return json.loads(done.lines[-1])


def ours(scripts, expressions: Sequence[str], imports: str = 'from nvitop import *', **env: str) -> dict[str, str]:
    return _evaluate(scripts, sys.executable, imports, expressions, {**scripts.env, **env})


def peers(scripts, expressions: Sequence[str], imports: str = 'from nvitop import *', **env: str) -> dict[str, str]:
    return _evaluate(scripts, os.environ['NVITOP_PEER_PYTHON'], imports, expressions, env)


def table(text: str) -> dict[str, str]:
    """`EXPRESSION -> OUTCOME` lines as a dict."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return dict(re.split(r'\s+->\s+', line, maxsplit=1) for line in lines if line and not line.startswith('#'))
