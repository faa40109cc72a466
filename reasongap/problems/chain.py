"""A worked solution as a chain of exact steps that can be run again with another number.

Every literal of every step is read against all that it could stand for: a number of the
question, the result of an earlier step, a word or the conversion of a unit. Nothing is
guessed: where two readings of a literal would give different values once a number of the
question changes, running the chain again raises `Refused`; so does reading a chain that
has a literal which nothing explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from reasongap.problems.annotations import ANNOTATION, Annotation, Malformed, read_annotations
from reasongap.problems.mentions import Mention, fractions, mentions
from reasongap.problems.wordings import wording

BARE = re.compile(r"<<[^=+*/-]*=")
UNMARKED = re.compile(r"=(?!\s*[$€£]?\s*<<)")


class Refused(ValueError):
    """The chain or the slot cannot be trusted; the message is the reason, in few words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one literal may stand for.

    `steps` are indices of earlier results, `mentions` pairs of a mention's index and the
    scale of its use (1/100 for a percentage written as a decimal); `constant` says
    whether a word, a unit or convention brings the value too.
    """

    value: Fraction
    steps: tuple[int, ...]
    mentions: tuple[tuple[int, Fraction], ...]
    constant: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of a solution and the readings of their literals.

    `words` are the values of the question's words for numbers.
    """

    mentions: tuple[Mention, ...]
    words: frozenset[Fraction]
    steps: tuple[Annotation, ...]
    readings: tuple[tuple[Reading, ...], ...]

    def run(self, mention: int, number: Fraction) -> tuple[Fraction, ...]:
        """The result of every step when the question's number `mention` is `number`.

        Raises Refused where the readings of a literal disagree, or a step divides by 0.
        """
        results: list[Fraction] = []
        for step, readings in zip(self.steps, self.readings, strict=True):
            literals = tuple(_literal(reading, results, mention, number) for reading in readings)
            try:
                results.append(step.value(literals))
            except ZeroDivisionError:
                raise Refused("a step divides by zero") from None
        return tuple(results)

    def uses(self, mention: int) -> int:
        """How many literals may stand for the question's number `mention`."""
        return sum(
            any(index == mention for index, _ in reading.mentions)
            for step in self.readings
            for reading in step
        )


def read_chain(question: str, solution: str, answer: Fraction) -> Chain:
    """The chain of a solution whose last step gives `answer`. Raises Refused with the reason."""
    try:
        steps = read_annotations(solution)
    except Malformed:
        raise Refused("malformed annotation") from None
    if not steps:
        raise Refused("no annotation")
    if BARE.search(solution) or UNMARKED.search(ANNOTATION.sub("<<>>", solution)):
        raise Refused("a computation without annotation")
    if steps[-1].result != answer:
        raise Refused("last step is not the answer")
    found = mentions(question)
    words, units = wording(question)
    constants = words | units | frozenset(fractions(question)) | {Fraction(1)}
    readings = []
    for i, step in enumerate(steps):
        if step.value(step.literals) != step.result:
            raise Refused("a step does not compute")
        readings.append(tuple(_reading(v, steps[:i], found, constants) for v in step.literals))
    return Chain(found, words, steps, tuple(readings))


def _reading(
    value: Fraction,
    before: tuple[Annotation, ...],
    found: tuple[Mention, ...],
    constants: frozenset[Fraction],
) -> Reading:
    reading = Reading(
        value,
        tuple(i for i, step in enumerate(before) if step.result == value),
        tuple(
            (i, meaning / mention.value)
            for i, mention in enumerate(found)
            for meaning in mention.meanings
            if mention.value and meaning == value
        ),
        value in constants,
    )
    if not (reading.steps or reading.mentions or reading.constant):
        raise Refused("unexplained literal")
    return reading


def _literal(reading: Reading, results: list[Fraction], mention: int, number: Fraction) -> Fraction:
    values = [results[i] for i in reading.steps]
    values += [number * s if i == mention else reading.value for i, s in reading.mentions]
    if reading.constant:
        values.append(reading.value)
    if values.count(values[0]) != len(values):
        raise Refused("ambiguous in the solution")
    return values[0]
