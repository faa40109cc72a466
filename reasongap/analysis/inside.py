"""How a hop went inside the composition, as far as the reply or the program tells.

For a chain of thought the hop's answer is the one that the reply states, for a program
the value that the hop's function returned when it ran: never what its text promises.
"""

from __future__ import annotations

from fractions import Fraction

from reasongap.answers import same
from reasongap.domain import Record


def stated(record: Record, hop: int) -> Fraction | None:
    """The answer that a composed record gives to hop `hop` (from 1), None where it gives none."""
    if hop == len(record.question.hops):
        return record.solution.answer
    answers = record.solution.hop_answers
    return answers[hop - 1] if hop <= len(answers) else None


def hop_right(record: Record, hop: int) -> bool | None:
    """Whether hop `hop` (from 1) of a composed record is right; None where nothing tells.

    A right answer to the chain counts as a right answer to each hop that it leaves unsaid.
    """
    if hop == len(record.question.hops):
        return record.outcome == "correct"
    answer = stated(record, hop)
    if answer is not None:
        return same(answer, record.question.hop_golds[hop - 1])
    return True if record.outcome == "correct" else None


def stated_right(record: Record, upto: int) -> bool | None:
    """Whether the first `upto` hops are all right as stated; None where one is left unsaid."""
    told = [stated(record, hop) for hop in range(1, upto + 1)]
    golds = record.question.hop_golds
    if None in told:
        return None
    return all(
        answer is not None and same(answer, g) for answer, g in zip(told, golds, strict=False)
    )
