"""Writes many scalars to TensorBoard at once: the metrics of a collector, say.

Needs no framework itself: whatever writer has ``add_scalar`` will do, PyTorch's and tensorboardX's
among them.
"""

from __future__ import annotations

import math
from typing import Any, Mapping, Optional

from nvitop.api.utils import NA

__all__ = ['add_scalar_dict']


def add_scalar_dict(
    writer: Any,
    main_tag: str,
    tag_scalar_dict: Mapping[str, Any],
    global_step: Optional[int] = None,
    walltime: Optional[float] = None,
) -> None:
    """Writes each item as the scalar ``<main_tag>/<its key>``, in order.

    Parameters
    ----------
    writer : torch.utils.tensorboard.SummaryWriter or tensorboardX.SummaryWriter
        Where to write.
    main_tag : str
        What the tags begin with.
    tag_scalar_dict : mapping of str to float
        The scalars; ``NA`` is written as nan.
    global_step : int, optional
        The step of the training that they belong to.
    walltime : float, optional
        Seconds since 1970; the writer's own clock if left out.

    Examples
    --------
    >>> add_scalar_dict(writer, 'resources', collector.collect(), global_step=step)
    """
    for tag, scalar in tag_scalar_dict.items():
        value = math.nan if scalar is NA else scalar  # writers know no texts
        writer.add_scalar(f'{main_tag}/{tag}', value, global_step=global_step, walltime=walltime)
