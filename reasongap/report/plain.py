"""A comparison as plain text, wherever it is printed: 80 columns, no colours, no escapes."""

from __future__ import annotations

import io

from rich.console import Console

from reasongap.analysis import Estimates
from reasongap.report.tables import WIDTH, render
from reasongap.report.terminal import visible


def as_text(estimates: Estimates) -> str:
    """The tables and notes of a comparison, without a line end; "" where there are none."""
    console = Console(
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=False,
        force_jupyter=False,
        color_system=None,
    )
    return visible(render(estimates, "table", console)).strip("\n")
