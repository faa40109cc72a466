"""Which questions have their answer: millions of keys in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from reasongap.domain import MACHINERY, Key, Outcome

_FIRST = 1024


class Outcomes:
    """What became of questions, as far as going on needs to know: at most 32 bytes each.

    A key is known by 63 bits of its hash. Two of a million are confused once in twenty
    million runs; then one question stays unasked, and its composition counts as incomplete.

    An open hash table: a slot holds the hash, and in its last bit whether the question is
    settled. 0 is an empty slot.
    """

    def __init__(self, known: Iterable[tuple[Key, Outcome]] = ()) -> None:
        self._slots = array("Q", bytes(8 * _FIRST))
        self._used = 0
        for key, outcome in known:
            self.note(key, outcome)

    def __len__(self) -> int:
        return self._used

    def __contains__(self, key: Key) -> bool:
        return self._slots[self._place(_mark(key))] != 0

    def note(self, key: Key, outcome: Outcome) -> None:
        """The latest outcome of a question."""
        mark = _mark(key)
        place = self._place(mark)
        self._used += not self._slots[place]
        self._slots[place] = mark | (outcome not in MACHINERY)
        if 3 * self._used > 2 * len(self._slots):
            self._grow()

    def settled(self, key: Key) -> bool:
        """Whether the question needs no asking: it was answered, and not by the machinery."""
        return bool(self._slots[self._place(_mark(key))] & 1)

    def _place(self, mark: int) -> int:
        """The slot of a hash, or the empty one where it would go."""
        slots, last = self._slots, len(self._slots) - 1
        place = (mark >> 1) & last
        while slots[place] and slots[place] | 1 != mark | 1:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        old, self._slots = self._slots, array("Q", bytes(16 * len(self._slots)))
        for mark in filter(None, old):
            self._slots[self._place(mark)] = mark


def _mark(key: Key) -> int:
    return (hash(key) & 0xFFFF_FFFF_FFFF_FFFE) or 2
