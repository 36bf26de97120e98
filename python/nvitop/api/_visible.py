"""CUDA_VISIBLE_DEVICES: which devices a CUDA program would see, in CUDA's order.

The C library reads the value as the CUDA runtime does. Where a CUDA driver is installed and
CUDA_DEVICE_ORDER does not say that numbers are those of the PCI bus, a child process of the library
asks it for its order; what came of that is kept for `TTL` seconds.
"""

from __future__ import annotations

import os
import time
from typing import Any

from nvitop.api import _device_native
from nvitop.api._device_native import Index
from nvitop.api.utils import NaType

__all__ = ['TTL', 'normalize_cuda_visible_devices', 'parse_cuda_visible_devices', 'visible_indices']

TTL = 300.0
"""How long an answer that the CUDA driver may have had a part in is kept, in seconds."""

_MOST_KEPT = 64  # a program may ask about any number of values

_OMITTED: Any = type('_Omitted', (), {'__repr__': lambda self: '<VALUE OMITTED>'})()

# By value, order and process: when, and what. A child of a fork asks anew.
_kept: dict[tuple[str | None, str | None, int], tuple[float, list[Index]]] = {}


def _value(cuda_visible_devices: Any) -> str | None:
    if cuda_visible_devices is _OMITTED:
        return os.environ.get('CUDA_VISIBLE_DEVICES')
    if cuda_visible_devices is not None and not isinstance(cuda_visible_devices, str):
        raise TypeError(f'CUDA_VISIBLE_DEVICES is a text or None, not {cuda_visible_devices!r}')
    return cuda_visible_devices


def _ask(value: str | None) -> list[Index]:
    from nvitop.api import libnvml

    try:
        return _device_native.visible(value)
    except libnvml.NVMLError:
        return []


def visible_indices(cuda_visible_devices: str | None = _OMITTED) -> list[Index]:
    """What `parse_cuda_visible_devices` returns, as one type."""
    value = _value(cuda_visible_devices)
    if value == '':
        return []
    key = value, os.environ.get('CUDA_DEVICE_ORDER'), os.getpid()
    at, found = _kept.get(key, (0.0, []))
    if not found or time.monotonic() - at > TTL:
        found = _ask(value)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = time.monotonic(), found
    return list(found)


def parse_cuda_visible_devices(
    cuda_visible_devices: str | None = _OMITTED,
) -> list[int] | list[tuple[int, int]]:
    """Tells which devices CUDA programs would see.

    Parameters
    ----------
    cuda_visible_devices
        A value of the environment variable; None: as if it were unset. Omitted: that of this process.

    Returns
    -------
    list of int, or list of (int, int)
        NVML's indices in CUDA's order; or only the one MIG device, as (GPU, MIG device), if that is
        what CUDA would take. Empty where a device is named twice, and where there is no driver.
        What stands behind a mistake in the text does not count.

    Raises
    ------
    TypeError
        The value is neither a text nor None.

    Examples
    --------
    >>> parse_cuda_visible_devices('0,2')  # doctest: +SKIP
    [0, 2]
    """
    return visible_indices(cuda_visible_devices)  # type: ignore[return-value]  # never mixed


def normalize_cuda_visible_devices(cuda_visible_devices: str | None = _OMITTED) -> str:
    """The same devices as a text of whole UUIDs, for the environment of a child.

    Parameters
    ----------
    cuda_visible_devices
        As for `parse_cuda_visible_devices`.

    Returns
    -------
    str
        UUIDs with commas between them; empty for no devices. A GPU that is lost, and whose UUID is not
        known, is left out.
    """
    uuids = (_device_native.uuid_of(index) for index in visible_indices(cuda_visible_devices))
    return ','.join(uuid for uuid in uuids if not isinstance(uuid, NaType))
