from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import ks_2samp

from reasongap.domain import Composition, Hop, Problem
from reasongap.problems.slots import Slots
from reasongap.problems.summary import Batch, Counts, Summary


def summary(sources: list[int], answers: list[int]) -> Summary:
    problems = [Problem(str(i), "?", Fraction(value)) for i, value in enumerate(sources)]
    items = [
        Composition(str(i), f"b{i % 3}", (Hop("?", Fraction(value), "p"),))
        for i, value in enumerate(answers)
    ]
    found = [Slots(refused=("a", "b")), Slots(refused=("b",)), Slots(untrusted="c")]
    counts = Counts()
    counts.add(Batch(problems[1:], found[1:], items, 99, 4))
    counts.add(Batch(problems[:1], found[:1], [], 0, 0))
    return counts.summary()


@pytest.mark.parametrize("seed", range(5))
def test_the_distance_is_that_of_kolmogorov_and_smirnov(seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = random.integers(0, 40, 50).tolist(), random.integers(10, 50, 37).tolist()
    assert summary(first, second).distance == pytest.approx(ks_2samp(first, second).statistic)


def test_reasons_are_counted_most_frequent_first() -> None:
    made = summary([1, 2, 3], [4, 5])
    assert list(made.refused_slots.items()) == [("b", 2), ("a", 1)]
    assert made.refused_problems == {"c": 1}


def test_quantiles_run_from_the_smallest_to_the_largest() -> None:
    made = summary([5, 1, 4, 2, 3], [7])
    assert made.source_answers == (1, 2, 3, 4, 5)
    assert made.composed_answers == (7, 7, 7, 7, 7)
    assert made.block_sizes == (1, 1, 1, 1, 1)


def test_nothing_composed_is_no_error() -> None:
    made = summary([1], [])
    assert (made.confirmed_share, made.blocks, made.distance) == (0, 0, 0)
