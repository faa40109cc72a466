"""The answer in an execution: the program answers, not the model."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice

from reasongap.answers.notation import plain_notation
from reasongap.answers.numbers import find_numbers, last_number
from reasongap.answers.reading import Reading
from reasongap.domain import Execution

EXECUTION_RULES = (
    *("solution", "ans", "answer"),
    *("solution_text", "ans_text", "answer_text"),
    *("last_hop", "last_hop_text"),
    "printed",
)
"""The names of the rules for executions."""

_PLAIN = re.compile(r"-?[0-9.]+(?:[eE][-+]?[0-9]+)?|-?[0-9]+/[0-9]+")


def read_execution(execution: Execution, *, asked: bool = True) -> Reading:
    """The answer of an execution that ended well; any other has none.

    Its value, where that is a number (rules "solution", "ans", "answer", after where it came
    from) or a text, tuple or list that holds just one ("solution_text", …); else the last
    number that it printed ("printed"). Strict is a number that `solution()` returned and
    nothing else. True and False are no numbers, and what was cut off at a limit is not
    read. The hops' answers are read from `hop_values`, however the program ended. Without
    `asked` the entry point was no `solution`, but the last hop's function ("last_hop").
    """
    hops = tuple(None if value is None else _only_number(value) for value in execution.hop_values)
    if execution.status != "ok":
        return Reading(None, None, None, hops)
    value = None if "value" in execution.truncated else execution.value
    if value is not None and (number := _only_number(value)) is not None:
        entered = execution.value_from == "solution"
        place = "last_hop" if entered and not asked else execution.value_from
        if not _PLAIN.fullmatch(value):
            return Reading(number, None, f"{place}_text", hops)
        return Reading(number, number if entered and asked else None, place, hops)
    printed = (
        None if "stdout" in execution.truncated else last_number(plain_notation(execution.stdout))
    )
    return Reading(printed, None, None if printed is None else "printed", hops)


def _only_number(value: str) -> Fraction | None:
    """The number that a value is or holds, None where there is none, or more than one."""
    numbers = list(islice(find_numbers(plain_notation(value)), 2))
    return numbers[0].value if len(numbers) == 1 else None
