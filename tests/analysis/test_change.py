from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import optimize

from reasongap.analysis.change import Reduction, reduction
from reasongap.analysis.gap import delta_gradient, gap
from reasongap.analysis.items import Cells, FloatArray
from reasongap.analysis.joint import joint_of

FOUR = np.array([[1.0, 1, 1], [1, 1, 0], [1, 0, 0], [0, 1, 0]])
BETTER = np.array([[1.0, 1, 1], [1, 1, 1], [1, 0, 0], [0, 1, 0]])


def compare(before: FloatArray, after: FloatArray, block: int = 1) -> Reduction:
    blocks = np.arange(len(before)) // block
    correct = {"cot": before, "pot": after}
    cells = Cells("m", ("hop1", "hop2", "composed"), correct, correct, blocks)
    gaps = {name: gap(grades, blocks, resamples=2000) for name, grades in correct.items()}
    return reduction(cells, gaps, "cot", "pot", size=7e9, resamples=2000)


def draw(seed: int, s: tuple[float, float, float], n: int = 200) -> FloatArray:
    return np.asarray(np.random.default_rng(seed).random((n, 3)) < s, dtype=float)


def test_changes_are_strategy_less_baseline() -> None:
    found = compare(FOUR, BETTER)
    assert (found.model, found.size, found.baseline, found.strategy) == ("m", 7e9, "cot", "pot")
    assert found.s_comp_change == 0.25
    assert found.s_comp_relative == 1.0
    assert found.delta_change == 0.25


def test_from_nothing_there_is_no_relative_change() -> None:
    nothing = np.zeros((4, 3))
    assert compare(nothing, FOUR).s_comp_relative is None
    assert compare(FOUR, nothing).s_comp_relative == -1.0


def test_the_share_closed_is_the_part_of_the_baselines_gap_that_went() -> None:
    found = compare(np.tile(FOUR, (50, 1)), np.tile(BETTER, (50, 1)))
    assert found.gap_closed == pytest.approx(1 - 0.0625 / 0.3125)
    assert found.gap_closed_ci is not None
    assert found.gap_closed_ci[0] < 0.8 < found.gap_closed_ci[1]
    assert found.gap_closed_reason is None


def test_fewer_than_a_hundred_compositions_give_no_share() -> None:
    few, enough = 24, 25
    assert compare(np.tile(FOUR, (enough, 1)), np.tile(BETTER, (enough, 1))).gap_closed is not None
    found = compare(np.tile(FOUR, (few, 1)), np.tile(BETTER, (few, 1)))
    assert found.gap_closed is None
    assert "100 compositions or more, not 96" in str(found.gap_closed_reason)


def test_a_gap_that_grew_although_accuracy_rose_is_a_negative_share() -> None:
    before = draw(0, (0.6, 0.6, 0.2), 800)
    after = draw(1, (0.99, 0.99, 0.5), 800)
    found = compare(before, after)
    assert found.s_comp_change > 0
    assert found.gap_closed is not None
    assert found.gap_closed < -0.5


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ((0.8, 0.8, 0.3), (0.5, 0.5, 0.2), "did not rise"),
        ((0.8, 0.8, 0.3), (0.2, 0.5, 0.6), r"multiply to 0\.5\d and 0\.1\d: below 0\.2"),
        ((0.3, 0.3, 0.0), (0.8, 0.8, 0.5), r"multiply to 0\.\d\d and 0\.6\d: below 0\.2"),
        ((0.8, 0.8, 0.62), (0.9, 0.9, 0.8), "not clearly below 0"),
    ],
)
def test_no_share_is_named_where_it_would_mislead(
    before: tuple[float, float, float], after: tuple[float, float, float], reason: str
) -> None:
    found = compare(draw(0, before), draw(1, after))
    assert found.gap_closed is None
    assert found.gap_closed_ci is None
    assert re.search(reason, found.gap_closed_reason or "")


