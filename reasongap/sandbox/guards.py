"""What a restricted program's attribute reads, writes and class bases go through.

Everything is an allow-list. An attribute is read where the object's class is one that the
sandbox handed out, or that the program defined; it is written only on the program's own
classes and plain containers. The transformer of `policy` puts these guards into the code.
"""

from __future__ import annotations

from array import array
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property, partial
from types import (
    BuiltinMethodType,
    FunctionType,
    GeneratorType,
    MethodType,
    NoneType,
    resolve_bases,
)
from typing import Any, ClassVar, NoReturn

from RestrictedPython.transformer import INSPECT_ATTRIBUTES

from reasongap.sandbox.formatting import GuardedFormatter

FILENAME = "<program>"
"""The file that a program's own code is said to come from."""

OWN = "__own__"
"""The mark that the transformer leaves in each class a program defines."""

_METHODS = (
    "init new post_init repr str format bool hash len iter next reversed contains getitem "
    "setitem delitem missing call enter exit eq ne lt le gt ge neg pos abs invert int float "
    "complex index round trunc floor ceil"
)
_OPERATORS = "add sub mul truediv floordiv mod divmod pow lshift rshift and xor or matmul"

SPECIAL = frozenset(
    f"__{name}__"
    for name in [
        *_METHODS.split(),
        *(side + name for name in _OPERATORS.split() for side in ("", "r", "i")),
    ]
)
"""Special methods that a program may define and call."""

READABLE = frozenset({"__name__", "__qualname__", "__doc__", "__class__"})
"""Further special attributes that may be read."""

SETTER = "__setattr__"
"""What a program may read of `object`, and gets guarded."""

NAMED_TUPLE = frozenset({"_asdict", "_replace", "_fields", "_make"})
HIDDEN = frozenset({"obj", "with_traceback", "mro"})
WRITABLE = frozenset(
    {list, dict, bytearray, deque, defaultdict, Counter, OrderedDict, ChainMap, Context}
    | {array, Fraction, FunctionType, type(Context().traps)}
)
UNCHANGING = frozenset(
    {bool, int, float, complex, str, bytes, tuple, set, frozenset, range, NoneType}
    | {Decimal, date, datetime, time, timedelta}
)
"""Classes whose instances have no items or attributes to set: Python itself refuses.

So it does with every class that is derived from `tuple`, as named ones are."""

UNDERIVED = (str, super, type, cached_property)
"""Classes of which none is derived: `str` brings its own `format`, unguarded, in reach, and
`cached_property` sets an attribute of any name that it is given."""

LISTED: Mapping[type, frozenset[str]] = {
    GeneratorType: frozenset({"send", "throw", "close", "__next__", "__iter__"}),
    Field: frozenset({"name", "type", "default", "default_factory", "init", "repr", "compare"}),
}
"""Classes of which only some attributes may be read, and none derived."""


class Refused(BaseException):
    """The policy does not allow what the program asked for.

    `except Exception` does not catch it, and what catches it all the same changes nothing, for
    a program that went on would answer as another one: the `first` is remembered.
    """

    first: ClassVar[Refused | None] = None
    """What this process was refused first."""

    def __init__(self, *said: object) -> None:
        super().__init__(*said)
        if Refused.first is None and not isinstance(self, RefusedImport):
            Refused.first = self


class RefusedImport(Refused, ImportError):
    """The policy does not offer this module, or this name of it: programs may do without."""


