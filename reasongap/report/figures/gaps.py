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
    rows,
    whisker,
    zero,
)

if TYPE_CHECKING:
    from reasongap.report.figures.style import Axes, Figure

_ROW = 0.17
_FRAME = 0.75
_MOST_NAMES = 10


def gaps(findings: Findings) -> Figure | None:
    """Δ per model and strategy, the largest loss first, and published gaps below in grey."""
    shown = findings.estimates.gaps
    if not shown:
        return None
    strategies = list(dict.fromkeys(row.strategy for row in shown))
    models = _ordered(shown, strategies[0])
    lines = len(models) * len(strategies) / 1.6 + len(findings.published)

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        named = [*map(_short, models), *(row.model for row in findings.published)]
        rows(axes, named)
        zero(axes, upright=True)
        height = 0.8 / len(strategies)
        for row in shown:
            place = strategies.index(row.strategy)
            beside = [other.strategy for other in shown if other.model == row.model]
            shift = beside.index(row.strategy) - (len(beside) - 1) / 2
            at = models.index(row.model) + height * shift
            _bar(axes, at, row.gap.delta, height * 0.9, place, row.strategy)
            style = look(place)
            ci = row.gap.delta_ci
            axes.plot(ci, (at, at), color=INK, linewidth=0.8)
            axes.plot([row.gap.delta], [at], color=INK, marker=style.marker, markersize=2.5)
        if findings.published:
            axes.axhline(len(models) - 0.5, color=FAINT, linewidth=0.6, linestyle=":")
            places = range(len(models), len(models) + len(findings.published))
            deltas = [row.delta for row in findings.published]
            axes.barh(
                places, deltas, 0.5, color="#e8e8e8", edgecolor=FAINT, linewidth=0.5,
                label="published, CoT",
            )  # fmt: skip
        axes.set_xlabel("Δ with its 95% interval")
        legend(figure, axes, 3)

    return drawn(plot, COLUMN, _FRAME + _ROW * max(lines, 4))


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
            "no gap", (0.9, 0.9), (-3, 3), textcoords="offset points", ha="right", rotation=45,
            rotation_mode="anchor", color=INK, fontsize=6.5,
        )  # fmt: skip
        for row in shown:
            place = strategies.index(row.strategy)
            at = (row.gap.expected, row.gap.s_comp)
            whisker(axes, at, row.gap.s_comp_ci, look(place), label=row.strategy)
            if len(models) <= _MOST_NAMES and len(models) > 1:
                number = models.index(row.model) + 1
                axes.annotate(
                    str(number), at, (4, -7), textcoords="offset points", fontsize=6, color=INK
                )
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="product of the hops' accuracies")
        axes.set(ylabel="accuracy on the chain", aspect="equal")
        names = "\n".join(f"{i} {_short(model)}" for i, model in enumerate(models, 1))
        if 1 < len(models) <= _MOST_NAMES:
            axes.text(0.03, 0.97, names, transform=axes.transAxes, va="top", fontsize=6)
        legend(figure, axes, 3)

    return drawn(plot, COLUMN, COLUMN)


def _short(model: str) -> str:
    return model.rsplit("/", 1)[-1]
