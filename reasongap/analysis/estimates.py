"""From the records of a study to its estimates: gaps, what strategies change, tests, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from reasongap.analysis.change import Reduction, reduction
from reasongap.analysis.gap import gap
from reasongap.analysis.items import Cells, complete_cases, gap_settings
from reasongap.analysis.joint import RESAMPLES
from reasongap.analysis.notes import notes_on, together
from reasongap.analysis.paired import PairedTest, across_models, paired_tests
from reasongap.domain import MACHINERY, Completion, Gap, Outcome, Record
from reasongap.models.seam import ModelSpec

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class GapRow:
    """The gap of one model under one strategy, and what it took.

    `strict` holds the accuracies of the asked-for form: each hop, then the chain, on the
    same compositions as the gap. `outcomes`, `tokens`, `cost` (US dollars) and `seconds`
    (of model and sandbox, summed) cover every answer to the gap's settings, those of
    compositions left out too; None where a part is unknown.
    """

    model: str
    strategy: str
    size: float | None
    family: str | None
    gap: Gap
    strict: tuple[float, ...]
    outcomes: Mapping[Outcome, int]
    cost: float | None
    tokens: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ControlRow:
    """The accuracy in a setting that is no part of the gap, over `n` answers.

    `hop2` is the accuracy on the second hop alone over the same compositions and repeats, to
    compare it with. So answers whose second hop alone has no grade are left out; where none
    has one, `hop2` is None and all count. `cost` covers those left out too.
    """

    model: str
    strategy: str
    setting: str
    n: int
    accuracy: float
    hop2: float | None
    cost: float | None


@dataclass(frozen=True, slots=True)
class Estimates:
    """Everything a study says, ordered by model size (unknown last), then by strategy.

    `notes` are the warnings that belong under the table.
    """

    gaps: tuple[GapRow, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    tests: tuple[PairedTest, ...] = ()
    controls: tuple[ControlRow, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The JSON of `compare`, schema 1: every number that the tables are made of."""
        return {
            "schema": 1,
            "gaps": [_gap_json(row) for row in self.gaps],
            "reductions": [asdict(row) for row in self.reductions],
            "tests": [asdict(row) for row in self.tests],
            "controls": [asdict(row) for row in self.controls],
            "notes": list(self.notes),
        }


def _gap_json(row: GapRow) -> dict[str, object]:
    """The row, with the numbers of its gap among its own."""
    whole: dict[str, object] = asdict(row)
    del whole["gap"]
    return whole | asdict(row.gap)


def analyse(
    records: Iterable[Record],
    specs: Mapping[str, ModelSpec],
    strategies: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimates:
    """Estimate what the records say about the models of `specs` under `strategies`.

    The first strategy is the baseline. Records of other models and strategies are passed
    over; of several with one key the last holds. Raises `UsageError` where compositions of
    different lengths stand side by side.
    """
    latest = {
        record.key: record
        for record in records
        if record.key.model in specs and record.key.strategy in strategies
    }
    gap_settings(latest.values())
    parts = []
    for name, spec in sorted(specs.items(), key=lambda item: _order(item[1])):
        answers = [record for key, record in latest.items() if key.model == name]
        parts.append(_of_model(name, spec, answers, strategies, resamples, seed))
    return Estimates(
        gaps=tuple(row for part in parts for row in part.gaps),
        reductions=tuple(row for part in parts for row in part.reductions),
        tests=across_models([test for part in parts for test in part.tests]),
        controls=tuple(row for part in parts for row in part.controls),
        notes=together(note for part in parts for note in part.notes),
    )


def _order(spec: ModelSpec) -> tuple[bool, float]:
    return spec.size is None, spec.size or 0.0


def _of_model(
    name: str,
    spec: ModelSpec,
    answers: list[Record],
    strategies: Sequence[str],
    resamples: int,
    seed: int,
) -> Estimates:
    asked = [s for s in strategies if any(r.key.strategy == s for r in answers)]
    cells = complete_cases(name, answers, asked)
    controls = tuple(_controls(name, answers, cells.settings, asked))
    answers = [record for record in answers if record.key.setting in cells.settings]
    notes = notes_on(cells, answers, strategies)
    if not len(cells.blocks):
        return Estimates(controls=controls, notes=notes)
    pairs = [(asked[0], other) for other in asked[1:]] if asked[0] == strategies[0] else []
    rows = tuple(_row(spec, s, cells, answers, resamples, seed) for s in asked)
    gaps = {row.strategy: row.gap for row in rows}
    return Estimates(
        gaps=rows,
        reductions=tuple(
            reduction(cells, gaps, *pair, size=spec.size, resamples=resamples, seed=seed)
            for pair in pairs
        ),
        tests=tuple(test for pair in pairs for test in paired_tests(cells, *pair)),
        controls=controls,
        notes=notes,
    )


def _row(
    spec: ModelSpec, strategy: str, cells: Cells, answers: list[Record], resamples: int, seed: int
) -> GapRow:
    own = [record for record in answers if record.key.strategy == strategy]
    outcomes: Counter[Outcome] = Counter(record.outcome for record in own)
    completions = [reply for record in own for reply in record.solution.completions]
    executions = [ran for record in own for ran in record.solution.executions]
    return GapRow(
        model=cells.model,
        strategy=strategy,
        size=spec.size,
        family=spec.family,
        gap=gap(
            cells.correct[strategy],
            cells.blocks,
            attrition=cells.attrition,
            resamples=resamples,
            seed=seed,
        ),
        strict=tuple(cells.strict[strategy].mean(axis=0).tolist()),
        outcomes={name: outcomes[name] for name in sorted(outcomes)},
        cost=_total([reply.cost for reply in completions], 0.0),
        tokens=_total([_tokens(reply) for reply in completions], 0),
        seconds=sum(reply.seconds for reply in completions)
        + sum(ran.seconds for ran in executions),
    )


def _controls(
    model: str, answers: Sequence[Record], settings: Sequence[str], strategies: Sequence[str]
) -> Iterator[ControlRow]:
    """A row a strategy and control; what the machinery failed at is left out."""
    graded = [record for record in answers if record.outcome not in MACHINERY]
    for setting in sorted({record.key.setting for record in graded} - set(settings)):
        for strategy in strategies:
            own, alone = (_answers(graded, strategy, name) for name in (setting, "hop2"))
            if own:
                both = own.keys() & alone.keys()
                costs = [reply.cost for r in own.values() for reply in r.solution.completions]
                yield ControlRow(
                    model,
                    strategy,
                    setting,
                    n=len(both or own),
                    accuracy=_share([own[place] for place in both or own]),
                    hop2=_share([alone[place] for place in both]) if both else None,
                    cost=_total(costs, 0.0),
                )


def _answers(
    records: Sequence[Record], strategy: str, setting: str
) -> dict[tuple[str, int], Record]:
    """One strategy's answers to one setting, by composition and repeat."""
    return {
        (record.key.composition, record.key.repeat): record
        for record in records
        if record.key.strategy == strategy and record.key.setting == setting
    }


def _share(records: Sequence[Record]) -> float:
    return sum(record.outcome == "correct" for record in records) / len(records)


def _tokens(reply: Completion) -> int | None:
    return _total([reply.usage.prompt_tokens, reply.usage.completion_tokens], 0)


def _total(parts: Sequence[Number | None], zero: Number) -> Number | None:
    """The sum, or None where a part is unknown."""
    known = [part for part in parts if part is not None]
    return sum(known, zero) if len(known) == len(parts) else None
