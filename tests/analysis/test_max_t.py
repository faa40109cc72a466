from __future__ import annotations

import numpy as np
import pytest

from reasongap.analysis.joint import joint_of
from reasongap.analysis.max_t import simultaneous
from reasongap.analysis.sample import accuracy


def test_the_picked_fall_is_covered_where_a_plain_interval_is_not() -> None:
    rng, picked, plain, studies = np.random.default_rng(1), 0, 0, 100
    statistics = [accuracy(9) - accuracy(i) for i in range(9)]
    for seed in range(studies):
        joint = joint_of((rng.random((120, 10)) < 0.6).astype(float), np.arange(120))
        best = int(np.argmax(joint.means[:9]))
        estimates, p_values = simultaneous(joint, statistics, seed)
        low, high = estimates[best].ci
        picked += low <= 0 <= high
        assert (p_values[best] < 0.05) == (not low <= 0 <= high)
        low, high = joint.interval(statistics[best], None)
        plain += low <= 0 <= high
    assert picked / studies >= 0.93
    assert plain / studies < 0.9


def test_one_candidate_has_students_interval() -> None:
    grades = (np.random.default_rng(0).random((50, 2)) < 0.5).astype(float)
    joint = joint_of(grades, np.arange(50))
    statistic = accuracy(1) - accuracy(0)
    (estimate,), _ = simultaneous(joint, [statistic])
    assert estimate.ci == pytest.approx(joint.interval(statistic, None), abs=0.01)


def test_a_single_block_says_nothing() -> None:
    joint = joint_of(np.ones((3, 2)), np.zeros(3, dtype=np.int64))
    (estimate,), (p_value,) = simultaneous(joint, [accuracy(1) - accuracy(0)])
    assert estimate.ci == (-1, 1)
    assert p_value == 1
