"""Accuracy on the chain against its price, with the front that nobody beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reasongap.analysis.findings import Findings
from reasongap.report.figures.style import COLUMN, INK, drawn, legend, look, whisker

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure


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
    several = len({row.model for row, _, _ in shown}) > 1

    def plot(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set_xscale("log")
        best = sorted((price, row.s_comp.value) for row, price, front in shown if front)
        xs, ys = [price for price, _ in best], [value for _, value in best]
        axes.step(xs, ys, where="post", color=INK, linewidth=0.8, label="front")
        for row, price, front in shown:
            style = look(strategies.index(row.strategy))
            at = (price, row.s_comp.value)
            whisker(axes, at, row.s_comp.ci, style, label=row.strategy)
            if front and several:
                name = row.model.rsplit("/", 1)[-1]
                axes.annotate(
                    name, at, (-3, 4), textcoords="offset points", fontsize=5.5, ha="right"
                )
        axes.set_ylim(-0.02, 1.02)
        every = [price for _, price, _ in shown]
        axes.set_xlim(min(every) / 4, max(every) * 4)
        axes.tick_params(axis="x", which="minor", labelbottom=False)
        axes.set_xlabel(f"{'dollars' if in_dollars else 'tokens'} a composition")
        axes.set_ylabel("accuracy on the chain")
        legend(figure, axes, 3)

    return drawn(plot, COLUMN, 2.6)
