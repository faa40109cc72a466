from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest

from reasongap.problems.order import balanced
from reasongap.problems.pairing import Path, Source, blocks, pair_block, pair_once
from reasongap.problems.slots import RULES, Rules, find_slots
from tests.problems.stories import many, shelf, shop


def sources() -> list[Source]:
    return [Source(problem, find_slots(problem).offered) for problem in many()]


def test_blocks_hold_every_problem_once_and_similar_ones_together() -> None:
    groups = blocks(sources(), 8, random.Random(3))
    ids = [source.problem.id for group in groups for source in group]
    assert sorted(ids) == sorted(problem.id for problem in many())
    ends = sorted((min(s.size for s in group), max(s.size for s in group)) for group in groups)
    assert all(high <= low for (_, high), (low, _) in pairwise(ends))


@pytest.mark.parametrize("hops", [2, 3, 4])
def test_each_hop_takes_the_answer_of_the_one_before(hops: int) -> None:
    paths = list(pair_block(sources(), "b", hops, RULES))
    assert paths
    for path in paths:
        answers = [path.first.answer, *(link.gold for link in path.links)]
        assert [link.number for link in path.links] == answers[:-1]
        assert len(set(path.sources)) == hops
    assert len({path.sources for path in paths}) == len(paths)


def test_a_source_serves_no_more_often_than_allowed() -> None:
    paths = list(pair_block(sources(), "b", 3, Rules(reuse=2)))
    for hop in range(3):
        assert max(Counter(path.sources[hop] for path in paths).values()) <= 2


def test_the_assignment_is_the_cheapest_there_is() -> None:
    """Two openers, two followers: taking the nearest first would leave a far pair."""
    openers = [Source(shelf(0, 60, 40), ()), Source(shelf(1, 60, 37), ())]
    followers = [
        Source(shop(i, apples, 2), find_slots(shop(i, apples, 2)).offered[:1])
        for i, apples in enumerate((21, 29))
    ]
    paths = list(pair_block([*openers, *followers], "b", 2, Rules(reuse=1)))
    pairs = {path.sources for path in paths if path.first.id.startswith("shelf")}
    assert pairs == {("shelf/0", "shop/0"), ("shelf/1", "shop/1")}


def test_used_once_means_once() -> None:
    paths = list(pair_once(sources(), 2, RULES))
    used = Counter(name for path in paths for name in path.sources)
    assert len(paths) >= 8
    assert set(used.values()) == {1}


def test_the_blocks_take_turns_and_lose_nothing() -> None:
    by_block = [
        [Path(name, shelf(i, 60, i + 1)) for i in range(n)] for name, n in (("a", 5), ("b", 3))
    ]
    ordered = balanced(by_block, [path.answer for paths in by_block for path in paths])
    assert [path.block for path in ordered] == ["a", "b", "a", "b", "a", "b", "a", "a"]
    assert len({(path.block, path.first.id) for path in ordered}) == 8


def test_a_block_first_gives_the_answers_that_are_lacking() -> None:
    low, high = (
        [Path("a", shelf(i, 60, 58 - i)) for i in range(10)],
        [Path("a", shelf(i, 600, i + 1)) for i in range(10)],
    )
    ordered = balanced([[*low, *high]], [path.answer for path in (*low, *high)])
    assert 4 <= sum(path.answer < 100 for path in ordered[:10]) <= 6
