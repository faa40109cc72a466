"""Accuracies in several places side by side: a row a model and strategy, a marker a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reasongap.analysis.findings import Findings
from reasongap.analysis.sample import Estimate
from reasongap.report.figures.style import (
    COLUMN,
    Way,
    drawn,
    legend,
    look,
    row_height,
    rows,
    whisker,
    zero,
)

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure

_FRAME, _LINE = 0.8, 0.17


@dataclass(frozen=True, slots=True)
class Row:
    """A model and a way of asking it: an estimate a place, None where it is missing."""

    way: Way
    places: tuple[Estimate | None, ...]


def second_hop(findings: Findings) -> Figure | None:
    """The later hops alone, inside after right ones, and behind an unrelated problem."""
    several = any(row.hop > 2 for row in findings.later_hops)
    shown = [
        Row(
            (row.model, f"{row.strategy}{f' hop {row.hop}' if several else ''}"),
            (
                row.given.here if row.given else row.alone,
                row.given.there if row.given else None,
                row.distracted.there if row.distracted else None,
            ),
        )
        for row in findings.later_hops
    ]
    places = ("alone", "inside, after right hops", "behind unrelated")
    return dots(shown, places, "accuracy on the later hop")


def distraction(findings: Findings) -> Figure | None:
    """The first hop alone and inside the composition."""
    shown = [Row((r.model, r.strategy), (r.alone, r.inside)) for r in findings.distraction]
    return dots(shown, ("hop 1 alone", "hop 1 inside"), "accuracy on the first hop")


def leakage(findings: Findings) -> Figure | None:
    """The second problem with another number and as published."""
    shown = [Row((r.model, r.strategy), (r.here, r.there)) for r in findings.leakage]
    return dots(shown, ("another number", "as published"), "accuracy on the second problem")


def sensitivity(findings: Findings) -> Figure | None:
    """Δ under every wording of a prompt, best to worst."""
    shown = [
        Row((row.model, name), (estimate,))
        for row in findings.sensitivity
        for estimate, name in sorted(
            zip(row.delta, row.variants, strict=True), key=lambda pair: -pair[0].value
        )
    ]
    return dots(shown, ("Δ",), "Δ with its 95% interval", share=False)


def dots(
    shown: Sequence[Row], places: Sequence[str], label: str, *, share: bool = True
) -> Figure | None:
    """The figure of some rows; None without any. `share`: the axis runs from 0 to 1."""
    if not shown:
        return None
    ways = [row.way for row in shown]
    frame = _FRAME + _LINE * (len(places) > 2) + _LINE * (len({model for model, _ in ways}) == 1)

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        rows(axes, ways)
        if not share:
            zero(axes, upright=True)
        for i, row in enumerate(shown):
            for place, estimate in enumerate(row.places):
                at = i + 0.24 * (place - (len(places) - 1) / 2)
                if estimate is not None:
                    style = look(place)
                    spot = (estimate.value, at)
                    whisker(
                        axes, spot, estimate.ci, style, label=places[place], upright=False,
                        hollow=place == 1,
                    )  # fmt: skip
        if share:
            axes.set_xlim(-0.05, 1.05)
        axes.set_xlabel(label, loc="right")
        if len(places) > 1:
            legend(figure, axes, 2)

    return drawn(plot, COLUMN, frame + row_height(ways) * max(len(shown), 2))
