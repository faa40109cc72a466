"""A trajectory by itself: sentence, table and curve, without the rest of a report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from reasongap.analysis.trajectory import Trajectory
from reasongap.report.analysis_grids import trajectory_grid
from reasongap.report.figures.checkpoints import curves
from reasongap.report.figures.style import save
from reasongap.report.flat import Value, finding_rows
from reasongap.report.sentences import trajectory_sentence
from reasongap.report.tables import filled, latex, marked, render_csv, render_grid
from reasongap.report.terminal import shown
from reasongap.report.text import plain

NOTHING = "No composition was answered in full at every step of a series."


def render_trajectories(rows: Sequence[Trajectory], notes: Sequence[str], form: str) -> str:
    """Trajectories in one of `tables.FORMATS`, ending with a line end.

    JSON holds every number by name, CSV a row a checkpoint.
    """
    if form == "json":
        told = {"schema": 1, "trajectories": plain(tuple(rows)), "notes": list(notes)}
        return json.dumps(told, indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return render_csv(list(_flat(rows)))
    sentence = trajectory_sentence(rows) if rows else NOTHING
    parts = [
        {"markdown": sentence, "latex": latex(sentence)}.get(
            form, filled(shown(sentence), 80, indent="")
        )
        + "\n",
        *([render_grid(trajectory_grid(rows), form)] if rows else []),
        "".join(f"{note}\n" for note in marked(notes, form)),
    ]
    return "\n".join(filter(None, parts))


def save_curves(rows: Sequence[Trajectory], folder: Path, command: str) -> list[Path]:
    """Write the curves into `folder` as trajectory.svg, .pdf and .png. Raises `BadFile`."""
    sizes = sorted({point.s_comp.n for row in rows for point in row.checkpoints})
    n = " to ".join(dict.fromkeys((str(sizes[0]), str(sizes[-1]))))
    about = (
        "Accuracy over training steps, first hop alone and chain; the ring marks the best step on "
        f"the chain. n = {n} compositions; bands are 95% intervals, clustered by block. "
        f"Made by `{command}`."
    )
    return save(curves(rows), folder / "trajectory", "Training trajectory", about)


def _flat(rows: Sequence[Trajectory]) -> Iterator[dict[str, Value]]:
    """A row a checkpoint: its series and strategy, then every number of it."""
    for row in rows:
        for point in finding_rows(row.checkpoints):
            yield {"series": row.series, "strategy": row.strategy, **point}
