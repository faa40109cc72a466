"""A template, and the problem that each point of its space makes.

Everything that a problem says comes from one description: the steps. The question fills
its slots with the numbers, the solution writes each step out as an annotation, the
program writes the same expressions as code, so that the four cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from reasongap.domain import Problem
from reasongap.problems.minted.expression import Expression

Filling = Mapping[str, str]
"""What to write in each form of a slot for words, the form that stands for it first."""

LEAST = 2
"""The least number in a problem: every noun beside a number is a plural."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the solution: `name` is what it finds, `sentence` has slots for numbers."""

    name: str
    expression: Expression
    sentence: str


@dataclass(frozen=True, slots=True)
class Template:
    """A word problem with slots.

    `numbers` holds the values that each number of the question may take. `fillings` has
    the choices of each slot for words, a person's included. `asks` are the phrasings of
    the question; each of them uses every slot, so that two points of the space never
    make the same text.
    """

    name: str
    numbers: Mapping[str, tuple[int, ...]]
    fillings: tuple[tuple[Filling, ...], ...]
    asks: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """How many ways there are to word the problem, and how many to number it."""
        ways = len(self.asks) * prod(len(choices) for choices in self.fillings)
        return ways, prod(len(values) for values in self.numbers.values())

    def problem(self, wording: int, numbering: int, identity: str) -> Problem | None:
        """The problem at a point of the space, None where it would make no sense."""
        words = self._words(wording)
        values = self._values(numbering)
        if words is None or values is None:
            return None
        ask, slots = words
        slots |= {name: str(value) for name, value in values.items()}
        answer = values[self.steps[-1].name]
        working = [step.sentence.format_map(slots) for step in self.steps]
        return Problem(
            id=identity,
            question=ask.format_map(slots),
            answer=Fraction(answer),
            solution="\n".join([*working, f"#### {answer}"]),
            source="minted",
            program="\n".join(self._program(values)) + "\n",
        )

    def _words(self, wording: int) -> tuple[str, dict[str, str]] | None:
        """A phrasing and what its slots say; None if two slots would say the same."""
        wording, ask = divmod(wording, len(self.asks))
        slots: dict[str, str] = {}
        said: set[str] = set()
        for choices in self.fillings:
            wording, choice = divmod(wording, len(choices))
            said.add(next(iter(choices[choice].values())))
            slots |= choices[choice]
        return (self.asks[ask], slots) if len(said) == len(self.fillings) else None

    def _values(self, numbering: int) -> dict[str, int] | None:
        """Every number, given or found, by name; None unless whole, plural and distinct.

        Distinct from each other and from the constants: each number of the question then
        stands in it once, and a value in the solution can have only one meaning.
        """
        values: dict[str, int] = {}
        for name, choices in self.numbers.items():
            numbering, choice = divmod(numbering, len(choices))
            values[name] = choices[choice]
        taken = {number for step in self.steps for number in step.expression.constants}
        distinct = len(taken) + len(values)
        taken.update(values.values())
        if len(taken) < distinct:
            return None
        for step in self.steps:
            found = step.expression.evaluate(values)
            if found.denominator != 1 or found < LEAST or found in taken:
                return None
            values[step.name] = int(found)
            taken.add(int(found))
        return values

    def _program(self, values: Mapping[str, int]) -> Iterator[str]:
        yield "def solution():"
        for name in self.numbers:
            yield f"    {name} = {values[name]}"
        for step in self.steps:
            yield f"    {step.name} = {step.expression.source}"
        yield f"    return {self.steps[-1].name}"
