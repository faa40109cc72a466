"""A report: everything that a page, a paper or a terminal shows of a study."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reasongap.analysis.evidence import Evidence
from reasongap.analysis.findings import Findings, find
from reasongap.errors import UnknownName
from reasongap.report.figures import FIGURES
from reasongap.report.figures.style import make_folder, save
from reasongap.report.flat import finding_rows, frame, gap_rows, item_rows
from reasongap.report.headline import headlines
from reasongap.report.reasons import explained
from reasongap.report.sections import Section, sections

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a page, a paper or a terminal shows of a study.

    `command` is what made it, `dates` when the runs began.
    """

    headline: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    evidence: Evidence
    findings: Findings
    command: str = ""

    def _repr_html_(self) -> str:
        from reasongap.report.page.notebook import notebook  # the page needs reports itself

        return notebook(self.findings.estimates, self.headline)

    @property
    def dates(self) -> str:
        """The day on which the runs began, or the first and the last one."""
        days = sorted({time.strftime("%Y-%m-%d", time.gmtime(t)) for t in self.evidence.created})
        return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "unknown"

    def to_pandas(self, of: str = "gaps") -> pd.DataFrame:
        """The rows of "gaps", of "items" (a row a record), or of a part of `Findings`.

        "reductions", "tests" and "controls" are those of its estimates.

        Raises `UnknownName` for another name.
        """
        if of == "gaps":
            return frame(gap_rows(self.findings.estimates))
        if of == "items":
            return frame(item_rows(self.evidence.records))
        places = (self.findings, self.findings.estimates)
        parts = {part.name: getattr(place, part.name) for place in places for part in fields(place)}
        for name in ("estimates", "gaps", "notes"):
            del parts[name]
        if of not in parts:
            raise UnknownName("analysis", of, ["gaps", "items", *parts])
        return frame(finding_rows(parts[of]))

    def caption(self, section: Section) -> str:
        """What stands below a section's figure: its reading, n, interval, date, command."""
        sizes = [row.gap.n for row in self.findings.estimates.gaps]
        ends = dict.fromkeys((min(sizes), max(sizes))) if sizes else ()
        counts = " to ".join(map(str, ends)) or "0 complete"
        made = f" Made by `{self.command}`." if self.command else ""
        return (
            f"{section.title}. {section.how} n = {counts} compositions; 95% intervals, clustered "
            f"by block. Runs of {self.dates}.{made}"
        )


def report_of(evidence: Evidence, command: str = "") -> Report:
    """The report of a study. Raises what the analyses raise."""
    found = find(evidence)
    findings = replace(found, estimates=explained(found.estimates, evidence.records))
    return Report(
        headline=headlines(findings),
        sections=tuple(sections(findings)),
        notes=(*evidence.notes, *findings.estimates.notes),
        evidence=evidence,
        findings=findings,
        command=command,
    )


def save_figures(report: Report, folder: Path) -> list[Path]:
    """Write every figure as SVG, PDF and PNG, and captions.md beside them. Raises `BadFile`."""
    make_folder(folder)
    paths, captions = [], ["# Captions"]
    for section in report.sections:
        figure = FIGURES[section.figure](report.findings) if section.figure else None
        if figure is not None:
            caption = report.caption(section)
            paths += save(figure, folder / section.key, section.title, caption)
            captions.append(f"**{section.key}** {caption}")
    path = folder / "captions.md"
    path.write_text("\n\n".join(captions) + "\n", encoding="utf-8")
    return [*paths, path]
