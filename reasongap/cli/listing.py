"""`reasongap list`: what can be named on the command line, and where it comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Kind(StrEnum):
    """What `list` lists."""

    STRATEGIES = "strategies"
    SANDBOXES = "sandboxes"
    PROBLEMS = "problems"
    RULES = "rules"


def listing(
    kind: Annotated[
        Kind, typer.Argument(metavar="KIND", help="strategies, sandboxes, problems or rules.")
    ],
) -> None:
    """List strategies, sandboxes, problem sources or extraction rules, with their origins.

    What another package brings is loaded, and said to be broken where that fails.
    """
    from reasongap.errors import BadPlugin
    from reasongap.plugins import load_point, points

    names, group = _names(kind)
    brought = points(group)
    for name, place in names.items():
        broken = ""
        if place.startswith("built in"):
            print(f"{name:<24} {place}")
            continue
        try:
            load_point(brought[name])
        except BadPlugin as error:
            broken = f"  broken: {error}"
        print(f"{name:<24} {place}{broken}")


def _names(kind: Kind) -> tuple[dict[str, str], str]:
    """Every name with its origin, and the group of the entry points among them."""
    if kind is Kind.STRATEGIES:
        from reasongap.solvers import names as strategies

        return strategies.solver_names(), strategies.GROUP
    if kind is Kind.SANDBOXES:
        from reasongap.sandbox import backends

        return backends.sandbox_names(), backends.GROUP
    if kind is Kind.RULES:
        from reasongap.answers import rules

        return rules.rule_names(), rules.GROUP
    from reasongap.problems import sources

    return sources.source_names(), sources.GROUP
