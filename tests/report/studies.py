"""A study in which every analysis has something to say."""

from __future__ import annotations

from functools import cache

from reasongap.models.seam import ModelSpec
from reasongap.report.analyses import Report, report_of
from tests.analysis.simulated import GAP_SETTINGS, Habits, study

SETTINGS = (*GAP_SETTINGS, "hop2-source", "hop2-distracted")
COMMAND = "reasongap report runs/a"


@cache
def full() -> Report:
    """Five sizes, two families, tunings, a trajectory, wordings, repeats, and controls."""
    ways = []
    for i, (name, size, tier, tuning) in enumerate(
        [
            ("acme/one-1b", 1e9, "low-cost", "instruct"),
            ("acme/two-3b", 3e9, None, "base"),
            ("acme/three-3b", 3e9, None, "instruct"),
            ("acme/four-30b", 3e10, None, "instruct"),
            ("acme/five-70b", 7e10, "high-cost", "instruct"),
            ("acme/six_200b", 2e11, None, "instruct"),
        ]
    ):
        spec = ModelSpec(name, size=size, family="Acme", tier=tier, tuning=tuning)  # type: ignore[arg-type]
        good = 0.7 + 0.04 * i
        ways.append((spec, "cot", Habits(good, good, good - 0.1, carry=0.9, stop=0.03, later=good)))
        ways.append((spec, "pot", Habits(good, good, good, broken=0.1, later=good, price=0.002)))
    terse = Habits(0.6, 0.6, 0.4, later=0.6)
    ways.append((ways[0][0], "cot(prompt=terse)", terse))
    for step, later in ((10, 0.5), (20, 0.95), (30, 0.4)):
        spec = ModelSpec(f"ck-{step}", size=1e8, series="human", step=step)
        ways.append((spec, "cot", Habits(later=later)))
    return report_of(study(ways, 40, settings=SETTINGS, repeats=2), COMMAND)


@cache
def bare() -> Report:
    """One model of unknown size, one strategy, no controls."""
    return report_of(study([(ModelSpec("m"), "cot", Habits())], 12))
