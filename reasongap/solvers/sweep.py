"""A strategy in many prompts: the variants of a sensitivity analysis, one factor at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Literal

from reasongap.prompts import DEFAULT, Texts, exemplar_sets, prompt_names
from reasongap.solvers.naming import parts, with_settings
from reasongap.solvers.prompted import Prompted
from reasongap.solvers.seam import Solver

Factor = Literal["wordings", "shots", "exemplars", "preamble", "all"]

SHOTS = (0, 1, 4, 8)
SHOWN = 8
"""Exemplars shown where the factor is which they are, or that the preamble is missing."""


def sweep(solver: Solver, factors: Collection[Factor], own: Texts = ()) -> tuple[Solver, ...]:
    """The strategy itself, then one variant for each level of the factors.

    "wordings": every other wording that all its prompts have; "shots": 0, 1, 4 and 8 of
    them; "exemplars": 8 of each set; "preamble": 8 and no preamble; "all" of these. What the
    specification sets itself is not varied. A strategy without prompts of ours has no variants.
    """
    asking = [part for part in parts(solver) if isinstance(part, Prompted)]
    if not asking:
        return (solver,)
    known = prompt_names(own)
    wordings = [set(known[name]) for part in asking for name in part.prompts]
    common = [name for name in known[asking[0].prompts[0]] if all(name in w for w in wordings)]
    taken = {name for part in asking for name in _set_by_hand(part)}
    variants = [
        with_settings(solver, level)
        for factor, level in _levels(common, exemplar_sets(own))
        if ("all" in factors or factor in factors) and taken.isdisjoint(level)
    ]
    return tuple({variant.name: variant for variant in (solver, *variants)}.values())


def _levels(
    wordings: Collection[str], sets: Collection[str]
) -> Iterator[tuple[Factor, dict[str, object]]]:
    for name in wordings:
        if name != DEFAULT:
            yield "wordings", {"prompt": name}
    for shots in SHOTS:
        yield "shots", {"shots": shots}
    for name in sets:
        level: dict[str, object] = {} if name == DEFAULT else {"exemplars": name}
        yield "exemplars", {"shots": SHOWN, **level}
    yield "preamble", {"shots": SHOWN, "preamble": False}


def _set_by_hand(part: Prompted) -> list[str]:
    asked = [field.name for field in fields(Prompted) if field.name != "study"]
    return [name for name in asked if getattr(part, name) is not None]
