"""The reasoning gap Δ = S_comp − S1 × … × Sk, with its uncertainty.

Hosseini et al. 2024 (arXiv 2410.01748), section 2, who report no intervals.
"""

from __future__ import annotations

import numpy as np

from reasongap.analysis.items import FloatArray, IntArray
from reasongap.analysis.joint import RESAMPLES, Statistic, joint_of
from reasongap.domain import Gap, Interval
from reasongap.errors import UsageError


def delta(s: FloatArray) -> FloatArray:
    """Δ of accuracies (…, k + 1): the hops, then the chain."""
    return np.asarray(s[..., -1] - s[..., :-1].prod(axis=-1))


def delta_gradient(s: FloatArray) -> FloatArray:
    """How Δ changes with each accuracy (k + 1,): less the product of the other hops, and 1."""
    others = [-np.delete(s[:-1], hop).prod() for hop in range(len(s) - 1)]
    return np.array([*others, 1.0])


def delta_of(columns: slice) -> Statistic:
    """Δ of some of the columns (the hops, then the chain), as a function of all."""

    def gradient(s: FloatArray) -> FloatArray:
        whole = np.zeros_like(s)
        whole[columns] = delta_gradient(s[columns])
        return whole

    return Statistic(lambda s: delta(s[..., columns]), gradient, columns=columns)


def gap(
    correct: FloatArray,
    blocks: IntArray,
    *,
    attrition: int = 0,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Gap:
    """The gap of grades (n, k + 1) in [0, 1], a column per hop, then the chain.

    `blocks` (n,) names each item's cluster; `attrition` counts compositions that are not
    among the rows. Raises `UsageError` for arrays that do not fit, or have no hop.
    """
    if correct.shape[-1] < 2:
        raise UsageError(f"grades of shape {correct.shape}: a gap needs a hop and the chain.")
    joint = joint_of(correct, blocks)
    draws = joint.resampled(resamples, seed)
    *s, s_comp = joint.means.tolist()
    *s_ci, s_comp_ci = joint.accuracy_intervals()
    expected = float(np.prod(s))
    return Gap(
        s=tuple(s),
        s_ci=tuple(s_ci),
        s_comp=s_comp,
        s_comp_ci=s_comp_ci,
        expected=expected,
        delta=s_comp - expected,
        delta_ci=joint.interval(Statistic(delta, delta_gradient), draws),
        n=len(correct),
        blocks=joint.blocks,
        attrition=attrition,
        delta_bounds=delta_bounds(correct, attrition) if attrition else None,
        method="delta" if draws is None else "bootstrap",
    )


def delta_bounds(correct: FloatArray, attrition: int) -> Interval:
    """The Δ that would result had the items left out gone as badly or as well as can be.

    At worst each of them has every hop right and the chain wrong, at best the reverse.
    """
    rows = len(correct) + attrition
    right = correct.sum(axis=0)
    worst, best = right.copy(), right.copy()
    worst[:-1] += attrition
    best[-1] += attrition
    return float(delta(worst / rows)), float(delta(best / rows))
