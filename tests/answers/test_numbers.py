from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.answers import format_number, parse_number, same
from reasongap.answers.numbers import find_numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18", "18"),
        (" 18\n", "18"),
        ("007", "7"),
        ("+3", "3"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("–3", "-3"),
        ("1,234", "1234"),
        ("1,234,567.25", "1234567.25"),
        ("1 234 567", "1234567"),
        ("1\u2009000", "1000"),
        ("1\u00a0000", "1000"),
        ("1{,}000", "1000"),
        (r"1\,000", "1000"),
        (r"12,\!345", "12345"),
        ("1_000", "1000"),
        ("1'234'567", "1234567"),
        ("1’234.50", "1234.5"),
        ("₹1,80,000", "180000"),
        ("12,34,56,789", "123456789"),
        ("$1,234.50", "1234.5"),
        (r"\$18", "18"),
        ("-$18", "-18"),
        ("$-18", "-18"),
        ("€ 5", "5"),
        ("12%", "12"),
        (r"12.5\%", "12.5"),
        (".5", "1/2"),
        ("3/4", "3/4"),
        ("-3/4", "-3/4"),
        ("2 1/2", "5/2"),
        ("-2 1/2", "-5/2"),
        ("½", "1/2"),
        ("2⅓", "7/3"),
        (r"\frac{3}{4}", "3/4"),
        (r"-\dfrac{3}{4}", "-3/4"),
        (r"\frac12", "1/2"),
        (r"2\frac{1}{2}", "5/2"),
        ("2 and a half", "5/2"),
        ("1.5e3", "1500"),
        ("1e-05", "1/100000"),
        ("1.5 x 10^3", "1500"),
        (r"1.5 \times 10^{-3}", "3/2000"),
        ("2.5 million", "2500000"),
        ("0.30000000000000004", "0.30000000000000004"),
    ],
)
def test_a_text_that_is_one_number_is_read_exactly(text: str, value: str) -> None:
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "$", "%", "nan", "inf", "-Infinity", "True", "x", "0x1F", "٣"),
        *("18 apples", "18.", "5-7", "5:30", "2nd", "1 2", "3 + 4", "--3", "12,34", "1,2345"),
        *("1.2.3", "1/0", "1/2/3", "1e999", "1e501", "9" * 501, "9" * 1201),
    ],
)
def test_any_other_text_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(18), "18"),
        (Fraction(-18), "-18"),
        (Fraction(5, 2), "2.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-7, 6), "-7/6"),
        (Fraction(0), "0"),
        (Fraction(10**30), "1" + "0" * 30),
    ],
)
def test_a_number_is_printed_exactly(number: Fraction, text: str) -> None:
    assert format_number(number) == text


@given(st.fractions() | st.decimals(allow_nan=False, allow_infinity=False).map(Fraction))
def test_a_printed_number_reads_back_to_itself(number: Fraction) -> None:
    small = max(abs(number.numerator), number.denominator) < 10**500
    assert parse_number(format_number(number)) == (number if small else None)


@given(st.text("0123456789.,/-+eE% $x^") | st.decimals(allow_nan=False).map(str))
def test_what_is_read_prints_to_what_reads_the_same(text: str) -> None:
    number = parse_number(text)
    if number is not None:
        assert parse_number(format_number(number)) == number


@given(st.decimals(-(10**12), 10**12, places=2))
def test_commas_and_currency_do_not_change_a_number(amount: Decimal) -> None:
    sign = "-" if amount < 0 else ""
    assert parse_number(f"{sign}${abs(amount):,}") == Fraction(amount)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1, 2, 3", [1, 2, 3]),
        ("1,200,300 in all", [1200300]),
        ("1,20,300 of 5'000", [120300, 5000]),
        ("16-3-4=9", [16, 3, 4, 9]),
        ("between 5-7", [5, 7]),
        ("from -5 to -3", [-5, -3]),
        ("2*-3 = -6", [2, -3, -6]),
        ("12x3=36", [12, 36]),
        ("36/1.5 = 24", [36, Fraction("1.5"), 24]),
        ("at 5:30 on 5/17/2024 or 2024-05-17, the 2nd or 11th", []),
        ("Q1 and solve_q2, H2O, x3", []),
        ("1. first\n2) second, 18\n", [18]),
        ("18.\n", [18]),
        ("18kg for $5.50.", [18, Fraction("5.5")]),
        ("3/4 of 2 1/2 and 1/4th", [Fraction(3, 4), Fraction(5, 2), Fraction(1, 4)]),
    ],
)
def test_the_numbers_of_a_text_are_found_from_left_to_right(
    text: str, values: list[Fraction]
) -> None:
    assert [found.value for found in find_numbers(text)] == values


@pytest.mark.parametrize(
    ("answer", "gold"),
    [
        ("18", "18"),
        ("0.30000000000000004", "0.3"),
        ("17.999999999996", "18"),
        ("5e-17", "0"),
        ("33.333333333333336", "100/3"),
        ("9284017268534.402", "9284017268534.4"),
    ],
)
def test_what_floating_point_did_is_forgiven(answer: str, gold: str) -> None:
    assert same(Fraction(answer), Fraction(gold))


@pytest.mark.parametrize(
    ("answer", "gold"),
    [
        ("18.01", "18"),
        ("17.999", "18"),
        ("33.33", "100/3"),
        ("-18", "18"),
        ("0.00168", "0.001679"),
        ("1000000000000001", "1000000000000000"),
        ("1000000000.001", "1000000000"),
        ("1", "1.0000001"),
    ],
)
def test_what_floating_point_did_not_do_is_wrong(answer: str, gold: str) -> None:
    assert not same(Fraction(answer), Fraction(gold))


@given(st.integers(), st.integers())
def test_integers_are_the_same_only_if_they_are_equal(answer: int, gold: int) -> None:
    assert same(Fraction(answer), Fraction(gold)) == (answer == gold)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_quotient_computed_in_floating_point_is_the_fraction(over: int, under: int) -> None:
    assert same(Fraction(over / under), Fraction(over, under))
