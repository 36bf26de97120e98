"""The programming interface: devices, processes, collectors, and what goes with them.

Each module says in its ``__all__`` what is public; all of it is here, and in ``nvitop``.
"""

__all__: list = []

# Each module in its own paragraph:
#     from nvitop.api import NAME
#     from nvitop.api.NAME import *
#     __all__ += NAME.__all__
