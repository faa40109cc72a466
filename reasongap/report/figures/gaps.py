"""The gap of every model as a bar, and the product rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reasongap.analysis import GapRow
from reasongap.analysis.findings import Findings
from reasongap.report.figures.style import (
    COLUMN,
    FAINT,
    INK,
    drawn,
    legend,
    look,
    names,
    number_at,
    numbered,
    room,
    side_by_side,
    whisker,
    zero,
)

if TYPE_CHECKING:
    from reasongap.report.figures.style import Axes, Figure

_ROW = 0.17
_FRAME = 0.75
_BAR, _BETWEEN = 0.62, 0.4
"""In rows: a bar, and what separates two models."""


def gaps(findings: Findings) -> Figure | None:
    """Δ per model and strategy, the largest loss first, and published gaps below in grey."""
    shown = findings.estimates.gaps
    if not shown:
        return None
    strategies = list(dict.fromkeys(row.strategy for row in shown))
    models = _ordered(shown, strategies[0])
    tall = max(1.0, _BAR * len(strategies) + _BETWEEN)
    centres = [tall * (i + 0.5) for i in range(len(models))]
    below = tall * len(models)
    centres += [below + i + 0.5 for i in range(len(findings.published))]

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set_yticks(centres, [*names(models), *(row.model for row in findings.published)])
        axes.set_ylim(below + len(findings.published), 0)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.locator_params(axis="x", nbins=4)
        zero(axes, upright=True)
        for row in shown:
            beside = [other.strategy for other in shown if other.model == row.model]
            shift = beside.index(row.strategy) - (len(beside) - 1) / 2
            at = centres[models.index(row.model)] + _BAR * shift
            place = strategies.index(row.strategy)
            _bar(axes, at, row.gap.delta, _BAR * 0.9, place, row.strategy)
            axes.plot(row.gap.delta_ci, (at, at), color=INK, linewidth=0.8)
            marker = look(place).marker
            axes.plot([row.gap.delta], [at], color=INK, marker=marker, markersize=2.5)
        if findings.published:
            axes.axhline(below, color=FAINT, linewidth=0.6, linestyle=":")
            deltas = [row.delta for row in findings.published]
            axes.barh(
                centres[len(models) :], deltas, 0.5, color="#e8e8e8", edgecolor=FAINT,
                linewidth=0.5, label="published, CoT",
            )  # fmt: skip
        axes.set_xlabel("Δ with its 95% interval")
        legend(figure, axes, 3)

    return drawn(plot, COLUMN, _FRAME + _ROW * max(below + len(findings.published), 4))


def _ordered(shown: Sequence[GapRow], strategy: str) -> list[str]:
    """The models by their Δ under a strategy, the largest loss first; the others last."""
    of = {row.model: row.gap.delta for row in shown if row.strategy == strategy}
    names = dict.fromkeys(row.model for row in shown)
    return sorted(names, key=lambda model: of.get(model, 1.0))


def _bar(axes: Axes, at: float, value: float, height: float, place: int, label: str) -> None:
    style = look(place)
    axes.barh(
        at, value, height, color=style.color, alpha=0.75, hatch=style.hatch, edgecolor="white",
        linewidth=0, label=label,
    )  # fmt: skip


def product(findings: Findings) -> Figure | None:
    """S_comp against the product of the hops, under the line of no gap."""
    shown = findings.estimates.gaps
    if not shown:
        return None
    strategies = list(dict.fromkeys(row.strategy for row in shown))
    models = list(dict.fromkeys(row.model for row in shown))

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.7)
        axes.annotate(
            "no gap", (0.5, 0.5), (-3, 3), textcoords="offset points", ha="center", rotation=45,
            rotation_mode="anchor", color=INK, fontsize=6.5,
        )  # fmt: skip
        spots = [(row.gap.expected, row.gap.s_comp) for row in shown]
        moves = side_by_side(spots)
        for row, (x, y), move in zip(shown, spots, moves, strict=True):
            style, at = look(strategies.index(row.strategy)), (x + move, y)
            whisker(axes, at, row.gap.s_comp_ci, style, label=row.strategy)
        numbers = numbered(axes, models)
        for row, (x, y), move in zip(shown, spots, moves, strict=True):
            number_at(axes, (x + move, y), numbers.get(row.model))
        axes.set(xlim=(-0.06, 1.1), ylim=(-0.1, 1.06), aspect="equal")
        axes.set(xlabel="product of the hops' accuracies", ylabel="accuracy on the chain")
        legend(figure, axes, 3)

    return drawn(plot, COLUMN, COLUMN + room(models))
