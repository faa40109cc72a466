from __future__ import annotations

from fractions import Fraction

import pytest

from reasongap.errors import UsageError
from reasongap.problems.slots import Rules, Slot, find_slots
from tests.problems.stories import shelf, shop, told

WIDE = Rules(number_factor=100, answer_factor=100)


def only(question: str, solution: str, answer: int, number: str) -> Slot:
    (slot,) = [
        slot
        for slot in find_slots(told(question, solution, answer)).offered
        if slot.mention.text == number
    ]
    return slot


def test_each_number_of_a_plain_story_may_become_an_x() -> None:
    found = find_slots(shop(0, 12, 5))
    assert [slot.question for slot in found.offered] == [
        "Ann buys X apples at $5 an apple. What does she pay in dollars?",
        "Ann buys 12 apples at $X an apple. What does she pay in dollars?",
    ]
    assert [slot.gold(Fraction(9), WIDE) for slot in found.offered] == [45, 108]
    assert found.refused == () and found.untrusted is None


@pytest.mark.parametrize(
    ("question", "solution", "answer", "reason"),
    [
        ("He has 6 hens and 6 cows.", "<<6+6=12>>", 12, "occurs twice"),
        ("He has six hens and 6 cows.", "<<6+6=12>>", 12, "occurs as a word"),
        ("He walks 7 miles a week.", "<<7*52=364>>", 364, "ambiguous in the solution"),
        ("A square is 5 inches wide.", "<<5*5=25>>", 25, "small and used twice"),
        ("He has 1/2 of 8 hens.", "<<1/2*8=4>>", 4, "a fraction"),
    ],
)
def test_a_number_that_is_none_is_refused_by_name(
    question: str, solution: str, answer: int, reason: str
) -> None:
    found = find_slots(told(question, solution, answer))
    assert reason in found.refused
    assert all(slot.mention.text in ("8",) for slot in found.offered)


@pytest.mark.parametrize(
    ("question", "solution", "answer", "reason"),
    [
        ("Solve x + 3 + 4.", "<<3+4=7>>", 7, "an x"),
        ("He had 3 and lost 4.", "<<3-4=-1>>", -1, "cannot be one"),
        ("All over 20 pay 5 and 6 euros.", "<<5+6=11>>", 11, "unused"),
        ("He had 3 and 5.", "", 8, "no annotation"),
    ],
)
def test_a_problem_that_offers_nothing_is_refused_by_name(
    question: str, solution: str, answer: int, reason: str
) -> None:
    found = find_slots(told(question, solution, answer))
    assert found.offered == ()
    assert found.untrusted is not None and reason in found.untrusted


@pytest.mark.parametrize(
    ("number", "gold"),
    [(30, 19), (12, 1), (11, None), (41, None), (1, None), (60, 49)],
)
def test_the_story_must_bear_the_new_number(number: int, gold: int | None) -> None:
    """41 is the number itself, and 11 leaves nothing."""
    slot = find_slots(shelf(0, 41, 11)).offered[0]
    assert slot.gold(Fraction(number), WIDE) == gold


def test_a_step_that_was_whole_stays_whole() -> None:
    slot = only("30 sweets go to 5 boys.", "<<30/5=6>>", 6, "5")
    assert slot.gold(Fraction(10), WIDE) == 3
    assert slot.gold(Fraction(4), WIDE) is None


def test_a_percentage_stays_within_a_hundred() -> None:
    slot = only("He keeps 40% of 500 nuts.", "<<40/100*500=200>>", 200, "40")
    assert slot.gold(Fraction(60), WIDE) == 300
    assert slot.gold(Fraction(140), WIDE) is None


def test_an_answer_equal_to_x_is_none() -> None:
    slot = only("30 sweets go to 5 boys.", "<<30/5=6>>", 6, "30")
    assert slot.gold(Fraction(45), WIDE) == 9
    square = only("He cuts 36 inches into 4 parts.", "<<36/4=9>>", 9, "4")
    assert square.gold(Fraction(6), WIDE) is None


def test_numbers_and_answers_stay_near_by_the_rules() -> None:
    slot = find_slots(shop(0, 12, 5)).offered[0]
    assert slot.gold(Fraction(37), Rules(number_factor=3)) is None
    assert slot.gold(Fraction(36), Rules(number_factor=3)) == 180
    assert slot.gold(Fraction(36), Rules(number_factor=3, answer_factor=2)) is None


@pytest.mark.parametrize(
    "bad", [{"number_factor": 1}, {"answer_factor": 0.5}, {"block": 1}, {"reuse": 0}]
)
def test_rules_that_leave_nothing_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Rules(**bad)  # type: ignore[arg-type]
