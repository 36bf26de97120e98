"""Expressions of Python, evaluated over a scenario, and what came of each: a repr, or the error."""

from __future__ import annotations

import json
import re
import sys
from typing import Sequence

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


def ours(scripts, expressions: Sequence[str], imports: str = 'from nvitop import *', **env: str) -> dict[str, str]:
    """By expression, what it came to."""
    script = SCRIPT.format(imports=imports)
    done = scripts.sim.command([sys.executable, '-c', script, json.dumps(list(expressions))], {**scripts.env, **env})
    assert done.rc == 0, done.out + done.err
    return json.loads(done.lines[-1])


def table(text: str) -> dict[str, str]:
    """`EXPRESSION -> OUTCOME` lines as a dict."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return dict(re.split(r'\s+->\s+', line, maxsplit=1) for line in lines if line and not line.startswith('#'))
