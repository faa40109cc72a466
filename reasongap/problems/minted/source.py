"""A stream of minted problems: endless for most purposes, never the same text twice.

Position i of the stream is derived from the seed and i alone: the templates take turns in
a shuffled order, and each goes its own shuffled way through its space (spread.py), in
which no point comes twice. So nothing is remembered, a million problems need no more
memory than one, and several workers can share a stream by taking every k-th position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from reasongap.domain import Problem
from reasongap.errors import UnknownName, UsageError
from reasongap.problems.minted.reading import packaged_templates
from reasongap.problems.minted.spread import Spread
from reasongap.problems.minted.template import Template

TRIES = 16
"""Points that a template looks at in one turn before it passes."""


def template_names() -> tuple[str, ...]:
    """The names of all templates, "theme/name", in a fixed order."""
    return tuple(packaged_templates())


def mint(n: int | None = None, steps: tuple[int, int] = (2, 4), seed: int = 0) -> Iterator[Problem]:
    """`n` fresh problems of `steps` (fewest, most) steps; None for as many as there are."""
    return MintedSource(steps, seed, n).load()


def minted_row(problem: Problem) -> dict[str, str | int]:
    """A minted problem as a row of a file, its answer as GSM8K writes it."""
    _, template, seed, _ = problem.id.split(":")
    return {
        "id": problem.id,
        "question": problem.question,
        "answer": problem.solution,
        "program": problem.program or "",
        "steps": problem.solution.count("<<"),
        "template": template,
        "seed": int(seed),
    }


@dataclass(frozen=True)
class MintedSource:
    """Problems of `steps` (fewest, most) steps, `n` of them or as many as there are.

    `templates` keeps to those of `template_names()`: disjoint sets give problems for
    training and for evaluation that share no template. A problem depends on its template,
    the seed and its turn only, so that sources which differ in `steps` or `templates`
    agree wherever they share a template. Raises UnknownName for a template that is not
    there, UsageError where none is left; `load` raises UsageError where the templates
    are used up before `n`.
    """

    steps: tuple[int, int] = (2, 4)
    seed: int = 0
    n: int | None = None
    templates: tuple[str, ...] | None = None
    _turns: tuple[_Turns, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Shuffle the templates that fit."""
        if self.n is not None and self.n < 1:
            raise UsageError(f"n is {self.n}: ask for 1 problem or more")
        known = packaged_templates()
        for name in self.templates or ():
            if name not in known:
                raise UnknownName("template", name, known)
        fewest, most = self.steps
        fit = (
            template
            for name, template in known.items()
            if fewest <= len(template.steps) <= most
            and (self.templates is None or name in self.templates)
        )
        turns = tuple(_Turns.of(template, self.seed) for template in fit)
        if not turns:
            among = "template" if self.templates is None else "chosen template"
            raise UsageError(f"no {among} has {fewest} to {most} steps")
        order = sorted(turns, key=lambda turn: turn.spread.keys)
        object.__setattr__(self, "_turns", tuple(order))

    @property
    def name(self) -> str:
        """What identifies the stream: "minted:2-4:seed=7", and a hash of chosen templates."""
        fewest, most = self.steps
        steps = f"{fewest}" if fewest == most else f"{fewest}-{most}"
        if self.templates is None:
            return f"minted:{steps}:seed={self.seed}"
        chosen = ",".join(sorted(set(self.templates)))
        return f"minted:{steps}:seed={self.seed}:templates={blake2b(chosen.encode(), digest_size=4).hexdigest()}"

    @property
    def positions(self) -> int:
        """How many positions the stream has; nearly all hold a problem."""
        return len(self._turns) * max(turns.number for turns in self._turns)

    def at(self, position: int) -> Problem | None:
        """The problem at a position; None where its template passes."""
        number, turn = divmod(position, len(self._turns))
        return self._turns[turn].problem(number)

    def load(self) -> Iterator[Problem]:
        """The problems of all positions, in order, up to `n`."""
        minted = filter(None, map(self.at, range(self.positions)))
        count = 0
        for count, problem in enumerate(islice(minted, self.n), 1):  # noqa: B007
            yield problem
        if self.n is not None and count < self.n:
            raise UsageError(
                f"{self.name} holds {count} problems, and {self.n} were asked for. "
                "Ask for fewer, or allow more steps."
            )


@dataclass(frozen=True, slots=True)
class _Turns:
    """What a template makes in its turns under one seed, `number` of them."""

    template: Template
    spread: Spread
    prefix: str
    number: int

    @classmethod
    def of(cls, template: Template, seed: int) -> _Turns:
        """The turns of a template, each with as many points to try as any other."""
        wordings, numberings = template.shape
        spread = Spread.keyed(wordings, numberings, f"{seed}:{template.name}")
        prefix = f"minted:{template.name}:{seed}:"
        return cls(template, spread, prefix, wordings * numberings // TRIES)

    def problem(self, turn: int) -> Problem | None:
        """The problem at the first of the turn's own points that makes sense."""
        if turn >= self.number:
            return None
        points = (self.spread.point(turn + self.number * attempt) for attempt in range(TRIES))
        made = (self.template.problem(*point, f"{self.prefix}{turn}") for point in points)
        return next(filter(None, made), None)
