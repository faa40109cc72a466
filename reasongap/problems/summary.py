"""What composing found, refused and kept: the numbers that `reasongap compose` prints."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

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


@dataclass(frozen=True, slots=True)
class Batch:
    """Problems that were paired together, their slots, and the compositions that were `kept`.

    `candidates` is how many compositions the pairing can give, `dropped` how many a program
    contradicted. No block reaches into another batch.
    """

    problems: list[Problem]
    slots: list[Slots]
    kept: list[Composition]
    candidates: int
    dropped: int


class Counts:
    """Takes in batch after batch what a `Summary` tells.

    It keeps no problem and no composition, so that there may be any number of them.
    """

    def __init__(self) -> None:
        self._totals: Counter[str] = Counter()
        self._untrusted: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._sizes: Counter[Fraction] = Counter()
        self._source: Counter[Fraction] = Counter()
        self._composed: Counter[Fraction] = Counter()

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        self._totals.update(
            problems=len(batch.problems),
            slots=sum(len(slots.offered) for slots in batch.slots),
            candidates=batch.candidates,
            dropped=batch.dropped,
            compositions=len(batch.kept),
            confirmed=sum(composition.confirmed for composition in batch.kept),
        )
        self._untrusted.update(slots.untrusted for slots in batch.slots if slots.untrusted)
        self._refused.update(reason for slots in batch.slots for reason in slots.refused)
        self._source.update(problem.answer for problem in batch.problems)
        self._composed.update(composition.answer for composition in batch.kept)
        blocks = Counter(composition.block for composition in batch.kept)
        self._sizes.update(map(Fraction, blocks.values()))

    def summary(self) -> Summary:
        """The summary of all that was taken in."""
        totals = self._totals
        return Summary(
            problems=totals["problems"],
            slots=totals["slots"],
            refused_problems=_by_count(self._untrusted),
            refused_slots=_by_count(self._refused),
            candidates=totals["candidates"],
            dropped=totals["dropped"],
            compositions=totals["compositions"],
            confirmed=totals["confirmed"],
            blocks=self._sizes.total(),
            block_sizes=_quantiles(self._sizes),
            source_answers=_quantiles(self._source),
            composed_answers=_quantiles(self._composed),
            distance=_distance(self._source, self._composed),
        )


def _by_count(reasons: Counter[str]) -> dict[str, int]:
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


def _quantiles(values: Counter[Fraction]) -> Quantiles:
    if not values:
        return (0.0, 0.0, 0.0, 0.0, 0.0)
    ordered = sorted(values)
    ranks = list(accumulate(values[value] for value in ordered))
    last = ranks[-1] - 1
    smallest, low, middle, high, largest = (
        float(ordered[bisect_right(ranks, round(last * i / 4))]) for i in range(5)
    )
    return smallest, low, middle, high, largest


def _distance(first: Counter[Fraction], second: Counter[Fraction]) -> float:
    """The largest difference between two empirical distribution functions."""
    if not first or not second:
        return 0.0
    one, other = first.total(), second.total()
    ordered = sorted({*first, *second})
    shares = zip(
        accumulate(first[value] / one for value in ordered),
        accumulate(second[value] / other for value in ordered),
        strict=True,
    )
    return max(abs(a - b) for a, b in shares)
