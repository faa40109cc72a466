"""Composed answers with what they state on the way, for tests of where chains break."""

from __future__ import annotations

from fractions import Fraction

from reasongap.answers import read_text
from reasongap.domain import (
    Completion,
    Execution,
    Key,
    Outcome,
    Program,
    Question,
    Record,
    Request,
    Solution,
)

GOLDS = (Fraction(12), Fraction(60))


def question(golds: tuple[Fraction, ...] = GOLDS, item: str = "c0") -> Question:
    """A chain whose hops have these answers."""
    return Question(item, item, "composed", ("?",) * len(golds), golds)


def said(
    text: str,
    outcome: Outcome = "wrong",
    *,
    golds: tuple[Fraction, ...] = GOLDS,
    item: str = "c0",
    strategy: str = "cot",
) -> Record:
    """A chain of thought with this text."""
    reading = read_text(text, hops=len(golds))
    solution = Solution(
        reading.answer,
        reading.strict_answer,
        reading.hop_answers,
        reading.rule,
        completions=(Completion(Request(), text),),
    )
    key = Key("m", strategy, item, "composed")
    return Record(key, question(golds, item), solution, outcome, strict=False)


def ran(
    source: str,
    hops: tuple[int | None, ...],
    answer: int | None,
    outcome: Outcome = "wrong",
    *,
    golds: tuple[Fraction, ...] = GOLDS,
) -> Record:
    """A program with these executed values."""
    functions = tuple(f"solve_q{i}" for i in range(1, len(golds)))
    values = tuple(None if value is None else Fraction(value) for value in hops)
    solution = Solution(
        None if answer is None else Fraction(answer),
        hop_answers=values,
        programs=(Program(source, hop_functions=functions),),
        executions=(Execution("ok"),),
    )
    return Record(Key("m", "pot", "c0", "composed"), question(golds), solution, outcome, False)
