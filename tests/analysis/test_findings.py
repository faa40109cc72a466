"""Simulated studies of known truth: every analysis recovers what was put in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reasongap.analysis.evidence import Evidence
from reasongap.analysis.findings import Findings, find
from reasongap.domain import Interval
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers
from tests.analysis.simulated import GAP_SETTINGS, Habits, study

CONTROLS = ("hop2-source", "hop2-distracted")
SMALL = ModelSpec("small", size=1e9, family="F", tier="low-cost", tuning="instruct")
LARGE = ModelSpec("large", size=7e10, family="F", tier="high-cost", tuning="instruct")
WORLDS: dict[str, tuple[Habits, Habits, Habits, Habits]] = {
    "distracted": (
        Habits(0.9, 0.85, inside=0.7, skip=0.6, later=0.8, known=0.95),
        Habits(0.9, 0.9, inside=0.88, carry=0.97, broken=0.08),
        Habits(0.95, 0.92, inside=0.9),
        Habits(0.95, 0.95, inside=0.94, broken=0.03),
    ),
    "forgetful": (
        Habits(0.8, 0.75, inside=0.8, carry=0.7, stop=0.1, later=0.6, behind=0.7),
        Habits(0.85, 0.8, inside=0.8, carry=0.9, later=0.8, broken=0.15),
        Habits(0.9, 0.85, inside=0.85, carry=0.9),
        Habits(0.9, 0.9, inside=0.9, later=0.9),
    ),
}


Truths = dict[tuple[str, str], Habits]


def checks(found: Findings, truths: Truths) -> Iterator[tuple[str, Interval, float]]:
    """Each interval with the truth that it should hold."""
    for gap in found.estimates.gaps:
        yield "delta", gap.gap.delta_ci, truths[gap.model, gap.strategy].delta
        yield "s_comp", gap.gap.s_comp_ci, truths[gap.model, gap.strategy].chain
    for change in found.estimates.reductions:
        cot, pot = truths[change.model, "cot"], truths[change.model, "pot"]
        yield "delta change", change.delta_change_ci, pot.delta - cot.delta
    for who in found.leakage:
        truth = truths[who.model, who.strategy]
        yield "leakage", who.change.ci, truth.known - truth.hop2
    for first in found.distraction:
        truth = truths[first.model, first.strategy]
        inside = (1 - truth.broken) * truth.inside
        yield "distraction", first.change.ci, inside - truth.hop1
    for later in found.later_hops:
        truth = truths[later.model, later.strategy]
        assert later.given is not None
        assert later.distracted is not None
        inside = (1 - truth.stop) * truth.carry * truth.later
        yield "given", later.given.change.ci, inside - truth.hop2
        yield "unrelated", later.distracted.change.ci, truth.behind - truth.hop2
    for skipped in found.skipped:
        truth = truths[skipped.model, skipped.strategy]
        yield "skipped", skipped.inside.ci, (1 - truth.inside) * truth.skip
    yield from cause_checks(found, truths)
    for pair in found.pairs:
        cheap, dear = truths[pair.first, pair.strategy], truths[pair.second, pair.strategy]
        yield "pair", pair.delta.ci, dear.delta - cheap.delta
    for two in found.strategies:
        cot, pot = truths[two.model, "cot"], truths[two.model, "pot"]
        yield "oracle", two.oracle.ci, 1 - (1 - cot.chain) * (1 - pot.chain)
    for cost in found.costs:
        assert cost.dollars_per_right is not None
        truth = truths[cost.model, cost.strategy]
        yield "price", cost.dollars_per_right.ci, truth.price / truth.chain


def cause_checks(found: Findings, truths: Truths) -> Iterator[tuple[str, Interval, float]]:
    """The shares of the causes of failure."""
    for row in found.attribution:
        truth = truths[row.model, row.strategy]
        wrong = 1 - truth.chain
        reached = (1 - truth.broken) * truth.inside * (1 - truth.stop)
        shares = {
            "hop_wrong": (1 - truth.broken) * (1 - truth.inside),
            "not_carried": reached * (1 - truth.carry),
            "last_hop_wrong": reached * truth.carry * (1 - truth.later),
            "truncated": truth.broken if row.strategy == "cot" else 0,
            "timeout": truth.broken / 3 if row.strategy == "pot" else 0,
        }
        for cause, estimate in row.shares.items():
            if cause in shares:
                yield cause, estimate.ci, shares[cause] / wrong


def world(name: str, seed: int) -> tuple[Evidence, Truths]:
    places = [(spec, strategy) for spec in (SMALL, LARGE) for strategy in ("cot", "pot")]
    ways = [(*place, habits) for place, habits in zip(places, WORLDS[name], strict=True)]
    truths = {(spec.name, strategy): habits for spec, strategy, habits in ways}
    return study(ways, 150, settings=(*GAP_SETTINGS, *CONTROLS), seed=seed), truths


@pytest.mark.parametrize("name", WORLDS)
def test_what_was_put_in_is_recovered(name: str) -> None:
    held: dict[str, list[bool]] = {}
    for seed in range(4):
        evidence, truths = world(name, seed)
        for what, (low, high), truth in checks(find(evidence), truths):
            held.setdefault(what, []).append(low <= truth <= high)
    assert len(held) >= 14
    share = sum(map(sum, held.values())) / sum(map(len, held.values()))
    assert share >= 0.92
    for what, hits in held.items():
        assert sum(hits) / len(hits) >= 0.7, (what, hits)


def test_little_evidence_is_little_said_and_never_a_crash() -> None:
    specs = {"m": ModelSpec("m")}
    for records in ([], list(answers("111")), list(answers("1--")), list(answers("mmm", "--0"))):
        found = find(Evidence(specs, ("cot",), {}, records))
        assert not (found.pairs or found.trajectories or found.leakage or found.strategies)
        assert found.published


def test_an_evidence_without_strategies_or_models_says_nothing() -> None:
    assert find(Evidence({}, (), {}, [])).estimates.gaps == ()
