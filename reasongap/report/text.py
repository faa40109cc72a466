"""A report as text: for the terminal, as Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from reasongap.report.analyses import Report
from reasongap.report.flat import gap_rows
from reasongap.report.sections import Section
from reasongap.report.tables import filled, latex, marked, render_csv, render_grid
from reasongap.report.terminal import shown

_WIDTH = 80


def render_report(report: Report, form: str) -> str:
    """The whole report in one of `tables.FORMATS`, ending with a line end.

    CSV holds the gaps alone, a row a model and strategy. JSON is that of `compare` with
    `headline`, `notes` and `analyses` beside it: each analysis a list of rows.
    """
    if form == "json":
        return json.dumps(as_json(report), indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return render_csv(gap_rows(report.findings.estimates))
    parts = [_lines(report.headline, form), *(_section(part, form) for part in report.sections)]
    return "\n".join(parts) + "".join(f"\n{note}" for note in marked(report.notes, form)) + "\n"


def as_json(report: Report) -> dict[str, object]:
    """The report as plain values, every number of every analysis."""
    findings = report.findings
    rest = [part.name for part in fields(findings) if part.name != "estimates"]
    return {
        **findings.estimates.as_json(),
        "headline": list(report.headline),
        "notes": list(report.notes),
        "analyses": {name: plain(getattr(findings, name)) for name in rest},
    }


def plain(value: object) -> object:
    """Dataclasses as objects, tuples as lists, numbers without a value as null."""
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _lines(sentences: tuple[str, ...], form: str) -> str:
    if form == "latex":
        return "\n\n".join(map(latex, sentences)) + "\n"
    if form == "markdown":
        return "\n".join(f"- {sentence}" for sentence in sentences) + "\n"
    return "\n".join(filled(shown(text), _WIDTH) for text in sentences) + "\n"


def _section(section: Section, form: str) -> str:
    """Its title, its sentence, its tables; what is missing in one line."""
    text = f"Not shown: {section.missing}." if section.missing else section.sentence
    head = {
        "markdown": f"## {section.title}\n\n{text}\n",
        "latex": f"\\section*{{{latex(section.title)}}}\n{latex(text)}\n",
    }.get(form, f"{section.title.upper()}\n{filled(shown(text), _WIDTH, indent='')}\n")
    return "\n".join([head, *(render_grid(grid, form) for grid in section.grids)])
