"""Two models of one family on the same compositions: dear against cheap, tuned against base.

Hosseini et al. 2024 (arXiv 2410.01748), sections 3.1 to 3.3: models that look alike on
single problems lie far apart on compositions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from reasongap.analysis.evidence import Evidence, Measure
from reasongap.analysis.gap import delta_of
from reasongap.analysis.sample import Estimate, Sample, accuracy, fieller
from reasongap.domain import Interval
from reasongap.models.seam import ModelSpec

Kind = Literal["tier", "tuned", "math"]
LIKE_SIZE = 1.25
"""Models up to this factor apart count as of one size."""


@dataclass(frozen=True, slots=True)
class ModelPair:
    """`second` against `first` under one strategy; changes are second − first.

    "tier": high-cost against low-cost; "tuned": instruction-tuned against base; "math":
    math-specialised against general. `single` is the change on the first problem alone,
    `composed` that on the chain. `ratio` is Δ of the first over Δ of the second (how many
    times larger the gap of the cheap, the base or the general model is), with Fieller's
    interval; None where it is not defined, and `reason` says why.
    """

    kind: Kind
    family: str
    strategy: str
    first: str
    second: str
    single: Estimate
    composed: Estimate
    gaps: tuple[Estimate, Estimate]
    delta: Estimate
    ratio: float | None
    ratio_ci: Interval | None
    reason: str | None


def model_pairs(evidence: Evidence) -> tuple[ModelPair, ...]:
    """Every pair of models of one family that differ in tier, or in tuning at one size."""
    return tuple(
        row
        for kind, first, second in _kinds(evidence)
        for strategy in evidence.strategies
        if (row := _pair(evidence, kind, first, second, strategy))
    )


def _kinds(evidence: Evidence) -> Iterator[tuple[Kind, ModelSpec, ModelSpec]]:
    for first, second in product(evidence.specs.values(), repeat=2):
        if first.family is None or first.family != second.family:
            continue
        if (first.tier, second.tier) == ("low-cost", "high-cost"):
            yield "tier", first, second
        if not _like(first.size, second.size):
            continue
        if (first.tuning, second.tuning) == ("base", "instruct"):
            yield "tuned", first, second
        elif (first.tuning, second.tuning) == ("instruct", "math"):
            yield "math", first, second


def _like(one: float | None, other: float | None) -> bool:
    return bool(one and other) and 1 / LIKE_SIZE <= (one or 1) / (other or 1) <= LIKE_SIZE


def _pair(
    evidence: Evidence, kind: Kind, first: ModelSpec, second: ModelSpec, strategy: str
) -> ModelPair | None:
    settings = evidence.settings
    grades = evidence.grades(
        [Measure(spec.name, strategy, setting) for spec in (first, second) for setting in settings]
    )
    if not grades.compositions:
        return None
    sample, width = grades.sample(), len(settings)
    one, other = delta_of(slice(0, width)), delta_of(slice(width, None))
    gaps = sample.estimate(one), sample.estimate(other)
    ratio_ci, reason = _ratio_ci(sample, gaps, second.name, width)
    return ModelPair(
        kind=kind,
        family=first.family or "",
        strategy=strategy,
        first=first.name,
        second=second.name,
        single=sample.estimate(accuracy(width) - accuracy(0)),
        composed=sample.estimate(accuracy(2 * width - 1) - accuracy(width - 1)),
        gaps=gaps,
        delta=sample.estimate(other - one),
        ratio=gaps[0].value / gaps[1].value if ratio_ci else None,
        ratio_ci=ratio_ci,
        reason=reason,
    )


def _ratio_ci(
    sample: Sample, gaps: tuple[Estimate, Estimate], second: str, width: int
) -> tuple[Interval | None, str | None]:
    """Fieller's interval of the ratio of gaps, or why there is none."""
    unclear = f"the gap of {second} is not clearly below 0"
    if gaps[1].ci[1] >= 0:
        return None, unclear
    found = fieller(sample.joint, delta_of(slice(0, width)), delta_of(slice(width, None)))
    return found, None if found else unclear
