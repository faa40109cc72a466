"""A study as its manifest keeps it, so that a run can go on from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reasongap.errors import UsageError
from reasongap.runs.study import Study, make_study

_OBJECT = "object"
_NAMED = ("models", "strategies", "sandbox")


def describe(study: Study) -> dict[str, Any]:
    """The fields of a study as JSON holds them. Of an object it keeps the type's name."""
    fields = study.model_dump(exclude={*_NAMED}, mode="json")
    return fields | {name: _told(getattr(study, name)) for name in _NAMED}


def _told(given: object) -> object:
    if isinstance(given, tuple):
        return [_told(one) for one in given]
    return given if isinstance(given, str) else {_OBJECT: type(given).__qualname__}


def revive(description: Mapping[str, Any], **over: Any) -> Study:
    """The study of a description, with the fields of `over` that are not None laid over it.

    Raises `UsageError` where objects took part in it.
    """
    for name in _NAMED:
        given = description.get(name)
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, dict):
                raise UsageError(
                    f"{one.get(_OBJECT)} was given as a Python object ({name}), which a folder "
                    "cannot hold. Go on from Python: the same call again, with the folder as `out`"
                )
    return make_study(
        **{**description, **{name: value for name, value in over.items() if value is not None}}
    )
