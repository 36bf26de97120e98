"""Stands in for CuPy, which needs CUDA: from its first array on, this process is on the simulated GPU."""

from machine import begin_on_gpu


def zeros(shape: tuple) -> list:
    """An array of no numbers; what counts is who has it."""
    begin_on_gpu('this_cupy')
    return []