def test_the_shares_interval_ends_where_the_ratio_can_no_longer_be_told_apart() -> None:
    before, after = draw(0, (0.8, 0.8, 0.3)), draw(1, (0.85, 0.85, 0.5))
    found = compare(before, after, block=10)
    joint = joint_of(np.hstack([before, after]), np.arange(200) // 10)
    means, covariance = joint.smoothed(2)
    rows = np.zeros((2, 6))
    rows[0, :3], rows[1, 3:] = delta_gradient(means[:3]), delta_gradient(means[3:])
    v = rows @ covariance @ rows.T
    old, new = (gap(grades, np.arange(200) // 10).delta for grades in (before, after))

    def distance(share: float) -> float:
        ratio = 1 - share
        error = (v[1, 1] - 2 * ratio * v[0, 1] + ratio**2 * v[0, 0]) ** 0.5
        return abs(new - ratio * old) / float(error) - joint.quantile

    centre = 1 - new / old
    assert found.gap_closed == pytest.approx(centre)
    assert found.gap_closed_ci == pytest.approx(
        (optimize.brentq(distance, -5, centre), optimize.brentq(distance, centre, 5))
    )


def test_swapping_the_strategies_swaps_the_signs() -> None:
    one, other = draw(0, (0.6, 0.7, 0.3)), draw(1, (0.7, 0.7, 0.4))
    forth, back = compare(one, other, block=10), compare(other, one, block=10)
    assert back.delta_change == pytest.approx(-forth.delta_change)
    assert back.p_value == pytest.approx(forth.p_value)
    low, high = forth.delta_change_ci
    assert back.delta_change_ci == pytest.approx((-high, -low), abs=0.02)


def test_a_strategy_equal_to_the_baseline_changes_nothing() -> None:
    grades = draw(0, (0.6, 0.7, 0.3))
    found = compare(grades, grades)
    assert (found.s_comp_change, found.delta_change, found.p_value) == (0, 0, 1)
    for low, high in (found.s_comp_change_ci, found.delta_change_ci):
        assert low == pytest.approx(-high)
        assert 0.01 < high < 0.03


def test_four_gained_and_none_lost_are_not_clear() -> None:
    before = draw(0, (0.6, 0.7, 0.3), 100)
    after = before.copy()
    after[np.flatnonzero(before[:, 2] == 0)[:4], 2] = 1
    found = compare(before, after)
    assert found.p_value > 0.05
    for low, high in (found.s_comp_change_ci, found.delta_change_ci):
        assert low < 0
        assert high > 0.07


def test_pairing_narrows_the_interval_of_strategies_that_err_alike() -> None:
    before = draw(0, (0.6, 0.7, 0.3))
    alike = before.copy()
    alike[:10] = 1
    unlike = np.roll(alike, 100, axis=0)
    near, far = compare(before, alike).delta_change_ci, compare(before, unlike).delta_change_ci
    assert near[1] - near[0] < 0.5 * (far[1] - far[0])


def test_the_p_value_agrees_with_swapping_the_strategies_block_by_block() -> None:
    before, after = draw(0, (0.7, 0.7, 0.35)), draw(1, (0.7, 0.7, 0.45))
    found = compare(before, after, block=5)
    rng = np.random.default_rng(0)
    sums = np.stack([before, after]).reshape(2, 40, 5, 3).sum(axis=2)
    swaps = rng.random((20_000, 40, 1)) < 0.5
    first = np.where(swaps, sums[0], sums[1]).sum(axis=1) / 200
    second = np.where(swaps, sums[1], sums[0]).sum(axis=1) / 200
    changes = (
        (first - second)[:, 2]
        - (first.prod(axis=1) / first[:, 2])
        + (second.prod(axis=1) / second[:, 2])
    )
    by_swapping = np.mean(np.abs(changes) >= abs(found.delta_change) - 1e-12)
    assert 0.005 < found.p_value < 0.5
    assert found.p_value == pytest.approx(by_swapping, abs=0.02)


def test_one_block_gives_no_share_and_no_significance() -> None:
    found = compare(np.tile(FOUR, (50, 1)), np.tile(BETTER, (50, 1)), block=200)
    assert found.p_value == 1
    assert found.delta_change_ci == (-2, 2)
    assert found.s_comp_change_ci == (-1, 1)
    assert found.gap_closed is None
