"""Gaps that others published, as a reference beside one's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Published:
    """Δ of one model under chain of thought as its `source` gives it, without an interval."""

    model: str
    delta: float
    source: str


def published() -> tuple[Published, ...]:
    """Every published gap that we know of, the largest loss first."""
    text = (files("reasongap.analysis") / "published.toml").read_text("utf-8")
    table = tomllib.loads(text)
    rows = [
        Published(name, points / 100, table["source"]) for name, points in table["gaps"].items()
    ]
    return tuple(sorted(rows, key=lambda row: row.delta))
