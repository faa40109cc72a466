from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.problems.minted.spread import Spread


@given(st.integers(1, 40), st.integers(1, 40), st.text(max_size=8))
def test_every_point_comes_exactly_once(firsts: int, lasts: int, key: str) -> None:
    spread = Spread.keyed(firsts, lasts, key)
    points = {spread.point(index) for index in range(firsts * lasts)}
    assert points == {(first, last) for first in range(firsts) for last in range(lasts)}


def test_another_key_goes_another_way() -> None:
    ways = {
        tuple(Spread.keyed(100, 100, key).point(index) for index in range(20))
        for key in ("0:kitchen", "1:kitchen", "0:garden")
    }
    assert len(ways) == 3


@pytest.mark.parametrize("rows", [3, 10])
def test_neighbours_have_nothing_in_common(rows: int) -> None:
    spread = Spread.keyed(1500, 1476, "7:kitchen")
    points = [spread.point(index) for index in range(20_001)]
    steps = Counter(
        (after[0] - before[0]) % 1500 * rows // 1500 for before, after in pairwise(points)
    )
    expected = 20_000 / rows
    assert sum((steps[row] - expected) ** 2 / expected for row in range(rows)) < 30


def test_the_way_is_the_same_on_every_machine() -> None:
    spread = Spread.keyed(1_000, 10**9, "7:kitchen/trays")
    assert [spread.point(index) for index in (0, 1, 10**11)] == [
        (810, 444074238),
        (299, 53606062),
        (765, 49763488),
    ]
