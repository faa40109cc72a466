"""What makes classes and attributes out of names that a program gives, and copies of them.

Each name is checked to be a plain one: Python's own `dataclass` pastes the names of fields
into text that it runs, a functional `Enum` takes special methods for members, and a
`SimpleNamespace` with a `__reduce_ex__` says itself how it is copied. What Python itself makes
of them by running text is closed.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from reprlib import recursive_repr
from typing import Any, NoReturn

from reasongap.sandbox.guards import Refused, is_special


def dataclass(cls: Any = None, /, **settings: Any) -> Any:
    """`dataclasses.dataclass`, of a class whose fields have plain names."""

    def decorate(cls: Any) -> Any:
        if not issubclass(type(cls), type):
            raise Refused("a dataclass of what is no class is not allowed")
        for name in _annotations(cls):
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


class SimpleNamespace:  # noqa: PLW1641 - without a hash, as the original
    """`types.SimpleNamespace`."""

    __own__ = True  # as a program's own class is marked: its attributes may be changed

    def __init__(self, /, **attributes: object) -> None:
        for name in attributes:
            if is_special(name):
                raise Refused(f"the name {name[:80]!r} is not allowed")
        vars(self).update(attributes)

    @recursive_repr("namespace(...)")
    def __repr__(self) -> str:
        kind = type(self)
        name = "namespace" if kind is SimpleNamespace else kind.__name__
        return f"{name}({', '.join(f'{key}={value!r}' for key, value in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SimpleNamespace):
            return vars(self) == vars(other)
        return NotImplemented


def deepcopy(x: object, memo: object = None) -> object:
    """`copy.deepcopy`, which keeps its memo to itself: the state of all that it copied is there."""
    if memo is not None:
        raise Refused("deepcopy() with a memo is not allowed")
    return copy.deepcopy(x)


MAKERS: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "copy": {"deepcopy": deepcopy},
    "dataclasses": {"dataclass": dataclass},
    "enum": {kind.__name__: kind for kind in (Enum, IntEnum, Flag, IntFlag)},
    "types": {"SimpleNamespace": SimpleNamespace},
}
"""Module → the names of it that are replaced by those here."""


def close_copying() -> None:
    """Keep `copy` from giving one object's attributes to an object of another class.

    A class says by its `__new__` what its copy is: that would be changed past the guards.
    """
    name = "_reconstruct"
    original: Callable[..., object] = getattr(copy, name)

    def reconstruct(
        subject: object,
        memo: object,
        make: Callable[..., object],
        arguments: object,
        state: object = None,
        *more: object,
        **settings: Any,
    ) -> object:
        def checked(*given: object) -> object:
            made = make(*given)
            if state is not None and type(made) is not type(subject):
                raise Refused("a copy that is of another class is not allowed")
            return made

        return original(subject, memo, checked, arguments, state, *more, **settings)

    setattr(copy, name, reconstruct)


def close_signatures() -> None:
    """Keep `inspect` from evaluating the signature in a docstring, whose defaults name anything.

    `dataclass` asks for a class's signature where the class has no docstring.
    """

    def refuse(*arguments: object, **settings: object) -> NoReturn:
        raise ValueError("a signature that is text is not read")

    setattr(inspect, "_signature_fromstr", refuse)  # noqa: B010 - no name that types know


def _annotations(cls: Any) -> Mapping[object, object]:
    """The annotations of a class itself, by name."""
    if sys.version_info >= (3, 14):  # made when asked for, from names that may not be there yet
        import annotationlib

        return annotationlib.get_annotations(cls, format=annotationlib.Format.FORWARDREF)
    found: Mapping[object, object] = vars(cls).get("__annotations__", {})
    return found


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
