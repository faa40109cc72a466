"""Accuracy on the chain against its price, with the front that nobody beats."""

from __future__ import annotations

from math import ceil, floor, log, log10
from typing import TYPE_CHECKING

from reasongap.analysis.findings import Findings
from reasongap.report.figures.style import (
    COLUMN,
    INK,
    drawn,
    legend,
    look,
    number_at,
    numbered,
    room,
    side_by_side,
    whisker,
)

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure

_MARGIN = 1.8
"""The axis goes on beyond the prices by this factor."""


def prices(findings: Findings) -> Figure | None:
    """S_comp against dollars a composition; against tokens where money tells nothing apart."""
    paid = [row for row in findings.costs if row.dollars]
    in_dollars = len(paid) == len(findings.costs)
    shown = [
        (row, price, front)
        for row in findings.costs
        if (price := row.dollars if in_dollars else row.tokens)
        and (front := row.front_dollars if in_dollars else row.front_tokens) is not None
    ]
    if not shown:
        return None
    strategies = list(dict.fromkeys(row.strategy for row, _, _ in shown))
    models = list(dict.fromkeys(row.model for row, _, _ in shown))
    every = [price for _, price, _ in shown]
    low, high = min(every) / _MARGIN, max(every) * _MARGIN

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set_xscale("log")
        best = sorted((price, row.s_comp.value) for row, price, front in shown if front)
        if len(best) > 1:
            xs, ys = [price for price, _ in best], [value for _, value in best]
            axes.step(xs, ys, where="post", color=INK, linewidth=0.8, label="best at its price")
        spots = [(log(price / low, high / low), row.s_comp.value) for row, price, _ in shown]
        moves = zip(spots, side_by_side(spots), strict=True)
        moved = [low * (high / low) ** (x + move) for (x, _), move in moves]
        for (row, _, _), x in zip(shown, moved, strict=True):
            style = look(strategies.index(row.strategy))
            whisker(axes, (x, row.s_comp.value), row.s_comp.ci, style, label=row.strategy)
        numbers = numbered(axes, models)
        for (row, _, _), x in zip(shown, moved, strict=True):
            number_at(axes, (x, row.s_comp.value), numbers.get(row.model))
        axes.set_ylim(-0.1, 1.06)
        axes.set_xlim(low, high)
        at = _round(low, high)
        axes.set_xticks(at, [f"{'$' if in_dollars else ''}{price:,.10g}" for price in at])
        axes.minorticks_off()
        axes.set_xlabel(f"{'dollars' if in_dollars else 'tokens'} a composition")
        axes.set_ylabel("accuracy on the chain")
        legend(figure, axes, 3)

    return drawn(plot, COLUMN, 2.6 + room(models))


def _round(low: float, high: float) -> list[float]:
    """Round numbers between two, of the fewest kinds that give two of them."""
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 6, 8)):
        found = [step * 10.0**power for power in powers for step in steps]
        if len(kept := [at for at in found if low <= at <= high]) > 1:
            break
    return kept
