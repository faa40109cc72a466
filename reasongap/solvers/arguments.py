"""The arguments of a specification as the fields of a strategy, each of its field's type."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reasongap.answers import Rule, open_rule
from reasongap.errors import BadSpecification
from reasongap.solvers.prompted import PromptChoice
from reasongap.solvers.seam import Solver
from reasongap.solvers.specification import Node

_TRUTHS = {"true": True, "false": False}
_WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Solver: "a strategy",
    Rule: "an extraction rule",
}


def arguments(
    text: str, node: Node, target: type, inner: Callable[[Node], Solver]
) -> dict[str, object]:
    """The arguments of a node of the specification `text`, by the fields of `target`.

    Arguments without a name are inner strategies, in the order of the fields that hold
    some; `inner` makes one of a node. Raises `BadSpecification` with the position.
    """
    if not is_dataclass(target):
        if node.inner or node.settings:
            why = f"{node.text} takes no settings: it is no dataclass"
            raise BadSpecification(text, node.position, why)
        return {}
    hints = _hints(text, node, target)
    takes = {f.name: f for f in fields(target) if f.init and hints[f.name] is not PromptChoice}
    strategies = [name for name in takes if Solver in _types(hints[name])]
    given: dict[str, object] = {}
    if len(node.inner) > len(strategies):
        extra = node.inner[len(strategies)]
        why = f"{node.text} takes {len(strategies) or 'no'} inner strategies; settings have names"
        raise BadSpecification(text, extra.position, why)
    named = [
        (name, value.position, value) for name, value in zip(strategies, node.inner, strict=False)
    ]
    for name, position, value in [*named, *node.settings]:
        if name not in takes:
            raise BadSpecification(text, position, _unknown(node.text, name, list(takes)))
        if name in given:
            raise BadSpecification(text, position, f"{name} is given twice")
        given[name] = _value(text, name, value, hints[name], inner)
    for name, field in takes.items():
        if name not in given and field.default is field.default_factory is MISSING:
            example = f". Write {node.text}(pot)" if name in strategies else ""
            raise BadSpecification(text, node.position, f"{node.text} needs {name}{example}")
    return given


def _hints(text: str, node: Node, target: type) -> dict[str, Any]:
    try:
        return get_type_hints(target)
    except NameError as error:
        why = f"the types of {node.text}'s settings cannot be read: {error}"
        raise BadSpecification(text, node.position, why) from error


def _unknown(solver: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known) or 'none'}"
    return f"{solver} has no setting {name!r}: {hint}"


def _value(text: str, name: str, node: Node, hint: Any, inner: Callable[[Node], Solver]) -> object:
    """The value of a node, read as the first of the field's types that it can be."""
    types = _types(hint)
    if Solver in types and not _reads(float, node.text):
        return inner(node)
    if not node.called:
        if Rule in types:
            return open_rule(node.text)
        if not node.quoted:
            if bool in types and node.text in _TRUTHS:
                return _TRUTHS[node.text]
            for kind in (int, float):
                if kind in types and _reads(kind, node.text):
                    return kind(node.text)
        if str in types or node.text in types:
            return node.text
    wanted = [_WORDS.get(kind) or repr(kind) for kind in types if kind is not type(None)]
    why = f"{name} is {' or '.join(wanted)}, not {node.text!r}"
    raise BadSpecification(text, node.position, why)


def _types(hint: Any) -> tuple[Any, ...]:
    """What a field may hold: types, and the texts of a `Literal`."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return tuple(kind for part in get_args(hint) for kind in _types(part))
    return get_args(hint) if origin is Literal else (hint,)


def _reads(kind: type[int] | type[float], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True
