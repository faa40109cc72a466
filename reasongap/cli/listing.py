"""`reasongap list`: what can be named on the command line."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Kind(StrEnum):
    """What `list` lists."""

    STRATEGIES = "strategies"
    SANDBOXES = "sandboxes"
    PROBLEMS = "problems"


def listing(kind: Annotated[Kind, typer.Argument(help="What to list.")]) -> None:
    """List strategies, sandboxes or problem sources, with where each comes from."""
    for name, origin in _names(kind).items():
        print(f"{name:<24} {origin}")


def _names(kind: Kind) -> dict[str, str]:
    if kind is Kind.STRATEGIES:
        from reasongap.solvers import solver_names

        return solver_names()
    if kind is Kind.SANDBOXES:
        from reasongap.sandbox import BUILT_IN, known_sandboxes

        known = known_sandboxes()
        return {n: "built in" if n in BUILT_IN else f"package: {known[n].value}" for n in known}
    from reasongap.problems import source_names

    return source_names()
