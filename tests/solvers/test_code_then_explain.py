"""Code-then-explain shows the model its program's result and reads the explanation."""

from __future__ import annotations

from fractions import Fraction

from reasongap.models.scripted import ScriptedModel, request_text
from reasongap.solvers import CodeThenExplain, FaithfulProgram
from tests.solvers.asked import CHAIN, code, says, solve


def test_the_explanation_answers_and_has_seen_the_result() -> None:
    model = ScriptedModel([code(13), says(12)])
    solution = solve(CodeThenExplain(), model)
    assert solution.answer == 12
    assert solution.rule == "final_line"
    assert request_text(model.requests[1]).endswith("```\nsolution() returns 13.")


def test_the_hops_answers_are_those_of_the_explanation() -> None:
    explained = "Answer to Q1: 12\nFinal answer: 24"
    solution = solve(CodeThenExplain(), [code(25), explained], CHAIN)
    assert solution.answer == 24
    assert solution.hop_answers == (Fraction(12),)


def test_an_explanation_without_a_number_leaves_the_programs() -> None:
    solution = solve(CodeThenExplain(), [code(12), "The program is right."])
    assert solution.answer == 12
    assert solution.rule == "solution"


def test_a_failed_program_is_explained_as_failed() -> None:
    model = ScriptedModel([code("boom"), says(12)])
    assert solve(CodeThenExplain(), model).answer == 12
    assert "It ends with an error: NameError" in request_text(model.requests[1])


def test_what_was_found_about_the_program_is_kept() -> None:
    solution = solve(CodeThenExplain(inner=FaithfulProgram()), [code(18), says(18)])
    assert solution.findings == ("hard-coded",)
