"""What the tables of a comparison say, before anybody decides how they look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reasongap.analysis import ControlRow, Estimates, GapRow, PairedTest, Reduction
from reasongap.domain import Interval

Cell = str
NONE = "–"
_LISTED = re.compile(r"(?<=[a-z])\n(?=\d)|\n(?=p )")
_ENDS = re.compile(r"(?<=\d)\n([−\d].*)")


@dataclass(frozen=True)
class Grid:
    """A table as texts: its title, its columns, its rows, and what to know when reading it.

    The first `words` columns are words, the others numbers. A cell may hold a line break.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    words: int = 2


def grids(estimates: Estimates) -> list[Grid]:
    """The tables of a comparison, the gaps first; one that would be empty is left out."""
    if not estimates.gaps:
        return []
    made = [gaps_grid(estimates.gaps), answers_grid(estimates.gaps)]
    if estimates.reductions:
        made[1:1] = [changes_grid(estimates.reductions), flips_grid(estimates.tests)]
    if estimates.controls:
        made.append(controls_grid(estimates.controls))
    return [lean(grid) for grid in made]


def lean(grid: Grid) -> Grid:
    """The grid with a lone model in its title, and several by the last part of their names.

    Its first column is the model. Without rows it stays as it is.
    """
    models = {row[0] for row in grid.rows}
    if not models:
        return grid
    if len(models) > 1:
        if len({short(model) for model in models}) < len(models):
            return grid
        rows = tuple((short(row[0]), *row[1:]) for row in grid.rows)
        return replace(grid, rows=rows)
    return replace(
        grid,
        title=f"{grid.title} · {models.pop()}",
        columns=grid.columns[1:],
        rows=tuple(row[1:] for row in grid.rows),
        words=grid.words - 1,
    )


def short(model: str, among: Iterable[str] = ()) -> str:
    """The last part of a model's name, or as many as tell it from the others of `among`."""
    parts = model.split("/")
    tails = ["/".join(parts[-count:]) for count in range(1, len(parts))]
    others = [f"/{other}" for other in among if other != model]
    return next((t for t in tails if not any(o.endswith(f"/{t}") for o in others)), model)


def gaps_grid(rows: Sequence[GapRow]) -> Grid:
    """Accuracy of every hop, of the chain, what the hops promise, and Δ."""
    hops = len(rows[0].gap.s) if rows else 2
    several = len({row.model for row in rows}) > 1
    columns = (
        *("model", "strategy"),
        *(("size",) if several else ()),
        *(f"S{i}" for i in range(1, hops + 1)),
        *("S_comp", "expected"),
        *(("Δ",) if several else ("Δ", "95% interval")),
    )
    return Grid(
        "Reasoning gap",
        columns,
        tuple(_gap_row(row, several) for row in rows),
        f"S1 … S{hops}: accuracy on each problem alone; S_comp: on the chain; expected: "
        f"{' × '.join(f'S{i}' for i in range(1, hops + 1))}; Δ = S_comp − expected, below 0 where "
        f"the chain does worse than its parts promise. {_counted(rows)}",
    )


def _gap_row(row: GapRow, several: bool) -> tuple[Cell, ...]:
    gap, delta, ends = row.gap, signed(row.gap.delta), interval(row.gap.delta_ci)
    return (
        *(row.model, row.strategy),
        *((size(row.size),) if several else ()),
        *(f"{s:.2f}" for s in gap.s),
        *(f"{gap.s_comp:.2f}", f"{gap.expected:.2f}"),
        *((f"{delta}\n{ends}",) if several else (delta, ends)),
    )


def _counted(rows: Sequence[GapRow]) -> str:
    counts = sorted({(row.gap.n, row.gap.blocks) for row in rows})
    parts = [f"n = {n} in {blocks} blocks" for n, blocks in counts]
    methods = {row.gap.method for row in rows}
    how = {
        "bootstrap": "bootstrap over blocks",
        "delta": "smoothed delta method (sparse cells)",
    }
    return f"{'; '.join(parts)}. Intervals: {', '.join(how[m] for m in sorted(methods))}."


