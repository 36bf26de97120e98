"""The programming interface: devices, processes, collectors, and what goes with them.

Each module says in its ``__all__`` what is public; all of it is here, and in ``nvitop``.
"""

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
