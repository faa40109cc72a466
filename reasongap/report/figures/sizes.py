"""Gap reduction per model size: Δ, and what code changes, against the parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reasongap.analysis.findings import Findings
from reasongap.analysis.trend import Point, Trend
from reasongap.report.figures.style import PAGE, Look, drawn, legend, look, whisker, zero
from reasongap.report.grids import size as parameters

if TYPE_CHECKING:
    from reasongap.report.figures.style import Axes, Figure

_APART, _TOGETHER = 0.025, 0.15
"""Parts of the axis: between two points of one model, and between the first and the last."""
_MARGIN = 1.7
"""The axis goes on beyond the sizes by this factor at least: a lone one stands in the middle."""
_HEIGHT = 2.7


def sizes(findings: Findings) -> Figure | None:
    """Left Δ under every strategy, right what each changes; None where no size is known."""
    gaps = [trend for trend in findings.trends if trend.quantity == "delta"]
    changes = [t for t in findings.trends if t.quantity in ("delta_change", "s_comp_change")]
    if not gaps:
        return None

    def plot(figure: Figure) -> None:
        strategies = list(dict.fromkeys(trend.strategy for trend in findings.trends))
        panels = figure.subplots(1, 2 if changes else 1, squeeze=False)[0]
        _panel(panels[0], gaps, strategies)
        panels[0].set_title("Δ = S_comp − product of the hops")
        if changes:
            _panel(panels[1], changes, strategies)
            against = findings.estimates.reductions[0].baseline
            panels[1].set_title(f"Change against {against}: Δ filled, S_comp hollow")
        legend(figure, panels[0], 4)

    return drawn(plot, PAGE, _HEIGHT)


def _panel(axes: Axes, shown: Sequence[Trend], strategies: Sequence[str]) -> None:
    """Each strategy in its look; what concerns S_comp hollow."""
    axes.set_xscale("log")
    zero(axes, upright=False)
    known = sorted({point.size for trend in shown for point in trend.points})
    margin = max(_MARGIN, (known[-1] / known[0]) ** 0.12)
    low, high = known[0] / margin, known[-1] * margin
    apart = (high / low) ** min(_APART, _TOGETHER / len(shown))
    for i, trend in enumerate(shown):
        style = look(strategies.index(trend.strategy))
        _series(axes, trend, trend.strategy, style, apart ** (i - (len(shown) - 1) / 2))
    at = _spaced(known, (high / low) ** 0.1)
    axes.set_xticks(at, [parameters(size) for size in at])
    axes.minorticks_off()
    axes.set_xlabel("parameters")
    axes.set_xlim(low, high)


def _spaced(sizes: Sequence[float], least: float) -> list[float]:
    """The sizes far enough apart to be named on the axis, by the least factor between two."""
    kept: list[float] = []
    for size in sizes:
        if not kept or size / kept[-1] > least:
            kept.append(size)
    return kept


def _series(axes: Axes, trend: Trend, label: str, style: Look, shift: float) -> None:
    """The points with their intervals, joined within families, and the trend with its band."""
    hollow = trend.quantity == "s_comp_change"
    families: defaultdict[str | None, list[Point]] = defaultdict(list)
    for point in sorted(trend.points, key=lambda point: point.size):
        families[point.family].append(point)
        at = (point.size * shift, point.value)
        whisker(axes, at, point.ci, style, label=label, hollow=hollow)
        label = "_"
    for members in families.values():
        xs, ys = [p.size * shift for p in members], [p.value for p in members]
        dash = ":" if hollow else style.dash
        axes.plot(xs, ys, color=style.color, linestyle=dash, linewidth=0.8)
    if trend.line is not None:
        low, high = min(p.size for p in trend.points), max(p.size for p in trend.points)
        grid = [low * (high / low) ** (i / 40) for i in range(41)]
        fitted = [trend.line.at(size) for size in grid]
        axes.plot(grid, [y for y, _ in fitted], color=style.color, linewidth=2, alpha=0.6)
        lower, upper = [ci[0] for _, ci in fitted], [ci[1] for _, ci in fitted]
        axes.fill_between(grid, lower, upper, color=style.color, alpha=0.12, linewidth=0)
