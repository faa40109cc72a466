"""Tables whose numbers lead to the answers they count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from reasongap.analysis.attribution import CAUSES
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.items import COMPOSED
from reasongap.report.grids import Grid, short

_HOP = re.compile(r"S([0-9]+)|hop([0-9]+)")
_FLIP = re.compile(r"\+([0-9]+) −([0-9]+)")
_COUNT = re.compile(r"([0-9]+) ([a-z_]+)")
_SETTINGS = {"as published": "hop2-source", "unrelated": "hop2-distracted", "inside": COMPOSED}
_CAUSE_OF = {words: cause for cause, words in CAUSES.items()}
_OF_SEVERAL = ("models", "size", "quantity")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a cell: its text, and the fragment that it leads to, "" for none."""

    text: str
    link: str = ""


Cell = tuple[tuple[Part, ...], ...]
"""The lines of a cell, each in parts."""


def fragment(**wanted: str) -> str:
    """The part of an address that filters the items."""
    return f"#items?{urlencode(wanted)}"


def linked(grid: Grid, evidence: Evidence) -> list[list[Cell]]:
    """The grid's rows with links in the columns of numbers, and in cells that count outcomes."""
    return [_row(grid, row, evidence) for row in grid.rows]


def unlinked(grid: Grid) -> list[list[Cell]]:
    """The grid's rows as they are."""
    return [[_plain(text) for text in row] for row in grid.rows]


def _plain(text: str) -> Cell:
    return tuple((Part(line),) for line in text.split("\n"))


def _row(grid: Grid, row: Sequence[str], evidence: Evidence) -> list[Cell]:
    named = dict(zip(grid.columns, row, strict=True))
    who = _who(grid, named, evidence)
    cells = []
    for place, (column, text) in enumerate(named.items()):
        numbers = place >= grid.words or column == "outcomes"
        if not who or not numbers or column in _OF_SEVERAL or text == "–":
            cells.append(_plain(text))
            continue
        wanted = who | _where(column, named)
        cells.append(tuple(_line(line, wanted) for line in text.split("\n")))
    return cells


def _who(grid: Grid, named: Mapping[str, str], evidence: Evidence) -> dict[str, str]:
    """The model and the strategy that a row is about; empty where it is about no single one."""
    ends = Counter(map(short, evidence.specs))
    models = {short(model): model for model in evidence.specs if ends[short(model)] == 1}
    models |= {model: model for model in evidence.specs}
    if "series" in named:
        told = (named["series"], named["step"].removesuffix(" *"))
        found = [m for m, spec in evidence.specs.items() if (spec.series, str(spec.step)) == told]
        model = found[0] if found else None
    else:
        model = models.get(named.get("model", grid.title.rsplit(" · ", 1)[-1]))
    if model is None:
        return {}
    strategy = named.get("strategy")
    return {"model": model} | ({"strategy": strategy} if strategy in evidence.strategies else {})


def _where(column: str, named: Mapping[str, str]) -> dict[str, str]:
    """The setting that a column counts, and the cause of a row."""
    if column in ("outcomes", "tokens", "cost", "seconds", "strict S"):
        return {}
    if "cause" in named:
        cause = _CAUSE_OF.get(named["cause"])
        return {"setting": COMPOSED} | ({"cause": cause} if cause else {})
    if "setting" in named:
        return {"setting": named["setting"]}
    if column == "alone":
        return {"setting": f"hop{named.get('hop', '1')}"}
    if hop := _HOP.fullmatch(column):
        return {"setting": f"hop{hop[1] or hop[2]}"}
    return {"setting": _SETTINGS.get(column, COMPOSED)}


def _line(line: str, wanted: Mapping[str, str]) -> tuple[Part, ...]:
    if flip := _FLIP.fullmatch(line):
        gained, lost = ({**wanted, "flip": way} for way in ("gained", "lost"))
        return (
            Part(f"+{flip[1]}", fragment(**gained)),
            Part(" "),
            Part(f"−{flip[2]}", fragment(**lost)),
        )
    if count := _COUNT.fullmatch(line):
        return (Part(line, fragment(**{**wanted, "outcome": count[2]})),)
    return (Part(line, fragment(**wanted)),)
