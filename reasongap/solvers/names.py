"""Strategies by name: ours, those of other packages, a user's file, and what they compose to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from reasongap.errors import BadFile, BadSpecification, UnknownName
from reasongap.plugins import load_file, load_point, origin, points
from reasongap.solvers.arguments import arguments
from reasongap.solvers.code_then_explain import CodeThenExplain
from reasongap.solvers.cot import ChainOfThought
from reasongap.solvers.cross_check import CrossCheck
from reasongap.solvers.direct import DirectAnswer
from reasongap.solvers.equations import Equations
from reasongap.solvers.faithful import FaithfulProgram
from reasongap.solvers.least_to_most import LeastToMost
from reasongap.solvers.plan_then_code import PlanThenCode
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.seam import Solver
from reasongap.solvers.self_consistency import SelfConsistency
from reasongap.solvers.self_debugging import SelfDebugging
from reasongap.solvers.specification import Node, parse

GROUP = "reasongap.solvers"

BUILT_IN: Mapping[str, type[Solver]] = {
    "cot": ChainOfThought,
    "pot": ProgramOfThought,
    "direct": DirectAnswer,
    "self-consistency": SelfConsistency,
    "self-debugging": SelfDebugging,
    "least-to-most": LeastToMost,
    "plan-then-code": PlanThenCode,
    "code-then-explain": CodeThenExplain,
    "cross-check": CrossCheck,
    "faithful": FaithfulProgram,
    "equations": Equations,
}


def solver_names() -> dict[str, str]:
    """Every solver that can be named, with where it comes from."""
    brought = {name: origin(point) for name, point in points(GROUP).items()}
    return brought | dict.fromkeys(BUILT_IN, "built in")


def open_solver(specification: str) -> Solver:
    """The strategy of a specification: a name, a path, or a composition of them.

    `pot`, `mine.py`, `self-consistency(pot, n=5)`, `cot(prompt=terse)`; the grammar is that
    of `reasongap.solvers.specification`. A Python file binds `solver`. Raises `UnknownName`,
    `BadSpecification` with the position, `BadPlugin`, and `BadFile` for a file without a usable
    solver.
    """
    if specification.endswith(".py") and Path(specification).is_file():
        return _made(specification, Node(specification, 1))
    return _made(specification, parse(specification))


def _made(text: str, node: Node) -> Solver:
    """The strategy of a node of the specification `text`."""
    found, place = _found(text, node)
    inner = partial(_made, text)
    if isinstance(found, type):
        made = found(**arguments(text, node, found, inner))
    elif node.called:
        made = replace(_dataclass(text, node, found), **arguments(text, node, type(found), inner))
    else:
        made = found
    if isinstance(made, Solver):
        if isinstance(made.name, str):
            return made
        raise BadFile(place, f"the name of its solver is no text: {made.name!r}")
    remedy = "Bind `solver` to an object with `name` and `async solve(…)`"
    raise BadFile(place, "defines no solver", remedy)


def _found(text: str, node: Node) -> tuple[object, str]:
    """What a name leads to, a solver or a class of solvers, and where that was found."""
    if node.text.endswith(".py"):
        return load_file(node.text, "solver"), node.text
    if node.text in BUILT_IN:
        return BUILT_IN[node.text], "reasongap"
    known = points(GROUP)
    if node.text in known:
        return load_point(known[node.text]), origin(known[node.text])
    remedy = "A file of your own is named by its path."
    if node.text != text:
        remedy = f"It stands at character {node.position} of {text!r}."
    raise UnknownName("strategy", node.text, solver_names(), remedy)


def _dataclass(text: str, node: Node, found: object) -> Any:
    if is_dataclass(found):
        return found
    raise BadSpecification(text, node.position, f"{node.text} takes no settings: no dataclass")
