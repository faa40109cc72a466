"""Steps of the first problem that a reply skips, alone and inside the composition.

Hosseini et al. 2024 (arXiv 2410.01748), section 4, read replies by eye: inside a
composition models leave out a multiplication that "each" or "per month" asks for. Here a
step of the gold chain counts as skipped only where the reply can be aligned with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reasongap.analysis.calculations import Calculation, of_program, of_solution, of_text
from reasongap.analysis.evidence import Evidence, Measure
from reasongap.analysis.inside import hop_right
from reasongap.analysis.items import COMPOSED
from reasongap.analysis.sample import Estimate, accuracy
from reasongap.domain import Record
from reasongap.problems.annotations import Malformed

_TRIGGERS = re.compile(
    r"\b(each|every|per|apiece|twice|thrice|double|triple|half|dozen|percent"
    r"|(?:dai|week|month|year|hour)ly|day|week|month|year|hour|times)s?\b|(%)",
    re.IGNORECASE,
)
Gold = tuple[Calculation, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """How often a product that the first problem asks for is missing.

    `alone` and `inside` are shares of the `alone.n` compositions whose replies can be
    aligned in both places, out of `asked` whose first problem has a trigger word and a
    product in its gold chain; `change` = inside − alone. `words` counts, per trigger
    word, the aligned replies inside and those of them that skip.
    """

    model: str
    strategy: str
    asked: int
    alone: Estimate
    inside: Estimate
    change: Estimate
    words: Mapping[str, tuple[int, int]]

    @property
    def coverage(self) -> float:
        """The share of the compositions asked that could be aligned."""
        return self.alone.n / self.asked


def skipped_steps(evidence: Evidence) -> tuple[Skipped, ...]:
    """Skipped products of every model under every strategy, where gold chains are known."""
    golds = {name: gold for name in evidence.compositions if (gold := _gold(evidence, name))}
    return tuple(row for who in evidence.asked if (row := _skipped(evidence, *who, golds)))


def triggers(question: str) -> tuple[str, ...]:
    """The words of a question that ask for a product, each once, in lower case."""
    return tuple(dict.fromkeys((m[1] or m[2]).lower() for m in _TRIGGERS.finditer(question)))


def _gold(evidence: Evidence, name: str) -> Gold:
    """The calculations of the first hop, empty where none is a product or no word asks."""
    hop = evidence.compositions[name].hops[0]
    try:
        steps = of_solution(hop.solution or "") if triggers(hop.question) else ()
    except (Malformed, ZeroDivisionError):
        return ()
    return steps if any(step.kind == "product" for step in steps) else ()


def skips(record: Record, gold: Gold) -> bool | None:
    """Whether the answer leaves out a product of the gold chain; None if it cannot be aligned.

    A right answer skips nothing. Else a step of the gold chain is done where the reply
    reaches its result, or calculates in the same kind with one of its numbers (a slip is
    no skip). A reply that does no step goes another way, and cannot be aligned.
    """
    if hop_right(record, 1):
        return False
    steps = _steps(record)
    reached = {step.result for step in steps}
    used = {(step.kind, number) for step in steps for number in step.operands}
    done = [
        step.result in reached or any((step.kind, number) in used for number in step.operands)
        for step in gold
    ]
    if not any(done):
        return None
    return any(not d and step.kind == "product" for d, step in zip(done, gold, strict=True))


def _steps(record: Record) -> tuple[Calculation, ...]:
    solution = record.solution
    if solution.programs:
        return of_program(solution.programs[-1].source)
    return tuple(step for reply in solution.completions for step in of_text(reply.text))


def _skipped(
    evidence: Evidence, model: str, strategy: str, golds: Mapping[str, Gold]
) -> Skipped | None:
    def of(record: Record) -> float | None:
        gold = golds.get(record.key.composition)
        found = skips(record, gold) if gold else None
        return None if found is None else float(found)

    places = [Measure(model, strategy, setting, of) for setting in ("hop1", COMPOSED)]
    grades = evidence.grades(places)
    if not grades.compositions:
        return None
    sample = grades.sample()
    asked = {
        record.key.composition
        for record in evidence.graded(model, strategy, COMPOSED)
        if record.key.composition in golds
    }
    words: dict[str, tuple[int, int]] = {}
    for name, inside in zip(grades.compositions, grades.values[:, 1], strict=True):
        for word in triggers(evidence.compositions[name].hops[0].question):
            seen, missing = words.get(word, (0, 0))
            words[word] = seen + 1, missing + int(inside > 0)
    return Skipped(
        model,
        strategy,
        asked=len(asked),
        alone=sample.mean(0),
        inside=sample.mean(1),
        change=sample.estimate(accuracy(1) - accuracy(0)),
        words=dict(sorted(words.items(), key=lambda item: (-item[1][1], -item[1][0]))),
    )
