"""The programming interface: devices, processes, collectors, and what goes with them.

Each module says in its ``__all__`` what is public; all of it is here, and in ``nvitop``. Nothing is
imported before it is asked for: a program that wants one thing need not wait for the others.
"""

TYPE_CHECKING = False  # typing has one as well, and takes longer than all of this

# What is public here by the module that has it. A test compares it with their `__all__`.
_NAMES = {
    'caching': 'ttl_cache',
    'utils': '''NA NaType NotApplicable NotApplicableType UINT_MAX ULONGLONG_MAX KiB MiB GiB TiB PiB SIZE_UNITS
        bytes2human human2bytes timedelta2human utilization2string colored set_color boolify command_join Snapshot''',
    'host': 'host',
    'process': 'GpuProcess HostProcess',
    'libcuda': 'libcuda',
    'libcudart': 'libcudart',
    'libnvml': 'libnvml nvmlCheckReturn',
    'device': '''CudaDevice CudaMigDevice Device MigDevice PhysicalDevice normalize_cuda_visible_devices
        parse_cuda_visible_devices''',
    '_snapshots': 'take_snapshots',
    'collector': 'ResourceMetricCollector collect_in_background',
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}
_HOMES['NVMLError'] = 'libnvml'  # last, since it imports pynvml

MODULES = ('caching', 'collector', 'device', 'host', 'libcuda', 'libcudart', 'libnvml', 'process', 'termcolor', 'utils')

if TYPE_CHECKING:
    from nvitop.api import caching as caching
    from nvitop.api import collector as collector
    from nvitop.api import device as device
    from nvitop.api import host as host
    from nvitop.api import libcuda as libcuda
    from nvitop.api import libcudart as libcudart
    from nvitop.api import libnvml as libnvml
    from nvitop.api import process as process
    from nvitop.api import termcolor as termcolor
    from nvitop.api import utils as utils
    from nvitop.api._nvml_errors import NVMLError as NVMLError
    from nvitop.api._snapshots import take_snapshots as take_snapshots
    from nvitop.api.caching import *
    from nvitop.api.collector import *
    from nvitop.api.device import *
    from nvitop.api.libnvml import nvmlCheckReturn as nvmlCheckReturn
    from nvitop.api.process import *
    from nvitop.api.utils import *

else:
    __all__ = list(_HOMES)

    def __getattr__(name):
        """Imports what is asked for."""
        home = name if name in MODULES else _HOMES.get(name)
        if home is None:
            raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
        module = __import__(f'{__name__}.{home}', fromlist=['__name__'])
        value = globals()[name] = module if name == home else getattr(module, name)
        return value

    def __dir__():
        return sorted({*globals(), *_HOMES, *MODULES})
