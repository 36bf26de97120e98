"""A callback for Keras that adds the state of the GPUs to the logs of batches and epochs.

Works with Keras 3 on any back end, with TensorFlow's Keras, with tf_keras, and with the old one inside
of TensorFlow; the base class is that of `keras`, or else of the first of the others that is found.
"""

from __future__ import annotations

import importlib
import re
from functools import partial
from typing import Any, Dict, List, Optional, Sequence, Union

from nvitop.api import libnvml
from nvitop.api.device import Device
from nvitop.callbacks.utils import (
    DEFAULT_INTERVAL,
    BatchTimer,
    GpuStatsSampler,
    get_devices_by_logical_ids,
    get_gpu_stats,
)

__all__ = ['GpuStatsLogger']

_GPU_NAME = re.compile(r'/(?:\w+:)*GPU:(\d+)', re.IGNORECASE)

_HOMES = ('keras.callbacks', 'tensorflow.keras.callbacks', 'tensorflow.python.keras.callbacks')


def _find_base() -> Any:
    for name in _HOMES:
        try:
            return importlib.import_module(name).Callback
        except ImportError:
            continue
    raise ImportError('nvitop.callbacks.keras needs keras or tensorflow')


_Callback: Any = _find_base()


class _ForOlderKeras:
    """What a Keras before 3 asks of a callback, whatever the callback's base is of: tf_keras, say,
    which lives beside Keras 3. Stands behind the base, so that the answers of an old one are its own."""

    def _implements_train_batch_hooks(self) -> bool:
        return True

    _implements_test_batch_hooks = _implements_predict_batch_hooks = _implements_train_batch_hooks


def _gpu_ids(gpus: Union[int, Sequence[Union[int, str]]]) -> List[int]:
    """The CUDA indices that are meant, ascending, each once."""
    if isinstance(gpus, (list, tuple)):
        return sorted({_gpu_id(gpu) for gpu in gpus})
    if isinstance(gpus, int):
        return list(range(gpus))
    raise TypeError(f'gpus must be a number of GPUs or a list of them, not {gpus!r}')


def _gpu_id(gpu: Union[int, str]) -> int:
    name = _GPU_NAME.fullmatch(gpu) if isinstance(gpu, str) else None
    return int(name.group(1) if name else gpu)


class GpuStatsLogger(_Callback, _ForOlderKeras):  # type: ignore[misc]
    """Adds the state of GPUs to the logs that Keras hands from callback to callback.

    Parameters
    ----------
    gpus : int or list or tuple of int or str
        How many GPUs, or which: CUDA's indices, or names like ``'/gpu:0'``.
    memory_utilization : bool, default True
        Log per cent of memory bandwidth, and memory used and free in MiB.
    gpu_utilization : bool, default True
        Log per cent.
    intra_step_time : bool, default False
        Log the time of a batch in milliseconds.
    inter_step_time : bool, default False
        Log the time between batches in milliseconds; it is in the logs of a batch's begin, and
        its mean in those of the epoch.
    fan_speed : bool, default False
        Log per cent.
    temperature : bool, default False
        Log degrees Celsius.
    interval : float, default 0.5
        Seconds between two looks at the GPUs, which a thread takes.

    Raises
    ------
    TypeError
        `gpus` is no number and no list.
    ValueError
        There is no driver, or a GPU is not there.

    Notes
    -----
    It must stand before those callbacks that write logs.
    Batches have the newest state in their logs, epochs the means; what is not available is nan.
    Nothing waits for the driver but the start of a training, for the first look, and its end, for the
    last one, 3 seconds each at most; what the driver has not said for so long is nan.
    Keras tells nobody when a training fails: the thread then goes on until the callback goes, or trains again.

    Examples
    --------
    >>> model.fit(x, y, callbacks=[GpuStatsLogger([0, 1]), CSVLogger('log.csv')])
    """

    def __init__(
        self,
        gpus: Union[int, Sequence[Union[int, str]]],
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
            raise ValueError('Cannot use the GpuStatsLogger callback '
                             'because the NVIDIA driver is not installed.') from error
        ids = _gpu_ids(gpus)
        try:
            self._devices = get_devices_by_logical_ids(ids, unique=True)
        except (libnvml.NVMLError, RuntimeError) as error:
            raise ValueError('Cannot use GpuStatsLogger callback because devices unavailable. '
                             f'Received: `gpus={ids}`') from error
        look = partial(get_gpu_stats, self._devices, memory_utilization, gpu_utilization,
                       fan_speed, temperature)
        self._sampler = GpuStatsSampler(look, interval)
        self._timer = BatchTimer(intra_step_time, inter_step_time)

    def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Begins to look at the GPUs."""
        self._sampler.start()

    def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Looks no more."""
        self._sampler.stop()

    def on_epoch_begin(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Begins the means anew."""
        self._timer.restart()
        self._sampler.restart_means()

    def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Adds the epoch's means to its logs."""
        if logs is not None:
            logs.update(self._sampler.means())
            logs.update(self._timer.means())

    def on_train_batch_begin(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Adds the newest state, and the time since the batch before, to the logs."""
        times = self._timer.start()
        if logs is not None:
            logs.update(self._sampler.newest())
            logs.update(times)

    def on_train_batch_end(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Adds the newest state, and the time of the batch, to the logs."""
        times = self._timer.end()
        if logs is not None:
            logs.update(self._sampler.newest())
            logs.update(times)

    on_train_epoch_start = on_epoch_begin
    on_train_batch_start = on_train_batch_begin
