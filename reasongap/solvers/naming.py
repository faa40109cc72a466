"""What a strategy is called: its canonical specification, and its settings in full."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import Any, TypeVar

from reasongap.answers import Rule
from reasongap.solvers.prompted import PromptChoice, Prompted
from reasongap.solvers.seam import Solver

S = TypeVar("S", bound=Solver)

BARE = re.compile(r"[A-Za-z_][\w.\-]*")
"""Values that need no quotes."""


def canonical(name: str, solver: Any) -> str:
    """The specification of a dataclass solver called `name`, settings at their default left out.

    `self-consistency(pot, n=7)`: inner solvers first, in the order of their fields, all of
    them where one is not the default; then settings by name. What the study chose is no
    part of it.
    """
    inner, settings = [], []
    for field in fields(solver):
        value = getattr(solver, field.name)
        if isinstance(value, Solver):
            inner.append((value.name, value == _default(field)))
        elif not isinstance(value, PromptChoice) and value != _default(field):
            settings.append(f"{field.name}={_written(value)}")
    shown = [name for name, _ in inner] if not all(usual for _, usual in inner) else []
    arguments = ", ".join([*shown, *settings])
    return f"{name}({arguments})" if arguments else name


def described(solver: Solver) -> str:
    """Its settings in full, and the hashes of the prompts that it and its parts ask with."""
    told = repr(solver) if is_dataclass(solver) else type(solver).__qualname__
    hashes = [getattr(part, "prompt_digest", "") for part in parts(solver)]
    return " ".join(filter(None, [told, *hashes]))


def parts(solver: Solver) -> Iterator[Solver]:
    """A solver and the solvers that it is made of, outermost first."""
    yield solver
    for _, inner in _inner(solver):
        yield from parts(inner)


def chosen_for(solver: S, choice: PromptChoice) -> S:
    """The solver with a study's choice of prompts in it and in all its parts."""
    return with_settings(solver, {"study": choice})


def with_settings(solver: S, settings: Mapping[str, object]) -> S:
    """The solver with settings of `Prompted` laid over it, where it is one, and its parts."""
    over: dict[str, object] = {name: with_settings(i, settings) for name, i in _inner(solver)}
    if isinstance(solver, Prompted):
        over |= settings
    return replace(solver, **over) if over else solver  # type: ignore[type-var]


def _inner(solver: object) -> Iterator[tuple[str, Solver]]:
    for field in fields(solver) if is_dataclass(solver) else ():
        value = getattr(solver, field.name)
        if isinstance(value, Solver):
            yield field.name, value


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _written(value: object) -> str:
    """A setting's value as a specification writes it."""
    if isinstance(value, Rule):
        value = value.name
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if BARE.fullmatch(value) and value not in ("true", "false") else _quoted(value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
