"""Callbacks that log the state of the GPUs with a training.

Each framework has a module of its own, and only that one imports it:
:mod:`nvitop.callbacks.keras`, :mod:`nvitop.callbacks.lightning`,
:mod:`nvitop.callbacks.pytorch_lightning`, and :mod:`nvitop.callbacks.tensorboard`, which needs
none.
"""
