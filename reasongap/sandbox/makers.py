"""What makes classes out of names that a program gives: each is checked to be a plain name.

Python's own `dataclass` pastes the names of fields into text that it runs, and a functional
`Enum` takes special methods for members.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reasongap.sandbox.guards import Refused, is_special


def dataclass(cls: Any = None, /, **settings: Any) -> Any:
    """`dataclasses.dataclass`, of a class whose fields have plain names."""

    def decorate(cls: Any) -> Any:
        if not issubclass(type(cls), type):
            raise Refused("a dataclass of what is no class is not allowed")
        for name in vars(cls).get("__annotations__", {}):
            _check(name)
        return dataclasses.dataclass(cls, **settings)

    return decorate if cls is None else decorate(cls)


class GuardedEnumType(enum.EnumType):
    """The type of enumerations whose functional form takes plain names only."""

    def __call__(cls, value: Any, *names: Any, **settings: Any) -> Any:
        """A member by its value; a new enumeration where `cls` has no members yet."""
        if cls._member_map_ or not (names or settings):
            return super().__call__(value, *names, **settings)
        if refused := sorted(settings.keys() - {"names", "start"}):
            raise Refused(f"{cls.__name__}() with {refused[0]!r} is not allowed")
        given = names[0] if names else settings.pop("names")
        return super().__call__(value, _members(given), *names[1:], **settings)


class Enum(enum.Enum, metaclass=GuardedEnumType):
    """`enum.Enum`."""


class IntEnum(enum.IntEnum, metaclass=GuardedEnumType):
    """`enum.IntEnum`."""


class Flag(enum.Flag, metaclass=GuardedEnumType):
    """`enum.Flag`."""


class IntFlag(enum.IntFlag, metaclass=GuardedEnumType):
    """`enum.IntFlag`."""


MAKERS: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "dataclasses": {"dataclass": dataclass},
    "enum": {kind.__name__: kind for kind in (Enum, IntEnum, Flag, IntFlag)},
}
"""Module → the names of it that are replaced by those here."""


def _members(given: Any) -> list[Any]:
    """The members that the functional form takes, read once: names, or pairs with their values."""
    if isinstance(given, str):
        given = given.replace(",", " ").split()
    members: Iterable[Any] = given.items() if isinstance(given, Mapping) else given
    taken = [each if type(each) is str else tuple(each) for each in members]
    for each in taken:
        _check(each if type(each) is str else each[0])
    return taken


def _check(name: object) -> None:
    """Refuse what is no plain name."""
    if type(name) is not str or not name.isidentifier() or is_special(name):
        raise Refused(f"the name {str(name)[:80]!r} is not allowed")
