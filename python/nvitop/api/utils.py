"""Small things that the rest stands on: 'not available', snapshots, numbers as people read them.

``NA`` is the only one of its kind, whatever is done to it: compared by identity, copied, pickled.
Texts of sizes, times and command lines are written and read by the C library, so that they are the
same in Python and on nvitop's screens; what only Python has is handled here: ``NA``, values of
other types, numbers that are too large for C.
"""

from __future__ import annotations

import datetime
import functools
import math
import os
import re
import sys
import time
from typing import (
    Any,
    ClassVar,
    Dict,
    Iterable,
    Iterator,
    KeysView,
    Optional,
    Tuple,
    Union,
    final,
)

from nvitop.api import termcolor
from nvitop.api._native import buffer_text, encode, ffi, lib, short_text, string_array

__all__ = [
    'NA',
    'NaType',
    'NotApplicable',
    'NotApplicableType',
    'UINT_MAX',
    'ULONGLONG_MAX',
    'KiB',
    'MiB',
    'GiB',
    'TiB',
    'PiB',
    'SIZE_UNITS',
    'bytes2human',
    'human2bytes',
    'timedelta2human',
    'utilization2string',
    'colored',
    'set_color',
    'boolify',
    'command_join',
    'Snapshot',
]


# ---- not available


