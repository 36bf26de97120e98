"""nvitop: an interactive NVIDIA-GPU process viewer, and what it knows, for Python programs.

The names of both generations of the original are here: its package ``core`` is the same one as
its later ``api``, and every module of it is a module of ``nvitop`` as well.
"""

import sys as _sys
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from nvitop import api
from nvitop.api import *  # noqa: F403
from nvitop.api._select import select_devices
from nvitop.version import __version__

# Last, since a star would import pynvml for it. Both packages look it up when it is asked for.
api.__all__ += ['NVMLError']
__all__ = [*api.__all__, 'select_devices']

if _TYPE_CHECKING:
    from nvitop.api._nvml_errors import NVMLError as NVMLError


def __getattr__(name: str) -> '_Any':
    """What is imported only when it is asked for: ``NVMLError`` and some modules."""
    if name == 'NVMLError':
        return api.libnvml.NVMLError
    if name in ('callbacks', 'cli', 'select'):  # `python -m` wants the last two untouched
        import importlib

        return importlib.import_module(f'{__name__}.{name}')
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')


def _alias() -> None:
    """Gives the modules of ``nvitop.api`` their older and shorter names."""
    package = _sys.modules[__name__]
    _sys.modules[f'{__name__}.core'] = api
    package.core = api  # type: ignore[attr-defined]
    inside = f'{__name__}.api.'
    for full, module in list(_sys.modules.items()):
        name = full[len(inside):]
        if full.startswith(inside) and not name.startswith('_') and '.' not in name:
            _sys.modules[f'{__name__}.core.{name}'] = module
            _sys.modules[f'{__name__}.{name}'] = module
            # `nvitop.host` is a module and a public name at once: the same thing.
            setattr(package, name, module)


_alias()
