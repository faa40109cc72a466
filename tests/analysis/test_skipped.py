from __future__ import annotations

import pytest

from reasongap.analysis.calculations import of_solution
from reasongap.analysis.skipped import skipped_steps, skips, triggers
from reasongap.models.seam import ModelSpec
from tests.analysis.chains import ran, said
from tests.analysis.simulated import Habits, study

GOLD = of_solution("3*11=<<3*11=33>>33 pens and <<33+31=64>>64")


def test_triggers_are_the_words_that_ask_for_a_product() -> None:
    question = "Each month she saves $20, twice as much every week. 5% is spent."
    assert triggers(question) == ("each", "month", "twice", "every", "week", "%")
    assert triggers("How many are left?") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 * 11 = 33\n33 + 31 = 64\nAnswer to Q1: 65", False),
        ("11 + 31 = 42\nAnswer to Q1: 42", True),
        ("3 * 11 = 34\n34 + 31 = 65\nAnswer to Q1: 65", False),
        ("7 - 2 = 5\nAnswer to Q1: 5", None),
        ("Answer to Q1: 42", None),
    ],
)
def test_a_product_is_skipped_where_the_rest_of_the_chain_is_done(
    text: str, expected: bool | None
) -> None:
    assert skips(said(f"{text}\nFinal answer: 1"), GOLD) is expected


def test_a_right_first_hop_skips_nothing() -> None:
    assert skips(said("Answer to Q1: 12\nFinal answer: 1"), GOLD) is False


def test_a_program_is_read_as_well() -> None:
    source = "def solve_q1():\n    n = 11 + 31\n    return n\n"
    assert skips(ran(source, (42,), 1), GOLD) is True


def test_more_products_are_skipped_inside_where_a_model_is_distracted() -> None:
    habits = Habits(hop1=0.95, inside=0.6, skip=1.0)
    (row,) = skipped_steps(study([(ModelSpec("m"), "cot", habits)], 120))
    assert (row.asked, row.coverage) == (120, 1)
    assert row.inside.ci[0] < 0.4 < row.inside.ci[1]
    assert row.change.ci[1] > 0.35 > row.change.ci[0] > 0
    assert row.words["each"] == (120, round(row.inside.value * 120))


def test_without_gold_chains_nothing_is_said() -> None:
    found = study([(ModelSpec("m"), "cot", Habits())], 10)
    bare = type(found)(found.specs, found.strategies, {}, found.records)
    assert skipped_steps(bare) == ()
