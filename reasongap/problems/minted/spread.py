"""A shuffled way through a space too large to list: every point once, none remembered.

A point is a pair (first, last). Each round shifts one half by a hash of the other, which
can be undone, so that rounds together are a bijection of the space onto itself: a Feistel
network on two halves of any size. Only integer arithmetic and BLAKE2 decide where a
number goes, so every machine and Python version goes the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

ROUNDS = 3
"""Each shifts both halves. After one, neighbours still keep their distance; three are ample."""

_WORD = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Spread:
    """The points of `firsts` × `lasts` in an order that `keys` shuffle."""

    firsts: int
    lasts: int
    keys: tuple[int, ...]

    @classmethod
    def keyed(cls, firsts: int, lasts: int, key: str) -> Spread:
        """The order that belongs to the text `key`."""
        digest = blake2b(key.encode(), digest_size=16 * ROUNDS).digest()
        words = (digest[start : start + 8] for start in range(0, len(digest), 8))
        return cls(firsts, lasts, tuple(int.from_bytes(word, "big") for word in words))

    def point(self, index: int) -> tuple[int, int]:
        """The point at `index`, which runs from 0 to firsts × lasts − 1."""
        first, last = divmod(index, self.lasts)
        for left, right in zip(self.keys[::2], self.keys[1::2], strict=True):
            first = (first + _mixed(left ^ last)) % self.firsts
            last = (last + _mixed(right ^ first)) % self.lasts
        return first, last


def _mixed(word: int) -> int:
    """64 bits, each of which depends on all bits of `word`: SplitMix64's last step."""
    word = ((word ^ word >> 30) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ word >> 27) * 0x94D049BB133111EB) & _WORD
    return word ^ word >> 31