@final
class NaType(str):
    """The type of ``NA``: a value that is not available.

    It is a text, ``'N/A'``, that may stand where a number is expected: greater than every number,
    NaN as a ``float`` and 0 as an ``int``, false, and NaN again in arithmetic with numbers.
    ``value is NA`` and ``value == 'N/A'`` both ask whether a value is available.

    Examples
    --------
    >>> sorted([3, NA, 1.5, -2])
    [-2, 1.5, 3, 'N/A']
    >>> float(NA), NA / 1024, NA + ' (unknown)'
    (nan, nan, 'N/A (unknown)')
    >>> f'{NA:>6}', f'{NA:.1f}'
    ('   N/A', 'nan')
    """

    __slots__ = ()

    _instance: ClassVar[Optional[NaType]] = None

    def __new__(cls) -> NaType:
        """The one there is."""
        if cls._instance is None:
            cls._instance = super().__new__(cls, 'N/A')
        return cls._instance

    def __reduce__(self) -> Tuple[Any, ...]:
        """A copy and what comes out of a pickle is the same object again."""
        return NaType, ()

    def __bool__(self) -> bool:
        return False

    def __int__(self) -> int:
        return 0

    def __float__(self) -> float:
        return math.nan

    def __format__(self, format_spec: str) -> str:
        """As a text; as NaN if it is no format of a text."""
        try:
            return super().__format__(format_spec)
        except ValueError:
            return format(math.nan, format_spec)

    # Greater than every number. Among texts it is one of them.

    def __lt__(self, other: Any) -> bool:
        return False if isinstance(other, _NUMBERS) else super().__lt__(other)

    def __le__(self, other: Any) -> bool:
        return False if isinstance(other, _NUMBERS) else super().__le__(other)

    def __gt__(self, other: Any) -> bool:
        return True if isinstance(other, _NUMBERS) else super().__gt__(other)

    def __ge__(self, other: Any) -> bool:
        return True if isinstance(other, _NUMBERS) else super().__ge__(other)

    # Arithmetic is that of NaN, with its errors. Only + and % are known to texts as well; what is
    # not implemented here is tried by the other operand, and is a TypeError in the end.

    def __neg__(self) -> float:
        return math.nan

    def __pos__(self) -> float:
        return math.nan

    def __abs__(self) -> float:
        return math.nan

    def __round__(self, ndigits: Optional[int] = None) -> Union[int, float]:
        return 0 if ndigits is None else round(math.nan, ndigits)

    def __add__(self, other: Any) -> Any:
        return math.nan + float(other) if isinstance(other, _OPERANDS) else super().__add__(other)

    def __radd__(self, other: Any) -> Any:
        return float(other) + math.nan if isinstance(other, _OPERANDS) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return math.nan - float(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return float(other) - math.nan if isinstance(other, _OPERANDS) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return math.nan * float(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __rmul__(self, other: Any) -> Any:
        return float(other) * math.nan if isinstance(other, _OPERANDS) else NotImplemented

    def __truediv__(self, other: Any) -> Any:
        return math.nan / float(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return float(other) / math.nan if isinstance(other, _OPERANDS) else NotImplemented

    def __floordiv__(self, other: Any) -> Any:
        return math.nan // float(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __rfloordiv__(self, other: Any) -> Any:
        return float(other) // math.nan if isinstance(other, _OPERANDS) else NotImplemented

    def __mod__(self, other: Any) -> Any:
        if isinstance(other, _OPERANDS):
            return math.nan % float(other)
        return super().__mod__(other) if isinstance(other, str) else NotImplemented

    def __rmod__(self, other: Any) -> Any:
        return float(other) % math.nan if isinstance(other, _OPERANDS) else NotImplemented

    def __divmod__(self, other: Any) -> Any:
        return divmod(math.nan, float(other)) if isinstance(other, _OPERANDS) else NotImplemented

    def __rdivmod__(self, other: Any) -> Any:
        return divmod(float(other), math.nan) if isinstance(other, _OPERANDS) else NotImplemented


_NUMBERS = (int, float)
_OPERANDS = (int, float, NaType)

NotApplicableType = NaType
"""Another name of it."""

NA = NaType()
"""The value of everything that is not available."""

NotApplicable = NA
"""Another name of it."""


# ---- sizes, times, percentages

KiB = 1 << 10
"""A kibibyte, in bytes."""
MiB = 1 << 20
"""A mebibyte, in bytes."""
GiB = 1 << 30
"""A gibibyte, in bytes."""
TiB = 1 << 40
"""A tebibyte, in bytes."""
PiB = 1 << 50
"""A pebibyte, in bytes."""

SIZE_UNITS: Dict[Optional[str], int] = {
    None: 1, '': 1, 'B': 1,
    'KiB': KiB, 'MiB': MiB, 'GiB': GiB, 'TiB': TiB, 'PiB': PiB,
    'KB': 10**3, 'MB': 10**6, 'GB': 10**9, 'TB': 10**12, 'PB': 10**15,
}
"""Units of sizes in bytes, by their names."""

UINT_MAX = (1 << 32) - 1
"""The greatest ``unsigned int`` of C, which NVML gives for some numbers that there are not."""

ULONGLONG_MAX = (1 << 64) - 1
"""The greatest ``unsigned long long`` of C, which NVML gives for memory that it can not tell."""

_BYTES_MAX = 10**27  # from here on the library has no room for the digits


def bytes2human(b: Union[int, float, NaType], /, *, min_unit: int = 1) -> str:
    """Bytes as people read them.

    Parameters
    ----------
    b
        How many bytes. A fraction of one is rounded; a text with a number in it is taken as well.
    min_unit
        The smallest unit that is used, in bytes: ``MiB`` for one.

    Returns
    -------
    str
        ``'967MiB'``, ``'20480MiB'``, ``'24.00GiB'``; ``NA`` for ``NA``, NaN, and a text that is
        no number.

    Raises
    ------
    TypeError
        `b` or `min_unit` is of a type that has no number.
    ValueError
        `min_unit` is NaN.
    OverflowError
        `b` is infinite.
    """
    if b == NA:
        return NA
    try:
        number = b if isinstance(b, int) else round(float(b))  # halves to even
    except ValueError:
        return NA
    if abs(number) >= _BYTES_MAX:
        return f'{number}B' if number < 0 else f'{number / PiB:.1f}PiB'
    if min_unit != min_unit:  # NaN
        raise ValueError(f'no unit of bytes: min_unit={min_unit!r}')
    return _bytes_text(number, min_unit)


@functools.lru_cache(maxsize=1024)
def _bytes_text(number: int, min_unit: int) -> str:
    """Most sizes are what they were a moment ago."""
    return short_text(lib.nvitop_bytes_human, number, min_unit)


def human2bytes(s: Union[int, str], /) -> int:
    """The number of bytes that people wrote.

    Parameters
    ----------
    s
        A number, perhaps with decimals, and perhaps a unit: a letter of ``KMGTP``, an ``i``, a
        ``B``, in any case. With an ``i`` units grow by 1024, without by 1000. Blanks may stand at
        both ends and before the unit, a ``+`` before the number. An ``int`` is taken as it is.

    Returns
    -------
    int
        Bytes; a fraction of one is cut.

    Raises
    ------
    ValueError
        It is no size, or less than none.
    TypeError
        It is neither ``int`` nor ``str``.

    Examples
    --------
    >>> human2bytes('1.5GiB'), human2bytes('10k'), human2bytes(500)
    (1610612736, 10000, 500)
    """
    if isinstance(s, int):
        if s < 0:
            raise ValueError(f'Cannot convert {s!r} to bytes.')
        return s
    if not isinstance(s, str):
        raise TypeError(f'a size is to be an int or a str, not {type(s).__name__}')
    ret_bytes = ffi.new('double *')
    # A text of C would end at a NUL, and be read as far as that.
    if '\0' in s or lib.nvitop_human_bytes(encode(_without_halves(s)), ret_bytes) < 0:
        raise ValueError(f'Cannot convert {s!r} to bytes.')
    return int(ret_bytes[0])


def percent(used: int | NaType, total: int | NaType) -> float | NaType:
    """The used part in per cent of the total, with one decimal."""
    if isinstance(used, NaType) or isinstance(total, NaType) or total <= 0:
        return NA
    return round(100.0 * used / total, 1)


def timedelta2human(
    dt: Union[int, float, datetime.timedelta, NaType], /, *, round: bool = False
) -> str:
    """A time as people read it.

    Parameters
    ----------
    dt
        Seconds, or a ``timedelta``. Fractions of a second are cut.
    round
        Whether days are told from the first one on, instead of the fourth.

    Returns
    -------
    str
        ``'0:59'``, ``'95:59:59'``, ``'4.5 days'``; ``NA`` for ``NA`` and other types. Less than
        none is what is missing to an hour: -1 is ``'59:59'``.

    Raises
    ------
    ValueError
        It is NaN.
    OverflowError
        It is infinite, or more than a ``timedelta`` can be.
    """
    if isinstance(dt, _NUMBERS):
        dt = datetime.timedelta(seconds=dt)
    if not isinstance(dt, datetime.timedelta):
        return NA
    seconds, flags = dt.total_seconds(), lib.NVITOP_SECONDS_ROUND if round else 0
    return short_text(lib.nvitop_seconds_human, seconds, flags)


def utilization2string(utilization: Union[int, float, NaType], /) -> str:
    """A percentage as people read it.

    Parameters
    ----------
    utilization
        In percent.

    Returns
    -------
    str
        ``'5%'`` for an ``int``, ``'5.5%'`` with one decimal for a ``float``, ``NA`` for all else.
    """
    if isinstance(utilization, int):
        return f'{utilization:d}%'
    return f'{utilization:.1f}%' if isinstance(utilization, float) else NA


# ---- colours

_is_colorful = termcolor._is_on_terminal()


def colored(
    text: Any,
    /,
    color: Optional[str] = None,
    on_color: Optional[str] = None,
    attrs: Optional[Iterable[str]] = None,
) -> str:
    """Puts the escape sequences of colours and attributes around a text.

    Parameters
    ----------
    text
        The text, or any object: ``str`` of it is taken.
    color
        ``'red'``, ``'green'``, ``'yellow'``, ``'blue'``, ``'magenta'``, ``'cyan'``, ``'white'``,
        ``'black'``, ``'light_grey'``, ``'dark_grey'``, or ``'light_red'`` and so on.
    on_color
        The background: ``'on_red'`` and so on.
    attrs
        Some of ``'bold'``, ``'dark'``, ``'underline'``, ``'blink'``, ``'reverse'``,
        ``'concealed'``, ``'strike'``.

    Returns
    -------
    str
        The text between sequences, or alone if colours are off: see `set_color`. Without a word of
        it, they are on if standard output was a terminal when nvitop was imported.

    Raises
    ------
    KeyError
        There is no such colour or attribute. Not asked while colours are off.
    """
    return termcolor.colored(text, color, on_color, attrs) if _is_colorful else str(text)


def set_color(value: bool) -> None:
    """Switches the colours of `colored` on or off, and those of programs started from now on.

    Parameters
    ----------
    value
        Whether there are colours. ``FORCE_COLOR`` or ``NO_COLOR`` of the environment is set
        accordingly, and the other one is taken out.
    """
    global _is_colorful  # noqa: PLW0603
    _is_colorful = bool(value)
    names = ('FORCE_COLOR', 'NO_COLOR')
    os.environ[names[not value]] = '1'
    os.environ.pop(names[bool(value)], None)


# ---- words and command lines

_WORDS = {
    **dict.fromkeys(('true', 'yes', 'on', 'enabled', '1'), True),
    **dict.fromkeys(('false', 'no', 'off', 'disabled', '0'), False),
}


def boolify(string: str, /, default: Any = None) -> bool:
    """Whether a word means yes.

    Parameters
    ----------
    string
        ``true``, ``yes``, ``on``, ``enabled``, ``1`` or ``false``, ``no``, ``off``, ``disabled``,
        ``0``, in any case.
    default
        What counts for any other word. None: whether there is a word at all.

    Raises
    ------
    AttributeError
        It is no text.
    """
    found = _WORDS.get(string.lower())
    if found is None:
        return bool(string if default is None else default)
    return found


_HALVES = re.compile('[\ud800-\udc7f\udd00-\udfff]')


def _without_halves(text: str) -> str:
    """The text without halves of characters that stand for no byte of a name of the system."""
    return _HALVES.sub('\ufffd', text)


def command_join(cmdline: Iterable[str]) -> str:
    """A command line on one line, for people and not for a shell.

    Parameters
    ----------
    cmdline
        The arguments, of which the first is the program.

    Returns
    -------
    str
        The arguments, in quotes where they would read as something else. One alone that is not
        the absolute path of a file is a title that the process gave itself, and is not quoted.
        Whatever else than a tab a terminal would obey is replaced.

    Raises
    ------
    TypeError
        An argument is no text.
    """
    arguments = list(cmdline)
    for argument in arguments:
        if not isinstance(argument, str):
            raise TypeError(f'an argument is to be a str, not {type(argument).__name__}')
    printable = [_without_halves(argument).replace('\0', '\ufffd') for argument in arguments]
    # The library makes tabs blanks, as screens want it, so something that no argument has stands for them.
    used = set(''.join(printable))
    tab = next((mark for mark in map(chr, range(0xE000, 0xF900)) if mark not in used), '\t') if '\t' in used else '\t'
    array, texts = string_array([text.replace('\t', tab) for text in printable])
    joined = buffer_text(lambda buf, size: lib.nvitop_command_join(array, len(texts), buf, size))
    return joined.replace(tab, '\t')


# ---- snapshots


class Snapshot:
    """What an object was like at some time.

    Items are attributes, and are found by their names in brackets as well. An item that is not
    there is taken from the real object, called if it is a method, and kept: it is as old as its
    first use, not as the snapshot.

    Parameters
    ----------
    real
        The object.
    items
        What is known of it by now.

    Attributes
    ----------
    real : object
        The object; can't be replaced.
    timestamp : float
        When the snapshot was made, in seconds since 1970; can't be replaced.

    Raises
    ------
    AttributeError, KeyError
        Neither the snapshot nor the object has it; the latter in brackets.

    Examples
    --------
    >>> snapshot = Snapshot('text', length=4)
    >>> snapshot.length, snapshot['length'], snapshot.upper, list(snapshot)
    (4, 4, 'TEXT', ['length', 'upper'])
    """

    real: Any
    timestamp: float

    def __init__(self, real: Any, **items: Any) -> None:
        own = self.__dict__
        own.update(real=real, timestamp=time.time())
        if type(self).__setattr__ is Snapshot.__setattr__ and not own.keys() & items:
            own.update(items)  # all at once takes a third of the time
            return
        for name, value in items.items():
            setattr(self, name, value)

    @classmethod
    def _of(cls, items: Dict[str, Any]) -> Snapshot:
        """One of these items, `real` and `timestamp` among them, none of which is looked at."""
        snapshot = cls.__new__(cls)
        object.__setattr__(snapshot, '__dict__', items)
        return snapshot

    def __getattr__(self, name: str) -> Any:
        # Python asks for its own names while it makes a copy, before there is anything in here.
        if name in _OWN or (name.startswith('__') and name.endswith('__')):
            raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')
        value = getattr(self.real, name)
        if callable(value):
            value = value()
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OWN:
            raise AttributeError(f'{name!r} of a snapshot can not be set')
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if name in _OWN:
            raise AttributeError(f'{name!r} of a snapshot can not be deleted')
        super().__delattr__(name)

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError as error:
            raise KeyError(name) from error

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def __iter__(self) -> Iterator[str]:
        """The names of the items, in the order in which they came."""
        return (name for name in tuple(self.__dict__) if name not in _OWN)

    def keys(self) -> KeysView[str]:
        """The names of the items; makes ``dict(snapshot)`` and ``**snapshot`` work."""
        return dict.fromkeys(self).keys()

    def __hash__(self) -> int:
        return hash((self.real, self.timestamp))

    def __repr__(self) -> str:
        rows = [('real', self.real), *sorted((name, self.__dict__[name]) for name in self)]
        inside = ',\n'.join(f'    {name}={_indented(value)}' for name, value in rows)
        return f'{self.real.__class__.__name__}Snapshot(\n{inside}\n)'


_OWN = ('real', 'timestamp')


def _indented(value: Any) -> str:
    text = repr(value)
    return text.replace('\n', '\n    ') if isinstance(value, Snapshot) else text
