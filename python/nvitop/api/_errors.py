"""Exceptions that carry a library's error number, with one class for each number that has a name.

The base of such a family is its constructor as well: called with a number it gives an instance of the class
of that number, so that ``except`` can name one error or all of them. Nothing here is public.
"""

from __future__ import annotations

import string
from typing import Any, ClassVar, Dict, Iterable, Optional, Type, TypeVar


__all__ = ['CodedError', 'camel_case', 'define_classes']

E = TypeVar('E', bound='CodedError')


class CodedError(Exception):
    """An error number of a library; two are equal when they are of one family and have one number.

    Parameters
    ----------
    value : int
        The number. A class of one number may be called without it.

    Raises
    ------
    TypeError
        Without a number where the class has none, or with another one than the class's.
    """

    _family: ClassVar[Dict[int, Type[CodedError]]] = {}
    _own_value: ClassVar[Optional[int]] = None
    value: int

    def __new__(cls: Type[E], value: Optional[int] = None) -> E:
        number = cls._own_value if value is None else value
        if number is None:
            raise TypeError(f'{cls.__name__}() needs an error number')
        if cls._own_value not in (None, number):
            raise TypeError(f'{cls.__name__} is error {cls._own_value}, not {number}')
        chosen = cls._family.get(number, cls)
        error: E = super().__new__(chosen if issubclass(chosen, cls) else cls)
        error.value = number
        return error

    def __init__(self, value: Optional[int] = None) -> None:
        super().__init__(self.value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CodedError) or self._family is not other._family:
            return NotImplemented
        return self.value == other.value

    def __hash__(self) -> int:
        return hash((id(self._family), self.value))


def camel_case(name: str) -> str:
    """``'INVALID_VALUE'`` as ``'InvalidValue'``."""
    return string.capwords(name, '_').replace('_', '')


def define_classes(base: Type[E], names: Iterable[tuple[str, int, str]]) -> Dict[str, Type[E]]:
    """One subclass of `base` for each number.

    Parameters
    ----------
    base : type
        The family's base, with a `_family` of its own.
    names : iterable of (str, int, str)
        Of each: the class's name, its number, and the name of the number's constant.

    Returns
    -------
    dict of str to type
        The classes by their names.
    """
    classes: Dict[str, Type[E]] = {}
    for name, value, constant in names:
        body: Dict[str, Any] = {
            '__doc__': f'Error {value}: ``{constant}``.',
            '__module__': base.__module__,
            '_own_value': value,
        }
        classes[name] = type(name, (base,), body)
        base._family[value] = classes[name]
    return classes
