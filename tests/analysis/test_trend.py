from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]

from reasongap.analysis.estimates import analyse
from reasongap.analysis.trend import Point, line, trends
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers

SIZES = (1e8, 5e8, 1e9, 7e9, 3e10, 7e10)


def points(values: list[float], error: float = 0.02) -> list[Point]:
    return [
        Point(f"m{i}", None, size, value, (value - 1.959964 * error, value + 1.959964 * error))
        for i, (size, value) in enumerate(zip(SIZES, values, strict=True))
    ]


def test_points_on_a_line_give_that_line() -> None:
    found = line(points([0.1 * math.log10(size) - 1 for size in SIZES]))
    assert found.slope == pytest.approx(0.1)
    assert found.intercept == pytest.approx(-1)
    assert found.between == 0
    value, (low, high) = found.at(1e9)
    assert low < value < high
    assert value == pytest.approx(-0.1)


def test_without_variance_between_models_it_is_weighted_least_squares() -> None:
    rng = np.random.default_rng(3)
    values = (0.05 * np.log10(SIZES) + rng.normal(0, 0.01, len(SIZES))).tolist()
    shown = points(values, 0.05)
    found = line(shown)
    design = sm.add_constant(np.log10(SIZES))
    weights = [1 / point.error**2 for point in shown]
    oracle = sm.WLS(values, design, weights=weights).fit()  # pyright: ignore[reportArgumentType]
    assert found.between == 0
    assert found.slope == pytest.approx(oracle.params[1])
    half = (found.slope_ci[1] - found.slope_ci[0]) / 2
    unscaled = oracle.bse[1] / math.sqrt(oracle.scale)
    assert half == pytest.approx(2.776445 * unscaled, rel=1e-4)


def test_models_that_scatter_more_than_their_errors_widen_the_band() -> None:
    values = [0.0, 0.3, -0.2, 0.25, -0.3, 0.2]
    found = line(points(values))
    assert found.between == pytest.approx(np.std(values, ddof=2), rel=0.1)
    assert found.slope_ci[0] < 0 < found.slope_ci[1]


def test_the_band_holds_the_truth_in_most_studies() -> None:
    rng = np.random.default_rng(0)
    truth = 0.06 * np.log10(SIZES) - 0.7
    held = 0
    for _ in range(400):
        values = truth + rng.normal(0, 0.05, len(SIZES)) + rng.normal(0, 0.03, len(SIZES))
        low, high = line(points(values.tolist(), 0.03)).slope_ci
        held += low < 0.06 < high
    assert 0.92 * 400 <= held <= 400


def test_fewer_than_five_sizes_are_points_without_a_line() -> None:
    specs = {f"m{i}": ModelSpec(f"m{i}", size=size) for i, size in enumerate(SIZES[:4])}
    records = [
        r for m in specs for s in ("cot", "pot") for r in answers("111", "110", model=m, strategy=s)
    ]
    found = trends(analyse(records, specs, ("cot", "pot")), specs, ("cot", "pot"))
    assert {(row.quantity, row.strategy) for row in found} == {
        ("delta", "cot"), ("s_comp", "cot"), ("delta", "pot"), ("s_comp", "pot"),
        ("delta_change", "pot"), ("s_comp_change", "pot"),
    }  # fmt: skip
    assert all(row.line is None and "5 sizes, not 4" in str(row.reason) for row in found)


def test_models_of_unknown_size_and_checkpoints_are_left_out() -> None:
    specs = {"a": ModelSpec("a"), "b": ModelSpec("b", size=1e9, series="run", step=1)}
    records = [r for m in specs for r in answers("111", model=m)]
    assert trends(analyse(records, specs, ("cot",)), specs, ("cot",)) == ()
