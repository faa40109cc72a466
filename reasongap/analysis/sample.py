"""Numbers with intervals, out of grades of the same items: means, shares, differences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reasongap.analysis.items import FloatArray, IntArray
from reasongap.analysis.joint import PSEUDO_ACCURACY, Joint, Statistic, joint_of
from reasongap.domain import Interval

RESAMPLES = 4_000
"""Enough for an interval that stands beside the gap: its ends are off by 2% of its width."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95% interval, over `n` compositions in `blocks` clusters."""

    value: float
    ci: Interval
    n: int
    blocks: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.ci[0] > 0 or self.ci[1] < 0


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Grades of the same items in several columns, summed by block, and resampled."""

    joint: Joint
    draws: FloatArray | None

    def estimate(self, statistic: Statistic) -> Estimate:
        """The statistic with its interval: expanded percentiles, or smoothed in sparse cells."""
        value = float(statistic.value(self.joint.means))
        ci = self.joint.interval(statistic, self.draws)
        return Estimate(value, ci, int(self.joint.n), self.joint.blocks)

    def mean(self, column: int) -> Estimate:
        """An accuracy, with the interval that accuracies have everywhere."""
        ci = self.joint.accuracy_intervals()[column]
        return Estimate(float(self.joint.means[column]), ci, int(self.joint.n), self.joint.blocks)


def sample_of(
    grades: FloatArray, blocks: IntArray, *, resamples: int = RESAMPLES, seed: int = 0
) -> Sample:
    """The sample of grades (n, m) in [0, 1] with their blocks (n,)."""
    joint = joint_of(grades, blocks)
    return Sample(joint, joint.resampled(resamples, seed))


def accuracy(column: int) -> Statistic:
    """The mean of one column."""
    return Statistic(
        lambda s: np.asarray(s[..., column]),
        lambda s: np.eye(len(s))[column],
        span=(0.0, 1.0),
        columns=[column],
        pseudo=PSEUDO_ACCURACY,
    )


def share_of(part: FloatArray, whole: FloatArray, blocks: IntArray) -> Estimate | None:
    """Σ part / Σ whole over items (n,), with 0 ≤ part ≤ whole; None where the whole is 0.

    The interval is that of an accuracy on the items that have any of the whole; `n` and
    `blocks` count these.
    """
    some = whole > 0
    if not some.any():
        return None
    place = np.unique(blocks[some], return_inverse=True)[1]
    sums, sizes = (np.bincount(place, x[some]).astype(float) for x in (part, whole))
    joint = Joint(sums[:, None], sizes)
    (ci,) = joint.accuracy_intervals()
    return Estimate(float(joint.means[0]), ci, int(some.sum()), joint.blocks)


def fieller(joint: Joint, above: Statistic, below: Statistic) -> Interval | None:
    """Fieller's interval (1954) of a ratio; None where the lower part may well be 0."""
    square = joint.quantile**2
    a, b = float(above.value(joint.means)), float(below.value(joint.means))
    leading = b * b - square * joint.covariance(below, below)
    if not leading > 0:
        return None
    middle = a * b - square * joint.covariance(above, below)
    last = a * a - square * joint.covariance(above, above)
    root = math.sqrt(max(middle * middle - leading * last, 0.0))
    return (middle - root) / leading, (middle + root) / leading
