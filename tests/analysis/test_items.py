from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reasongap.analysis.items import complete_cases
from reasongap.errors import UsageError
from tests.analysis.records import answers, record


def test_grades_stand_a_row_per_composition_and_a_column_per_setting() -> None:
    cells = complete_cases("m", answers("101", "011"), ["cot"])
    assert cells.settings == ("hop1", "hop2", "composed")
    assert cells.correct["cot"].tolist() == [[1, 0, 1], [0, 1, 1]]
    assert cells.attrition == 0


def test_strict_grades_stand_beside_the_flexible_ones() -> None:
    strict = [replace(r, strict=r.key.setting == "hop1") for r in answers("111")]
    cells = complete_cases("m", strict, ["cot"])
    assert cells.correct["cot"].tolist() == [[1, 1, 1]]
    assert cells.strict["cot"].tolist() == [[1, 0, 0]]


@pytest.mark.parametrize("failed", ["1m1", "s11", "1-1"])
def test_a_failure_under_one_strategy_leaves_the_composition_out_for_all(failed: str) -> None:
    records = [*answers("111", "101"), *answers(failed, "000", strategy="pot")]
    cells = complete_cases("m", records, ["cot", "pot"])
    assert cells.correct["cot"].tolist() == [[1, 0, 1]]
    assert cells.correct["pot"].tolist() == [[0, 0, 0]]
    assert cells.attrition == 1


def test_a_composition_that_one_strategy_was_never_asked_is_attrition() -> None:
    records = [*answers("111", "101"), *answers("000", strategy="pot")]
    assert complete_cases("m", records, ["cot", "pot"]).attrition == 1


def test_a_failed_control_leaves_nothing_out() -> None:
    records = [*answers("111"), record("c0", "hop2-distracted", "model_error")]
    cells = complete_cases("m", records, ["cot"])
    assert len(cells.blocks) == 1
    assert cells.attrition == 0


def test_other_models_and_strategies_are_passed_over() -> None:
    records = [*answers("111"), *answers("mmm", model="x"), *answers("mmm", strategy="pot")]
    cells = complete_cases("m", records, ["cot"])
    assert cells.correct["cot"].tolist() == [[1, 1, 1]]
    assert cells.attrition == 0


def test_repeats_are_averaged() -> None:
    records = [*answers("101"), *answers("001", repeat=1), *answers("011", repeat=2)]
    (row,) = complete_cases("m", records, ["cot"]).correct["cot"]
    assert row == pytest.approx([1 / 3, 1 / 3, 1])


def test_a_repeat_with_a_failure_is_left_out_whole() -> None:
    records = [*answers("101", "m11"), *answers("0m0", "m11", repeat=1)]
    cells = complete_cases("m", records, ["cot"])
    assert cells.correct["cot"].tolist() == [[1, 0, 1]]
    assert cells.attrition == 1


def test_of_two_records_with_one_key_the_last_holds() -> None:
    cells = complete_cases("m", [*answers("m11"), *answers("011")], ["cot"])
    assert cells.correct["cot"].tolist() == [[0, 1, 1]]


def test_compositions_of_one_block_share_its_number() -> None:
    records = [
        record(name, setting, block=block)
        for name, block in (("a", "x"), ("b", "y"), ("c", "x"))
        for setting in ("hop1", "hop2", "composed")
    ]
    first, second, third = complete_cases("m", records, ["cot"]).blocks
    assert first == third != second


def test_the_order_in_which_answers_came_does_not_matter() -> None:
    records = [*answers("101", "011", "110"), *answers("000", "111", "1m1", strategy="pot")]
    forth = complete_cases("m", records, ["cot", "pot"])
    back = complete_cases("m", records[::-1], ["cot", "pot"])
    for name in ("cot", "pot"):
        assert np.array_equal(forth.correct[name], back.correct[name])
    assert np.array_equal(forth.blocks, back.blocks)


def test_chains_of_four_hops_have_five_settings() -> None:
    cells = complete_cases("m", [record("a", "composed", hops=4)], ["cot"])
    assert cells.settings == ("hop1", "hop2", "hop3", "hop4", "composed")
    assert cells.attrition == 1


def test_chains_of_different_lengths_are_refused() -> None:
    records = [record("a", "composed", hops=2), record("b", "composed", hops=3)]
    with pytest.raises(UsageError, match=r"2 and 3 hops .* \(2 hops: m; 3 hops: m\)\. Report"):
        complete_cases("m", records, ["cot"])


def test_without_any_complete_composition_there_are_no_rows() -> None:
    cells = complete_cases("m", answers("1-1"), ["cot"])
    assert cells.correct["cot"].shape == (0, 3)
    assert cells.attrition == 1
