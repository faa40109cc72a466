from __future__ import annotations

import numpy as np
import pytest

from reasongap.analysis.joint import joint_of
from reasongap.analysis.sample import accuracy, fieller, sample_of, share_of


def test_a_share_is_of_the_sums_over_the_items_that_have_any_of_the_whole() -> None:
    part, whole = np.array([0.5, 0, 0, 0]), np.array([0.5, 0.25, 1, 0])
    found = share_of(part, whole, np.array([0, 0, 1, 2]))
    assert found is not None
    assert found.value == pytest.approx(0.5 / 1.75)
    assert (found.n, found.blocks) == (3, 2)
    assert 0 <= found.ci[0] < 0.5 / 1.75 < found.ci[1] <= 1


def test_a_share_has_the_interval_of_an_accuracy_on_its_own_items() -> None:
    rng = np.random.default_rng(0)
    whole = (rng.random(200) < 0.4).astype(float)
    part, blocks = whole * (rng.random(200) < 0.7), np.arange(200) // 5
    own = whole == 1
    (alone,) = joint_of(part[own, None], blocks[own]).accuracy_intervals()
    found = share_of(part, whole, blocks)
    assert found is not None
    assert found.ci == pytest.approx(alone)
    assert found.n == own.sum()


def test_a_share_of_all_has_an_interval_of_honest_width() -> None:
    whole = np.repeat([1.0, 0.0], [20, 80])
    found = share_of(whole, whole, np.arange(100))
    assert found is not None
    assert (found.value, found.ci[1]) == (1, 1)
    assert 0.75 < found.ci[0] < 0.9


@pytest.mark.parametrize(("among", "truth"), [(0.2, 0.98), (0.2, 0.9), (0.5, 0.98), (0.05, 0.3)])
def test_intervals_of_a_share_cover(among: float, truth: float) -> None:
    rng, covered, studies = np.random.default_rng(0), 0, 400
    for _ in range(studies):
        whole = (rng.random(100) < among).astype(float)
        found = share_of(whole * (rng.random(100) < truth), whole, np.arange(100))
        covered += found is None or found.ci[0] <= truth <= found.ci[1]
    assert covered / studies >= 0.94


def test_a_share_of_nothing_is_none() -> None:
    assert share_of(np.zeros(3), np.zeros(3), np.arange(3)) is None


def test_fiellers_interval_needs_a_clear_denominator() -> None:
    rng = np.random.default_rng(0)
    grades = (rng.random((400, 2)) < (0.4, 0.8)).astype(float)
    sample = sample_of(grades, np.arange(400))

    ends = fieller(sample.joint, accuracy(0), accuracy(1))
    assert ends is not None
    assert ends[0] < grades[:, 0].mean() / grades[:, 1].mean() < ends[1]
    assert ends[1] - ends[0] < 0.15
    nothing = accuracy(0) - accuracy(0)
    assert fieller(sample.joint, accuracy(0), nothing) is None


def test_clear_means_that_the_interval_leaves_out_zero() -> None:
    even = sample_of(np.array([[1.0, 0.0], [0.0, 1.0]] * 20), np.arange(40))

    assert not even.estimate(accuracy(0) - accuracy(1)).clear
    up = sample_of(np.array([[1.0, 0.0]] * 40), np.arange(40))
    assert up.estimate(accuracy(0) - accuracy(1)).clear
