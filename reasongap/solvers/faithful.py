"""Faithful program: whether a result is computed from the inputs, or only written down.

A result is suspect where the program holds that very number, and the question does not:
else it may be an input. The same program is then run again with other numbers in the place
of its literals, those left alone that are the result; what stays the same whatever is
changed is hard-coded. No call to the model is made.

So `return 18`, `total = 9 * 2; return 18` and `print("18")` are found out. A result that is
put together from other numbers (`return 17 + 1`) is not, nor a step done in the head in a
program that goes on computing (`total = 48  # 6 * 8`).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from reasongap.answers import format_number, read_execution, same
from reasongap.domain import Execution, Program, Question, Solution
from reasongap.models.seam import Model
from reasongap.problems.literals import Written, rewrite, written
from reasongap.problems.mentions import fractions, mentions
from reasongap.problems.wordings import wording
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.seam import Solver

MOST = 12
"""Literals that are changed one by one, where changing all of them told nothing."""

STEPS = (7, 11, 13, 17, 19, 23, 29, 31)
"""How far the literals are moved, each its own way, so that changes do not cancel out."""


@dataclass(frozen=True)
class FaithfulProgram:
    """`inner`'s solution, with the finding "hard-coded" where its program ignores its inputs.

    The finding for a hop before the last is "hard-coded hop 1" and so on. Every run of
    the program stands in the solution, the one that answered last.
    """

    inner: Solver = field(default_factory=ProgramOfThought)

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("faithful", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The inner solution, with what was found about its last program."""
        solution = await self.inner.solve(question, model, sandbox)
        if solution.answer is None or not solution.programs:
            return solution
        program = solution.programs[-1]
        numbers = _numbers(program.source)
        if numbers is None:
            return solution
        known = {number for hop in question.hops for number in _mentioned_in(hop)}
        suspect = {
            place: value
            for place, value in enumerate(_results(solution.executions[-1]))
            if value is not None
            and _writes(program.source, numbers, value)
            and not _among(value, known)
        }
        still, tried = await _unmoved(program, numbers, suspect, sandbox)
        last = len(program.hop_functions)
        found = ["hard-coded" + (f" hop {place + 1}" if place < last else "") for place in still]
        return replace(
            solution,
            programs=(*(run for run, _ in tried), *solution.programs),
            executions=(*(came for _, came in tried), *solution.executions),
            findings=(*solution.findings, *found),
        )


async def _unmoved(
    program: Program, numbers: Sequence[Written], suspect: Mapping[int, Fraction], sandbox: Sandbox
) -> tuple[list[int], list[tuple[Program, Execution]]]:
    """The places of the suspect results that no change of an input moved, and the runs it took.

    None where no changed program ran to its end: then nothing can be said.
    """
    inputs = [number for number in numbers if not _among(number.value, suspect.values())]
    still, told = dict(suspect), not inputs
    runs: list[tuple[Program, Execution]] = []
    for others in _changes(inputs):
        if not still:
            break
        changed = replace(program, source=rewrite(program.source, others))
        came = await sandbox.run(changed)
        runs.append((changed, came))
        if came.status != "ok":
            continue
        told = True
        for place, value in enumerate(_results(came)):
            if place in still and value is not None and not same(value, still[place]):
                del still[place]
    return list(still) if told else [], runs


def _changes(inputs: list[Written]) -> Iterator[dict[Written, str]]:
    """What to write for which literals: all of them moved, all small, then one by one moved.

    Small ones tell where a result is all but settled by one large number.
    """
    if inputs:
        yield {number: _moved(number, i) for i, number in enumerate(inputs)}
        yield {number: str(STEPS[i % len(STEPS)]) for i, number in enumerate(inputs)}
    if len(inputs) > 1:
        yield from ({number: _moved(number, i)} for i, number in enumerate(inputs[:MOST]))


def _moved(number: Written, i: int) -> str:
    """Another number, whole where it was whole; of several no two are moved alike."""
    step = STEPS[i % len(STEPS)]
    whole = number.value.denominator == 1
    return str(int(number.value) + step) if whole else repr(float(number.value) + step / 16)


def _results(execution: Execution) -> tuple[Fraction | None, ...]:
    """What a program returned: for each hop before the last, and for the last."""
    reading = read_execution(execution)
    return (*reading.hop_answers, reading.answer)


def _numbers(source: str) -> tuple[Written, ...] | None:
    """The numbers of a program; None where this Python cannot parse what another could run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return written(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _writes(source: str, numbers: Sequence[Written], value: Fraction) -> bool:
    """Whether a program holds a number, as a literal or in a text."""
    text = re.escape(format_number(abs(value)))
    spelled = re.search(rf"(?<![\d.]){text}(?!\d)", source) is not None
    return spelled or _among(value, (number.value for number in numbers))


def _among(value: Fraction, numbers: Iterable[Fraction]) -> bool:
    """Whether one of the numbers is this one, or its opposite: a minus is no part of a literal."""
    return any(same(abs(value), abs(number)) for number in numbers)


def _mentioned_in(text: str) -> set[Fraction]:
    """The numbers of a question, in digits, as fractions and in words."""
    digits = (meaning for mention in mentions(text) for meaning in mention.meanings)
    return {*digits, *fractions(text), *wording(text)[0]}
