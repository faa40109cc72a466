"""Figures of a study by name: as SVG text, or as files for a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from reasongap.analysis.findings import Findings
from reasongap.report.figures.checkpoints import checkpoints
from reasongap.report.figures.dots import distraction, leakage, second_hop, sensitivity
from reasongap.report.figures.failures import failures
from reasongap.report.figures.gaps import gaps, product
from reasongap.report.figures.prices import prices
from reasongap.report.figures.sizes import sizes
from reasongap.report.figures.style import written

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure

FIGURES: Mapping[str, Callable[[Findings], Figure | None]] = {
    "size": sizes,
    "gaps": gaps,
    "product": product,
    "trajectory": checkpoints,
    "leakage": leakage,
    "distraction": distraction,
    "second-hop": second_hop,
    "attribution": failures,
    "cost": prices,
    "sensitivity": sensitivity,
}
"""What draws each figure; it gives None where there is nothing to draw."""


def svg(name: str, findings: Findings, *, about: str = "") -> str | None:
    """One figure as the text of an SVG, the same for the same findings."""
    figure = FIGURES[name](findings)
    return None if figure is None else written(figure, "svg", name, about).decode()
