"""Training trajectories: single problems and compositions over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reasongap.analysis.findings import Findings
from reasongap.analysis.sample import Estimate
from reasongap.analysis.trajectory import Trajectory
from reasongap.report.figures.style import PAGE, Look, drawn, legend, look

if TYPE_CHECKING:
    from reasongap.report.figures.style import Axes, Figure

_MOST_TICKS = 8


def checkpoints(findings: Findings) -> Figure | None:
    """A panel a strategy: the first hop alone and the chain, per series, the peak ringed."""
    return curves(findings.trajectories) if findings.trajectories else None


def curves(shown: Sequence[Trajectory]) -> Figure:
    """The same figure of these series."""
    strategies = list(dict.fromkeys(row.strategy for row in shown))
    series = list(dict.fromkeys(row.series for row in shown))

    def plot(figure: Figure) -> None:
        panels = figure.subplots(1, len(strategies), sharey=True, squeeze=False)[0]
        for axes, strategy in zip(panels, strategies, strict=True):
            axes.set_title(strategy)
            axes.set_xlabel("training step")
            steps = sorted({point.step for row in shown for point in row.checkpoints})
            axes.set_xticks(steps[:: len(steps) // _MOST_TICKS + 1])
            for row in shown:
                if row.strategy == strategy:
                    _curves(axes, row, 2 * series.index(row.series))
        panels[0].set_ylabel("accuracy")
        legend(figure, panels[0], 2)

    return drawn(plot, PAGE, 2.6)


def _curves(axes: Axes, row: Trajectory, place: int) -> None:
    steps = [point.step for point in row.checkpoints]
    single = [point.s[0] for point in row.checkpoints]
    chain = [point.s_comp for point in row.checkpoints]
    _curve(axes, steps, single, look(place), f"{row.series}: first hop alone")
    _curve(axes, steps, chain, look(place + 1), f"{row.series}: chain")
    peak = next(point.s_comp.value for point in row.checkpoints if point.step == row.peak)
    axes.plot([row.peak], [peak], marker="o", markersize=9, markerfacecolor="none", color="#222222")


def _curve(
    axes: Axes, steps: Sequence[int], values: Sequence[Estimate], style: Look, label: str
) -> None:
    axes.plot(
        steps, [v.value for v in values], color=style.color, marker=style.marker,
        linestyle=style.dash, label=label,
    )  # fmt: skip
    lower, upper = [v.ci[0] for v in values], [v.ci[1] for v in values]
    axes.fill_between(steps, lower, upper, color=style.color, alpha=0.12, linewidth=0)
