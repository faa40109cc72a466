"""How the gap, and what code changes, goes with model size: models as the unit.

A random-effects regression on the logarithm of the parameters: every model scatters about
the line by its own sampling error and by a variance between models (DerSimonian and Laird
1986, method of moments); intervals by Knapp and Hartung (2003).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from reasongap.analysis.estimates import Estimates
from reasongap.analysis.items import FloatArray
from reasongap.domain import Interval
from reasongap.models.seam import ModelSpec

Quantity = Literal["delta", "s_comp", "delta_change", "s_comp_change"]
LEAST_SIZES = 5
_NORMAL = 1.959964


@dataclass(frozen=True, slots=True)
class Point:
    """One model: its size in parameters, the value, its interval."""

    model: str
    family: str | None
    size: float
    value: float
    ci: Interval

    @property
    def error(self) -> float:
        """The standard error that the interval implies, never 0."""
        return max((self.ci[1] - self.ci[0]) / (2 * _NORMAL), 1e-6)


@dataclass(frozen=True, slots=True)
class Line:
    """value = intercept + slope · log10(size): the slope is the change per tenfold size.

    `covariance` is that of intercept and slope, `df` the degrees of freedom, `between`
    the standard deviation of models about the line.
    """

    intercept: float
    slope: float
    slope_ci: Interval
    covariance: tuple[tuple[float, float], tuple[float, float]]
    df: int
    between: float

    def at(self, size: float) -> tuple[float, Interval]:
        """The line at a size, and its 95% band (of the mean, not of a new model)."""
        x = math.log10(size)
        (a, b), (_, d) = self.covariance
        half = float(stdtrit(self.df, 0.975)) * math.sqrt(max(a + 2 * x * b + x * x * d, 0.0))
        value = self.intercept + self.slope * x
        return value, (value - half, value + half)


@dataclass(frozen=True, slots=True)
class Trend:
    """Models of known size under one strategy, and the line through them.

    The line is None with fewer than five sizes: then `reason` says so.
    """

    quantity: Quantity
    strategy: str
    points: tuple[Point, ...]
    line: Line | None
    reason: str | None


def trends(
    estimates: Estimates, specs: Mapping[str, ModelSpec], strategies: Sequence[str]
) -> tuple[Trend, ...]:
    """Δ and S_comp of each of `strategies` against size, and the changes against the baseline.

    Checkpoints of a training series are left out: they differ in more than size.
    """
    found: dict[tuple[Quantity, str], list[Point]] = {}

    def add(quantity: Quantity, model: str, strategy: str, value: float, ci: Interval) -> None:
        spec = specs[model]
        if spec.size is not None and spec.series is None and strategy in strategies:
            point = Point(model, spec.family, spec.size, value, ci)
            found.setdefault((quantity, strategy), []).append(point)

    for row in estimates.gaps:
        add("delta", row.model, row.strategy, row.gap.delta, row.gap.delta_ci)
        add("s_comp", row.model, row.strategy, row.gap.s_comp, row.gap.s_comp_ci)
    for change in estimates.reductions:
        who = (change.model, change.strategy)
        add("delta_change", *who, change.delta_change, change.delta_change_ci)
        add("s_comp_change", *who, change.s_comp_change, change.s_comp_change_ci)
    return tuple(_trend(*key, points) for key, points in found.items())


def _trend(quantity: Quantity, strategy: str, points: Sequence[Point]) -> Trend:
    sizes = len({point.size for point in points})
    enough = sizes >= LEAST_SIZES
    reason = None if enough else f"a trend needs {LEAST_SIZES} sizes, not {sizes}"
    return Trend(quantity, strategy, tuple(points), line(points) if enough else None, reason)


def line(points: Sequence[Point]) -> Line:
    """The random-effects line through points of at least three sizes."""
    x = np.column_stack([np.ones(len(points)), np.log10([point.size for point in points])])
    y = np.array([point.value for point in points])
    variances = np.array([point.error for point in points]) ** 2
    df = len(points) - 2
    between = _between(x, y, variances, df)
    weights = 1 / (variances + between)
    inverse = np.linalg.inv(x.T @ (x * weights[:, None]))
    beta = inverse @ (x.T @ (weights * y))
    scatter = float(weights @ (y - x @ beta) ** 2) / df
    covariance = inverse * max(scatter, 1.0)
    half = float(stdtrit(df, 0.975)) * math.sqrt(covariance[1, 1])
    (a, b), (c, d) = covariance.tolist()
    return Line(
        intercept=float(beta[0]),
        slope=float(beta[1]),
        slope_ci=(float(beta[1]) - half, float(beta[1]) + half),
        covariance=((a, b), (c, d)),
        df=df,
        between=math.sqrt(between),
    )


def _between(x: FloatArray, y: FloatArray, variances: FloatArray, df: int) -> float:
    """The variance of models about the line beyond their sampling error, at least 0."""
    weights = 1 / variances
    gram = np.linalg.inv(x.T @ (x * weights[:, None]))
    residuals = y - x @ (gram @ (x.T @ (weights * y)))
    excess = float(weights @ residuals**2) - df
    trace = float(weights.sum() - np.trace(gram @ (x.T @ (x * (weights**2)[:, None]))))
    return max(excess / trace, 0.0)
