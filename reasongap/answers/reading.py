"""What was read out of a reply or an execution, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers in a reply or an execution; the fields are those of a `Solution`.

    `answer` is the flexible reading: the first rule that fires, and `rule` is its name (one of
    `TEXT_RULES` or `EXECUTION_RULES`). `strict_answer` is that same number where it stands in
    the form that was asked for, else None. `hop_answers` are those of the hops before the last,
    None where they are not stated.
    """

    answer: Fraction | None
    strict_answer: Fraction | None
    rule: str | None
    hop_answers: tuple[Fraction | None, ...] = ()