class Facade:
    """A module as a program sees it: some of its names, and nothing that can be changed."""

    __slots__ = ("__all__", "_hidden", "_names", "_title")
    __all__: tuple[str, ...]
    _hidden: frozenset[str]
    _names: dict[str, object]
    _title: str

    def __init__(self, title: str, names: Mapping[str, object], hidden: Iterable[str]) -> None:
        for slot, value in (
            ("_title", title),
            ("_names", dict(names)),
            ("_hidden", frozenset(hidden) - names.keys()),
            ("__all__", tuple(names)),
        ):
            object.__setattr__(self, slot, value)

    def __getattr__(self, name: str) -> object:
        try:
            return self._names[name]
        except KeyError:
            if name in self._hidden:
                raise Refused(f"{self._title}.{name} is not allowed") from None
            raise AttributeError(f"module {self._title!r} has no attribute {name!r}") from None

    def __setattr__(self, name: str, value: object) -> None:
        raise Refused(f"the module {self._title} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise Refused(f"the module {self._title} cannot be changed")

    def __repr__(self) -> str:
        return f"<module {self._title!r}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("cannot pickle 'module' object")  # nor copy


def is_special(name: str) -> bool:
    """Whether a name begins and ends with an underscore, as the guards' own names do."""
    return name.startswith("_") and name.endswith("_") and bool(name.strip("_"))


def is_own(kind: type) -> bool:
    """Whether the program itself defined this class."""
    return getattr(kind, OWN, None) is True


def _is_inner(name: str) -> bool:
    """Whether this is an attribute by which Python shows its own workings."""
    special = is_special(name) and name not in SPECIAL and name not in READABLE
    return special or name in INSPECT_ATTRIBUTES


def _text_name(name: object) -> str:
    if type(name) is not str:
        raise TypeError("attribute name must be string")
    return name


def _writable_name(name: object) -> str:
    if is_special(text := _text_name(name)):
        raise Refused(f"changing {text!r} is not allowed")
    return text


def _of_its_class(owner: type, name: str, function: FunctionType) -> Callable[..., object]:
    """What a class gives by this name: of a library's method, one that takes its own objects alone.

    In C a method sees to that itself. One in Python, as a dataclass gets them too, reads and sets
    attributes of whatever it is given, past the guards.
    """
    if function.__code__.co_filename == FILENAME:
        return function
    kind = next((kind for kind in owner.__mro__ if name in vars(kind)), None)
    if kind is None or type(vars(kind)[name]) is not FunctionType:
        return function
    if is_own(kind) and name not in SPECIAL:  # the program itself has put it there
        return function
    home = kind

    def checked(subject: object, /, *arguments: object, **settings: object) -> object:
        kind = type(subject)
        if home not in kind.__mro__:  # a class may be registered as another's, too
            raise Refused(f"{home.__name__}.{name} of a {kind.__name__} is not allowed")
        return function(subject, *arguments, **settings)

    return checked


class Guards:
    """The guards over one set of classes that are handed out, and `packages` opened whole.

    Of these, and of its own, a program may read attributes, make instances and derive classes.
    """

    def __init__(self, classes: frozenset[type], packages: Sequence[str] = ()) -> None:
        self._classes = classes - {object}
        self._packages = frozenset(packages)
        self._vetted: set[tuple[type, str]] = set()

    def __deepcopy__(self, memo: object) -> Guards:
        return self  # as builtin functions do, in whose place its methods stand

    def read(self, subject: Any, name: str, *default: object) -> Any:
        """`subject.name`, where the policy allows it."""
        if (type(subject), name) not in self._vetted:
            if subject is object and name == SETTER:
                return self.set_plainly
            self._vet(subject, name)
        if name == "__class__":
            return self.kind(subject)
        value = getattr(subject, name, *default)
        if type(value) is FunctionType and isinstance(subject, type):
            return _of_its_class(subject, name, value)
        return self._guarded(value, name) if name in ("format", "format_map") else value

    def read_by_name(self, subject: object, name: str, *default: object) -> Any:
        """What the program's own `getattr` gives: the name may be any object."""
        return self.read(subject, _text_name(name), *default)

    def has(self, subject: object, name: str) -> bool:
        """What the program's own `hasattr` gives: False too where reading is refused."""
        name = _text_name(name)
        if type(subject) is Facade:
            return name in subject.__all__
        try:
            self._vet(subject, name)
        except Refused as refused:
            if Refused.first is refused:  # not one that looking for the attribute ran into
                Refused.first = None
            return False
        try:
            self.read(subject, name)
        except AttributeError:
            return False
        return True

    def set_by_name(self, subject: object, name: str, value: object) -> None:
        """What the program's own `setattr` does."""
        setattr(self.write(subject), _writable_name(name), value)

    def set_plainly(self, subject: object, name: str, value: object) -> None:
        """What the program's own `object.__setattr__` does: a frozen dataclass needs it."""
        object.__setattr__(self.write(subject), _writable_name(name), value)

    def delete_by_name(self, subject: object, name: str) -> None:
        """What the program's own `delattr` does."""
        delattr(self.write(subject), _writable_name(name))

    def write(self, subject: Any) -> Any:
        """The subject itself, where its items and attributes may be changed."""
        kind = type(subject)
        if kind in WRITABLE or kind in UNCHANGING or is_own(kind) or self._in_package(kind):
            return subject
        if (issubclass(kind, type) and is_own(subject)) or issubclass(kind, tuple):
            return subject
        raise Refused(f"changing a {kind.__name__} is not allowed")

    def alter(self, subject: Any, name: str) -> Any:
        """The subject itself, where this attribute of it may be read and changed at once."""
        kind = type(subject)
        if kind in UNCHANGING:  # reading would be all that comes of it
            raise AttributeError(f"{kind.__name__!r} object has no attribute {name!r} to change")
        if (kind, name) not in self._vetted:
            self._vet(subject, name)
        return self.write(subject)

    def base(self, base: Any) -> Any:
        """The base itself, where a class may be derived from it."""
        if is_own(type(base)):  # says by itself what it stands for, and may say it twice
            raise Refused("a class derived from what is no class is not allowed")
        for kind in resolve_bases((base,)):
            known = isinstance(kind, type) and self._is_open(kind)
            if not known or issubclass(kind, UNDERIVED):
                name = getattr(kind, "__name__", type(kind).__name__)
                raise Refused(f"a class derived from {name} is not allowed")
        return base

    def kind(self, subject: object, *more: object) -> type:
        """What the program's own `type` gives, for one argument."""
        kind = type(subject)
        if more or not self._is_open(kind):
            raise Refused("type() of this, or with three arguments, is not allowed")
        return kind

    def attribute_getter(self, *names: str) -> Callable[[object], Any]:
        """`operator.attrgetter`, guarded at every dot."""

        def follow(subject: object, path: str) -> Any:
            for name in path.split("."):
                subject = self.read_by_name(subject, name)
            return subject

        if len(names) == 1:
            return lambda subject: follow(subject, names[0])
        return lambda subject: tuple(follow(subject, path) for path in names)

    def _vet(self, subject: object, name: str) -> None:
        while isinstance(subject, MethodType):  # it passes on what it is asked
            subject = subject.__func__
        kind = type(subject)
        if not self._allows(subject, kind, name):
            if not (_is_inner(name) or hasattr(subject, name)):
                return  # there is nothing to keep from the program: Python says so itself
            what = "module" if kind is Facade else kind.__name__
            raise Refused(f"reading {name!r} of a {what} is not allowed")
        if not issubclass(kind, type):  # of a class, the answer hangs on which class it is
            self._vetted.add((kind, name))

    def _allows(self, subject: object, kind: type, name: str) -> bool:
        if _is_inner(name):
            return False
        owner: Any = subject if issubclass(kind, type) else kind
        if kind in LISTED:
            return name in LISTED[kind]
        if kind is super or (is_own(owner) and name != "mro"):
            return True
        if name.startswith("_") and not is_special(name):
            named = issubclass(owner, tuple) and name in NAMED_TUPLE
            return kind is FunctionType or named
        if kind is Facade:
            return not name.startswith("_")
        return name not in HIDDEN and self._is_open(owner)

    def _is_open(self, kind: type) -> bool:
        if kind is object or is_own(kind) or self._in_package(kind):
            return True
        return any(base in self._classes for base in kind.__mro__)

    def _in_package(self, kind: type) -> bool:
        return kind.__module__.partition(".")[0] in self._packages

    def _guarded(self, value: Any, name: str) -> Any:
        """The guarded form of `str.format`, bound or not, however it was come by."""
        method = self._format if name == "format" else self._format_map
        if value is str.format or value is str.format_map:
            return method
        if type(value) is BuiltinMethodType and isinstance(value.__self__, str):
            return partial(method, str.__str__(value.__self__))
        return value

    def _format(self, text: str, /, *args: object, **kwargs: object) -> str:
        return GuardedFormatter(self.read).vformat(text, args, kwargs)

    def _format_map(self, text: str, mapping: Mapping[str, object], /) -> str:
        return GuardedFormatter(self.read).vformat(text, (), mapping)
