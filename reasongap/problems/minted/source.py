"""A stream of minted problems: endless for most purposes, never the same text twice.

Position i of the stream follows from the seed and i alone: the templates take turns in a
shuffled order, and each goes its own shuffled way through its space (spread.py), in
which no point comes twice. So nothing is remembered, a million problems need no more
memory than one, and several workers can share a stream by taking every k-th position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import islice

from reasongap.domain import Problem
from reasongap.errors import UnknownName, UsageError
from reasongap.problems.minted.reading import packaged_templates
from reasongap.problems.minted.spread import Spread
from reasongap.problems.minted.template import Template

TRIES = 32
"""Points of its space that a template looks at in one turn before it passes."""


def template_names() -> tuple[str, ...]:
    """The names of all templates, "theme/name", in a fixed order."""
    return tuple(packaged_templates())


def templates_of(text: str) -> tuple[str, ...] | None:
    """The templates that "shop, farm/hay" names: a theme's all, or one; None for "", all.

    Raises UnknownName.
    """
    chosen: list[str] = []
    for word in filter(None, map(str.strip, text.split(","))):
        own = [name for name in template_names() if word in (name, name.partition("/")[0])]
        if not own:
            themes = dict.fromkeys(name.partition("/")[0] for name in template_names())
            raise UnknownName("theme or template", word, (*themes, *template_names()))
        chosen += own
    return tuple(chosen) or None


def mint(n: int | None = None, steps: tuple[int, int] = (2, 4), seed: int = 0) -> Iterator[Problem]:
    """`n` fresh problems of `steps` (fewest, most) steps; None for as many as there are."""
    return MintedSource(steps, seed, n).load()


def minted_row(problem: Problem) -> dict[str, str | int]:
    """A minted problem as a row of a file, `answer` being the solution as in GSM8K."""
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

    def __post_init__(self) -> None:
        """Refuse what no problem can come from."""
        if self.n is not None and self.n < 1:
            raise UsageError(f"n is {self.n}: ask for 1 problem or more")
        for name in self.templates or ():
            if name not in packaged_templates():
                raise UnknownName("template", name, template_names())
        if not self._turns:
            fewest, most = self.steps
            longest = max(len(template.steps) for template in packaged_templates().values())
            raise UsageError(
                f"no template has {fewest} to {most} steps: give two numbers from 1 to {longest}, "
                "the smaller first" + (", or choose other templates" if self.templates else "")
            )

    @property
    def name(self) -> str:
        """What identifies the stream: "minted:2-4:seed=7", and a hash of chosen templates."""
        fewest, most = self.steps
        steps = f"{fewest}" if fewest == most else f"{fewest}-{most}"
        whole = f"minted:{steps}:seed={self.seed}"
        if self.templates is None:
            return whole
        chosen = "\n".join(sorted(set(self.templates)))
        return f"{whole}:templates={blake2b(chosen.encode(), digest_size=4).hexdigest()}"

    @property
    def positions(self) -> int:
        """How many positions the stream has. Nearly all hold a problem, the last ones fewer."""
        return len(self._turns) * max(turns.number for turns in self._turns)

    def at(self, position: int) -> Problem | None:
        """The problem at a position; None where its template passes."""
        turn, template = divmod(position, len(self._turns))
        return self._turns[template].problem(turn)

    def load(self) -> Iterator[Problem]:
        """The problems of all positions, in order, up to `n`."""
        count = 0
        for problem in islice(filter(None, map(self.at, range(self.positions))), self.n):
            yield problem
            count += 1
        if self.n is not None and count < self.n:
            raise UsageError(
                f"{self.name} holds {count} problems, and {self.n} were asked for: "
                "ask for fewer, or allow more steps"
            )

    @cached_property
    def _turns(self) -> tuple[_Turns, ...]:
        """What each template that fits makes, in the seed's order."""
        fewest, most = self.steps
        turns = (
            _Turns.of(template, self.seed)
            for name, template in packaged_templates().items()
            if fewest <= len(template.steps) <= most
            and (self.templates is None or name in self.templates)
        )
        return tuple(sorted(turns, key=lambda turn: turn.spread.keys))


@dataclass(frozen=True, slots=True)
class _Turns:
    """What a template makes under one seed, in `number` turns."""

    template: Template
    spread: Spread
    prefix: str
    number: int

    @classmethod
    def of(cls, template: Template, seed: int) -> _Turns:
        wordings, numberings = template.shape
        spread = Spread.keyed(wordings, numberings, f"{seed}:{template.name}")
        prefix = f"minted:{template.name}:{seed}:"
        return cls(template, spread, prefix, wordings * numberings // TRIES)

    def problem(self, turn: int) -> Problem | None:
        """The first problem that makes sense among the turn's own points, if any."""
        if turn >= self.number:
            return None
        points = (self.spread.point(turn + self.number * attempt) for attempt in range(TRIES))
        made = (self.template.problem(*point, f"{self.prefix}{turn}") for point in points)
        return next(filter(None, made), None)
