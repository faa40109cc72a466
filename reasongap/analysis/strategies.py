"""Two strategies on the same compositions: where they agree, and what the best of both gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reasongap.analysis.evidence import Evidence, right
from reasongap.analysis.items import COMPOSED
from reasongap.analysis.sample import Estimate, accuracy, share_of
from reasongap.answers import same
from reasongap.domain import Record


@dataclass(frozen=True, slots=True)
class StrategyPair:
    """`strategy` beside `baseline` on the compositions that both answered.

    `gained` and `lost`: right under the strategy only, and under the baseline only, as
    shares of the compositions. `agreement`: both give the same number, right or wrong;
    `trust`: such a number is right. `oracle`: at least one is right, what a perfect
    chooser would get; `oracle_gain` is what it has beyond the better one (`better`).
    """

    model: str
    baseline: str
    strategy: str
    gained: Estimate
    lost: Estimate
    agreement: Estimate
    trust: Estimate | None
    oracle: Estimate
    better: str
    oracle_gain: Estimate


def strategy_pairs(evidence: Evidence) -> tuple[StrategyPair, ...]:
    """Every strategy of every model beside the baseline."""
    return tuple(
        row
        for model in evidence.specs
        for other in evidence.strategies[1:]
        if (row := _pair(evidence, model, evidence.strategies[0], other))
    )


def _columns(records: Sequence[Record]) -> list[float]:
    """Right before, right now, gained, lost, the same number, the same and right, either."""
    before, now = map(right, records)
    one, other = (record.solution.answer for record in records)
    agree = float(one is not None and other is not None and same(one, other))
    return [
        before,
        now,
        now * (1 - before),
        before * (1 - now),
        agree,
        agree * now,
        max(before, now),
    ]


def _pair(evidence: Evidence, model: str, baseline: str, strategy: str) -> StrategyPair | None:
    grades = evidence.joined([(model, baseline, COMPOSED), (model, strategy, COMPOSED)], _columns)
    if not grades.compositions:
        return None
    sample = grades.sample()
    means = sample.joint.means
    better = int(means[1] > means[0])
    return StrategyPair(
        model,
        baseline,
        strategy,
        gained=sample.mean(2),
        lost=sample.mean(3),
        agreement=sample.mean(4),
        trust=share_of(grades.values[:, 5], grades.values[:, 4], grades.blocks),
        oracle=sample.mean(6),
        better=(baseline, strategy)[better],
        oracle_gain=sample.estimate(accuracy(6) - accuracy(better)),
    )
