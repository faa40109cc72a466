from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.problems.annotations import Malformed, read_annotations


@pytest.mark.parametrize(
    ("text", "result", "literals"),
    [
        ("3*(2+-1)=3", 3, [3, 2, -1]),
        ("$1,000*5%=50", 50, [1000, Fraction(1, 20)]),
        (".5*4=2.", 2, [Fraction(1, 2), 4]),
        ("2x3=6", 6, [2, 3]),
        ("2 × 3 ÷ 4 − 1=.5", Fraction(1, 2), [2, 3, 4, 1]),
        ("560//10=56", 56, [560, 10]),
        ("10-3-2=5", 5, [10, 3, 2]),
        ("12/3/2=2", 2, [12, 3, 2]),
        ("-(3+2)=-5", -5, [0, 3, 2]),
        ("05+1=6", 6, [5, 1]),
    ],
)
def test_an_equation_computes_what_it_states(
    text: str, result: Fraction, literals: list[Fraction]
) -> None:
    (annotation,) = read_annotations(f"So it is <<{text}>>.")
    assert annotation.literals == tuple(literals)
    assert annotation.value(annotation.literals) == annotation.result == result


@pytest.mark.parametrize(
    "text",
    [
        *("3*=1", "1=1=1", "2(3)=6", "1,00=3", "n=3", "(3=3", "3)=3", "=3", "3**2=9"),
        *("5.3.2=1", "4", "", "2 3=5", "1+2=3=", "()=0", "3;4=7"),
    ],
)
def test_what_is_no_single_equation_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_annotations(f"<<{text}>>")


def test_an_annotation_that_never_ends_is_malformed() -> None:
    with pytest.raises(Malformed, match="not closed"):
        read_annotations("<<1+1=2>> and <<2+2=4")


def test_brackets_without_end_are_malformed_and_do_not_crash() -> None:
    with pytest.raises(Malformed, match="nested"):
        read_annotations(f"<<{'(' * 100_000}=1>>")


def test_other_literals_give_another_value() -> None:
    (annotation,) = read_annotations("<<(4+6)/5=2>>")
    assert annotation.value((Fraction(4), Fraction(7), Fraction(5))) == Fraction(11, 5)


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 999)), min_size=1, max_size=8))
def test_precedence_is_that_of_python(terms: list[tuple[str, int]]) -> None:
    text = "7" + "".join(f"{sign}{number}" for sign, number in terms)
    (annotation,) = read_annotations(f"<<{text}=0>>")
    assert annotation.value(annotation.literals) == eval(text)
