"""Runs a twin script with whatever nvitop this Python has; prints as JSON what came of it.

A script is an ordinary program. Each expression that stands alone in it is *told*: its type and repr, or
the error. An assignment that fails is told as well, so a script goes on over a machine without a driver.
Every attribute that is looked at on the way is noted with the class or module that has it.

    child.py names              what is public, by class and module
    child.py tell FILE…         the outcomes of scripts (.py) and case files (.case), and what they used
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import importlib
import inspect
import io
import json
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import psutil

# Both read the host from there; the load has no file that either reads.
psutil.PROCFS_PATH = os.environ.get('TWIN_PROC', psutil.PROCFS_PATH)
psutil.getloadavg = lambda: (0.5, 1.0, 1.5)
# The original asks CUDA in another Python, which fails where CUDA is not there: here it does so at once.
sys.executable = '/bin/false'

import nvitop  # noqa: E402

CLASSES = '''Device PhysicalDevice MigDevice CudaDevice CudaMigDevice HostProcess GpuProcess Snapshot NaType
    ResourceMetricCollector'''.split()
MODULES = 'caching collector device host libcuda libcudart libnvml process termcolor utils'.split()

# What depends on the moment, wherever it stands; a busy process of a scenario may run or be about to.
MOVING = [(r'0x[0-9a-f]{6,}', '0xADDRESS'), (r"started='[^']*'", "started='THEN'"),
          (r"status='running'", "status='sleeping'")]


def module(name: str) -> types.ModuleType:
    return importlib.import_module(f'nvitop.api.{name}')


class Told:
    """What expressions came to, and which names they used."""

    def __init__(self) -> None:
        self.outcomes, self.looked, self.called, self.labels = {}, set(), set(), {str(os.getpid()): 'SELF'}
        self.at = self.script = ''

    def tell(self, source: str, evaluate) -> None:
        """Evaluates; `at` is what the script says its loop is at."""
        key, number = f'{self.script}: {self.at}{source}', 2
        while key in self.outcomes:
            key, number = f'{key.split(" #")[0]} #{number}', number + 1
        self.outcomes[key] = self.words(outcome(evaluate))

    def words(self, text: str) -> str:
        """Numbers of this very run have names."""
        for moving, word in MOVING:
            text = re.sub(moving, word, text)
        return re.sub(r'\d+', lambda found: self.labels.get(found[0], found[0]), text)

    def look(self, thing, name: str, *default, is_called: bool = False):
        """getattr that takes note."""
        for owner in owners(thing, name):
            (self.called if is_called else self.looked).add(f'{owner}.{name}')
        return getattr(thing, name, *default)

    def call(self, thing, name: str):
        """The function of `thing.name(…)`."""
        return self.look(thing, name, is_called=True)


def outcome(evaluate) -> str:
    """The normal form."""
    try:
        value = evaluate()
        return f'{type(value).__name__} {value!r}'
    except BaseException as error:
        return f'raised {type(error).__name__}: {error}'


def owners(thing, name: str) -> list[str]:
    """Who may be said to have been used: each base class that has the name too."""
    if isinstance(thing, types.ModuleType):
        return [thing.__name__.split('.')[-1]] if thing.__name__.startswith('nvitop') else []
    bases = (thing if isinstance(thing, type) else type(thing)).__mro__
    return [base.__name__ for base in bases if base.__name__ in CLASSES and hasattr(base, name)]


def root(node) -> str:
    """The name at the front of `name.more(…)`."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return getattr(node, 'id', '')


class Telling(ast.NodeTransformer):
    """Makes a program tell."""

    def __init__(self) -> None:
        self.names = set()

    def visit_Name(self, node):
        self.names.add(node.id)
        return node

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Constant) or root(node.value) in ('at', 'cats'):  # docstrings; what steers
            return node
        source = ast.unparse(node.value)
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        return ast.Expr(made('tell', ast.Constant(source), ast.Lambda(nothing, self.visit(node.value))))

    def visit_Attribute(self, node, how: str = 'look'):
        self.generic_visit(node)
        return made(how, node.value, ast.Constant(node.attr)) if isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node):
        function = node.func
        node.args, node.keywords = [self.visit(one) for one in node.args], [self.visit(one) for one in node.keywords]
        is_method = isinstance(function, ast.Attribute)
        node.func = self.visit_Attribute(function, 'call') if is_method else self.visit(function)
        return node


def made(name: str, *arguments):
    """A call of one of `Told`'s methods."""
    return ast.Call(ast.Attribute(ast.Name('_told', ast.Load()), name, ast.Load()), list(arguments), [])


