"""Where failed compositions went wrong: stacked bars that sum to the failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reasongap.analysis.attribution import CAUSES, Cause
from reasongap.analysis.findings import Findings
from reasongap.report.figures.style import PAGE, drawn, legend, look, row_height, rows

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure

_FRAME = 1.35


def failures(findings: Findings) -> Figure | None:
    """Per model and strategy the share of all answered compositions that failed, by cause."""
    shown = [row for row in findings.attribution if row.answered]
    causes: list[Cause] = [name for name in CAUSES if any(name in row.counts for row in shown)]

    if not causes:
        return None
    ways = [(row.model, row.strategy) for row in shown]

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        rows(axes, ways)
        starts = [0.0] * len(shown)
        for place, cause in enumerate(causes):
            style = look(place)
            shares = [row.counts.get(cause, 0) / row.answered for row in shown]
            axes.barh(
                range(len(shown)), shares, 0.62, left=starts, label=CAUSES[cause],
                color=style.color, hatch=style.hatch, edgecolor="white", linewidth=0.4,
            )  # fmt: skip
            starts = [start + share for start, share in zip(starts, shares, strict=True)]
        axes.set_xlim(0, 1)
        axes.set_xlabel("share of the compositions answered")
        legend(figure, axes, 3)

    return drawn(plot, PAGE, _FRAME + row_height(ways) * len(shown))