def changes_grid(rows: Sequence[Reduction]) -> Grid:
    """What each strategy changes against the baseline."""
    models = {row.model for row in rows}
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.gap_closed_reason:
            who = f"{short(row.model, models) if len(models) > 1 else ''} {row.strategy}".strip()
            reasons.setdefault(row.gap_closed_reason, []).append(who)
    told = "; ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())
    why = f" No share of the gap: {told}." if told else ""
    return Grid(
        f"Change against {rows[0].baseline}",
        ("model", "strategy", "S_comp", "relative", "Δ", "p", "gap closed"),
        tuple(
            (
                *(row.model, row.strategy),
                f"{signed(row.s_comp_change)}\n{interval(row.s_comp_change_ci)}",
                NONE
                if row.s_comp_relative is None
                else f"{row.s_comp_relative:+.0%}".replace("-", "−"),
                f"{signed(row.delta_change)}\n{interval(row.delta_change_ci)}",
                p_value(row.p_value),
                _closed(row),
            )
            for row in rows
        ),
        "Same compositions under both, 95% intervals below; relative: change of S_comp over "
        f"the baseline's; p: that Δ did not change (Wald).{why}",
    )


def _closed(row: Reduction) -> Cell:
    if row.gap_closed is None or row.gap_closed_ci is None:
        return NONE
    low, high = row.gap_closed_ci
    return f"{row.gap_closed:.0%}\n[{low:.0%}, {high:.0%}]".replace("-", "−")


def flips_grid(tests: Sequence[PairedTest]) -> Grid:
    """How many questions each strategy wins and loses against the baseline, per setting."""
    settings = tuple(dict.fromkeys(test.setting for test in tests))
    found = {(test.model, test.strategy, test.setting): test for test in tests}
    pairs = dict.fromkeys((test.model, test.strategy) for test in tests)
    return Grid(
        "Questions won and lost",
        ("model", "strategy", *settings),
        tuple((*pair, *(_flip(found.get((*pair, s))) for s in settings)) for pair in pairs),
        "Right under the strategy and wrong under the baseline, and the reverse (with repeats: "
        "right more often, and less); p: McNemar's exact test, corrected for the number of models "
        "(Holm).",
    )


def _flip(test: PairedTest | None) -> Cell:
    if test is None:
        return NONE
    return f"+{test.gained} −{test.lost}\np {p_value(test.p_holm)}"


def answers_grid(rows: Sequence[GapRow]) -> Grid:
    """What became of all answers, their strict accuracy, and what they took."""
    return Grid(
        "Answers",
        ("model", "strategy", "outcomes", "strict S", "tokens", "cost", "seconds"),
        tuple(
            (
                *(row.model, row.strategy),
                _outcomes(row),
                " ".join(f"{s:.2f}" for s in row.strict),
                NONE if row.tokens is None else f"{row.tokens:,}",
                "unknown" if row.cost is None else f"${row.cost:.4g}",
                f"{row.seconds:.0f}",
            )
            for row in rows
        ),
        "The gap's settings together. S reads the best rule that fires; strict S only the form "
        "that was asked for, each problem alone and then the chain.",
        words=3,
    )


def controls_grid(rows: Sequence[ControlRow]) -> Grid:
    """Accuracy in the settings beside the gap, and on the second hop alone."""
    return Grid(
        "Controls",
        ("model", "strategy", "setting", "n", "accuracy", "hop2", "cost"),
        tuple(
            (
                *(row.model, row.strategy, row.setting),
                *(str(row.n), f"{row.accuracy:.2f}"),
                NONE if row.hop2 is None else f"{row.hop2:.2f}",
                "unknown" if row.cost is None else f"${row.cost:.4g}",
            )
            for row in rows
        ),
        "hop2-source: the second problem as published (leakage would lift it); hop2-distracted: "
        "the second problem behind an unrelated one; hop2: accuracy on it alone, over the same n "
        "answers; where it is –, none of these was asked or graded alone.",
        words=3,
    )


def _outcomes(row: GapRow) -> Cell:
    ordered = sorted(row.outcomes.items(), key=lambda item: (item[0] != "correct", -item[1]))
    return "\n".join(f"{count} {outcome}" for outcome, count in ordered)


def size(parameters: float | None) -> str:
    """A parameter count for people: 135M, 7B, 1.5B; a dash where it is unknown."""
    if parameters is None:
        return NONE
    for unit, scale in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
        if parameters >= scale:
            return f"{parameters / scale:.3g}{unit}"
    return f"{parameters:.3g}"


def signed(value: float) -> str:
    """A difference of accuracies with its sign; a sum's last bits give 0 none."""
    return f"{round(value, 12) + 0.0:+.2f}".replace("-", "−")


def interval(ends: Interval) -> str:
    """Both ends of an interval of differences."""
    return f"[{signed(ends[0])}, {signed(ends[1])}]"


def p_value(p: float) -> str:
    """A p-value that never claims to be 0."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def plain(cells: Iterable[Cell]) -> list[str]:
    """Cells on one line each: a list gets commas, bare ends of an interval get brackets."""
    return [_ENDS.sub(r" (\1)", _LISTED.sub(", ", cell)).replace("\n", " ") for cell in cells]
