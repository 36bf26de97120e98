"""What the callbacks for both packages of Lightning have in common: all but the base class."""

from __future__ import annotations

import importlib
from functools import partial
from typing import Any, ClassVar, Dict, List, Optional, Sequence, Tuple, Type

from nvitop.api import libnvml
from nvitop.api.device import CudaDevice, Device
from nvitop.callbacks.utils import (
    DEFAULT_INTERVAL,
    BatchTimer,
    GpuStatsSampler,
    get_devices_by_logical_ids,
    get_gpu_stats,
)

__all__ = ['LightningStats', 'find_lightning']


def find_lightning(packages: Sequence[str]) -> Tuple[Any, Any]:
    """The base class of callbacks and the error for misuse, of the first package that there is."""
    for name in packages:
        try:
            callback = importlib.import_module(f'{name}.callbacks').Callback
            error = importlib.import_module(f'{name}.utilities.exceptions').MisconfigurationException
            return callback, error
        except ImportError:
            continue
    raise ImportError(f'needs one of {", ".join(packages)}')


class LightningStats:
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

    misuse: ClassVar[Type[Exception]] = RuntimeError
    """What is raised where the trainer is not one that this can log for."""

    def __init__(
        self,
        memory_utilization: bool = True,
        gpu_utilization: bool = True,
        intra_step_time: bool = False,
        inter_step_time: bool = False,
        fan_speed: bool = False,
        temperature: bool = False,
        interval: float = DEFAULT_INTERVAL,
    ) -> None:
        super().__init__()
        try:
            Device.count()
        except libnvml.NVMLError as error:
            raise self.misuse('Cannot use GpuStatsLogger callback '
                              'because NVIDIA driver is not installed.') from error
        self._flags = (memory_utilization, gpu_utilization, fan_speed, temperature)
        self._interval = interval
        self._devices: List[CudaDevice] = []
        self._sampler: Optional[GpuStatsSampler] = None
        self._timer = BatchTimer(intra_step_time, inter_step_time)

    def on_train_start(self, trainer: Any, pl_module: Any = None, *args: Any, **kwargs: Any) -> None:
        """Sees that there is something to log and somewhere to log to, and begins to look."""
        if not _loggers(trainer):
            raise self.misuse('Cannot use GpuStatsLogger callback with Trainer that has no logger.')
        device_type = trainer.strategy.root_device.type
        if device_type != 'cuda':
            raise self.misuse('You are using GpuStatsLogger but are not running on GPU. '
                              f'The root device type is {device_type}.')
        ids = _device_ids(trainer)
        try:
            self._devices = get_devices_by_logical_ids(ids, unique=True)
        except (libnvml.NVMLError, RuntimeError) as error:
            raise ValueError('Cannot use GpuStatsLogger callback because devices unavailable. '
                             f'Received: `gpus={ids}`') from error
        if _is_first(trainer):
            self._sampler = GpuStatsSampler(partial(get_gpu_stats, self._devices, *self._flags),
                                            self._interval)
            self._sampler.start()

    def on_train_end(self, trainer: Any, pl_module: Any = None, *args: Any, **kwargs: Any) -> None:
        """Looks no more."""
        sampler, self._sampler = self._sampler, None
        if sampler is not None:
            sampler.stop()

    def on_exception(self, trainer: Any, pl_module: Any = None, *args: Any, **kwargs: Any) -> None:
        """The training has failed: looks no more."""
        self.on_train_end(trainer)

    def on_train_epoch_start(self, trainer: Any, pl_module: Any = None, *args: Any, **kwargs: Any) -> None:
        """There is no batch before the first of an epoch."""
        self._timer.restart()

    def on_train_batch_start(
        self,
        trainer: Any,
        pl_module: Any = None,
        batch: Any = None,
        batch_idx: int = 0,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Logs the newest state, and the time since the batch before."""
        self._log(trainer, self._timer.start())

    def on_train_batch_end(
        self,
        trainer: Any,
        pl_module: Any = None,
        outputs: Any = None,
        batch: Any = None,
        batch_idx: int = 0,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Logs the newest state, and the time of the batch."""
        self._log(trainer, self._timer.end())

    def _log(self, trainer: Any, times: Dict[str, float]) -> None:
        if self._sampler is None or not _is_first(trainer):
            return
        stats = {**self._sampler.newest(), **times}
        for logger in _loggers(trainer) if stats else ():
            logger.log_metrics(stats, step=trainer.global_step)


def _loggers(trainer: Any) -> List[Any]:
    """All loggers; trainers of before there could be several have one."""
    loggers = getattr(trainer, 'loggers', None)
    if loggers is None:
        loggers = [] if not trainer.logger else [trainer.logger]
    return list(loggers)


def _device_ids(trainer: Any) -> List[int]:
    """CUDA's indices of the GPUs that are trained on."""
    ids = getattr(trainer, 'device_ids', None)
    if ids is None:
        ids = getattr(trainer, 'data_parallel_device_ids', None)
    return list(ids or ())


def _is_first(trainer: Any) -> bool:
    """Whether it is the process that logs."""
    return bool(getattr(trainer, 'is_global_zero', True))
