from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from reasongap.analysis.cost import Cost, costs, per_right
from reasongap.analysis.evidence import Evidence, Grades
from reasongap.analysis.items import FloatArray
from reasongap.analysis.joint import joint_of
from reasongap.analysis.sample import Estimate
from reasongap.domain import Record
from reasongap.models.seam import ModelSpec
from reasongap.report.text import plain
from tests.analysis.records import record


def grades(price: FloatArray, right: FloatArray, block: int = 1) -> Grades:
    n = len(price)
    blocks = np.arange(n) // block
    return Grades(("",) * n, np.column_stack([price, right]), blocks, np.ones(n, dtype=np.int64))


def found(price: FloatArray, right: FloatArray, block: int = 1) -> Estimate:
    estimate = per_right(grades(price, right, block))
    assert estimate is not None
    return estimate


def row(*records: Record) -> Cost:
    (made,) = costs(Evidence({"m": ModelSpec("m")}, ("cot",), {}, records))
    return made


@pytest.mark.parametrize("right", [2, 5, 50, 99, 100])
def test_where_the_price_is_fixed_a_right_answer_costs_it_over_the_ends_of_s_comp(
    right: int,
) -> None:
    got = np.repeat([1.0, 0.0], [right, 100 - right])
    ((low, high),) = joint_of(got[:, None], np.arange(100)).accuracy_intervals()
    estimate = found(np.full(100, 448.0), got)
    assert estimate.value == pytest.approx(448 / (right / 100))
    assert estimate.ci == pytest.approx((448 / high, 448 / low))


@pytest.mark.parametrize("block", [1, 5])
def test_the_ends_are_where_price_and_share_can_no_longer_be_told_apart(block: int) -> None:
    rng = np.random.default_rng(0)
    right = (rng.random(100) < 0.3).astype(float)
    price = rng.gamma(2, 100, 100) + 50 * right
    estimate, count = found(price, right, block), 100 // block
    sums = np.column_stack([price, right]).reshape(count, block, 2).sum(axis=1)
    share = (right.sum() + 2) / 104
    residuals = (sums - block * np.array([price.mean(), share])) / [100, 104]
    v = residuals.T @ residuals * count / (count - 1)
    v[1, 1] += 4 * (0.25 + (0.5 - share) ** 2) / 104**2

    def distance(ratio: float) -> float:
        error = (v[0, 0] - 2 * ratio * v[0, 1] + ratio**2 * v[1, 1]) ** 0.5
        t = stats.t.ppf(0.975, count - 1)
        return float(abs(price.mean() - ratio * share) / error - t)

    centre = price.mean() / share
    ends = optimize.brentq(distance, 100, centre), optimize.brentq(distance, centre, 9000)
    assert estimate.ci == pytest.approx(ends)
    assert estimate.ci[0] < estimate.value < estimate.ci[1]


def test_one_right_answer_may_have_cost_anything() -> None:
    right = np.eye(100)[0]
    estimate, share = found(np.full(100, 448.0), right), joint_of(right[:, None], np.arange(100))
    assert estimate.ci[0] == pytest.approx(448 / share.accuracy_intervals()[0][1])
    assert estimate.ci[1] == math.inf
    assert json.dumps(plain(estimate), allow_nan=False).count("null") == 1


def test_a_single_block_says_nothing_of_the_price() -> None:
    assert found(np.ones(4), np.array([1.0, 1, 0, 0]), block=4).ci == (0, math.inf)


@pytest.mark.parametrize(
    ("n", "share"), [(100, 0.02), (100, 0.05), (50, 0.1), (20, 0.2), (100, 0.3), (100, 0.95)]
)
def test_intervals_of_the_price_of_a_right_answer_cover(n: int, share: float) -> None:
    rng, covered, studies = np.random.default_rng(0), 0, 1000
    for _ in range(studies):
        right = (rng.random(n) < share).astype(float)
        estimate = per_right(grades(rng.gamma(4, 100, n), right))
        covered += estimate is None or estimate.ci[0] <= 400 / share <= estimate.ci[1]
    assert covered / studies >= 0.935


def test_with_unequal_repeats_all_that_was_paid_is_over_all_that_was_right() -> None:
    def repeated(item: str, outcome: str, cost: float, repeat: int) -> Record:
        made = record(item, "composed", outcome, cost=cost)  # type: ignore[arg-type]
        return replace(made, key=replace(made.key, repeat=repeat))

    paid = [repeated("a", "correct", 1.0, repeat) for repeat in range(3)]
    paid += [repeated("b", "wrong", 3.0, 0), repeated("b", "model_error", 9.0, 1)]
    made = row(*paid)
    assert made.dollars == 6 / 4
    assert made.dollars_per_right is not None
    assert made.dollars_per_right.value == pytest.approx(6 / 3)
    assert (made.dollars_per_right.n, made.dollars_per_right.blocks) == (2, 2)
