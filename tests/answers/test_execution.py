from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.answers import EXECUTION_RULES, Reading, read_execution
from reasongap.domain import Execution, Status

NOTHING = Reading(None, None, None)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("18", 18),
        ("18.0", 18),
        ("-2.5", Fraction(-5, 2)),
        ("5/2", Fraction(5, 2)),
        ("1e+20", 10**20),
    ],
)
def test_the_number_that_solution_returns_is_strict(value: str, number: Fraction) -> None:
    reading = read_execution(Execution("ok", value, "solution"))
    assert reading == Reading(Fraction(number), Fraction(number), "solution")


@pytest.mark.parametrize("name", ["ans", "answer"])
def test_the_number_of_a_variable_is_flexible_only(name: Literal["ans", "answer"]) -> None:
    assert read_execution(Execution("ok", "18", name)) == Reading(Fraction(18), None, name)


@pytest.mark.parametrize("value", ["18 apples", "$18", "(18,)", "[18.0]", "(18, 'apples')"])
def test_a_text_or_tuple_that_holds_one_number_is_flexible_only(value: str) -> None:
    reading = read_execution(Execution("ok", value, "solution"))
    assert reading == Reading(Fraction(18), None, "solution_text")


@pytest.mark.parametrize(
    "value", ["True", "nan", "inf", "None", "(18, 20)", "(18+1j)", "", "1e999"]
)
def test_what_is_not_one_number_is_no_answer(value: str) -> None:
    assert read_execution(Execution("ok", value, "solution")) == NOTHING


def test_without_a_value_the_last_printed_number_answers() -> None:
    execution = Execution("ok", stdout="eggs: 9\nTotal: $1,018.50 a day\nDone\n")
    assert read_execution(execution) == Reading(Fraction(2037, 2), None, "printed")


def test_an_unreadable_value_leaves_the_answer_to_what_was_printed() -> None:
    execution = Execution("ok", "True", "solution", stdout="18\n")
    assert read_execution(execution) == Reading(Fraction(18), None, "printed")


def test_what_was_cut_off_is_not_read() -> None:
    execution = Execution("ok", "12", "solution", stdout="1", truncated=("value", "stdout"))
    assert read_execution(execution) == NOTHING


@pytest.mark.parametrize("status", [s for s in get_args(Status) if s != "ok"])
def test_a_failed_program_has_no_answer_but_keeps_its_hops(status: Status) -> None:
    execution = Execution(status, "18", "solution", hop_values=("7", None, "True"), stdout="18")
    assert read_execution(execution) == Reading(None, None, None, (Fraction(7), None, None))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_its_shortest_decimal(value: float) -> None:
    reading = read_execution(Execution("ok", repr(value), "solution"))
    assert reading.strict_answer == Fraction(repr(value))


@given(st.text(), st.text())
def test_any_value_and_output_is_read_without_an_error(value: str, stdout: str) -> None:
    reading = read_execution(Execution("ok", value, "solution", stdout=stdout))
    assert reading.rule in (None, *EXECUTION_RULES)
