"""The programming interface: devices, processes, collectors, and what goes with them.

Each module says in its ``__all__`` what is public; all of it is here, and in ``nvitop``.
"""

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

__all__: 'list[str]' = []

# Each module in its own paragraph:
#     from nvitop.api import NAME
#     from nvitop.api.NAME import *
#     __all__ += NAME.__all__

from nvitop.api import caching, termcolor, utils
from nvitop.api.caching import *
from nvitop.api.utils import *

__all__ += caching.__all__
__all__ += utils.__all__

from nvitop.api import host, process
from nvitop.api.process import GpuProcess, HostProcess

__all__ += ['host', 'GpuProcess', 'HostProcess']

from nvitop.api import libcuda, libcudart, libnvml
from nvitop.api.libnvml import nvmlCheckReturn

__all__ += ['libcuda', 'libcudart', 'libnvml', 'nvmlCheckReturn']

from nvitop.api import device
from nvitop.api.device import *

__all__ += device.__all__

from nvitop.api._snapshots import take_snapshots

__all__ += ['take_snapshots']

from nvitop.api import collector
from nvitop.api.collector import ResourceMetricCollector, collect_in_background

__all__ += ['ResourceMetricCollector', 'collect_in_background']

if _TYPE_CHECKING:
    from nvitop.api._nvml_errors import NVMLError as NVMLError


def __getattr__(name: str) -> '_Any':
    """``NVMLError``, which imports pynvml, when it is asked for."""
    if name == 'NVMLError':
        return libnvml.NVMLError
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
