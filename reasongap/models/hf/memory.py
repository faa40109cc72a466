"""What a model remembers of the positions before: keys and values that grow in place.

transformers lays them out afresh for every token, which for long prompts costs as much as
all the rest on a CPU.
"""

from __future__ import annotations

from functools import cache
from typing import Any

ROOM = 128
"""Positions that are set aside at once."""


class Stretch:
    """A tensor (rows, heads, positions, width) that grows along its positions."""

    def __init__(self, first: Any) -> None:
        self._room, self._length = first, first.shape[2]

    @property
    def filled(self) -> Any:
        """The part that is in use."""
        return self._room[:, :, : self._length]

    def grow(self, more: Any) -> None:
        """Add positions to every row."""
        start, self._length = self._length, self._length + more.shape[2]
        if self._length > self._room.shape[2]:
            rows, heads, _, width = self._room.shape
            room = self._room.new_empty((rows, heads, self._length + ROOM, width))
            room[:, :, :start] = self._room[:, :, :start]
            self._room = room
        self._room[:, :, start : self._length] = more

    def select(self, rows: Any) -> None:
        """Keep these rows, in this order; a row may be named more than once."""
        self._room = self._room[rows]

    def join(self, other: Stretch, spare: int) -> None:
        """Add the other's rows, and drop the first `spare` positions of one's own.

        The shorter rows are filled up with zeros on the left.
        """
        mine, theirs = self.filled[:, :, spare:], other.filled
        rows, heads, _, width = mine.shape
        self._length = max(mine.shape[2], theirs.shape[2])
        shape = (rows + len(theirs), heads, self._length + ROOM, width)
        self._room = mine.new_zeros(shape)
        self._room[:rows, :, self._length - mine.shape[2] : self._length] = mine
        self._room[rows:, :, self._length - theirs.shape[2] : self._length] = theirs


@cache
def layer_like(plain: Any) -> Any:
    """A class of layers that do what those of transformers' `plain` class do, in place."""

    class Layer(plain):  # type: ignore[misc] # it comes from a library that is not checked
        """One layer's keys and values."""

        _own: tuple[Stretch, Stretch]

        def update(self, keys: Any, values: Any, *_: object, **__: object) -> tuple[Any, Any]:
            if self.is_initialized:
                for own, more in zip(self._own, (keys, values), strict=True):
                    own.grow(more)
            else:
                self.lazy_initialization(keys, values)
                self._own = (Stretch(keys), Stretch(values))
            return self._shown()

        def batch_select_indices(self, rows: Any) -> None:
            for own in self._own:
                own.select(rows)
            self._shown()

        def join(self, other: Any, spare: int) -> None:
            for mine, theirs in zip(self._own, other._own, strict=True):
                mine.join(theirs, spare)
            self._shown()

        def _shown(self) -> tuple[Any, Any]:
            self.keys, self.values = (own.filled for own in self._own)
            return self.keys, self.values

    return Layer
