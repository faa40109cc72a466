"""Rows of measurements as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.goals import GOALS, Results, points
from benchmarks.saved import Row

Cell = Callable[[Row], str]


def table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table whose first column holds words, and the others numbers."""
    rows = [heads, ("---", *("--:" for _ in heads[1:])), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def by_columns(rows: Iterable[Row], columns: dict[str, str]) -> str:
    """A table of fields by their heads; what could not run says so beneath."""
    lines, missing = [], []
    for row in rows:
        if "unavailable" in row:
            missing.append(f"- {row['name']} could not run: {row['unavailable']}")
        else:
            lines.append([shown(row.get(key)) for key in columns.values()])
    text = table(list(columns), lines)
    return "\n".join([text, "", *missing]) if missing else text


def shown(value: object) -> str:
    """A cell: three digits are all that a measurement holds."""
    if value is None:
        return "–"
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def sandboxes(results: Results) -> str:
    """The peers' sandboxes beside ours."""
    columns = {
        "programs of GSM-Hard": "name",
        "isolated by": "isolates",
        "median, ms": "median",
        "p90": "p90",
        "p99": "p99",
        "× floor": "times_floor",
        "alone, 1/s": "rate_alone",
        "two lanes, 1/s": "rate_two",
        "start, s": "ready",
        "right": "right",
    }
    return by_columns(results["peer_sandboxes"].rows, columns)


def harnesses(results: Results, latency: float) -> str:
    """The peers' harnesses beside ours at one latency of the server, in seconds."""
    columns = {
        "harness": "name",
        "questions": "questions",
        "a question, ms of the processor": "cpu",
        "questions/s": "rate",
        "in all, s": "wall",
        "least": "wall_least",
        "most": "wall_most",
        "half of them, s": "wall_half",
        "peak, MB": "peak",
    }
    rows = [row for row in results["peer_harnesses"].rows if row["latency"] == latency]
    return by_columns(rows, columns)


def starts(results: Results) -> str:
    """What commands take that do no work."""
    columns = {
        "command": "name",
        "median, s": "median",
        "p90": "p90",
        "of the processor, s": "cpu",
        "× floor": "times_floor",
        "peak, MB": "peak",
    }
    return by_columns(results["start"].rows, columns)


def bootstrap(results: Results) -> str:
    """The joint bootstrap beside its floor and scipy's."""
    columns = {"what": "name", "median, ms": "median", "p90": "p90", "× floor": "times_floor"}
    return by_columns(results["bootstrap"].rows, columns)


def growth(results: Results) -> str:
    """Time and memory of every work at every size, with the exponents of growth."""
    rows = results["growth"].rows
    sizes = sorted({int(point["size"]) for row in rows for point in points(row)})
    heads = ["work", *(f"{size:,}" for size in sizes), "time grows", "memory grows"]
    lines = []
    for row in rows:
        cost = {int(p["size"]): f"{shown(p['cpu'])} s, {p['peak']:.0f} MB" for p in points(row)}
        cells = [cost.get(size, "") for size in sizes]
        grows = [shown(row.get(f"{key}_growth")) for key in ("cpu", "peak")]
        lines.append([f"{row['name']} ({row['counts']})", *cells, *grows])
    failed = [f"- {row['name']}: {row['unavailable']}" for row in rows if "unavailable" in row]
    return "\n".join([table(heads, lines), "", *failed]) if failed else table(heads, lines)


def goals(results: Results) -> str:
    """Every goal with its number; beneath, why those that are missed are."""
    text = table(("goal", "wish", "measured", ""), (goal.line(results) for goal in GOALS))
    reasons: dict[str, list[str]] = {}
    for goal in GOALS:
        if goal.missed(results):
            reasons.setdefault(goal.why, []).append(goal.axis)
    told = [f"- {'; '.join(axes)}: {why}." for why, axes in reasons.items()]
    return "\n".join([text, "", "Why those are missed:", "", *told]) if told else text
