"""The accuracy of recorded replies, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reasongap.report.grids import Grid
from reasongap.report.tables import render_csv, render_grid
from reasongap.runs.scoring import Tally


def render_scores(tallies: Mapping[str, Tally], form: str) -> str:
    """What `score` prints: per strategy n, strict and flexible accuracy, outcomes."""
    if form == "json":
        whole = {strategy: tally.model_dump() for strategy, tally in tallies.items()}
        return json.dumps(whole, indent=2) + "\n"
    if form == "csv":
        none = dict.fromkeys((name for tally in tallies.values() for name in tally.outcomes), 0)
        return render_csv(
            [
                {"strategy": strategy, **tally.model_dump(exclude={"outcomes"}), **none}
                | tally.outcomes
                for strategy, tally in tallies.items()
            ]
        )
    rows = tuple(
        (
            strategy,
            "\n".join(f"{count} {outcome}" for outcome, count in tally.outcomes.items()),
            str(tally.n),
            f"{tally.strict:.3f}",
            f"{tally.flexible:.3f}",
        )
        for strategy, tally in tallies.items()
    )
    caption = "Strict accepts only the form that was asked for, flexible the best rule that fires."
    columns = ("strategy", "outcomes", "n", "strict", "flexible")
    return render_grid(Grid("Scores", columns, rows, caption), form)
