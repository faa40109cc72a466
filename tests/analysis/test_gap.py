from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasongap.analysis.gap import delta, delta_bounds, delta_gradient, gap
from reasongap.errors import UsageError

FOUR = np.array([[1.0, 1, 1], [1, 1, 0], [1, 0, 0], [0, 1, 0]])


def test_the_gap_is_the_chain_less_the_product_of_its_hops() -> None:
    found = gap(FOUR, np.arange(4), resamples=100)
    assert found.s == (0.75, 0.75)
    assert found.expected == 0.5625
    assert found.s_comp == 0.25
    assert found.delta == -0.3125
    assert (found.n, found.blocks, found.attrition) == (4, 4, 0)
    assert found.delta_bounds is None


def test_three_hops_multiply() -> None:
    correct = np.tile([[1.0, 1, 1, 1], [0, 1, 1, 0]], (10, 1))
    found = gap(correct, np.arange(20), resamples=100)
    assert found.s == (0.5, 1.0, 1.0)
    assert (found.expected, found.delta) == (0.5, 0.0)


def test_dense_cells_are_resampled_and_sparse_ones_smoothed() -> None:
    dense = np.tile(FOUR, (20, 1))
    assert gap(dense, np.arange(80), resamples=100).method == "bootstrap"
    sparse = np.tile(FOUR, (8, 1))
    assert gap(sparse, np.arange(32), resamples=100).method == "delta"
    assert gap(dense, np.arange(80) % 8, resamples=100).method == "delta"


def test_both_methods_agree_on_plenty_of_items() -> None:
    correct = np.tile(FOUR, (250, 1))
    found = gap(correct, np.arange(1000), seed=1)
    residuals = correct - correct.mean(axis=0)
    influence = residuals[:, 2] - 0.75 * residuals[:, 0] - 0.75 * residuals[:, 1]
    half = 1.96 * influence.std() / 1000**0.5
    assert found.method == "bootstrap"
    assert found.delta_ci == pytest.approx((-0.3125 - half, -0.3125 + half), abs=0.002)


def test_a_model_that_solves_nothing_has_no_gap_but_an_interval() -> None:
    found = gap(np.zeros((20, 3)), np.arange(20))
    low, high = found.delta_ci
    assert found.delta == 0
    assert found.method == "delta"
    assert low < -0.03 < 0.03 < high


@settings(max_examples=60)
@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(
            st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 3), min_size=n, max_size=n),
            st.lists(st.integers(0, 5), min_size=n, max_size=n),
        )
    )
)
def test_every_interval_holds_its_estimate_and_stays_in_range(
    drawn: tuple[list[tuple[float, float, float]], list[int]],
) -> None:
    found = gap(np.array(drawn[0]), np.array(drawn[1]), resamples=50)
    assert -1 <= found.delta_ci[0] <= found.delta <= found.delta_ci[1] <= 1
    assert 0 <= found.s_comp_ci[0] <= found.s_comp <= found.s_comp_ci[1] <= 1
    for s, (low, high) in zip(found.s, found.s_ci, strict=True):
        assert 0 <= low <= s <= high <= 1


def test_the_gap_does_not_depend_on_the_names_or_the_order_of_blocks() -> None:
    rng = np.random.default_rng(0)
    correct = (rng.random((90, 3)) < 0.5).astype(float)
    blocks = np.arange(90) // 3
    order = rng.permutation(90)
    one, other = gap(correct, blocks), gap(correct[order], 1000 - blocks[order])
    assert one.delta_ci == pytest.approx(other.delta_ci)
    assert one.s_comp_ci == pytest.approx(other.s_comp_ci)


def test_the_gradient_is_the_slope() -> None:
    s = np.array([0.9, 0.0, 0.7, 0.4])
    steps = 1e-6 * np.eye(4)
    slopes = [(delta(s + step) - delta(s - step)) / 2e-6 for step in steps]
    assert delta_gradient(s) == pytest.approx(slopes)


def test_the_bounds_are_the_extremes_over_everything_that_could_have_been() -> None:
    fills = itertools.product((0.0, 1.0), repeat=6)
    possible = [
        float(delta(np.vstack([FOUR, np.reshape(fill, (2, 3))]).mean(axis=0))) for fill in fills
    ]
    assert delta_bounds(FOUR, 2) == pytest.approx((min(possible), max(possible)))
    assert gap(FOUR, np.arange(4), attrition=2, resamples=10).delta_bounds == delta_bounds(FOUR, 2)


def test_grades_without_a_hop_are_refused() -> None:
    with pytest.raises(UsageError, match=r"shape \(4, 1\)"):
        gap(FOUR[:, :1], np.arange(4))
