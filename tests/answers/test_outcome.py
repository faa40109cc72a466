from __future__ import annotations

from fractions import Fraction

import pytest

from reasongap.answers import Grade, Scored, grade, score_response
from reasongap.domain import (
    Completion,
    Execution,
    FinishReason,
    Outcome,
    Question,
    Request,
    Solution,
    Status,
)

QUESTION = Question("c", "b", "composed", ("one", "two"), (Fraction(7), Fraction(18)))


def solution(
    answer: int | None, finish: FinishReason = "stop", status: Status | None = None
) -> Solution:
    return Solution(
        None if answer is None else Fraction(answer),
        completions=(Completion(Request(), "", finish),),
        executions=() if status is None else (Execution(status),),
    )


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        (solution(18), "correct"),
        (solution(18, "length"), "correct"),
        (solution(18, "refused"), "correct"),
        (solution(7), "wrong"),
        (solution(7, "length"), "truncated"),
        (solution(None, "length"), "truncated"),
        (solution(None, "length", "error"), "truncated"),
        (solution(None, "refused"), "refused"),
        (solution(None), "no_answer"),
        (solution(None, "other"), "no_answer"),
        (solution(None, "stop", "ok"), "no_answer"),
        (solution(None, "stop", "error"), "code_error"),
        (solution(None, "stop", "timeout"), "timeout"),
        (solution(None, "stop", "memory"), "memory"),
        (solution(None, "stop", "blocked"), "blocked"),
        (solution(None, "stop", "crashed"), "crashed"),
        (solution(None, "stop", "output_limit"), "output_limit"),
        (solution(7, "stop", "ok"), "wrong"),
        (Solution(None), "no_answer"),
    ],
)
def test_the_outcome_is_the_first_that_holds(attempt: Solution, outcome: Outcome) -> None:
    assert grade(QUESTION, attempt).outcome == outcome


def test_the_last_reply_and_the_last_program_decide() -> None:
    cut, whole = Completion(Request(), "", "length"), Completion(Request(), "")
    failed, ran = Execution("error"), Execution("ok")
    attempt = Solution(None, completions=(cut, whole), executions=(ran, failed))
    assert grade(QUESTION, attempt).outcome == "code_error"
    attempt = Solution(None, completions=(whole, cut), executions=(failed, ran))
    assert grade(QUESTION, attempt).outcome == "truncated"


def test_strict_grades_the_strict_answer_alone() -> None:
    right, wrong = Fraction(18), Fraction(7)
    assert grade(QUESTION, Solution(right, right)) == Grade("correct", strict=True)
    assert grade(QUESTION, Solution(right)) == Grade("correct", strict=False)
    assert grade(QUESTION, Solution(wrong, wrong)) == Grade("wrong", strict=False)


def test_a_recorded_chain_of_thought_is_graded_from_its_text() -> None:
    gold = Fraction(18)
    scored = score_response(gold, "Final answer: 18", "cot")
    assert scored == Scored(gold, "final_line", strict=True, flexible=True, outcome="correct")
    scored = score_response(gold, "9 * 2 = 18", "cot")
    assert scored == Scored(gold, "equals", strict=False, flexible=True, outcome="correct")
    scored = score_response(gold, "I do not know.", "cot", Execution("error"))
    assert scored == Scored(None, None, strict=False, flexible=False, outcome="no_answer")


def test_a_recorded_program_of_thought_is_graded_from_its_execution_and_never_its_text() -> None:
    gold = Fraction(18)
    scored = score_response(gold, "Final answer: 7", "pot", Execution("ok", "18", "solution"))
    assert scored == Scored(gold, "solution", strict=True, flexible=True, outcome="correct")
    scored = score_response(gold, "Final answer: 18", "pot")
    assert scored == Scored(None, None, strict=False, flexible=False, outcome="no_answer")
    scored = score_response(gold, "", "pot", Execution("timeout"))
    assert scored == Scored(None, None, strict=False, flexible=False, outcome="timeout")
