"""The settings beside the gap: leakage, distraction, and the second hop in three places.

Hosseini et al. 2024 (arXiv 2410.01748), section 4. All differences are paired: over the
compositions that answered both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.analysis.evidence import Evidence, Measure
from reasongap.analysis.inside import hop_right, stated_right
from reasongap.analysis.items import COMPOSED
from reasongap.analysis.sample import Estimate, accuracy
from reasongap.domain import Record

SOURCE = "hop2-source"
DISTRACTED = "hop2-distracted"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One model and strategy in two places: `change` = there − here, over the same items."""

    model: str
    strategy: str
    here: Estimate
    there: Estimate
    change: Estimate


def contrast(evidence: Evidence, here: Measure, there: Measure) -> Contrast | None:
    """The change between two measures; None where no composition has both."""
    grades = evidence.grades([here, there])
    if not grades.compositions:
        return None
    sample = grades.sample()
    return Contrast(
        here.model,
        here.strategy,
        sample.mean(0),
        sample.mean(1),
        sample.estimate(accuracy(1) - accuracy(0)),
    )


def leakage(evidence: Evidence) -> tuple[Contrast, ...]:
    """From the second problem with another number to the same problem as it was published.

    A model that knows the published problem by heart is better there.
    """
    found = (
        contrast(evidence, Measure(*who, "hop2"), Measure(*who, SOURCE)) for who in evidence.asked
    )
    return tuple(row for row in found if row is not None)


@dataclass(frozen=True, slots=True)
class Distraction:
    """The first problem alone, and inside the composition.

    `change` = inside − alone; an answer to hop 1 that is nowhere stated counts as wrong.
    `coverage` is the share of compositions whose reply states it or needs no more telling
    (the chain is right); `change_at_most` is the change if all unstated ones were right.
    """

    model: str
    strategy: str
    alone: Estimate
    inside: Estimate
    change: Estimate
    change_at_most: Estimate
    coverage: float


def distraction(evidence: Evidence) -> tuple[Distraction, ...]:
    """What the rest of the composition does to its first problem."""
    return tuple(row for who in evidence.asked if (row := _distraction(evidence, *who)))


def _distraction(evidence: Evidence, model: str, strategy: str) -> Distraction | None:
    chain = (model, strategy, COMPOSED)
    grades = evidence.grades(
        [
            Measure(model, strategy, "hop1"),
            Measure(*chain, lambda r: float(hop_right(r, 1) is True)),
            Measure(*chain, lambda r: float(hop_right(r, 1) is not False)),
        ]
    )
    if not grades.compositions:
        return None
    sample = grades.sample()
    alone, inside, most = (accuracy(column) for column in range(3))
    means = sample.joint.means
    return Distraction(
        model,
        strategy,
        alone=sample.mean(0),
        inside=sample.mean(1),
        change=sample.estimate(inside - alone),
        change_at_most=sample.estimate(most - alone),
        coverage=float(1 - (means[2] - means[1])),
    )


@dataclass(frozen=True, slots=True)
class LaterHop:
    """Hop `hop` alone, after the hops before it went right inside the chain, and distracted.

    `given` goes from the hop alone to the hop inside, both over the compositions in which
    the earlier hops were stated and right; `coverage` is the share of replies that state
    them at all, right or wrong. `distracted` (second hop only) goes to the hop behind an
    unrelated problem. `reason` says why `given` is missing, where it is.
    """

    model: str
    strategy: str
    hop: int
    alone: Estimate
    given: Contrast | None
    distracted: Contrast | None
    coverage: float
    reason: str | None


def later_hops(evidence: Evidence) -> tuple[LaterHop, ...]:
    """Every hop after the first: alone, given the ones before it, behind an unrelated one."""
    return tuple(
        row
        for who in evidence.asked
        for hop in range(2, evidence.hops + 1)
        if (row := _later_hop(evidence, *who, hop))
    )


def _later_hop(evidence: Evidence, model: str, strategy: str, hop: int) -> LaterHop | None:
    alone = Measure(model, strategy, f"hop{hop}")

    def given(record: Record) -> float | None:
        return float(hop_right(record, hop) is True) if stated_right(record, hop - 1) else None

    whole = evidence.grades([alone])
    if not whole.compositions:
        return None
    behind = Measure(model, strategy, DISTRACTED)
    chain = Measure(model, strategy, COMPOSED, given)
    found = contrast(evidence, alone, chain)
    answers = list(evidence.graded(model, strategy, COMPOSED))
    told = sum(stated_right(r, hop - 1) is not None for r in answers)
    return LaterHop(
        model,
        strategy,
        hop,
        alone=whole.sample().mean(0),
        given=found,
        distracted=contrast(evidence, alone, behind) if hop == 2 else None,
        coverage=told / len(answers) if answers else 0.0,
        reason=None if found else "no reply states the hops before it and has them right",
    )
