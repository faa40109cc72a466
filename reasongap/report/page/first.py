"""The first screen: what a reader who never heard of reasoning gaps must see."""

from __future__ import annotations

from collections.abc import Sequence

from reasongap.analysis import GapRow
from reasongap.analysis.evidence import Evidence
from reasongap.domain import Composition
from reasongap.report.grids import Grid, interval, lean, signed, size

WAYS = {
    "cot": "in words, step by step (chain of thought, “cot”)",
    "pot": "as a program that is then run (program of thought, “pot”)",
}


def answer_grid(rows: Sequence[GapRow]) -> Grid:
    """Each model under each strategy: the chain, what its parts promise, the gap."""
    hops = max((len(row.gap.s) for row in rows), default=0)
    alone = [f"S{i}" for i in range(1, hops + 1)]
    grid = Grid(
        "Accuracy and reasoning gap",
        ("model", "strategy", "size", *alone, "expected", "S_comp", "Δ"),
        tuple(
            (
                *(row.model, row.strategy, size(row.size)),
                *(f"{s:.2f}" for s in row.gap.s),
                f"{row.gap.expected:.2f}",
                f"{row.gap.s_comp:.2f}\n{row.gap.s_comp_ci[0]:.2f}–{row.gap.s_comp_ci[1]:.2f}",
                f"{signed(row.gap.delta)}\n{interval(row.gap.delta_ci)}",
            )
            for row in rows
        ),
        f"{', '.join(alone)}: right answers to each problem alone. Expected: their product. "
        "S_comp: right answers to the chain. Δ = S_comp − expected. Below: its 95% interval.",
    )
    return lean(grid)


def example(evidence: Evidence) -> Composition | None:
    """The chain of the study that is quickest to read."""
    items = evidence.compositions.values()
    return min(items, key=lambda item: sum(len(hop.question) for hop in item.hops), default=None)


def asked(evidence: Evidence) -> tuple[str, ...]:
    """How each strategy asks, in words; strategies without such words are left out."""
    return tuple(WAYS[name] for name in evidence.strategies if name in WAYS)
