"""What grading a run again changed, as tables or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from reasongap.analysis import Estimates
from reasongap.report.flat import Value
from reasongap.report.grids import Grid, lean
from reasongap.report.tables import render, render_csv, render_grid
from reasongap.runs.rescore import Regraded


def render_rescored(
    estimates: Estimates, graded: Sequence[Regraded], form: str, *, against: bool
) -> str:
    """What `rescore` prints: the new numbers, how many grades changed, and which, if wanted."""
    changed = [one for one in graded if one.changed]
    if form == "json":
        whole = {
            **estimates.as_json(),
            "rescored": len(graded),
            "changed": [_row(one) for one in changed] if against else len(changed),
            "kept": dict(Counter(one.kept for one in graded if one.kept)),
        }
        return json.dumps(whole, indent=2) + "\n"
    if form == "csv":
        return render_csv(list(map(_row, changed))) if against else render(estimates, form)
    parts = [render(estimates, form), render_grid(lean(_summary(graded)), form)]
    if against and changed:
        parts.append(render_grid(lean(_changes(changed)), form))
    return "\n".join(parts)


def _summary(graded: Sequence[Regraded]) -> Grid:
    names = dict.fromkeys((one.old.key.model, one.old.key.strategy) for one in graded)
    rows = []
    for model, strategy in names:
        mine = [o for o in graded if (o.old.key.model, o.old.key.strategy) == (model, strategy)]
        before, after = (
            sum(record.outcome == "correct" for record in records)
            for records in ([o.old for o in mine], [o.new for o in mine])
        )
        counts = (len(mine), before, after, sum(o.changed for o in mine))
        rows.append((model, strategy, *map(str, counts), str(sum(bool(o.kept) for o in mine))))
    kept = Counter(one.kept for one in graded if one.kept)
    notes = "; ".join(f"{count}: {why}" for why, count in kept.items())
    caption = "Kept are old grades that nothing could be read for anew"
    columns = ("model", "strategy", "records", "correct before", "correct now", "changed", "kept")
    return Grid("Graded again", columns, tuple(rows), f"{caption} ({notes})." if notes else "")


def _changes(changed: Sequence[Regraded]) -> Grid:
    rows = tuple(tuple(map(str, _row(one).values())) for one in changed)
    columns = ("model", "strategy", "composition", "setting", "repeat", "was", "is", "why")
    return Grid("Changed", columns, rows, "", words=len(columns))


def _row(one: Regraded) -> dict[str, Value]:
    key = one.old.key
    return {
        "model": key.model,
        "strategy": key.strategy,
        "composition": key.composition,
        "setting": key.setting,
        "repeat": key.repeat,
        "was": _grade(one.old.outcome, one.old.strict),
        "is": _grade(one.new.outcome, one.new.strict),
        "why": one.why,
    }


def _grade(outcome: str, strict: bool) -> str:
    return outcome if strict or outcome != "correct" else "correct, not strictly"
