from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from reasongap.problems.minted.expression import Expression


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a + b", 9),
        ("a - b", 5),
        ("a * b", 14),
        ("a / b", Fraction(7, 2)),
        ("a * 25 / 100", Fraction(7, 4)),
        ("a - b - 1", 4),
        ("(a + b) * 3", 27),
        ("a + b * 3", 13),
    ],
)
def test_arithmetic_is_exact(source: str, value: Fraction) -> None:
    assert Expression.parse(source).evaluate({"a": 7, "b": 2}) == value


def test_names_and_constants_are_told_apart() -> None:
    expression = Expression.parse("price * percent / 100")
    assert set(expression.names) == {"price", "percent"}
    assert expression.constants == (100,)


@pytest.mark.parametrize(
    "source",
    [
        "a ** b",
        "a // b",
        "a % b",
        "-a",
        "f(a)",
        "a.b",
        "0.5 * a",
        "a * True",
        "a <",
        "'a'",
        "a if b else a",
    ],
)
def test_anything_else_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"arithmetic|more than"):
        Expression.parse(source)


def test_an_expression_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(Expression.parse("a * 3")))
    assert sent.evaluate({"a": 5}) == 15
