"""What every analysis rests on: the answers of one run or of several, by question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reasongap.analysis.items import COMPOSED, FloatArray, IntArray
from reasongap.analysis.sample import Sample, sample_of
from reasongap.domain import MACHINERY, Composition, Record
from reasongap.models.seam import ModelSpec

Answers = Mapping[tuple[str, int], Record]
"""The answers to one setting, by composition and repeat."""


def right(record: Record) -> float:
    """1 where the answer is right."""
    return float(record.outcome == "correct")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is read off the answers of one model under one strategy in one setting.

    `of` gives a number between 0 and 1, or None for an answer that cannot be counted.
    """

    model: str
    strategy: str
    setting: str
    of: Callable[[Record], float | None] = right


@dataclass(frozen=True, slots=True, eq=False)
class Grades:
    """The measures (n, m) of the compositions that have all of them, and their blocks (n,).

    `values` are means over the repeats that count; `repeats` (n,) says how many those are.
    """

    compositions: tuple[str, ...]
    values: FloatArray
    blocks: IntArray
    repeats: IntArray

    @property
    def weights(self) -> FloatArray:
        """What each composition weighs (n,) where every repeat counts alike; 1 at most."""
        return np.asarray(self.repeats / self.repeats.max())

    def sample(self) -> Sample:
        """The grades resampled by block. Raises `UsageError` where there are none."""
        return sample_of(self.values, self.blocks)


@dataclass(frozen=True)
class Evidence:
    """Models by size (unknown last), strategies (the baseline first), and their answers.

    `compositions` holds the items by id. `folders` names where the answers come from and
    `created` the Unix times at which those runs began.
    """

    specs: Mapping[str, ModelSpec]
    strategies: tuple[str, ...]
    compositions: Mapping[str, Composition]
    records: Sequence[Record]
    folders: tuple[str, ...] = ()
    created: tuple[float, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def index(self) -> Mapping[tuple[str, str, str], Answers]:
        """The answers of every model, strategy and setting."""
        found: defaultdict[tuple[str, str, str], dict[tuple[str, int], Record]]
        found = defaultdict(dict)
        for record in self.records:
            key = record.key
            found[key.model, key.strategy, key.setting][key.composition, key.repeat] = record
        return found

    @cached_property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """The models and strategies that were asked compositions, in order."""
        return tuple(
            (model, strategy)
            for model in self.specs
            for strategy in self.strategies
            if self.answers(model, strategy, COMPOSED)
        )

    @cached_property
    def hops(self) -> int:
        """How many hops the compositions have, 0 where none was asked."""
        composed = (r for r in self.records if r.key.setting == COMPOSED)
        return max((len(record.question.hops) for record in composed), default=0)

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings of the gap: each hop alone, then the chain."""
        return (*(f"hop{i}" for i in range(1, self.hops + 1)), COMPOSED)

    def answers(self, model: str, strategy: str, setting: str) -> Answers:
        """The answers of one model under one strategy in one setting."""
        return self.index.get((model, strategy, setting), {})

    def graded(self, model: str, strategy: str, setting: str) -> Iterable[Record]:
        """Those of the answers that are the model's own, and not the machinery's failure."""
        answers = self.answers(model, strategy, setting).values()
        return (record for record in answers if record.outcome not in MACHINERY)

    def grades(self, measures: Sequence[Measure]) -> Grades:
        """The measures on the compositions that have all of them; repeats are averaged.

        A repeat counts where no measure of it is None and the machinery failed in none.
        """

        def of(records: Sequence[Record]) -> Sequence[float | None]:
            return [m.of(record) for m, record in zip(measures, records, strict=True)]

        return self.joined([(m.model, m.strategy, m.setting) for m in measures], of)

    def joined(
        self,
        places: Sequence[tuple[str, str, str]],
        of: Callable[[Sequence[Record]], Sequence[float | None]],
    ) -> Grades:
        """Columns made from the answers in several places (model, strategy, setting) at once.

        `of` maps the answers to one repeat of one composition, in the order of the places,
        to a number a column: between 0 and 1, for a sample.
        """
        answers = [self.answers(*place) for place in places]
        found: defaultdict[str, list[list[float]]] = defaultdict(list)
        blocks: dict[str, str] = {}
        for key in sorted(set(answers[0]).intersection(*answers[1:])):
            records = [own[key] for own in answers]
            if any(record.outcome in MACHINERY for record in records):
                continue
            values = of(records)
            counted = [value for value in values if value is not None]
            if len(counted) == len(values):
                found[key[0]].append(counted)
                blocks[key[0]] = records[0].question.block
        table = [rows[0] if len(rows) == 1 else np.mean(rows, axis=0) for rows in found.values()]
        return Grades(
            tuple(found),
            np.reshape(table, (len(table), -1)).astype(float) if table else np.zeros((0, 0)),
            np.unique(list(blocks.values()), return_inverse=True)[1].astype(np.int64),
            np.array([len(rows) for rows in found.values()], dtype=np.int64),
        )
