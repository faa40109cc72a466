"""Solvers by name: the built-in ones, those of other packages, and a user's file."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from reasongap.errors import BadFile, UnknownName
from reasongap.solvers.cot import ChainOfThought
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.seam import Solver

GROUP = "reasongap.solvers"

BUILT_IN: Mapping[str, Callable[[], Solver]] = {
    "cot": ChainOfThought,
    "pot": ProgramOfThought,
}


def solver_names() -> dict[str, str]:
    """Every solver that can be named, with where it comes from."""
    names = dict.fromkeys(BUILT_IN, "built in")
    for point in entry_points(group=GROUP):
        names.setdefault(point.name, f"package {point.dist.name}" if point.dist else point.value)
    return names


def open_solver(name: str) -> Solver:
    """The solver of this name, or the one that the Python file `name` defines as `solver`.

    Raises `UnknownName`, or `BadFile` for a file without a usable `solver`.
    """
    if name.endswith(".py"):
        return _from_file(Path(name))
    if name in BUILT_IN:
        return BUILT_IN[name]()
    for point in entry_points(group=GROUP, name=name):
        made = point.load()
        return _checked(made() if isinstance(made, type) else made, point.value)
    raise UnknownName("strategy", name, solver_names(), "A file of your own is named by its path.")


def _from_file(path: Path) -> Solver:
    if not path.is_file():
        raise BadFile(str(path), "there is no such solver file")
    spec = importlib.util.spec_from_file_location(f"reasongap_solver_{path.stem}", path)
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadFile(str(path), f"cannot be loaded: {type(error).__name__}: {error}") from error
    return _checked(getattr(module, "solver", None), str(path))


def _checked(found: object, place: str) -> Solver:
    if isinstance(found, Solver):
        return found
    raise BadFile(
        place, "defines no solver", "Bind `solver` to an object with `name` and `async solve(…)`"
    )
