"""A run folder as it lies on disk: manifest, compositions, records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reasongap.domain import Composition, Record
from reasongap.errors import BadFile
from reasongap.problems import read_compositions
from reasongap.runs.conduct import COMPOSITIONS
from reasongap.runs.journal import read_records
from reasongap.runs.manifest import Manifest, read_manifest


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
    manifest = read_manifest(path)
    if manifest is None:
        raise BadFile(str(path), "is no run folder (it holds no manifest.json)")
    compositions = read_compositions(path / COMPOSITIONS)
    known = {composition.id for composition in compositions}
    records = [r for r in read_records(path).values() if r.key.composition in known]
    return RunFolder(path, manifest, compositions, records)
