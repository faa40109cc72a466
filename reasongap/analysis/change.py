"""What a strategy changes against the baseline, on the same items: accuracy, Δ, share closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reasongap.analysis.gap import delta_of
from reasongap.analysis.items import Cells
from reasongap.analysis.joint import RESAMPLES, joint_of
from reasongap.analysis.sample import accuracy, fieller
from reasongap.domain import Gap, Interval

LEAST_ITEMS = 100
"""With fewer compositions a share that is clear enough to be given is so by luck too often:
its interval covers as little as 84% of the time (docs/statistics.md)."""
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
    gaps: Mapping[str, Gap],
    baseline: str,
    strategy: str,
    *,
    size: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Reduction:
    """What `strategy` changes against `baseline`; `gaps` holds the gap of either in `cells`."""
    before, after = gaps[baseline], gaps[strategy]
    pair = np.hstack([cells.correct[baseline], cells.correct[strategy]])
    joint = joint_of(pair, cells.blocks)
    draws = joint.resampled(resamples, seed)
    columns = len(cells.settings)
    old, new = delta_of(slice(0, columns)), delta_of(slice(columns, None))
    rise = accuracy(-1) - accuracy(columns - 1)
    reason = _why_no_share(before, after)
    share = None if reason else fieller(joint, new, old)
    if reason is None and share is None:
        reason = _unclear(before)
    return Reduction(
        model=cells.model,
        size=size,
        baseline=baseline,
        strategy=strategy,
        s_comp_change=after.s_comp - before.s_comp,
        s_comp_change_ci=joint.interval(rise, draws),
        s_comp_relative=after.s_comp / before.s_comp - 1 if before.s_comp else None,
        delta_change=after.delta - before.delta,
        delta_change_ci=joint.interval(new - old, draws),
        p_value=joint.p_value(new - old),
        gap_closed=1 - after.delta / before.delta if share else None,
        gap_closed_ci=(1 - share[1], 1 - share[0]) if share else None,
        gap_closed_reason=reason,
    )


def _why_no_share(before: Gap, after: Gap) -> str | None:
    """Why the share of the gap closed would mislead, None where it does not."""
    if after.s_comp <= before.s_comp:
        return "accuracy on the composition did not rise"
    if before.n < LEAST_ITEMS:
        return f"a share rests on {LEAST_ITEMS} compositions or more, not {before.n}"
    if min(before.expected, after.expected) < LEAST_EXPECTED:
        return (
            f"the hops' accuracies multiply to {before.expected:.2f} and {after.expected:.2f}: "
            f"below {LEAST_EXPECTED} there is too little to chain"
        )
    return _unclear(before) if before.delta_ci[1] >= 0 else None


def _unclear(before: Gap) -> str:
    low, high = before.delta_ci
    return f"the baseline's gap is not clearly below 0 (interval {low:+.3f} to {high:+.3f})"
