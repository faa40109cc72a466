"""What a plan says a study shows: a pilot's scatter where there is one, else what is assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from reasongap.analysis.detectable import ANY, LEAST_BLOCKS, Wish, showings
from reasongap.domain import Outcome, Record
from tests.analysis.records import record

WISH = Wish(100, 1.0, 0.05, (0.7, 0.7))


def pilot(n: int, strategies: tuple[str, ...] = ("cot", "pot"), model: str = "m") -> list[Record]:
    rng = np.random.default_rng(1)
    return [
        record(
            f"item{i}",
            setting,
            "correct" if rng.random() < 0.6 else "wrong",
            strategy=strategy,
            model=model,
            block=f"block{i}",
        )
        for i in range(n)
        for strategy in strategies
        for setting in ("hop1", "hop2", "composed")
    ]


def test_a_pilot_gives_a_row_a_strategy_and_a_row_a_change() -> None:
    rows = showings(WISH, ["m"], ["cot", "pot"], pilot(60))
    assert [(r.model, r.strategy, r.baseline, r.source) for r in rows] == [
        ("m", "cot", None, "pilot"),
        ("m", "pot", None, "pilot"),
        ("m", "pot", "cot", "pilot"),
    ]
    cot, _, change = rows
    assert cot.s_comp_shown is None
    assert cot.delta_shown is not None
    assert cot.delta_half_width < cot.delta_shown
    assert change.delta_half_width > cot.delta_half_width


def test_what_a_pilot_lacks_is_assumed_of_any_model() -> None:
    assert {r.model for r in showings(WISH, ["m", "new"], ["cot", "pot"], pilot(60))} == {"m", ANY}
    new_strategy = showings(WISH, ["m"], ["cot", "pot", "direct"], pilot(60))
    assert [r.source for r in new_strategy] == ["pilot"] * 3 + ["assumed"] * 2
    tiny = showings(WISH, ["m"], ["cot", "pot"], pilot(LEAST_BLOCKS - 1))
    assert {r.source for r in tiny} == {"assumed"}
    assert [r.sparse for r in showings(WISH, ["m"], ["cot"], pilot(12, ("cot",)))] == [True]
    assert not any(r.sparse for r in showings(WISH, ["m"], ["cot"], pilot(60)))


def test_more_compositions_show_less_and_need_no_more() -> None:
    few, many = (
        showings(Wish(n, 1.0, 0.05, (0.7, 0.7)), ["m"], ["cot"], ())[0] for n in (100, 400)
    )
    assert few.delta_shown is not None
    assert many.delta_shown is not None
    assert many.delta_shown < few.delta_shown
    assert many.needed == few.needed


def test_a_pilot_of_more_repeats_than_the_study_promises_no_more_than_these_show() -> None:
    rng = np.random.default_rng(2)
    thrice = [
        replace(one, key=replace(one.key, repeat=repeat), outcome=outcome)
        for one in pilot(60)
        for repeat in range(3)
        for outcome in [cast(Outcome, rng.choice(["correct", "wrong"]))]
    ]
    once = [one for one in thrice if one.key.repeat == 0]
    strategies = ["cot", "pot"]
    assert showings(WISH, ["m"], strategies, thrice) == showings(WISH, ["m"], strategies, once)
    (row, *_), (again, *_) = (
        showings(replace(WISH, repeats=repeats), ["m"], strategies, thrice) for repeats in (1, 3)
    )
    assert again.delta_half_width < 0.8 * row.delta_half_width


def test_an_effect_that_cannot_be_is_not_shown() -> None:
    for n in (1, 2):
        rows = showings(replace(WISH, n=n), ["m"], ["cot", "pot"], pilot(60))
        assert [(row.delta_shown, row.s_comp_shown) for row in rows] == [(None, None)] * 3
