"""The grade of an attempt: its outcome, and whether its strict answer is right."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reasongap.answers.execution import read_execution
from reasongap.answers.numbers import TOLERANCE, same
from reasongap.answers.reading import Reading
from reasongap.answers.text import read_text
from reasongap.domain import Execution, Outcome, Question, Solution


@dataclass(frozen=True, slots=True)
class Grade:
    """What became of an attempt. `strict`: the answer is right in the form asked for."""

    outcome: Outcome
    strict: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """A recorded reply, graded. `strict` and `flexible`: that reading is right."""

    extracted: Fraction | None
    rule: str | None
    strict: bool
    flexible: bool
    outcome: Outcome


def grade(question: Question, solution: Solution, tolerance: Fraction = TOLERANCE) -> Grade:
    """The grade of a solution against the question's gold answer, as `same` compares them.

    The outcome is the first that holds: correct; truncated or refused, after the last
    completion's finish reason; if there is no answer, how the last program ended, or
    no_answer where none was found, or one ran to its end without a number; wrong.
    `context_too_long`, `model_error` and `sandbox_error` are the runner's to give.
    """
    return _grade(question.gold, solution, tolerance)


def score_response(
    answer: Fraction,
    response: str,
    strategy: Literal["cot", "pot"],
    execution: Execution | None = None,
) -> Scored:
    """The grade of a reply that was recorded elsewhere, against the gold `answer`.

    A chain of thought is read from `response`. A program of thought is read from `execution`,
    what became of the program that `find_program` finds in the reply; None if it found none.
    """
    if strategy == "cot":
        reading = read_text(response)
    elif execution is not None:
        reading = read_execution(execution)
    else:
        reading = Reading(None, None, None)
    executions = (execution,) if strategy == "pot" and execution is not None else ()
    solution = Solution(reading.answer, reading.strict_answer, executions=executions)
    graded = _grade(answer, solution)
    return Scored(
        reading.answer, reading.rule, graded.strict, graded.outcome == "correct", graded.outcome
    )


def _grade(gold: Fraction, solution: Solution, tolerance: Fraction = TOLERANCE) -> Grade:
    strict = solution.strict_answer is not None and same(solution.strict_answer, gold, tolerance)
    return Grade(_outcome(gold, solution, tolerance), strict)


def _outcome(gold: Fraction, solution: Solution, tolerance: Fraction) -> Outcome:
    if solution.answer is not None and same(solution.answer, gold, tolerance):
        return "correct"
    finish = solution.completions[-1].finish_reason if solution.completions else "stop"
    if finish in ("length", "refused"):
        return "truncated" if finish == "length" else "refused"
    if solution.answer is not None:
        return "wrong"
    status = solution.executions[-1].status if solution.executions else "ok"
    if status == "ok":
        return "no_answer"
    return "code_error" if status == "error" else status
