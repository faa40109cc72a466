"""Accuracies measured on the same items, with their joint, clustered uncertainty.

Items of one block share source problems, so the block is what varies at random: every
variance here is one between blocks. docs/statistics.md gives the formulas, and what the
intervals cover in simulations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from reasongap.analysis.items import FloatArray, IntArray
from reasongap.domain import Interval
from reasongap.errors import UsageError

LEVEL = 0.95
RESAMPLES = 10_000
DENSE = 10
"""Blocks with a right and blocks with a wrong answer that the bootstrap needs a column; and
blocks in which both sides of a difference differ."""
PSEUDO_GAP = 2.0
PSEUDO_ACCURACY = 4.0
"""Imagined items, half right in every column, that smooth a covariance."""
_CHUNK = 2_000_000
_ROUNDING = 1e-9

Columns = slice | list[int]
"""Some of the columns, as numpy takes them."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A function of the m accuracies, with its gradient; its values lie within `span`.

    `value` maps (…, m) to (…); `gradient` maps (m,) to (m,). It reads `columns`; a
    difference keeps those of either side in `sides`. `pseudo` imagined items smooth its
    interval in sparse cells.
    """

    value: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]
    span: Interval = (-1.0, 1.0)
    columns: Columns = field(default_factory=lambda: slice(None))
    sides: tuple[Columns, Columns] | None = None
    pseudo: float = PSEUDO_GAP

    def __sub__(self, other: Statistic) -> Statistic:
        return Statistic(
            lambda s: self.value(s) - other.value(s),
            lambda s: self.gradient(s) - other.gradient(s),
            (self.span[0] - other.span[1], self.span[1] - other.span[0]),
            sides=(self.columns, other.columns),
            pseudo=min(self.pseudo, other.pseudo),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """The answers to m questions per item, summed by block.

    `sums` (G, m) adds up the grades of each block, `sizes` (G,) counts its items.
    """

    sums: FloatArray
    sizes: FloatArray

    @property
    def n(self) -> float:
        """How many items there are."""
        return float(self.sizes.sum())

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.sizes)

    @property
    def means(self) -> FloatArray:
        """The accuracy in each column."""
        return np.asarray(self.sums.sum(axis=0) / self.n)

    @property
    def dense(self) -> bool:
        """Whether every column has right and wrong answers in enough blocks to resample."""
        right = (self.sums > 0).sum(axis=0)
        wrong = (self.sums < self.sizes[:, None]).sum(axis=0)
        return bool(np.minimum(right, wrong).min() >= DENSE)

    def differs(self, statistic: Statistic) -> bool:
        """Whether both sides of a difference differ in enough blocks to resample it.

        Its variance is one between these blocks alone, however dense either side is.
        """
        if statistic.sides is None:
            return True
        one, other = (self.sums[:, columns] for columns in statistic.sides)
        apart = (np.abs(one - other) > _ROUNDING).any(axis=1)
        return int(apart.sum()) >= DENSE

    @property
    def quantile(self) -> float:
        """Student's quantile for a two-sided interval with one degree of freedom a block."""
        return float(stdtrit(self.blocks - 1, (1 + LEVEL) / 2)) if self.blocks > 1 else math.inf

    def smoothed(self, pseudo: float) -> tuple[FloatArray, FloatArray]:
        """Accuracies and their clustered covariance after adding `pseudo` imagined items.

        Each imagined item is a block of its own and answers every question at random.
        """
        n, m = self.n + pseudo, len(self.sums.T)
        means = (self.sums.sum(axis=0) + pseudo / 2) / n
        residuals = self.sums - self.sizes[:, None] * means
        observed = residuals.T @ residuals * (self.blocks / max(self.blocks - 1, 1))
        imagined = pseudo * (np.eye(m) / 4 + np.outer(0.5 - means, 0.5 - means))
        return means, (observed + imagined) / n**2

    def draws(self, resamples: int, seed: int) -> FloatArray:
        """Accuracies (resamples, m) in samples of blocks drawn with replacement.

        Blocks with equal sums are exchangeable, so one multinomial count for each kind of
        block is enough: a few kinds where every item is its own block.
        """
        kinds, counts = np.unique(
            np.column_stack([self.sums, self.sizes]), axis=0, return_counts=True
        )
        rng = np.random.default_rng(seed)
        step = max(1, _CHUNK // len(kinds))
        parts = []
        for start in range(0, resamples, step):
            size = min(step, resamples - start)
            weights = rng.multinomial(self.blocks, counts / self.blocks, size=size)
            totals = weights @ kinds
            parts.append(totals[:, :-1] / totals[:, -1:])
        return np.concatenate(parts)

    def resampled(self, resamples: int, seed: int) -> FloatArray | None:
        """The bootstrap's draws where it can be trusted, None in sparse cells."""
        return self.draws(resamples, seed) if self.dense else None

    def interval(self, statistic: Statistic, draws: FloatArray | None) -> Interval:
        """The expanded percentile interval of `draws`; in sparse cells, the smoothed delta method.

        Sparse: there are no draws, or it is a difference whose sides seldom differ.
        """
        if draws is not None and self.differs(statistic):
            tail = ndtr(-self.quantile * math.sqrt(self.blocks / (self.blocks - 1)))
            low, high = np.quantile(statistic.value(draws), [tail, 1 - tail])
            return float(low), float(high)
        if self.blocks < 2:
            return statistic.span
        centre = float(statistic.value(self.means))
        half = self.quantile * math.sqrt(self.covariance(statistic, statistic, statistic.pseudo))
        return max(centre - half, statistic.span[0]), min(centre + half, statistic.span[1])

    def error(self, statistic: Statistic) -> float:
        """The standard error of the statistic: the smoothed delta method."""
        return math.sqrt(self.covariance(statistic, statistic))

    def covariance(self, one: Statistic, other: Statistic, pseudo: float = PSEUDO_GAP) -> float:
        """The covariance of two statistics of the same items: the smoothed delta method."""
        means, covariance = self.smoothed(pseudo)
        return float(one.gradient(means) @ covariance @ other.gradient(means))

    def p_value(self, statistic: Statistic) -> float:
        """Wald's test that the statistic is 0, with Student's tails; 1 on a single block."""
        if self.blocks < 2:
            return 1.0
        ratio = abs(float(statistic.value(self.means))) / self.error(statistic)
        return float(2 * stdtr(self.blocks - 1, -ratio))

    def accuracy_intervals(self) -> tuple[Interval, ...]:
        """An interval for each accuracy: two right and two wrong answers added (Agresti–Coull)."""
        if self.blocks < 2:
            return ((0.0, 1.0),) * len(self.means)
        means, covariance = self.smoothed(PSEUDO_ACCURACY)
        halves = self.quantile * np.sqrt(np.diag(covariance))
        return tuple(
            (max(float(mean - half), 0.0), min(float(mean + half), 1.0))
            for mean, half in zip(means, halves, strict=True)
        )


def joint_of(correct: FloatArray, blocks: IntArray) -> Joint:
    """Sum grades (n, m) in [0, 1] by the block (n,) of each item.

    Raises `UsageError` where there is no item or the arrays do not fit each other.
    """
    if correct.ndim != 2 or len(correct) == 0 or blocks.shape != (len(correct),):
        raise UsageError(
            f"grades of shape {correct.shape} and blocks of shape {blocks.shape}: "
            "expected (n, m) and (n,) with n of 1 or more."
        )
    if not ((correct >= 0) & (correct <= 1)).all():
        raise UsageError("a grade lies outside 0 … 1: pass the share of repeats answered right.")
    names, place = np.unique(blocks, return_inverse=True)
    sums = np.zeros((len(names), correct.shape[1]))
    np.add.at(sums, place, correct)
    return Joint(sums, np.bincount(place).astype(float))
