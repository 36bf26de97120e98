"""The tests of the Python package that run scripts over a scenario, with Windows's Python instead of ours.

Those that want what Windows does not have are left out, each with its reason.
"""

from __future__ import annotations

import importlib
import inspect

# Of tests/python.
MODULES = ['test_native', 'test_visible', 'test_device', 'test_take_snapshots', 'test_collector', 'test_libnvml',
           'test_callbacks', 'test_stats', 'test_select', 'test_hostile', 'test_lost', 'test_copies', 'test_checked']

LEFT_OUT: dict[str, str] = {}


def names_of(test) -> set[str]:
    """The fixtures that a test wants."""
    given = {name for mark in getattr(test, 'pytestmark', ()) if mark.name == 'parametrize'
             for name in (mark.args[0].split(',') if isinstance(mark.args[0], str) else mark.args[0])}
    return set(inspect.signature(test).parameters) - {name.strip() for name in given}


def take(name: str) -> dict[str, object]:
    """The tests of a module that need nothing but a scenario."""
    found = {}
    for title, test in vars(importlib.import_module(name)).items():
        if title.startswith('test_') and callable(test) and names_of(test) & {'two', 'over'} and names_of(test) <= {'two', 'over', 'tmp_path'}:
            found[f'{name}_{title[len("test_"):]}'] = test
    return found


for _module in MODULES:
    globals().update({name: test for name, test in take(_module).items() if name not in LEFT_OUT})
