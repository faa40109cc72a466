"""The exact text of answers."""

from __future__ import annotations

import enum
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.sandbox.values import LONGEST, NoText, exact_text


class Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (18, "18"),
        (True, "True"),
        (2.5, "2.5"),
        (1e22, "1e+22"),
        (float("inf"), "inf"),
        (Fraction(10, 4), "5/2"),
        (Fraction(4, 2), "2"),
        (Decimal("2.50"), "2.50"),
        (1 + 2j, "(1+2j)"),
        (Level.HIGH, "3"),
        ("18 apples", "18 apples"),
        ((1, "a", None), "(1, 'a', None)"),
        ((1,), "(1,)"),
        ([Fraction(1, 2), (2.5, [])], "[1/2, (2.5, [])]"),
        ({"a": 1}, "{'a': 1}"),
        (date(2024, 2, 29), "2024-02-29"),
        (timedelta(days=2), "2 days, 0:00:00"),
    ],
)
def test_text_of(value: object, text: str | None) -> None:
    assert exact_text(value) == (text, False)


@given(st.integers() | st.fractions() | st.floats(allow_nan=False) | st.decimals(allow_nan=False))
def test_a_number_comes_back_from_its_text(value: int | Fraction | float | Decimal) -> None:
    text, cut = exact_text(value)
    assert text is not None
    assert not cut
    assert type(value)(text) == value


def test_an_integer_may_have_more_digits_than_python_prints() -> None:
    text, cut = exact_text(10**9_999)
    assert (text, cut) == ("1" + "0" * 9_999, False)


@pytest.mark.parametrize(
    "value",
    [
        *(10**LONGEST, -(7**100_000), Fraction(1, 7**100_000)),
        *("9" * (LONGEST + 1), [10**9] * 5_000, "\ud800" * LONGEST),
    ],
    ids=["integer", "negative", "fraction", "digits", "list", "surrogates"],
)
def test_what_is_too_long_never_reads_as_a_number(value: object) -> None:
    text, cut = exact_text(value)
    assert cut
    assert text is not None
    assert len(text) <= LONGEST
    assert text.endswith("…")


@pytest.mark.parametrize("value", [object(), len, (x for x in [1]), b"12", Level, range(3)])
def test_other_things_have_no_text(value: object) -> None:
    with pytest.raises(NoText, match="a value of type"):
        exact_text(value)


def test_a_list_in_itself_has_no_text() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(NoText, match="nested"):
        exact_text(loop)


def test_a_number_that_lies_about_its_text_is_not_asked() -> None:
    class Liar(int):
        def __repr__(self) -> str:
            return "99"

        __str__ = __repr__

    assert exact_text(Liar(5)) == ("5", False)
