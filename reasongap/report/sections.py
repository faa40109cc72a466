"""The analyses as sections to read: each with its sentence, its tables, its figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reasongap.analysis.findings import Findings
from reasongap.report import analysis_grids as tables
from reasongap.report import hop_grids as hops
from reasongap.report import sentences as say
from reasongap.report.grids import Grid, changes_grid, flips_grid, gaps_grid, lean

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Section:
    """One analysis. `figure` names one of `FIGURES`; `missing` says why there is nothing."""

    key: str
    title: str
    how: str
    sentence: str = ""
    grids: tuple[Grid, ...] = ()
    figure: str | None = None
    missing: str | None = None


def sections(findings: Findings) -> Iterator[Section]:
    """Every analysis in reading order."""
    yield from _of_gaps(findings)
    yield from _of_models(findings)
    yield from _of_hops(findings)
    yield from _of_ways(findings)


def _section(
    key: str,
    title: str,
    how: str,
    rows: Sequence[Row],
    sentence: Callable[[Sequence[Row]], str],
    grids: Sequence[Grid | Callable[[Sequence[Row]], Grid]],
    needs: str,
    *,
    figure: bool = True,
) -> Section:
    """The section of some rows; without any, what it needs."""
    if not rows:
        return Section(key, title, how, missing=needs)
    made = (grid if isinstance(grid, Grid) else grid(rows) for grid in grids)
    shown = tuple(lean(g) if g.columns[0] == "model" else g for g in made if g.rows)
    return Section(key, title, how, sentence(rows), shown, key if figure else None)


def _of_gaps(f: Findings) -> Iterator[Section]:
    yield _section(
        "size",
        "Gap reduction per model size",
        "Left Δ against the parameters, right what each strategy changes; a point is a model, "
        "lines join families, a wide line with a band is the trend.",
        f.trends,
        say.trend_sentence,
        [tables.trend_grid],
        "needs models of known size: set size in a model's table",
    )
    yield _section(
        "gaps",
        "Reasoning gap per model",
        "Δ is the accuracy on the chain less what independent hops would give; left of 0 the "
        "chain does worse. Grey: gaps that others published, on other questions.",
        f.estimates.gaps,
        say.gaps_sentence,
        [gaps_grid, tables.published_grid(f.published)],
        "no composition was answered in full",
    )
    yield _section(
        "product",
        "The product rule",
        "A point on the diagonal solves chains as often as its hops' accuracies multiply to; "
        "points in one place stand side by side.",
        f.estimates.gaps,
        say.product_sentence,
        [],
        "no composition was answered in full",
    )
    changes = f.estimates.reductions
    yield _section(
        "strategies",
        "Strategies side by side",
        "Changes of accuracy and of Δ on the same compositions; a strategy succeeds where "
        "accuracy on the chain rises beyond its interval.",
        f.strategies,
        say.strategies_sentence,
        [
            *((changes_grid(changes), flips_grid(f.estimates.tests)) if changes else ()),
            tables.strategies_grid,
        ],
        "needs two strategies",
        figure=False,
    )


def _of_models(f: Findings) -> Iterator[Section]:
    yield _section(
        "tiers",
        "Families: high-cost against low-cost",
        "Models of one family that look alike on single problems may lie apart on chains.",
        tuple(row for row in f.pairs if row.kind == "tier"),
        say.pair_sentence,
        [tables.pairs_grid],
        "needs a low-cost and a high-cost model of one family",
        figure=False,
    )
    yield _section(
        "tuning",
        "Base against instruction-tuned, general against math",
        "Two models of one family and size; what tuning adds to single problems and to chains.",
        tuple(row for row in f.pairs if row.kind != "tier"),
        say.pair_sentence,
        [tables.pairs_grid],
        "needs two models of one family and size that differ in tuning",
        figure=False,
    )
    yield _section(
        "trajectory",
        "Training trajectory",
        "Accuracy over training steps; the ring marks the best step on the chain. The fall "
        "after it counts only beyond the noise of having picked the best.",
        f.trajectories,
        say.trajectory_sentence,
        [tables.trajectory_grid],
        "needs models whose tables set series and step",
    )


def _of_hops(f: Findings) -> Iterator[Section]:
    yield _section(
        "attribution",
        "Where chains break",
        "Each failed chain has one cause: the first thing that went wrong. X is the answer of the "
        "hop before, which the next problem needs.",
        tuple(row for row in f.attribution if row.answered),
        say.attribution_sentence,
        [hops.attribution_grid],
        "no composition was answered",
    )
    yield _section(
        "second-hop",
        "The second hop",
        "The later problem alone, inside the chain once the earlier ones went right, and "
        "behind an unrelated problem: only what depends should hurt.",
        f.later_hops,
        say.later_sentence,
        [hops.later_grid],
        "needs answers to hop2 and to the chain",
    )
    yield _section(
        "distraction",
        "Distraction: the first hop",
        "The same problem alone and with another one behind it.",
        f.distraction,
        lambda rows: say.distraction_sentence(rows, f.skipped),
        [hops.distraction_grid, *((hops.skipped_grid(f.skipped),) if f.skipped else ())],
        "needs answers to hop1 and to the chain",
    )
    yield _section(
        "leakage",
        "Leakage",
        "A model that knows the published problems by heart is better on them than on the "
        "same problems with another number.",
        f.leakage,
        say.leakage_sentence,
        [hops.leakage_grid],
        "needs the control hop2-source: --control hop2-source",
    )


def _of_ways(f: Findings) -> Iterator[Section]:
    yield _section(
        "cost",
        "Accuracy at its price",
        "Up is more accurate, left is cheaper; the stepped line joins those that no other beats "
        "at their price; points in one place stand side by side.",
        f.costs,
        say.cost_sentence,
        [tables.cost_grid],
        "no composition was answered",
    )
    yield _section(
        "consistency",
        "Consistency over repeats",
        "The same question asked again.",
        f.consistency,
        say.consistency_sentence,
        [tables.consistency_grid],
        "needs repeats: --repeats 3 --temperature 0.7",
        figure=False,
    )
    yield _section(
        "sensitivity",
        "Sensitivity to the wording",
        "One strategy under several wordings of its prompt, the best first.",
        f.sensitivity,
        say.sensitivity_sentence,
        [tables.sensitivity_grid],
        "needs several wordings: --prompts all",
    )
