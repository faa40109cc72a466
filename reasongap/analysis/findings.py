"""Every analysis of a study, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.analysis.attribution import Attribution, attribution
from reasongap.analysis.controls import (
    Contrast,
    Distraction,
    LaterHop,
    distraction,
    later_hops,
    leakage,
)
from reasongap.analysis.cost import Cost, costs
from reasongap.analysis.estimates import Estimates, analyse
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.pairs import ModelPair, model_pairs
from reasongap.analysis.published import Published, published
from reasongap.analysis.skipped import Skipped, skipped_steps
from reasongap.analysis.stability import (
    Consistency,
    Sensitivity,
    consistency,
    main_strategies,
    sensitivity,
)
from reasongap.analysis.strategies import StrategyPair, strategy_pairs
from reasongap.analysis.trajectory import Trajectory, trajectories
from reasongap.analysis.trend import Trend, trends


@dataclass(frozen=True, slots=True)
class Findings:
    """What the answers say; a part that they say nothing about is empty.

    docs/analyses.md defines every number.
    """

    estimates: Estimates
    trends: tuple[Trend, ...] = ()
    pairs: tuple[ModelPair, ...] = ()
    trajectories: tuple[Trajectory, ...] = ()
    leakage: tuple[Contrast, ...] = ()
    distraction: tuple[Distraction, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    later_hops: tuple[LaterHop, ...] = ()
    attribution: tuple[Attribution, ...] = ()
    strategies: tuple[StrategyPair, ...] = ()
    costs: tuple[Cost, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    published: tuple[Published, ...] = ()


def find(evidence: Evidence) -> Findings:
    """Everything that the evidence says. Raises what `analyse` raises."""
    estimates = analyse(evidence.records, evidence.specs, evidence.strategies)
    return Findings(
        estimates=estimates,
        trends=trends(estimates, evidence.specs, main_strategies(evidence)),
        pairs=model_pairs(evidence),
        trajectories=trajectories(evidence),
        leakage=leakage(evidence),
        distraction=distraction(evidence),
        skipped=skipped_steps(evidence),
        later_hops=later_hops(evidence),
        attribution=attribution(evidence),
        strategies=strategy_pairs(evidence),
        costs=costs(evidence),
        consistency=consistency(evidence),
        sensitivity=sensitivity(evidence),
        published=published(),
    )
