"""The world of a restricted program: its builtins, its modules, and the guards behind both.

Made once by the worker; each program gets a fresh dictionary of globals from it, and has the
rest to itself because its process is a copy.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import re
import sys
import typing
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType, NoneType, resolve_bases
from typing import NoReturn

from reasongap.sandbox.facades import importer, standard_facades, with_guards
from reasongap.sandbox.guards import Facade, Guards, Refused
from reasongap.sandbox.makers import close_copying, close_signatures
from reasongap.sandbox.packages import PACKAGES, package_facades

BUILTINS = (
    "abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod "
    "enumerate filter float format frozenset hash hex id int isinstance issubclass iter len list "
    "map max min next object oct ord pow print property range repr reversed round set slice "
    "sorted staticmethod str sum super tuple zip NotImplemented Ellipsis __build_class__"
)
EXCEPTIONS = (
    "ArithmeticError AssertionError AttributeError BaseException BufferError EOFError Exception "
    "FloatingPointError GeneratorExit ImportError IndexError KeyError KeyboardInterrupt "
    "LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError IOError "
    "OverflowError RecursionError RuntimeError StopIteration SyntaxError SystemExit TypeError "
    "UnboundLocalError UnicodeError ValueError Warning UserWarning DeprecationWarning "
    "RuntimeWarning ZeroDivisionError FileNotFoundError PermissionError TimeoutError"
)
REFUSED = "breakpoint compile dir eval exec globals help locals memoryview open vars __import__"

LAZY = (
    "_strptime unicodedata encodings.ascii encodings.latin_1 encodings.utf_16 encodings.utf_32 "
    "encodings.cp1252 encodings.unicode_escape"
)
"""What Python itself imports late: the jail has no files to import from."""


def build_namespace(packages: tuple[str, ...] = ()) -> Callable[[], dict[str, object]]:
    """What makes the globals of a program that may import the standard facades and these."""
    for name in LAZY.split():
        importlib.import_module(name)
    close_copying()
    close_signatures()
    facades = standard_facades()
    facades["sys"] = _system()
    facades |= package_facades(packages)
    offered = [getattr(builtins, name) for name in (BUILTINS + " " + EXCEPTIONS).split()]
    members = [getattr(it, name) for it in facades.values() for name in it.__all__]
    classes = frozenset(each for each in [*offered, *members] if isinstance(each, type))
    guards = Guards(classes | _inner_classes(), packages)
    world = _builtins(guards)
    world["__import__"] = importer(with_guards(facades, guards), packages, PACKAGES)
    return lambda: {"__builtins__": world, "__name__": "__main__"}


def _builtins(guards: Guards) -> dict[str, object]:
    world = {name: getattr(builtins, name) for name in (BUILTINS + " " + EXCEPTIONS).split()}
    world |= {name: _refusal(name) for name in REFUSED.split()}
    return world | {
        "_getattr_": guards.read,
        "_write_": guards.write,
        "_alter_": guards.alter,
        "_base_": guards.base,
        "getattr": guards.read_by_name,
        "hasattr": guards.has,
        "setattr": guards.set_by_name,
        "delattr": guards.delete_by_name,
        "type": guards.kind,
        "exit": leave,
        "quit": leave,
        "input": no_input,
    }


def _system() -> Facade:
    """A `sys` of numbers, limits and the two streams."""
    names = (
        "maxsize float_info int_info byteorder getrecursionlimit setrecursionlimit "
        "get_int_max_str_digits set_int_max_str_digits version version_info"
    )
    more = {"exit": leave, "stdout": _stream("stdout"), "stderr": _stream("stderr")}
    return Facade("sys", {n: getattr(sys, n) for n in names.split()} | more, dir(sys))


def _stream(name: str) -> Facade:
    """One of the streams, which the child that runs a program puts in the real one's place."""

    def write(text: str) -> int:
        written: int = getattr(sys, name).write(text)
        return written

    return Facade(f"sys.{name}", {"write": write, "flush": lambda: None}, ())


def _inner_classes() -> frozenset[type]:
    """Classes of what handed-out names give, whose attributes are as harmless."""
    empty: dict[object, object] = {}
    views = {type(empty.keys()), type(empty.values()), type(empty.items())}
    named = resolve_bases((typing.NamedTuple, typing.TypedDict))  # functions, to look at
    return frozenset(
        {NoneType, type(NotImplemented), FunctionType, BuiltinFunctionType, MethodType}
        | {type(str.upper), type(functools.lru_cache(len)), type(sys.float_info)}
        | {type(sys.version_info), type(sys.int_info), re.Pattern, re.Match}
        | views
        | {kind for kind in named if isinstance(kind, type)}
    )


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(*arguments: object, **settings: object) -> NoReturn:
        raise Refused(f"{name}() is not allowed")

    return refuse


def leave(code: object = None) -> NoReturn:
    """`exit()`, `quit()` and `sys.exit()`."""
    raise SystemExit(code)


def no_input(prompt: object = "") -> NoReturn:
    """`input()`: there is nobody to ask."""
    print(prompt, end="")
    raise EOFError("input() has nothing to read: a program gets no input")
