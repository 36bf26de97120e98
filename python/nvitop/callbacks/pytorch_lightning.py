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
    """Logs the state of the trainer's GPUs to its loggers, at the start and end of each batch.

    Parameters
    ----------
    memory_utilization : bool, default True
        Log per cent of memory bandwidth, and memory used and free in MiB.
    gpu_utilization : bool, default True
        Log per cent.
    intra_step_time : bool, default False
        Log the time of a batch in milliseconds.
    inter_step_time : bool, default False
        Log the time between two batches in milliseconds.
    fan_speed : bool, default False
        Log per cent.
    temperature : bool, default False
        Log degrees Celsius.
    interval : float, default 0.5
        Seconds between two looks at the GPUs, which a thread takes.

    Raises
    ------
    MisconfigurationException
        There is no driver; when the training starts: there is no logger, or it is not on a GPU.
    ValueError
        When the training starts: a GPU of it is not visible to CUDA applications.

    Notes
    -----
    What is not available is nan.
    Nothing waits for the driver but the start of a training, for the first look, and its end, for the
    last one, 3 seconds each at most; what the driver has not said for so long is nan.
    Only the process of rank zero logs.

    Examples
    --------
    >>> trainer = Trainer(accelerator='gpu', logger=True, callbacks=[GpuStatsLogger()])
    """

    misuse = MisconfigurationException
