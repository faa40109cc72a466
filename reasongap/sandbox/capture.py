"""What is noted while a program runs: its output, and the values of its hops."""

from __future__ import annotations

import ast
import mmap
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from types import FunctionType
from typing import Any

from reasongap.sandbox.values import exact_text

World = dict[str, Any]
"""A program's globals."""

Cached = type(lru_cache(len))
"""A function with a cache. Its methods are read from it like a function's own attributes."""

SIZE = struct.Struct("=I")


class Slate:
    """The beginning of a program's output, in memory that outlives the program's process.

    The worker makes it, a forked child writes on it, and where that child has to be killed
    the worker reads it: whatever the child left there is text, and no longer than `ROOM`.
    """

    ROOM = 64 * 2**10 - SIZE.size

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SIZE.size + self.ROOM)
        self._written = 0

    def write(self, part: bytes) -> None:
        """Add what there is room for."""
        kept = part[: self.ROOM - self._written]
        end = self._written + len(kept)
        self._memory[SIZE.size + self._written : SIZE.size + end] = kept
        SIZE.pack_into(self._memory, 0, end)
        self._written = end

    def read(self) -> memoryview:
        """What stands on it, as it lies there: no copy of it stays in the worker."""
        end = min(SIZE.unpack_from(self._memory)[0], self.ROOM)
        return memoryview(self._memory)[SIZE.size : SIZE.size + end]

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()


class Output:
    """A program's standard output, kept up to `limit` bytes; then `full` is called."""

    def __init__(self, limit: int, full: Callable[[], None], slate: Slate | None = None) -> None:
        self._limit, self._full, self._slate = limit, full, slate
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, text: str) -> int:
        """Keep this text; TypeError for what is none, as of any stream of text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        part = text.encode("utf-8", "backslashreplace")
        kept = part[: max(0, self._limit - self._size)]
        self._parts.append(kept)
        if self._slate is not None:
            self._slate.write(kept)
        self._size += len(part)
        if self._size > self._limit:
            self._full()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """Nobody is watching."""
        return False

    def text(self) -> str:
        """All that was kept."""
        return b"".join(self._parts).decode("utf-8", "ignore")


MARK = "_hop_"
"""The builtin by which the functions of hops are noted: see `Hops.marked`."""


@dataclass
class Hops:
    """The values of a program's hop functions, as texts: the first call's, of each."""

    names: tuple[str, ...]
    world: World = field(default_factory=dict)
    values: dict[str, str | None] = field(default_factory=dict)
    _noting: dict[str, object] = field(default_factory=dict)

    def marked(self, tree: ast.Module) -> bool:
        """Decorate the hop functions that a program defines, so that each notes its value.

        `_hop_("solve_q1")` goes on top of other decorators. False where there is none.
        """
        found = [each for each in _functions(tree) if each.name in self.names]
        for each in found:
            mark = ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(each.name)], [])
            for node in ast.walk(mark):
                ast.copy_location(node, each)
            each.decorator_list.insert(0, mark)
        return bool(found)

    def mark(self, name: str) -> Callable[[object], object]:
        """What `_hop_` is."""
        return lambda function: self._noted(name, function)

    def watch(self) -> None:
        """Note also the functions that have a hop's name and came to it in another way."""
        for name in self.names:
            function = self.world.get(name)
            if name not in self.values and function is not self._noting.get(name):
                self.world[name] = self._noted(name, function)

    @property
    def unasked(self) -> bool:
        """Whether there is a hop's function that the program did not call."""
        return any(self._waits(name) for name in self.names)

    def ask(self) -> None:
        """Call the functions that were not called yet."""
        for name in filter(self._waits, self.names):
            with suppress(BaseException):  # the program's own failure
                self.world[name]()

    def found(self) -> list[str | None]:
        """The values in the order of the names."""
        return [self.values.get(name) for name in self.names]

    def _waits(self, name: str) -> bool:
        noting = self._noting.get(name)
        return name not in self.values and noting is not None and self.world.get(name) is noting

    def _noted(self, name: str, function: Any) -> Any:
        """The function, which notes the value of its first call, and from then on is itself."""
        if not callable(function):
            return function

        @wraps(function, updated=())
        def noting(*arguments: object, **settings: object) -> object:
            first = name not in self.values
            if first:
                self.values[name] = None
            if self.world.get(name) is noting:
                self.world[name] = function  # a function that calls itself gets no deeper for it
            value = function(*arguments, **settings)
            if first:
                self.values[name] = _text_or_none(value)
            return value

        _share_attributes(noting, function)
        self._noting[name] = noting
        return noting


def _share_attributes(noting: Any, function: object) -> None:
    """Make the attributes of the one those of the other, also what is set later.

    Only where the program made the other: what it was handed it may not change this way.
    """
    attributes = getattr(function, "__dict__", None)
    made = isinstance(function, (FunctionType, Cached)) or type(function).__module__ == "__main__"
    if made and type(attributes) is dict:
        noting.__dict__ = attributes
    if isinstance(function, Cached):
        for name in ("cache_info", "cache_clear"):
            setattr(noting, name, getattr(function, name))


BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)
OWN_SCOPE = (ast.ClassDef, ast.AsyncFunctionDef)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions that a program defines by name in its globals."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.FunctionDef):
                yield node
            elif isinstance(node, BLOCKS) and not isinstance(node, OWN_SCOPE):
                waiting.append(node)


def _text_or_none(value: object) -> str | None:
    try:
        return exact_text(value)[0]
    except Exception:  # noqa: BLE001 - of no text, or of a class of the program's own
        return None
