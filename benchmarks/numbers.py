"""What is made of measured numbers: medians, spread, ratios of turns, growth with size."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def rounded(value: float, digits: int = 3) -> float:
    """The number to so many significant digits, which is all that a measurement holds."""
    return float(f"{value:.{digits}g}")


def spread(values: Sequence[float], unit: float = 1.0) -> dict[str, float]:
    """Median, and the values below which 10, 90 and 99 of a hundred lie, in this unit."""
    ordered = sorted(values)
    cuts = statistics.quantiles(ordered, n=100, method="inclusive") if ordered[1:] else ordered * 99
    named = {"median": cuts[49], "p10": cuts[9], "p90": cuts[89], "p99": cuts[98]}
    return {name: rounded(value / unit) for name, value in named.items()}


def ratio_in_turn(theirs: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of numbers that were taken in the same turn."""
    return rounded(statistics.median(a / b for a, b in zip(theirs, floor, strict=False)))


def growth(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The exponent g with which cost grows as size ** g: the slope on logarithmic axes.

    1 is proportional to size, 0 is flat. Least squares over all sizes.
    """
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    return round(statistics.linear_regression(xs, ys).slope, 2)


def each_more(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """What each further one costs: the slope between the smallest and the largest size.

    What is paid once, such as imports, is not in it.
    """
    return (costs[-1] - costs[0]) / (sizes[-1] - sizes[0])
