"""Models: `open_model` reaches any of them, `spec_for` says what is known of one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reasongap.models.scripted import ScriptedModel
from reasongap.models.seam import Model, ModelSpec, Tier, Tuning

if TYPE_CHECKING:
    from reasongap.models.catalog import spec_for
    from reasongap.models.opening import list_models, open_model

__all__ = [
    "Model",
    "ModelSpec",
    "ScriptedModel",
    "Tier",
    "Tuning",
    "list_models",
    "open_model",
    "spec_for",
]

# These need pydantic, which takes longer to import than the command line may to start.
_LAZY = {"spec_for": "catalog", "list_models": "opening", "open_model": "opening"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
