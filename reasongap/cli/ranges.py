"""Numbers that an option takes only within a range: refused with the value and the range."""

from __future__ import annotations

import math
from collections.abc import Callable

import typer


def between(least: float, most: float = math.inf) -> Callable[[float | None], float | None]:
    """A check of an option's value. It raises typer's `BadParameter`."""
    allowed = f"{least:g} or more" if most == math.inf else f"{least:g} to {most:g}"

    def check(value: float | None) -> float | None:
        if value is not None and not (least <= value <= most and value < math.inf):
            raise typer.BadParameter(f"{value} is out of range: give {allowed}")
        return value

    return check
