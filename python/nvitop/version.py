"""The version of nvitop."""

__version__ = '1.0.0'
