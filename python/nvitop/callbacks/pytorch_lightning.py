"""A callback for trainers of ``pytorch_lightning`` that logs the state of the GPUs.

Where that package is not there, it is one for ``lightning.pytorch``.
"""

from __future__ import annotations

from typing import Any

from nvitop.callbacks._lightning import LightningStats, find_lightning

__all__ = ['GpuStatsLogger']

_Callback: Any
MisconfigurationException: Any
_Callback, MisconfigurationException = find_lightning(['pytorch_lightning', 'lightning.pytorch'])


class GpuStatsLogger(LightningStats, _Callback):  # type: ignore[misc]
    __doc__ = LightningStats.__doc__
    misuse = MisconfigurationException
