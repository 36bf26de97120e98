"""Windows with statistics, which are C's.

Samples and statistics are made without the interpreter's lock, on a thread that Python does not
know of. A result is two calls: one for the numbers, and one for their names if these have changed.
"""

from __future__ import annotations

import math
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from nvitop.api import _native
from nvitop.api._native import ffi, lib
from nvitop.api.device import CudaDevice, Device

__all__ = ['Windows']

_LARGEST_PID = 2**31 - 1


class Windows:
    """Windows that lie inside each other, a ``struct nvitop_collector``.

    Each is known by its depth, from 0, and not by a tag: C's tags are texts, and a user's need not
    be. When nobody holds the object any more, C's sampler ends. Not for several threads at once,
    but where it says so.

    Parameters
    ----------
    interval : float, default inf
        Seconds between two samples; after some of them without one, that time is a gap.
    devices : sequence of Device, optional
        What C samples by itself; if left out, samples are what `add` is given.
    root_pids : iterable of int, optional
        The processes on them that C samples, too.
    """

    def __init__(self, interval: float = math.inf, devices: Optional[Sequence[Device]] = None,
                 root_pids: Iterable[int] = ()) -> None:
        self.is_by_hand = devices is None
        options = ffi.new('struct nvitop_collector_options *')
        lib.nvitop_collector_options_init(options)
        options.interval = interval
        options.flags = lib.NVITOP_COLLECTOR_BY_HAND if devices is None else 0
        pointers = _native.device_pointers([device._pointer for device in devices or ()])
        cuda = ffi.new('int32_t[]', [_cuda_index(device) for device in devices or ()])
        roots = ffi.new('int32_t[]', [pid for pid in map(int, root_pids) if 0 < pid <= _LARGEST_PID])
        options.devices, options.cuda_indices, options.device_count = pointers, cuda, len(cuda)
        options.root_pids, options.root_pid_count = roots, len(roots)
        ret_collector = ffi.new('struct nvitop_collector **')
        _native.check(lib.nvitop_collector_new(_native.session(), options, ret_collector))
        self._depth = 0
        self._collector = ffi.gc(ret_collector[0], lib.nvitop_collector_free)
        self._layout = -1
        self._names: List[str] = []
        self._keys: Tuple[str, List[str]] = '', []

    def open(self, count: int) -> None:
        """Opens windows, each inside the innermost, until there are so many; the first one starts C's sampler."""
        while self._depth < count:
            _native.check(lib.nvitop_collector_activate(self._collector, b'%d' % self._depth))
            self._depth += 1

    def close(self, depth: int) -> None:
        """Closes this one and those inside it.

        If it is the outermost, C's sampler ends; a sample that is on its way is waited for, 3
        seconds at most. Other threads may be inside other methods meanwhile.
        """
        self._depth = depth
        _native.check(lib.nvitop_collector_deactivate(self._collector, b'%d' % depth))

    def clear(self, depth: int) -> None:
        """Empties this one and those inside it."""
        _native.check(lib.nvitop_collector_clear(self._collector, b'%d' % depth))

    def is_due(self) -> bool:
        """Whether there is no sample that is fresh, for any thread."""
        return lib.nvitop_collector_is_due(self._collector) > 0  # type: ignore[no-any-return]

    def sample(self) -> None:
        """Has C take a sample now, for any thread; once the windows are closed, that is no matter."""
        lib.nvitop_collector_sample(self._collector)

    def add(self, took: float, sample: Mapping[str, float]) -> None:
        """Adds a sample, by name, that it took so many seconds to take; for any thread, too."""
        names, texts = _native.string_array(list(sample))
        _native.check(lib.nvitop_collector_add(self._collector, took, names, list(sample.values()), len(texts)))

    def results(self, prefix: str = '') -> Dict[str, float]:
        """The statistics of the innermost window; keys begin with `prefix`."""
        while True:
            values, layout = self._read_values()
            if layout == self._layout:
                return dict(zip(self._with(prefix), values))
            self._names, self._layout = self._read_names()
            self._keys = '', self._names

    def _with(self, prefix: str) -> List[str]:
        if prefix != self._keys[0]:
            self._keys = prefix, [prefix + name for name in self._names]
        return self._keys[1]

    def _read_values(self) -> Tuple[List[float], int]:
        ret_layout = ffi.new('uint64_t *')
        array, count = _native.fill(
            'double',
            lambda values, cap, ret_count: lib.nvitop_collector_values(
                self._collector, values, cap, ret_count, ret_layout),
            len(self._names) + 64,
        )
        return ffi.unpack(array, count), ret_layout[0]

    def _read_names(self) -> Tuple[List[str], int]:
        ret_keys, ret_size, ret_layout = ffi.new('char **'), ffi.new('size_t *'), ffi.new('uint64_t *')
        _native.check(lib.nvitop_collector_keys(self._collector, ret_keys, ret_size, ret_layout))
        keys = bytes(ffi.buffer(ret_keys[0], ret_size[0])).decode('utf-8', 'surrogateescape')
        lib.nvitop_text_free(ret_keys[0])
        return keys.split('\0')[:-1], ret_layout[0]


def _cuda_index(device: Device) -> int:
    return device.cuda_index if isinstance(device, CudaDevice) else -1
