from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.analysis.calculations import Calculation, of_program, of_solution, of_text

F = Fraction


def product(a: object, b: object, c: object) -> Calculation:
    return Calculation("product", (F(str(a)), F(str(b))), F(str(c)))


def total(a: object, b: object, c: object) -> Calculation:
    return Calculation("sum", (F(str(a)), F(str(b))), F(str(c)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She sells 9 eggs * $2 = $18.", [product(9, 2, 18)]),
        ("That is 3 x 4 = 12 pens", [product(3, 4, 12)]),
        ("16 - 3 - 4 = 9 eggs", [total(16, 3, 13), total(13, 4, 9)]),
        ("(2 + 3) * 4 = 20", [total(2, 3, 5), product(5, 4, 20)]),
        ("so 1,200 / 4 = 300", [product(1200, 4, 300)]),
        ("The 10 minutes are 10 / 2 = 5 minutes", [product(10, 2, 5)]),
        ("2 * 3 = 6 and 6 + 1 = 7", [product(2, 3, 6), total(6, 1, 7)]),
        (r"\frac{90 \text{ seeds}}{8 \text{ a pot}} = 11", [product(90, 8, "11.25")]),
        (r"\frac{X \text{ eggs}}{4} = 5", []),
        ("Answer = 7", []),
        ("x = 7", []),
        ("5 / 0 = 1", []),
        ("no numbers here", []),
    ],
)
def test_a_texts_calculations_are_what_stands_before_equals_signs(
    text: str, expected: list[Calculation]
) -> None:
    assert list(of_text(text)) == expected


def test_a_stated_result_is_not_taken_for_the_real_one() -> None:
    assert of_text("24 / 2 = 13") == (product(24, 2, 12),)


def test_a_solutions_calculations_are_its_annotations() -> None:
    assert of_solution("48/2=<<48/2=24>>24, 48+24=<<48+24=72>>72\n#### 72") == (
        product(48, 2, 24),
        total(48, 24, 72),
    )


def test_a_program_is_followed_through_names_and_hops() -> None:
    source = (
        "def solve_q1():\n    boxes = 3\n    total = boxes * 4\n    total += 2\n    return total\n"
        "def solution():\n    X = solve_q1()\n    return int(X / 2)\n"
    )
    assert of_program(source) == (product(3, 4, 12), total(12, 2, 14), product(14, 2, 7))


@pytest.mark.parametrize(
    "source",
    [
        "def solution():\n    if True:\n        return 2 * 3\n",
        "def solution(:\n",
        "def solution():\n    return solution() + 1\n",
        "def solution():\n    return 'a' * 3\n",
        "def solution():\n    return 1 / 0\n",
        "x" * 30_000,
        "def solution():\n    return " + "(" * 5000 + ")" * 5000,
        "\0",
    ],
)
def test_a_program_that_cannot_be_followed_tells_nothing(source: str) -> None:
    assert of_program(source) == ()


@given(st.text(alphabet="0123456789 +-*/()=x$%.,abc\n", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for step in of_text(text):
        assert step.kind in ("sum", "product")
