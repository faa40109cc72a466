"""Whether sandboxes agree, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from reasongap.report.grids import Grid
from reasongap.report.tables import render_grid
from reasongap.report.terminal import shown
from reasongap.sandbox.parity import PERCENTILES, Backend, Parity

LISTED = 20
"""Disagreements and refusals that the table lists; JSON holds all."""

LONGEST = 60
"""Characters shown of what a sandbox found."""


def render_parity(found: Parity, form: str) -> str:
    """What `doctor --parity` prints: each sandbox, then where they differ and what was refused."""
    if form == "json":
        whole = {"schema": 1, "agrees": found.agrees, **asdict(found)}
        return json.dumps(whole, indent=2) + "\n"
    differing = len(found.disagreements)
    verdict = f"{differing:,} end differently" if differing else "all end alike"
    grid = Grid(
        "Parity",
        ("sandbox", "ended", "refused", *(f"p{each} ms" for each in PERCENTILES)),
        tuple(_row(backend) for backend in found.backends),
        f"{found.programs:,} programs, one at a time: {verdict}.",
    )
    names = [backend.name for backend in found.backends]
    differences = (
        f"{each.program}: {each.field} is "
        + ", ".join(
            f"{_short(value)} ({name})" for name, value in zip(names, each.found, strict=True)
        )
        for each in found.disagreements
    )
    refusals = (
        f"{program}: refused by {backend.name}: {why}"
        for backend in found.backends
        for program, why in backend.refusals
    )
    return "".join([render_grid(grid, form), *_listed(differences), *_listed(refusals)])


def _row(backend: Backend) -> tuple[str, ...]:
    ended = "\n".join(f"{count:,} {status}" for status, count in backend.statuses.items())
    times = (f"{1000 * seconds:.2f}" for seconds in backend.latencies)
    return (backend.name, ended, f"{len(backend.refusals):,}", *times)


def _listed(lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    yield from (shown(f"! {line}\n") for line in told[:LISTED])
    if len(told) > LISTED:
        yield f"! … and {len(told) - LISTED:,} more\n"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
