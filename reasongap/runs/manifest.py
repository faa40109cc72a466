"""The manifest of a run folder: under which conditions its records came about."""

from __future__ import annotations

import json
import platform
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reasongap.errors import BadFile, ConditionsChanged, DiskFailed
from reasongap.models.seam import ModelSpec
from reasongap.runs.cache import CutOff
from reasongap.runs.events import Paced
from reasongap.runs.writing import told, writing

NAME = "manifest.json"
FACTS = frozenset(
    {"family", "size", "active_size", "tier", "tuning", "price", "series", "step"}
    | {"api_base", "connections"}
)
"""What may be said of a model otherwise another time: what is known of it, and its place."""
MEANS = frozenset(
    {"api_base", "connections", "deadline"}
    | {"budget", "max_output_tokens_total", "accept_unknown_prices"}
)
"""Fields of a study that say how it is carried out, not what is asked."""
_WORD = re.compile(r"[^\s,()]+")
_DIGEST = re.compile(r"\b[0-9a-f]{16}\b")
GRADING = 4
"""Raised whenever the same reply may be graded otherwise than before."""


class Sitting(BaseModel):
    """One time that the run was worked on. `ended` is None while it is, and after a kill.

    `study` describes what was asked for (`runs.description`), of the first `n` compositions,
    and `fresh` that no reply of another run was to be used; `finished` says that all of it was
    answered. `prices` are dollars per million prompt and completion tokens by model,
    None where unknown, if anything was missing; `layers` the sandbox's isolation layers,
    `image` the digest of its container image; `commit` that of the working directory, "+"
    after it where files were changed. `pace` tells when an endpoint's calls at once were
    changed to how many, and why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    started: float = Field(default_factory=time.time)
    ended: float | None = None
    finished: bool = False
    study: dict[str, Any]
    n: int
    fresh: bool = False
    engine: str = "local"
    versions: dict[str, str]
    prices: dict[str, tuple[float, float] | None] = Field(default_factory=dict)
    layers: tuple[str, ...] = ()
    image: str | None = None
    commit: str | None = None
    pace: tuple[Paced, ...] = ()


class Manifest(BaseModel):
    """What manifest.json holds.

    `id` names the run. `conditions` are fixed for a folder. `models` and `strategies` hold,
    by name, how each is asked: a name keeps its settings, and new names may join.
    `compositions` is a hash of all of them; `possibly_paid_twice` are calls that were cut off.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: int = Field(1, alias="schema")
    id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    created: float = Field(default_factory=time.time)
    conditions: dict[str, str]
    models: dict[str, ModelSpec]
    strategies: dict[str, str]
    n: int
    repeats: int
    compositions: str
    sittings: tuple[Sitting, ...]
    possibly_paid_twice: tuple[CutOff, ...] = ()


def versions() -> dict[str, str]:
    """Of what decides the numbers: ours, Python's, and the libraries that ask and run."""
    ours = {name: version(name) for name in ("reasongap", "litellm", "RestrictedPython")}
    return {**ours, "python": platform.python_version(), "platform": platform.platform()}


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, None where there is none yet. Raises `BadFile`."""
    path = folder / NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        remedy = "Give access to it, or name another folder"
        raise BadFile(str(path), f"cannot be read ({error.strerror})", remedy) from error
    except ValidationError as error:
        raise BadFile(str(path), f"no manifest: {error.errors()[0]['msg']}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it whole or not at all. Raises `DiskFailed`."""
    path = folder / NAME
    fresh = path.with_suffix(".tmp")
    try:
        with told(path):
            file = fresh.open("wb")
        with writing(file, path, sync=True) as write:
            write(manifest.model_dump_json(by_alias=True, indent=2).encode())
        with told(path):
            fresh.replace(path)
    except DiskFailed:
        with suppress(OSError):
            fresh.unlink()
        raise


