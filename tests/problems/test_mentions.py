from __future__ import annotations

from fractions import Fraction

import pytest

from reasongap.problems.mentions import count_x, fill, fractions, holds_x, mentions


@pytest.mark.parametrize(
    ("text", "number", "obstacle"),
    [
        ("She has 5 apples.", "5", None),
        ("It costs $1,250.50, tax included.", "1,250.50", None),
        ("He pays 200$ a month.", "200", None),
        ("Prices rise by 20%.", "20", None),
        ("There are 48.", "48", None),
        ("He ate 3/4 of it.", "3", "a fraction"),
        ("He ate 3/4 of it.", "4", "a fraction"),
        ("She needs 2 1/3 cups.", "2", "a fraction"),
        ("He slept 8 and a half hours.", "8", "a fraction"),
        ("The film starts at 7:30.", "7", "a date or time"),
        ("The film starts at 7:30.", "30", "a date or time"),
        ("They meet at 5 pm.", "5", "a date or time"),
        ("He was born on May 12.", "12", "a date or time"),
        ("On the 3rd day he rested.", "3", "an ordinal"),
        ("A rope of 6ft.", "6", "joined to letters"),
        ("An 8-foot rope.", "8", "joined by a hyphen"),
        ("It is -5 outside.", "5", "joined by a hyphen"),
        ("Room 12 is empty.", "12", "a label"),
        ("Runner #7 wins.", "7", "a label"),
        ("She took an 8 hour shift.", "8", "behind an article"),
        ("3 out of 10 people came.", "3", "out of a whole"),
        ("3 out of 10 people came.", "10", "out of a whole"),
        ("A ratio of 2 to 3.", "3", "a ratio"),
        ("A photo of 4 by 6 inches.", "6", "a dimension"),
        ("Since 1998 he works.", "1998", "a label"),
        ("In 1998 he worked.", "1998", "perhaps a year"),
        ("He has 1 cat.", "1", "one or less"),
    ],
)
def test_a_number_may_give_way_unless_it_would_read_wrong(
    text: str, number: str, obstacle: str | None
) -> None:
    (found,) = [mention for mention in mentions(text) if mention.text == number]
    assert found.obstacle == obstacle
    assert text[found.start : found.end] == number
    assert found.value == Fraction(number.replace(",", ""))


def test_a_price_of_2000_dollars_is_no_year() -> None:
    assert mentions("It costs $2000 now.")[0].obstacle is None


def test_a_percentage_may_be_written_as_a_decimal() -> None:
    assert mentions("a 20 percent tip")[0].meanings == (Fraction(20), Fraction(1, 5))


def test_fractions_and_mixed_numbers_have_values() -> None:
    assert fractions("2 1/2 cups and 3/4 of a pie") == (
        Fraction(1, 2),
        Fraction(5, 2),
        Fraction(3, 4),
    )


@pytest.mark.parametrize(
    "text", ["Let x be", "4 x 6", "X apples", "$X", "X% off", "an X-foot rope"]
)
def test_an_x_of_its_own_is_seen(text: str) -> None:
    assert holds_x(text)


def test_an_x_inside_a_word_is_none() -> None:
    assert not holds_x("Max has 6 boxes, exactly")
    assert count_x("the fox at X marks 4 x 6") == 1


def test_filling_changes_the_lone_x_only() -> None:
    assert fill("Max pays $X for 4 x 6 photos", Fraction(18)) == "Max pays $18 for 4 x 6 photos"
