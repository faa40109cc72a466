from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.answers import TEXT_RULES, format_number, read_text
from tests.answers.corpus_text import CASES, Case


def shown(number: Fraction | None) -> str | None:
    return None if number is None else format_number(number)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.reply[-50:])
def test_an_awkward_reply_is_read_as_a_person_would(case: Case) -> None:
    reading = read_text(case.reply, hops=len(case.hops) + 1)
    assert (shown(reading.answer), reading.rule) == (case.answer, case.rule)
    assert shown(reading.strict_answer) == (case.answer if case.strict else None)
    assert tuple(map(shown, reading.hop_answers)) == case.hops


def test_the_corpus_reaches_every_rule() -> None:
    assert {case.rule for case in CASES} == {*TEXT_RULES, None}


FORMS = (
    "She pays {}",
    "He ends up with {} dollars.",
    "The answer is {}, no doubt",
    "so x = {}.",
    "**Final answer:** {}",
    "#### {}",
    "It is $\\boxed{{{}}}$.",
    "1. count\n2. sum up: {}\n",
    "(that is {})",
)


@given(st.integers(-(10**9), 10**9), st.sampled_from(FORMS), st.booleans())
def test_a_number_is_found_in_every_form_around_it(n: int, form: str, commas: bool) -> None:
    written = f"{n:,}" if commas else str(n)
    assert read_text(form.format(written)).answer == n


@given(st.fractions(max_denominator=10**4))
def test_the_asked_for_line_is_strict_for_every_printed_number(number: Fraction) -> None:
    reading = read_text(f"Working: 1 + 1 = 2\nFinal answer: {format_number(number)}")
    assert reading.strict_answer == reading.answer == number


@given(st.text(), st.integers(1, 4))
def test_any_text_is_read_without_an_error(text: str, hops: int) -> None:
    reading = read_text(text, hops)
    assert len(reading.hop_answers) == hops - 1
    assert (reading.answer is None) == (reading.rule is None)
    assert reading.strict_answer in (None, reading.answer)


PIECES = (
    *"0123456789.,:-+*/=$%(){}\\`#<> \n",
    *("**", "```", "Final answer:", "Answer to Q1:", "answer is", "\\boxed{", "\\frac{"),
    *("<think>", "</think>", "X = ", "x 10^", "e9", " and ", "\nQ1:", "\nSolve Q2", "Step 1: "),
)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_mixture_of_marks_is_read_without_an_error(text: str) -> None:
    reading = read_text(text, hops=2)
    assert reading.strict_answer in (None, reading.answer)
