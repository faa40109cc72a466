"""The tables of the analyses of hops: where and after what they go wrong."""

from __future__ import annotations

from collections.abc import Sequence

from reasongap.analysis.attribution import CAUSES, Attribution
from reasongap.analysis.controls import Contrast, Distraction, LaterHop
from reasongap.analysis.skipped import Skipped
from reasongap.report.analysis_grids import WHO, change, share, told_of
from reasongap.report.grids import Grid


def leakage_grid(rows: Sequence[Contrast]) -> Grid:
    """The second problem with another number, and as published."""
    return Grid(
        "Leakage",
        (*WHO, "n", "hop2", "as published", "change"),
        tuple(
            (r.model, r.strategy, str(r.change.n), share(r.here), share(r.there), change(r.change))
            for r in rows
        ),
        "The same compositions on both sides.",
    )


def distraction_grid(rows: Sequence[Distraction]) -> Grid:
    """The first problem alone and inside."""
    return Grid(
        "First hop alone and inside the composition",
        (*WHO, "alone", "inside", "change", "at most", "told"),
        tuple(
            (
                *(r.model, r.strategy, share(r.alone), share(r.inside)),
                *(change(r.change), change(r.change_at_most), f"{r.coverage:.0%}"),
            )
            for r in rows
        ),
        "Told: replies that tell how hop 1 went; at most: the change if all others were right.",
    )


def skipped_grid(rows: Sequence[Skipped]) -> Grid:
    """Products of the first problem that replies leave out."""
    words = "; ".join(
        told_of(
            (
                *(row.model, row.strategy),
                ": " + ", ".join(f"{word} {missing} of {seen}" for word, (seen, missing) in found),
            )
            for row in rows
            if (found := [item for item in row.words.items() if item[1][1]][:5])
        )
    )
    return Grid(
        "Steps skipped in the first hop",
        (*WHO, "n", "alone", "inside", "change", "coverage"),
        tuple(
            (
                *(r.model, r.strategy, str(r.change.n), share(r.alone), share(r.inside)),
                *(change(r.change), f"{r.coverage:.0%}"),
            )
            for r in rows
        ),
        "Share of replies that leave out a product which a word of the question asks for, over "
        "those that can be aligned with the gold chain in both places."
        + (f" Words whose product is missing inside: {words}." if words else ""),
    )


def later_grid(rows: Sequence[LaterHop]) -> Grid:
    """Later hops alone, after right ones, behind an unrelated one."""
    return Grid(
        "Second hop",
        (*WHO, "hop", "alone", "inside", "change", "unrelated"),
        tuple(
            (
                *(r.model, r.strategy, str(r.hop)),
                share(r.given.here if r.given else r.alone),
                share(r.given.there if r.given else None),
                change(r.given.change if r.given else None),
                change(r.distracted.change if r.distracted else None),
            )
            for r in rows
        ),
        "Alone and inside: over the compositions whose earlier hops are stated and right "
        "inside; unrelated: the change when an unrelated problem stands before it. "
        "Replies that state the earlier hops: "
        + ", ".join(told_of((r.model, r.strategy, f" {r.coverage:.0%}") for r in rows))
        + ".",
    )


def attribution_grid(rows: Sequence[Attribution]) -> Grid:
    """A row a cause."""
    return Grid(
        "Where failed compositions went wrong",
        (*WHO, "cause", "failures", "share"),
        tuple(
            (*(r.model, r.strategy, CAUSES[cause]), str(count), share(r.shares.get(cause)))
            for r in rows
            for cause, count in r.counts.items()
        ),
        " ".join(
            told_of((r.model, r.strategy, f": {r.failed} of {r.answered} failed.") for r in rows)
        ),
        words=3,
    )