def extend(folder: Path, old: Manifest | None, new: Manifest) -> Manifest:
    """The manifest of the folder once the new extents have joined the old ones.

    Raises `ConditionsChanged` where a condition, or a model's or a strategy's own
    settings, differ from those that the folder was made under.
    """
    if old is None:
        return new
    differences = differing(old.conditions, new.conditions)
    described = differing(old.strategies, new.strategies)
    if "limits" in differences:
        described["limits"] = differences["limits"]
    for name, (before, now) in described.items():
        differences[name] = told_otherwise(str(before), str(now))
    for name in old.models.keys() & new.models.keys():
        found = asked_otherwise(old.models[name], new.models[name])
        differences |= {f"{name} {field}": pair for field, pair in found.items()}
    if differences:
        raise ConditionsChanged(str(folder), differences)
    return new.model_copy(
        update={
            "id": old.id,
            "created": old.created,
            "models": {**old.models, **new.models},
            "strategies": {**old.strategies, **new.strategies},
            "n": max(old.n, new.n),
            "repeats": max(old.repeats, new.repeats),
            "sittings": (*old.sittings, *new.sittings),
            "possibly_paid_twice": old.possibly_paid_twice,
        }
    )


def end_sitting(
    folder: Path,
    *,
    finished: bool,
    prices: dict[str, tuple[float, float] | None],
    pace: Iterable[Paced],
    cut_off: Iterable[CutOff],
) -> None:
    """Write down how the last sitting ended, and the calls that were cut off.

    Raises `BadFile` and `DiskFailed`.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        why = "is gone, and was there when the sitting began"
        raise DiskFailed(str(folder / NAME), why, "Leave a run's folder alone while it runs")
    *earlier, last = manifest.sittings
    ended = {"ended": time.time(), "finished": finished, "prices": prices, "pace": tuple(pace)}
    last = last.model_copy(update=ended)
    listed = dict.fromkeys((*manifest.possibly_paid_twice, *cut_off))
    update = {"sittings": (*earlier, last), "possibly_paid_twice": tuple(listed)}
    write_manifest(folder, manifest.model_copy(update=update))


def unfinished(manifest: Manifest) -> list[Sitting]:
    """A sitting for each study that is not all answered, and in any case the latest one.

    Of sittings that ask the same by other means, the latest stands for all.
    """
    waiting: dict[str, Sitting] = {}
    for sitting in manifest.sittings:
        asked = json.dumps(_without_means(sitting.study), sort_keys=True)
        waiting.pop(asked, None)
        if not sitting.finished or sitting is manifest.sittings[-1]:
            waiting[asked] = sitting
    return list(waiting.values())


def _without_means(study: Mapping[str, Any]) -> dict[str, Any]:
    tables = {
        name: {field: value for field, value in table.items() if field not in MEANS}
        for name, table in study.get("model", {}).items()
    }
    kept = {field: value for field, value in study.items() if field not in MEANS}
    return {**kept, "model": tables}


def asked_otherwise(before: ModelSpec, now: ModelSpec) -> dict[str, tuple[object, object]]:
    """In what two specifications differ that shapes replies: by field, both values."""
    found = differing(asdict(before), asdict(now))
    return {name: pair for name, pair in found.items() if name not in FACTS}


def told_otherwise(before: str, now: str) -> tuple[str, str]:
    """What either of two descriptions, of a strategy say, holds that the other does not."""
    old, new = (Counter(_WORD.findall(told)) for told in (before, now))
    only = [", ".join(words.elements()) for words in (old - new, new - old)]
    one, other = (_DIGEST.sub("prompts \\g<0>", words) for words in only)
    return (one, other) if one or other else (before, now)


def differing(
    before: Mapping[str, object], now: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """What both name and hold otherwise: by name, both values."""
    shared = before.keys() & now.keys()
    return {name: (before[name], now[name]) for name in sorted(shared) if before[name] != now[name]}
