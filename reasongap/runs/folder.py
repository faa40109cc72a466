"""A run folder as it lies on disk: manifest, compositions, records; written and read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reasongap.domain import Composition, Record
from reasongap.errors import BadFile, ConditionsChanged
from reasongap.runs.calling import Places
from reasongap.runs.commit import commit_here
from reasongap.runs.compositions import settings_of
from reasongap.runs.description import describe
from reasongap.runs.engines.seam import Opened
from reasongap.runs.journal import NAME as RECORDS
from reasongap.runs.journal import read_records
from reasongap.runs.manifest import (
    GRADING,
    Manifest,
    Sitting,
    extend,
    read_manifest,
    versions,
    write_manifest,
)
from reasongap.runs.stored import StoredCompositions, first_difference, ids_of
from reasongap.runs.study import Study
from reasongap.runs.writing import told, writing
from reasongap.solvers import Solver, described

COMPOSITIONS = "compositions.jsonl"
PART = f"{COMPOSITIONS}.tmp"
"""The compositions of a sitting, until they take their place."""
MENDED = "Put it back, or give the command that made the run once more, with --out"


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
        items = set(ids_of(compositions))
        records = [
            record
            for record in self.records
            if record.key.model in models
            and record.key.strategy in strategies
            and record.key.composition in items
        ]
        return RunFolder(self.path, manifest, compositions, records)


def read_run(path: Path, *, lean: bool = False) -> RunFolder:
    """Read a run folder, for an analysis with `lean` records (see `read_records`).

    Raises `BadFile` where there is none or it cannot be read, `BadRow` for a broken line.
    """
    manifest, compositions = read_plan(path)
    known = set(compositions.ids())
    read = read_records(path, lean=lean)
    records = [record for key, record in read.items() if key.composition in known]
    return RunFolder(path, manifest, compositions, records)


def read_plan(path: Path) -> tuple[Manifest, StoredCompositions]:
    """What a run folder is about, without its records. Raises as `read_run` does."""
    manifest = read_manifest(path)
    if manifest is None:
        raise BadFile(str(path), "is no run folder (it holds no manifest.json)")
    compositions = StoredCompositions.open(path / COMPOSITIONS)
    if (held := len(compositions)) < manifest.n:
        why = f"holds {held} compositions, and the manifest says {manifest.n}"
        raise BadFile(str(compositions.path), why, f"{MENDED} {path}")
    records = path / RECORDS
    finished = any(sitting.finished for sitting in manifest.sittings)
    if finished and not (records.exists() and records.stat().st_size):
        why = f"is {'empty' if records.exists() else 'missing'}, and questions were answered"
        raise BadFile(str(records), why, f"{MENDED} {path}")
    return manifest, compositions


def joined(
    study: Study,
    folder: Path,
    compositions: Sequence[Composition],
    solvers: Sequence[Solver],
    opened: Opened,
) -> Manifest:
    """The manifest of the folder once the study has joined what it holds; nothing is written.

    Compositions are one a beginning of the other, or these are other problems. Raises
    `ConditionsChanged` for those and for other conditions, and `BadFile`.
    """
    old, path = read_manifest(folder), folder / COMPOSITIONS
    held = StoredCompositions.open(path) if path.exists() else None
    changed = first_difference(held, compositions) if held else None
    conditions = _conditions(study, opened.sandbox.name)
    if old is not None and held and changed is None:  # however the source is spelled
        conditions["problems"] = old.conditions.get("problems", study.source)
    new = Manifest(
        schema=1,
        conditions=conditions,
        models={model.spec.name: model.spec for model in opened.models},
        strategies={solver.name: described(solver) for solver in solvers},
        n=len(compositions),
        repeats=study.repeats,
        compositions="",
        sittings=(),
    )
    whole = extend(folder, old, new)
    if changed is not None:
        place, there, now = changed
        raise ConditionsChanged(str(folder), {f"problems of {study.source}, {place}": (there, now)})
    return whole


def write_down(
    study: Study,
    places: Places,
    compositions: StoredCompositions,
    solvers: Sequence[Solver],
    opened: Opened,
) -> Manifest:
    """Write the manifest, and let the compositions, which are stored as `PART`, take their place.

    What the folder holds beyond them is kept. Raises as `joined` does, and `DiskFailed`.
    """
    folder, path, n = places.folder, places.folder / COMPOSITIONS, len(compositions)
    whole, digest = joined(study, folder, compositions, solvers, opened), compositions.digest()
    sitting = Sitting(
        study=describe(study),
        n=n,
        fresh=not places.read_cache,
        versions=versions(),
        engine=opened.engine,
        layers=opened.sandbox.layers(),
        image=opened.image,
        commit=commit_here(),
    )
    if path.exists() and len(held := StoredCompositions.open(path)) > n:
        digest = _append(folder, held.lines(n))
    with told(path):
        (folder / PART).replace(path)
    update = {"compositions": digest, "sittings": (*whole.sittings, sitting)}
    whole = whole.model_copy(update=update)
    write_manifest(folder, whole)
    return whole


def _append(folder: Path, lines: Iterable[bytes]) -> str:
    """Write the lines behind those of `PART`; a hash of all of it. Raises `DiskFailed`."""
    path, part = folder / COMPOSITIONS, folder / PART
    with told(path):
        file = part.open("ab")
    with writing(file, path) as write:
        for line in lines:
            write(line)
    return StoredCompositions.open(part).digest()


def _conditions(study: Study, sandbox: str) -> dict[str, str]:
    return {
        "problems": study.source,
        "columns": ", ".join(f"{k}={v}" for k, v in sorted(study.columns.items())),
        "hops": str(study.hops),
        "seed": str(study.seed),
        "settings": ", ".join(settings_of(study)),
        "sandbox": sandbox,
        "limits": repr(study.limits),
        "allow_import": ", ".join(study.allow_import),
        "grading": str(GRADING),
    }
