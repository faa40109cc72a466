"""What is noted while a program runs: its output, and the values of its hops."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reasongap.sandbox.values import NoText, exact_text

World = dict[str, Any]
"""A program's globals."""


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
        """Keep this text."""
        part = str(text).encode("utf-8", "backslashreplace")
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


@dataclass
class Hops:
    """The values of a program's hop functions, as texts: the first call's, of each."""

    names: tuple[str, ...]
    values: dict[str, str | None] = field(default_factory=dict)

    def watch(self, world: World) -> None:
        """Replace the functions in the program's globals by ones that note their value."""
        for name in self.names:
            function = world.get(name)
            if callable(function):
                world[name] = self._watched(name, function)

    def finish(self, world: World) -> list[str | None]:
        """The values in the order of the names; functions not called yet are called now."""
        for name in self.names:
            function = world.get(name)
            if name not in self.values and callable(function):
                try:
                    function()
                except BaseException:  # noqa: BLE001 - the program's own failure
                    self.values[name] = None
        return [self.values.get(name) for name in self.names]

    def _watched(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def watched(*arguments: object, **settings: object) -> object:
            first = name not in self.values
            if first:
                self.values[name] = None
            value = function(*arguments, **settings)
            if first:
                self.values[name] = _text_or_none(value)
            return value

        return watched


def _text_or_none(value: object) -> str | None:
    try:
        return exact_text(value)[0]
    except NoText:
        return None
