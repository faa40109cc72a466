"""A problem source: `beads`, or `beads:50` for that many problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reasongap.domain import Problem


@dataclass(frozen=True)
class Beads:
    """Problems about bags of beads, the same ones every time.

    The solution's steps stand between << and >>, as in GSM8K: so they can be chained.
    """

    n: int = 100

    @property
    def name(self) -> str:
        """What identifies the data."""
        return f"beads:{self.n}"

    def load(self) -> Iterator[Problem]:
        """The problems, from the first."""
        for i in range(self.n):
            there, more = 20 + i, 3 + i % 8
            total = there + more
            yield Problem(
                id=f"beads-{i}",
                question=f"A bag holds {there} beads. Lena puts {more} more into it. "
                "How many beads does it hold now?",
                answer=Fraction(total),
                solution=f"It holds {there} + {more} = <<{there}+{more}={total}>>{total} beads.",
                source=f"beads-{i}",
            )


def open_beads(details: str) -> Beads:
    """The source of what stands behind the colon on the command line."""
    return Beads(int(details)) if details else Beads()
