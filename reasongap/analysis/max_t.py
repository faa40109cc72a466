"""Intervals for whatever was picked after looking: max-T over all that could be picked.

The estimates of several candidates are correlated; the quantile of their largest absolute
deviation is that of a multivariate t distribution with their clustered correlation
(Hothorn, Bretz and Westfall 2008). An interval of this width holds for all candidates at
once, so it holds for the one that was picked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reasongap.analysis.items import FloatArray
from reasongap.analysis.joint import LEVEL, PSEUDO_GAP, Joint, Statistic
from reasongap.analysis.sample import Estimate

DRAWS = 20_000


def deviations(joint: Joint, statistics: Sequence[Statistic], seed: int = 0) -> FloatArray:
    """Draws (DRAWS, m) of the statistics' errors, correlated as the statistics are.

    Needs two blocks or more.
    """
    means, covariance = joint.smoothed(PSEUDO_GAP)
    gradients = np.array([statistic.gradient(means) for statistic in statistics])
    values, vectors = np.linalg.eigh(gradients @ covariance @ gradients.T)
    roots = vectors * np.sqrt(np.clip(values, 0, None))
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((DRAWS, len(statistics))) @ roots.T
    df = joint.blocks - 1
    return np.asarray(normal / np.sqrt(rng.chisquare(df, (DRAWS, 1)) / df))


def simultaneous(
    joint: Joint, statistics: Sequence[Statistic], seed: int = 0
) -> tuple[list[Estimate], list[float]]:
    """The statistics with intervals that hold for all at once, and p-values against 0.

    A p-value is the chance of so large a ratio of value to error in any of them.
    """
    n, blocks = int(joint.n), joint.blocks
    values = [float(statistic.value(joint.means)) for statistic in statistics]
    if blocks < 2:
        wide = [Estimate(v, s.span, n, blocks) for v, s in zip(values, statistics, strict=True)]
        return wide, [1.0] * len(values)
    errors = [joint.error(statistic) for statistic in statistics]
    largest = np.abs(deviations(joint, statistics, seed) / errors).max(axis=1)
    quantile = float(np.quantile(largest, LEVEL))
    estimates, p_values = [], []
    for value, statistic, error in zip(values, statistics, errors, strict=True):
        low, high = statistic.span
        ends = max(value - quantile * error, low), min(value + quantile * error, high)
        estimates.append(Estimate(value, ends, n, blocks))
        p_values.append(float((largest >= abs(value) / error).mean()))
    return estimates, p_values
