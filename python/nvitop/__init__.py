"""nvitop: an interactive NVIDIA-GPU process viewer, and what it knows, for Python programs.

The names of both generations of the original are here: its package ``core`` is the same one as
its later ``api``, and every module of it is a module of ``nvitop`` as well. Nothing is
imported before it is asked for.
"""

import sys as _sys

from nvitop import api as api
from nvitop.version import __version__ as __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any as _Any

    from nvitop import api as core
    from nvitop.api import *
    from nvitop.api._select import select_devices as select_devices
else:
    core = _sys.modules[f'{__name__}.core'] = api
    __all__ = [*api.__all__, 'select_devices']

    def __getattr__(name):
        """Imports what is asked for."""
        if name in api.MODULES or name in api.__all__:
            value = getattr(api, name)
        elif name == 'select_devices':
            from nvitop.api._select import select_devices as value
        elif name in ('callbacks', 'cli', 'select'):  # `python -m` wants the last two untouched
            return __import__(f'{__name__}.{name}', fromlist=['__name__'])
        else:
            raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *__all__, *api.MODULES})


class _OtherNames:
    """Finds the modules of ``nvitop.api`` under their older and shorter names: the same objects."""

    @staticmethod
    def real_name(name: str) -> str:
        """The name that a module has in truth; ``''``: this is none of the other names."""
        package, _, module = name.rpartition('.')
        return f'nvitop.api.{module}' if package == 'nvitop.core' or (package == 'nvitop' and module in api.MODULES) else ''

    @classmethod
    def find_spec(cls, name: str, _path: '_Any' = None, _target: '_Any' = None) -> '_Any':
        """Part of the import system, as are the others."""
        real = cls.real_name(name)
        if not real:
            return None
        from importlib import machinery, util

        loader: _Any = cls
        return machinery.ModuleSpec(name, loader) if util.find_spec(real) else None

    @classmethod
    def create_module(cls, spec: '_Any') -> '_Any':
        """The module itself."""
        module = __import__(cls.real_name(spec.name), fromlist=['__name__'])
        spec.loader_state = module.__spec__
        return module

    @staticmethod
    def exec_module(module: '_Any') -> None:
        """It has run. Only what the import system has just written over is put right."""
        module.__spec__ = module.__spec__.loader_state


_sys.meta_path.insert(0, _OtherNames)  # first, since `core.device` would be found as a file
