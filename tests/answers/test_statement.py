from __future__ import annotations

from fractions import Fraction

import pytest

from reasongap.answers.statement import Stated, read_statement, read_words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("18", 18), ("**$18**.", 18), ("18 apples", 18), ("18 (3 each)", 18)),
        *((r"\boxed{18}", 18), ("1 000", 1000), ("60 km/h", 60), ("-3 °C", -3)),
        ("2 1/2 cups", Fraction(5, 2)),
    ],
)
def test_a_number_with_its_unit_is_plain(text: str, value: Fraction) -> None:
    assert read_statement(text) == Stated(Fraction(value), plain=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("X = 18", 18), ("3 + 4 = 7", 7), ("18, 3 each", 18), ("18 of 20", 18)),
        *(("about 18", 18), ("18. So be it", 18), ("in 5 years she is 18", 18)),
        ("= 10/4 ≈ 2.5", Fraction(5, 2)),
        *(("17.5, rounded up to 18 vans", 18), ("17.5, which rounds to 18", 18)),
        *(("17, rounded to 2nd place", 17), ("17, rounded to 2 decimal places", 17)),
        *((f"17, rounded to {'9' * 600}", 17), ("18, rounded up from 17.5", 18)),
        *(("7/2 or 3.5", Fraction(7, 2)), ("$2.50 or 2 1/2 dollars", Fraction(5, 2))),
    ],
)
def test_what_says_more_is_read_but_not_plain(text: str, value: Fraction) -> None:
    assert read_statement(text) == Stated(Fraction(value), plain=False)


@pytest.mark.parametrize(
    "text",
    ["", "none", "5-7", "5 to 7", "18 or 20", "3 + 4", "3 * 4", "$5 - $3", "5:30", "2nd", "12,50"],
)
def test_what_states_no_single_number_is_not_read(text: str) -> None:
    assert read_statement(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("twelve", 12), ("Zero.", 0), ("twenty-five apples", 25), ("Ninety", 90)],
)
def test_number_words_up_to_ninety_nine_are_read(text: str, value: int) -> None:
    assert read_words(text) == Stated(Fraction(value), plain=False)


@pytest.mark.parametrize("text", ["", "apples", "two hundred", "one and a half", "a dozen"])
def test_other_words_are_no_number(text: str) -> None:
    assert read_words(text) is None
