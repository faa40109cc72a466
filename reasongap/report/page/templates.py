"""How templates are read: everything that they print is made visible and escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reasongap.answers import format_number
from reasongap.report.grids import Grid
from reasongap.report.page.links import Cell
from reasongap.report.page.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(rows: Callable[[Grid], Sequence[Sequence[Cell]]]) -> Environment:
    """The room's templates; `rows` gives the cells of a table."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("reasongap.report", "page"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["rows"] = rows
    made.filters["number"] = format_number
    made.filters["split_x"] = re.compile(r"\b(X)\b").split
    return made
