"""The tasks of a study, made one by one in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from math import prod

from reasongap.domain import Composition, Key
from reasongap.models import Model
from reasongap.problems import questions
from reasongap.problems.settings import COMPOSED, DISTRACTED
from reasongap.runs.outcomes import Outcomes
from reasongap.runs.pace import LOCAL
from reasongap.runs.runner import Lane, Task
from reasongap.runs.stored import ids_of
from reasongap.solvers import Solver


@dataclass(frozen=True)
class Tasks:
    """What a study asks of one model: `repeats` holds the model once for each repeat.

    `known` are the outcomes of the folder's records; only what is missing among them, or
    failed by the machinery, is a task. Nothing is held but what the fields hold.
    """

    repeats: Sequence[Model]
    compositions: Sequence[Composition]
    settings: Sequence[str]
    solvers: Sequence[Solver]
    known: Outcomes = field(default_factory=Outcomes)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.repeats[0].spec.name

    @property
    def total(self) -> int:
        """Questions in all, answered or not."""
        return prod(map(len, (self.repeats, self.compositions, self.settings, self.solvers)))

    @property
    def settled(self) -> int:
        """Questions that need no asking."""
        return sum(self.known.settled(key) for key, _, _ in self._keys())

    def __iter__(self) -> Iterator[Task]:
        return self.some(lambda place: True)

    def some(self, chosen: Callable[[int], bool]) -> Iterator[Task]:
        """Of the tasks, counted from 0, those that are chosen; no other is made."""
        missing = (each for each in self._keys() if not self.known.settled(each[0]))
        for count, (key, place, solver) in enumerate(missing):
            if chosen(count):
                item = self.compositions[place]
                (question,) = questions(item, (key.setting,), self.compositions, place)
                yield Task(key, question, solver, self.repeats[key.repeat])

    def _keys(self) -> Iterator[tuple[Key, int, Solver]]:
        """The key of every question, its composition's place, and who solves it."""
        for solvers, settings in self._passes():
            asked = list(product(settings, [(solver, solver.name) for solver in solvers]))
            for repeat in range(len(self.repeats)):
                for place, item in enumerate(ids_of(self.compositions)):
                    for setting, (solver, name) in asked:
                        yield Key(self.name, name, item, setting, repeat), place, solver

    def _passes(self) -> Iterator[tuple[Sequence[Solver], Sequence[str]]]:
        """What is asked in one go: all of it, so that a composition's questions lie together.

        Local questions go prompt by prompt: the exemplars that they begin with are evaluated
        once.
        """
        if not self.name.startswith(LOCAL):
            yield self.solvers, self.settings
            return
        chained = [name for name in self.settings if name in (COMPOSED, DISTRACTED)]
        single = [name for name in self.settings if name not in chained]
        for solver in self.solvers:
            yield [solver], single
            yield [solver], chained


def lanes(parts: Sequence[Tasks], at_once: int) -> list[Lane]:
    """One lane a model; models that share this machine's processors share one."""
    local = [part for part in parts if part.name.startswith(LOCAL)]
    others = [part for part in parts if not part.name.startswith(LOCAL)]
    queues = [*([chain.from_iterable(local)] if local else []), *map(iter, others)]
    return [Lane(queue, at_once) for queue in queues]
