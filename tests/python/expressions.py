"""Case files of Python: a line is `expression | result`.

A result is what `repr` prints, compared as the value it stands for where it is one; the name of an
error stands for the error, with `: ` and its text if the text matters.
"""

from __future__ import annotations

import builtins
import copy
import datetime
import decimal
import fractions
import json
import math
import pickle
import sys
from typing import Any, NamedTuple

MODULES = {'copy': copy, 'decimal': decimal, 'fractions': fractions, 'json': json, 'math': math, 'pickle': pickle,
           'timedelta': datetime.timedelta}
ERRORS = tuple(name for name, value in vars(builtins).items()
               if isinstance(value, type) and issubclass(value, Exception))


class Case(NamedTuple):
    """A line of a file."""

    line: int
    expression: str
    result: str

    def __str__(self) -> str:
        return f'{self.line}'


def read(path: str) -> list[Case]:
    """The lines of a case file."""
    found = []
    with open(path, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith('#'):
                cells = [cell.strip() for cell in line.split(' | ')]
                assert len(cells) == 2, line
                found.append(Case(number, *cells))
    return found


def outcome(expression: str, names: dict[str, Any]) -> str:
    """What an expression gives, as the files write it."""
    try:
        return repr(eval(expression, {**MODULES, **names}))
    except Exception as error:
        return f'{type(error).__name__}: {error}'


def is_same(expected: str, found: str) -> bool:
    """Whether that is what a file says."""
    if expected.split(':')[0] in ERRORS:
        return found == expected or (':' not in expected and found.split(':')[0] == expected)
    if expected.startswith('<'):
        return found == expected
    return found == repr(eval(expected, {'nan': math.nan}))


def public_names(module: Any) -> dict[str, Any]:
    """What ``from module import *`` brings."""
    return {name: getattr(module, name) for name in module.__all__}


def main(*paths: str) -> None:
    """Prints the outcomes of all lines as JSON, by whatever nvitop this Python has."""
    import nvitop
    names = public_names(nvitop)
    print(json.dumps([outcome(case.expression, names) for path in paths for case in read(path)]))


if __name__ == '__main__':
    main(*sys.argv[1:])
