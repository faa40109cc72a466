"""The manifest of a run folder: under which conditions its records came about."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reasongap.errors import BadFile, ConditionsChanged
from reasongap.models.seam import ModelSpec

NAME = "manifest.json"
FACTS = frozenset({"family", "size", "active_size", "tier", "tuning", "price", "connections"})
GRADING = 1
"""Raised whenever the same reply may be graded otherwise than before."""


class Manifest(BaseModel):
    """What manifest.json holds.

    `conditions` are fixed for a folder. `models` and `strategies` hold, by name, how each
    is asked: a name keeps its settings, and new names may join. `layers` are the
    sandbox's active isolation layers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: int = Field(1, alias="schema")
    created: float = Field(default_factory=time.time)
    versions: dict[str, str]
    conditions: dict[str, str]
    models: dict[str, ModelSpec]
    strategies: dict[str, str]
    n: int
    repeats: int
    layers: tuple[str, ...] = ()


def versions() -> dict[str, str]:
    """Of what decides the numbers: ours, Python's, and the libraries that ask and run."""
    ours = {name: version(name) for name in ("reasongap", "litellm", "RestrictedPython")}
    return {**ours, "python": platform.python_version(), "platform": platform.platform()}


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, None where there is none yet."""
    path = folder / NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        raise BadFile(str(path), f"no manifest: {error.errors()[0]['msg']}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it whole or not at all. Raises `BadFile`."""
    path = folder / NAME
    fresh = path.with_suffix(".tmp")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(manifest.model_dump_json(by_alias=True, indent=2))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        remedy = "Name another folder with --out"
        raise BadFile(str(path), f"cannot be written ({error.strerror})", remedy) from error


def extend(folder: Path, old: Manifest | None, new: Manifest) -> Manifest:
    """The manifest of the folder once the new extents have joined the old ones.

    Raises `ConditionsChanged` where a condition, or a model's or a strategy's own
    settings, differ from those that the folder was made under.
    """
    if old is None:
        return new
    differences: dict[str, tuple[object, object]] = {}
    for part in ("conditions", "strategies"):
        differences |= _differences(getattr(old, part), getattr(new, part))
    for name in old.models.keys() & new.models.keys():
        before, now = _asking(old.models[name]), _asking(new.models[name])
        differences |= {
            f"{name} {field}": pair for field, pair in _differences(before, now).items()
        }
    if differences:
        raise ConditionsChanged(str(folder), differences)
    return new.model_copy(
        update={
            "created": old.created,
            "models": {**old.models, **new.models},
            "strategies": {**old.strategies, **new.strategies},
            "n": max(old.n, new.n),
            "repeats": max(old.repeats, new.repeats),
        }
    )


def _asking(spec: ModelSpec) -> dict[str, object]:
    """What of a specification shapes replies; facts such as size and price may be mended."""
    return {name: value for name, value in asdict(spec).items() if name not in FACTS}


def _differences(
    before: Mapping[str, object], now: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    shared = before.keys() & now.keys()
    return {name: (before[name], now[name]) for name in sorted(shared) if before[name] != now[name]}
