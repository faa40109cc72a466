"""What composing found, refused and kept: the numbers that `reasongap compose` prints."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reasongap.domain import Composition, Problem
from reasongap.problems.slots import Slots

Quantiles = tuple[float, float, float, float, float]
"""Smallest, lower quartile, median, upper quartile, largest."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a set of compositions came about.

    `problems` were read; `refused_problems` offer no slot at all and `refused_slots` count
    single numbers, both by reason (most frequent first); `slots` are left. `candidates` is
    how many compositions the pairing can give, `dropped` how many a program contradicted.
    `block_sizes` are compositions per block. `distance` is the two-sample
    Kolmogorov–Smirnov statistic between the answers of the source problems and those of
    the compositions: 0 alike, 1 apart.
    """

    problems: int
    slots: int
    refused_problems: Mapping[str, int]
    refused_slots: Mapping[str, int]
    candidates: int
    dropped: int
    compositions: int
    confirmed: int
    blocks: int
    block_sizes: Quantiles
    source_answers: Quantiles
    composed_answers: Quantiles
    distance: float

    @property
    def confirmed_share(self) -> float:
        """The share of compositions whose gold two derivations agree on."""
        return self.confirmed / self.compositions if self.compositions else 0.0


def summarise(
    problems: Sequence[Problem],
    found: Sequence[Slots],
    kept: Sequence[Composition],
    *,
    candidates: int,
    dropped: int,
) -> Summary:
    """The summary of composing `kept` out of `problems`, whose slots are `found`."""
    source_answers = [problem.answer for problem in problems]
    composed_answers = [composition.answer for composition in kept]
    sizes = Counter(composition.block for composition in kept).values()
    return Summary(
        problems=len(problems),
        slots=sum(len(slots.offered) for slots in found),
        refused_problems=_by_count(slots.untrusted for slots in found if slots.untrusted),
        refused_slots=_by_count(reason for slots in found for reason in slots.refused),
        candidates=candidates,
        dropped=dropped,
        compositions=len(kept),
        confirmed=sum(composition.confirmed for composition in kept),
        blocks=len(sizes),
        block_sizes=_quantiles([Fraction(size) for size in sizes]),
        source_answers=_quantiles(source_answers),
        composed_answers=_quantiles(composed_answers),
        distance=_distance(source_answers, composed_answers),
    )


def _by_count(reasons: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0])))


def _quantiles(values: Sequence[Fraction]) -> Quantiles:
    if not values:
        return (0.0, 0.0, 0.0, 0.0, 0.0)
    numbers = sorted(map(float, values))
    last = len(numbers) - 1
    smallest, low, middle, high, largest = (numbers[round(last * i / 4)] for i in range(5))
    return smallest, low, middle, high, largest


def _distance(first: Sequence[Fraction], second: Sequence[Fraction]) -> float:
    """The largest difference between two empirical distribution functions."""
    if not first or not second:
        return 0.0
    one, other = sorted(first), sorted(second)
    return max(
        abs(bisect_right(one, value) / len(one) - bisect_right(other, value) / len(other))
        for value in {*one, *other}
    )