class Cats:
    """Harmless children of a script; `child` is the newest one."""

    def __init__(self, told: Told) -> None:
        self.told, self.child, self.all = told, None, []

    def start(self, label: str) -> int:
        self.child = subprocess.Popen(['cat', '-u'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.all.append(self.child)
        self.child.stdin.write(b'\n')
        self.child.stdin.flush()
        self.child.stdout.readline()  # it has its own command line now
        self.told.labels[str(self.child.pid)] = label
        linked(self.child.pid)
        while psutil.Process(self.child.pid).status() == psutil.STATUS_RUNNING:
            pass
        return self.child.pid

    def become_zombie(self) -> None:
        self.child.stdin.close()
        os.waitid(os.P_PID, self.child.pid, os.WEXITED | os.WNOWAIT)

    def end(self) -> None:
        self.child.wait()


def linked(pid: int) -> None:
    """A process of this run is in the tree too, until the end."""
    if 'TWIN_PROC' in os.environ:
        place = Path(psutil.PROCFS_PATH, str(pid))
        place.symlink_to(f'/proc/{pid}')
        atexit.register(place.unlink)


def run(told: Told, path: Path) -> None:
    """A script, statement by statement."""
    told.script, told.at = path.stem, ''
    tree, telling, cats = ast.parse(path.read_text(encoding='utf-8')), Telling(), Cats(told)

    def at(text: str = '') -> None:
        told.at = text and f'{text}: '

    names = {'_told': told, 'getattr': told.look, 'cats': cats, 'at': at, 'form': form, 'near': near,
             'call': lambda thing, name, *arguments: told.call(thing, name)(*arguments),
             'PEER': json.loads(os.environ.get('TWIN_NAMES', '{}')), 'SCENE': os.environ.get('TWIN_SCENE', ''),
             **{name: getattr(nvitop, name) for name in nvitop.__all__}}
    for statement in tree.body:
        source = ast.unparse(statement).split('\n')[0]
        program = ast.fix_missing_locations(ast.Module([telling.visit(statement)], []))
        try:
            exec(compile(program, str(path), 'exec'), names)
        except Exception as error:
            told.outcomes[f'{told.script}: {source}'] = told.words(outcome(lambda error=error: raised(error)))
    told.looked |= {f'nvitop.{name}' for name in telling.names if name in nvitop.__all__}
    for cat in cats.all:
        cat.kill()
        cat.stdin.close()
        cat.stdout.close()
        cat.wait()


def raised(error: Exception):
    raise error


def form(value) -> str:
    """Of what moves from call to call only the form is told."""
    return f'{type(value).__name__} ' + re.sub(r'\d+(\.\d+)?( ?[KMG]?i?B\b)?', '#', repr(value))


def near(found: float, wanted: float, by: float = 2) -> bool:
    return abs(found - wanted) < by


def cases(told: Told, path: Path) -> None:
    """Each line of a case file."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import expressions
    told.script = path.stem
    for case in expressions.read(path):
        told.outcomes[f'{told.script}: {case.expression}'] = told.words(
            outcome(lambda case=case: eval(case.expression, {**expressions.MODULES, **expressions.public_names(nvitop)})))
        told.looked |= {f'nvitop.{name}' for name in re.findall(r'\w+', case.expression) if name in nvitop.__all__}


def public() -> dict[str, dict[str, bool]]:
    """By class and module its public names, and which of them are functions."""
    import pynvml
    found = {name: [one for one in dir(getattr(nvitop, name)) if one[0] != '_'] for name in CLASSES}
    things = {name: getattr(nvitop, name) for name in CLASSES}
    for name in MODULES:
        things[name] = thing = module(name)
        found[name] = [one for one in getattr(thing, '__all__', vars(thing)) if one[0] != '_'
                       and is_own(getattr(thing, one), thing)]
    found['libnvml'] = [one for one in found['libnvml'] if getattr(pynvml, one, None) is not getattr(things['libnvml'], one)]
    things['select'], found['select'] = importlib.import_module('nvitop.select'), ['select_devices']
    things['nvitop'], found['nvitop'] = nvitop, list(nvitop.__all__)
    things['libnvml all'], found['libnvml all'] = things['libnvml'], list(things['libnvml'].__all__)
    return {owner: {one: inspect.isroutine(getattr(things[owner], one)) for one in sorted(set(names))}
            for owner, names in found.items()}


def is_own(value, thing: types.ModuleType) -> bool:
    """Not what a module without `__all__` imports for itself."""
    home = getattr(value, '__module__', None)
    return hasattr(thing, '__all__') or not (isinstance(value, types.ModuleType) or str(home) in ('typing', '__future__'))


def main(task: str, *paths: str) -> None:
    if task == 'names':
        print(json.dumps(public()))
        return
    told = Told()
    linked(os.getpid())
    with contextlib.redirect_stdout(io.StringIO()):
        for path in map(Path, paths):
            (run if path.suffix == '.py' else cases)(told, path)
    print(json.dumps({'told': told.outcomes, 'looked': sorted(told.looked | told.called), 'called': sorted(told.called)}))


if __name__ == '__main__':
    main(*sys.argv[1:])
