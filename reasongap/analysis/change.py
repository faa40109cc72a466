"""What a strategy changes against the baseline, on the same items: accuracy, Δ, share closed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reasongap.analysis.gap import delta, delta_gradient
from reasongap.analysis.items import Cells, FloatArray
from reasongap.analysis.joint import RESAMPLES, Joint, Statistic, joint_of
from reasongap.domain import Interval

LEAST_EXPECTED = 0.2
"""Below this product of hop accuracies there is too little chaining to speak of a share."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """One strategy against the baseline; changes are strategy minus baseline.

    `s_comp_relative` is the paper's measure, the change divided by the baseline's accuracy
    (None where that is 0). `p_value` tests that Δ did not change. `gap_closed` is
    1 − Δ / Δ of the baseline: 1 closes the gap, a negative share widens it; None where it
    would mislead, and `gap_closed_reason` says why.
    """

    model: str
    size: float | None
    baseline: str
    strategy: str
    s_comp_change: float
    s_comp_change_ci: Interval
    s_comp_relative: float | None
    delta_change: float
    delta_change_ci: Interval
    p_value: float
    gap_closed: float | None
    gap_closed_ci: Interval | None
    gap_closed_reason: str | None


def reduction(
    cells: Cells,
    baseline: str,
    strategy: str,
    *,
    size: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Reduction:
    """What `strategy` changes against `baseline` on the complete compositions of `cells`."""
    pair = np.hstack([cells.correct[baseline], cells.correct[strategy]])
    joint = joint_of(pair, cells.blocks)
    draws = joint.resampled(resamples, seed)
    columns = len(cells.settings)
    old, new = _deltas(columns)
    s_comp, change = _s_comp_change(columns), _delta_change(columns)
    rise, before = float(s_comp.value(joint.means)), float(joint.means[columns - 1])
    reason = _why_no_share(joint, old, joint.interval(old, draws), columns)
    return Reduction(
        model=cells.model,
        size=size,
        baseline=baseline,
        strategy=strategy,
        s_comp_change=rise,
        s_comp_change_ci=joint.interval(s_comp, draws),
        s_comp_relative=rise / before if before else None,
        delta_change=float(change.value(joint.means)),
        delta_change_ci=joint.interval(change, draws),
        p_value=joint.p_value(change),
        gap_closed=None if reason else 1 - _ratio(joint, new, old),
        gap_closed_ci=None if reason else _closed_interval(joint, old, new),
        gap_closed_reason=reason,
    )


def _deltas(columns: int) -> tuple[Statistic, Statistic]:
    """Δ of the baseline and of the strategy, as functions of both their accuracies."""
    zeros = np.zeros(columns)
    return (
        Statistic(
            lambda s: delta(s[..., :columns]),
            lambda s: np.concatenate([delta_gradient(s[:columns]), zeros]),
        ),
        Statistic(
            lambda s: delta(s[..., columns:]),
            lambda s: np.concatenate([zeros, delta_gradient(s[columns:])]),
        ),
    )


def _delta_change(columns: int) -> Statistic:
    old, new = _deltas(columns)
    return Statistic(
        lambda s: new.value(s) - old.value(s),
        lambda s: new.gradient(s) - old.gradient(s),
        bound=2.0,
    )


def _s_comp_change(columns: int) -> Statistic:
    unit = np.eye(2 * columns)
    return Statistic(
        lambda s: np.asarray(s[..., -1] - s[..., columns - 1]),
        lambda s: unit[-1] - unit[columns - 1],
    )


def _why_no_share(joint: Joint, old: Statistic, old_ci: Interval, columns: int) -> str | None:
    """Why the share of the gap closed would mislead, None where it does not."""
    means = joint.means
    expected = [float(means[: columns - 1].prod()), float(means[columns:-1].prod())]
    if means[-1] <= means[columns - 1]:
        return "accuracy on the composition did not rise"
    if min(expected) < LEAST_EXPECTED:
        return (
            f"the hops' accuracies multiply to {expected[0]:.2f} and {expected[1]:.2f}: "
            f"below {LEAST_EXPECTED} there is too little to chain"
        )
    distinct = float(old.value(means)) < -joint.quantile * joint.error(old)
    if old_ci[1] >= 0 or not distinct:
        return (
            "the baseline's gap is not clearly below 0 "
            f"(interval {old_ci[0]:+.3f} to {old_ci[1]:+.3f})"
        )
    return None


def _ratio(joint: Joint, new: Statistic, old: Statistic) -> float:
    return float(new.value(joint.means) / old.value(joint.means))


def _closed_interval(joint: Joint, old: Statistic, new: Statistic) -> Interval:
    """Fieller's interval of 1 − new Δ / old Δ; bounded, as old Δ is clearly not 0."""
    square = joint.quantile**2
    a, b = float(old.value(joint.means)), float(new.value(joint.means))
    quadratic = a * a - square * joint.covariance(old, old)
    linear = a * b - square * joint.covariance(old, new)
    constant = b * b - square * joint.covariance(new, new)
    root = math.sqrt(max(linear * linear - quadratic * constant, 0.0))
    return 1 - (linear + root) / quadratic, 1 - (linear - root) / quadratic
