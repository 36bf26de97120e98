"""Colours of a terminal for text, with the names and rules of the package ``termcolor``.

Whether there is colour is asked anew for each text: what the caller says comes first, then the
environment, then what kind of terminal standard output is.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, Iterable, Mapping, Optional

__all__ = ['colored', 'cprint']


RESET = '\033[0m'

ATTRIBUTES: Dict[str, int] = {
    'bold': 1, 'dark': 2, 'underline': 4, 'blink': 5, 'reverse': 7, 'concealed': 8, 'strike': 9,
}

COLORS: Dict[str, int] = {
    'black': 30, 'grey': 30, 'red': 31, 'green': 32, 'yellow': 33, 'blue': 34, 'magenta': 35,
    'cyan': 36, 'light_grey': 37, 'dark_grey': 90, 'light_red': 91, 'light_green': 92,
    'light_yellow': 93, 'light_blue': 94, 'light_magenta': 95, 'light_cyan': 96, 'white': 97,
}

# A background's number is that of the colour and ten more.
HIGHLIGHTS: Dict[str, int] = {f'on_{name}': number + 10 for name, number in COLORS.items()}


def _is_on_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):  # None, an object of somebody's own, or closed
        return False


def _is_colorful(environ: Mapping[str, str]) -> bool:
    if 'ANSI_COLORS_DISABLED' in environ or 'NO_COLOR' in environ:
        return False
    if 'FORCE_COLOR' in environ:
        return True
    return environ.get('TERM') != 'dumb' and _is_on_terminal()


def colored(
    text: Any,
    color: Optional[str] = None,
    on_color: Optional[str] = None,
    attrs: Optional[Iterable[str]] = None,
    *,
    no_color: Optional[bool] = None,
    force_color: Optional[bool] = None,
) -> str:
    """Puts the escape sequences of colours and attributes around a text.

    Parameters
    ----------
    text
        The text, or any object: ``str`` of it is taken.
    color
        A name of `COLORS`, or None for the terminal's own.
    on_color
        A name of `HIGHLIGHTS`, the background: ``'on_'`` and a name of `COLORS`.
    attrs
        Names of `ATTRIBUTES`.
    no_color
        True: no sequences, whatever else holds.
    force_color
        True: sequences, whatever else but `no_color` holds.

    Returns
    -------
    str
        The text between sequences: attributes first, then the background, then the colour, and a
        reset behind it. The text alone if there is to be no colour, which is so where the
        environment has ``NO_COLOR`` or ``ANSI_COLORS_DISABLED``, or has no ``FORCE_COLOR`` and
        either ``TERM`` is ``dumb`` or standard output is no terminal.

    Raises
    ------
    KeyError
        There is no such colour or attribute. Not asked if there is to be no colour.
    """
    if no_color or not (force_color or _is_colorful(os.environ)):
        return str(text)
    numbers = [] if color is None else [COLORS[color]]
    if on_color is not None:
        numbers.append(HIGHLIGHTS[on_color])
    numbers += [ATTRIBUTES[name] for name in attrs or ()]
    return ''.join(f'\033[{number}m' for number in reversed(numbers)) + str(text) + RESET


def cprint(
    text: Any,
    color: Optional[str] = None,
    on_color: Optional[str] = None,
    attrs: Optional[Iterable[str]] = None,
    *,
    no_color: Optional[bool] = None,
    force_color: Optional[bool] = None,
    **kwargs: Any,
) -> None:
    """Prints what `colored` makes of the text; `kwargs` are those of `print`."""
    print(
        colored(text, color, on_color, attrs, no_color=no_color, force_color=force_color),
        **kwargs,
    )
