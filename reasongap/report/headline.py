"""The answer of a study: a sentence per model, which the page and the report begin with."""

from __future__ import annotations

from collections.abc import Iterable

from reasongap.analysis import Reduction
from reasongap.analysis.findings import Findings
from reasongap.domain import Gap
from reasongap.report.grids import short
from reasongap.report.sentences import SAME, clear, gap_sentence, level, told

NOTHING = "No composition was answered in full, so there is no gap to show."


def headlines(findings: Findings) -> tuple[str, ...]:
    """A sentence per model, and strategy beyond the baseline; one where there is no gap."""
    rows = findings.estimates.gaps
    if not rows:
        return (NOTHING,)
    gaps = {(row.model, row.strategy): row.gap for row in rows}
    changed, models = {row.model for row in findings.estimates.reductions}, {r.model for r in rows}
    found = [
        change_sentence(row, gaps[row.model, row.baseline], gaps[row.model, row.strategy], models)
        for row in findings.estimates.reductions
    ]
    alone = [row for row in rows if row.model not in changed]
    return (*found, *(gap_sentence(row, models) for row in alone))


def change_sentence(row: Reduction, before: Gap, after: Gap, among: Iterable[str] = ()) -> str:
    """What both strategies reach with one model of several, and what the second changes.

    Accuracy on the chain comes first, then Δ; the sentence gives both with their intervals.

    Nothing is called a success unless accuracy on the chain rose beyond its interval.
    """
    rose = row.s_comp_change > 0 and clear(row.s_comp_change_ci)
    accuracy = (
        f"changes accuracy on the chain by {told(row.s_comp_change, row.s_comp_change_ci)}, {SAME}"
        if not clear(row.s_comp_change_ci)
        else f"{'raises' if rose else 'lowers'} accuracy on the chain by "
        f"{told(row.s_comp_change, row.s_comp_change_ci)}"
    )
    gap = f"Δ changes by {told(row.delta_change, row.delta_change_ci)}"
    if not clear(row.delta_change_ci):
        gap += f", {SAME}"
    elif row.delta_change < 0:
        gap += ": more is lost by chaining"
    elif rose:
        gap += ": less is lost by chaining"
    else:
        gap += ", which is no success while accuracy does not rise"
    share = ""
    narrows = rose and row.delta_change_ci[0] > 0
    if narrows and row.gap_closed is not None and row.gap_closed_ci is not None:
        low, high = row.gap_closed_ci
        ends = f"[{low:.0%}, {high:.0%}]".replace("-", "−")
        share = f"; {row.gap_closed:.0%} of the gap is closed {ends}"
    return (
        f"{short(row.model, among)}: {row.baseline} reaches {level(before)}, {row.strategy} "
        f"{level(after)}. Against {row.baseline}, {row.strategy} {accuracy}; {gap}{share}."
    )
