"""nvitop: an interactive NVIDIA-GPU process viewer, and what it knows, for Python programs.

The names of both generations of the original are here: its package ``core`` is the same one as
its later ``api``, and every module of it is a module of ``nvitop`` as well.
"""

import sys as _sys

from nvitop import api
from nvitop.api import *  # noqa: F403
from nvitop.version import __version__

__all__ = [*api.__all__]


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
