from __future__ import annotations

import numpy as np
import pytest

from reasongap.analysis.sample import accuracy, fieller, ratio, sample_of


def test_a_ratio_is_of_the_sums() -> None:
    grades = np.array([[1, 1], [0, 1], [0, 1], [0, 0]], dtype=float)
    found = sample_of(grades, np.arange(4)).ratio(0, 1)
    assert found is not None
    assert found.value == pytest.approx(1 / 3)
    assert found.n == 3
    assert 0 <= found.ci[0] < 1 / 3 < found.ci[1] <= 1


def test_a_ratio_over_nothing_is_none() -> None:
    assert sample_of(np.array([[0.0, 0.0]] * 3), np.arange(3)).ratio(0, 1) is None


def test_the_gradient_of_a_ratio_is_its_slope() -> None:
    statistic, at, step = ratio(0, 1), np.array([0.3, 0.6]), 1e-6
    for column in range(2):
        moved = at.copy()
        moved[column] += step
        slope = (statistic.value(moved) - statistic.value(at)) / step
        assert statistic.gradient(at)[column] == pytest.approx(float(slope), rel=1e-4)


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
