"""A run folder as it lies on disk: manifest, compositions, records; written and read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reasongap.domain import Composition, Record
from reasongap.errors import BadFile, ConditionsChanged
from reasongap.models import Model
from reasongap.problems import read_compositions, write_compositions
from reasongap.problems.compositions import composition_line
from reasongap.runs.calling import Places
from reasongap.runs.commit import commit_here
from reasongap.runs.compositions import settings_of
from reasongap.runs.description import describe
from reasongap.runs.journal import read_records
from reasongap.runs.limited import LimitedSandbox
from reasongap.runs.manifest import (
    GRADING,
    Manifest,
    Sitting,
    extend,
    read_manifest,
    versions,
    write_manifest,
)
from reasongap.runs.study import Study
from reasongap.solvers import Solver, described

COMPOSITIONS = "compositions.jsonl"


@dataclass(frozen=True)
class RunFolder:
    """What a folder holds, the latest record of each key."""

    path: Path
    manifest: Manifest
    compositions: Sequence[Composition]
    records: Sequence[Record]

    def only(self, models: Sequence[str], strategies: Sequence[str], n: int) -> RunFolder:
        """The folder as if it held these models and strategies alone, in this order.

        Of the compositions it keeps the first `n`. Names that it lacks are passed over.
        """
        whole = self.manifest
        manifest = whole.model_copy(
            update={
                "models": {name: whole.models[name] for name in models if name in whole.models},
                "strategies": {
                    name: whole.strategies[name] for name in strategies if name in whole.strategies
                },
            }
        )
        compositions = self.compositions[:n]
        items = {item.id for item in compositions}
        records = [
            record
            for record in self.records
            if record.key.model in models
            and record.key.strategy in strategies
            and record.key.composition in items
        ]
        return RunFolder(self.path, manifest, compositions, records)


def read_run(path: Path) -> RunFolder:
    """Read a run folder. Raises `BadFile` where there is none, `BadRow` for a broken line."""
    manifest, compositions = read_plan(path)
    known = {composition.id for composition in compositions}
    records = [r for r in read_records(path).values() if r.key.composition in known]
    return RunFolder(path, manifest, compositions, records)


def read_plan(path: Path) -> tuple[Manifest, list[Composition]]:
    """What a run folder is about, without its records. Raises as `read_run` does."""
    manifest = read_manifest(path)
    if manifest is None:
        raise BadFile(str(path), "is no run folder (it holds no manifest.json)")
    return manifest, read_compositions(path / COMPOSITIONS)


def make_folder(folder: Path) -> None:
    """Make it where it is not there. Raises `BadFile`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFile(
            str(folder), f"cannot be made ({error.strerror})", "Name another folder with --out"
        ) from error


def write_down(
    study: Study,
    places: Places,
    compositions: Sequence[Composition],
    models: Sequence[Model],
    solvers: Sequence[Solver],
    sandbox: LimitedSandbox,
) -> Manifest:
    """Write the compositions and the manifest, joined with what the folder holds.

    Raises `ConditionsChanged` where it was made under other conditions.
    """
    folder, path = places.folder, places.folder / COMPOSITIONS
    old, digest, items = read_manifest(folder), _digest(compositions), None
    if old is None or old.compositions != digest or not path.exists():
        items = _joined(folder, compositions)
        digest = _digest(items)
    sitting = Sitting(
        study=describe(study),
        n=len(compositions),
        fresh=not places.read_cache,
        versions=versions(),
        layers=sandbox.layers(),
        image=getattr(sandbox.sandbox, "image_digest", None),
        commit=commit_here(),
    )
    new = Manifest(
        schema=1,
        conditions=_conditions(study, sandbox),
        models={model.spec.name: model.spec for model in models},
        strategies={solver.name: described(solver) for solver in solvers},
        n=len(compositions),
        repeats=study.repeats,
        compositions=digest,
        sittings=(sitting,),
    )
    whole = extend(folder, old, new)
    if items is not None:
        part = path.with_suffix(".tmp")
        write_compositions(part, items)
        part.replace(path)
    write_manifest(folder, whole)
    return whole


def _conditions(study: Study, sandbox: LimitedSandbox) -> dict[str, str]:
    return {
        "problems": study.source,
        "columns": ", ".join(f"{k}={v}" for k, v in sorted(study.columns.items())),
        "hops": str(study.hops),
        "seed": str(study.seed),
        "settings": ", ".join(settings_of(study)),
        "sandbox": sandbox.name,
        "limits": repr(study.limits),
        "allow_import": ", ".join(study.allow_import),
        "grading": str(GRADING),
    }


def _digest(compositions: Sequence[Composition]) -> str:
    whole = hashlib.sha256()
    for item in compositions:
        whole.update(composition_line(item).encode() + b"\n")
    return whole.hexdigest()


def _joined(folder: Path, compositions: Sequence[Composition]) -> list[Composition]:
    """The study's compositions, then those of the folder that it does not ask.

    Raises `ConditionsChanged` where the folder holds another composition of the same id.
    """
    path = folder / COMPOSITIONS
    new = {item.id: item for item in compositions}
    old = {item.id: item for item in read_compositions(path)} if path.exists() else {}
    changed = [name for name in new.keys() & old.keys() if new[name].hops != old[name].hops]
    if changed:
        name = min(changed)
        differences: tuple[object, object] = (old[name].hops, new[name].hops)
        raise ConditionsChanged(str(folder), {f"composition {name}": differences})
    return [*compositions, *(item for name, item in old.items() if name not in new)]
