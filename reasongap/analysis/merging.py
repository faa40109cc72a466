"""Several runs as one body of evidence: the same question asked of more models or ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from reasongap.analysis.evidence import Evidence
from reasongap.analysis.items import check_lengths
from reasongap.domain import MACHINERY, Composition, Key, Record
from reasongap.errors import UsageError
from reasongap.models.seam import ModelSpec
from reasongap.runs.folder import RunFolder, read_run
from reasongap.runs.manifest import asked_otherwise, differing, told_otherwise

T = TypeVar("T")
_SHAPING = ("problems", "seed", "sandbox", "limits", "allow_import", "grading", "rule", "tolerance")
"""Conditions that shape answers or their grades; `rescore` sets the last two."""


def read_runs(paths: Sequence[Path]) -> Evidence:
    """What the run folders hold together. Raises `BadFile`, `BadRow`, and what `merge` does."""
    return merge([read_run(path, lean=True) for path in paths])


def merge(folders: Sequence[RunFolder]) -> Evidence:
    """The runs as one, by question: an answer given twice counts once, the latest graded one.

    Raises `UsageError` where runs contradict each other: chains of another length, another
    composition of the same id, one source problem in two blocks, a model or a strategy asked
    in two ways.
    """
    if not folders:
        raise UsageError("no run is named. Name at least one run folder")
    _check_lengths(folders)
    specs: dict[str, ModelSpec] = {}
    strategies: dict[str, str] = {}
    items: dict[str, Composition] = {}
    for run in folders:
        for name, spec in run.manifest.models.items():
            _agree(f"model {name}", run, asked_otherwise(specs.get(name, spec), spec))
            specs[name] = spec
        for name, told in run.manifest.strategies.items():
            if (known := strategies.setdefault(name, told)) != told:
                _agree(f"strategy {name}", run, {"settings": told_otherwise(known, told)})
        for item in run.compositions:
            before = items.setdefault(item.id, item)
            _agree(f"composition {item.id}", run, differing(_asked(before), _asked(item)))
    _check_blocks(folders)
    ordered = sorted(specs.items(), key=lambda pair: (pair[1].size is None, pair[1].size or 0.0))
    return Evidence(
        specs=dict(ordered),
        strategies=tuple(strategies),
        compositions=items,
        records=tuple(_latest(record for run in folders for record in run.records).values()),
        folders=tuple(str(run.path) for run in folders),
        created=tuple(run.manifest.created for run in folders),
        notes=tuple(_notes(folders)),
    )


def _agree(what: str, run: RunFolder, differences: Mapping[str, tuple[object, object]]) -> None:
    if differences:
        listed = "; ".join(f"{n}: there {a!r}, here {b!r}" for n, (a, b) in differences.items())
        raise UsageError(
            f"{what} is another in {run.path} than in the runs before it ({listed}). "
            "Report these runs apart"
        )


def _asked(item: Composition) -> Mapping[str, object]:
    questions = {f"hop {i}": hop.question for i, hop in enumerate(item.hops, 1)}
    answers = {f"answer of hop {i}": str(hop.answer) for i, hop in enumerate(item.hops, 1)}
    return questions | answers


def _check_lengths(folders: Sequence[RunFolder]) -> None:
    """One length for all; a run's own compositions all have that of the first."""
    lengths: dict[int, list[str]] = {}
    for run in folders:
        for item in run.compositions[:1]:
            lengths.setdefault(len(item.hops), []).append(str(run.path))
    check_lengths(lengths)


def _check_blocks(folders: Sequence[RunFolder]) -> None:
    """Clusters must be those of one pairing, else the intervals are too narrow."""
    homes: dict[str, tuple[str, RunFolder]] = {}
    for run in folders:
        for item in run.compositions:
            for hop in item.hops:
                block, other = homes.setdefault(hop.source, (item.block, run))
                if block != item.block and other is not run:
                    raise UsageError(
                        f"{run.path} and {other.path} pair the same problems in different blocks "
                        f"({hop.source} in {item.block} and in {block}): they were composed with "
                        "different seeds or sizes. Report them apart"
                    )


def _latest(records: Iterable[Record]) -> dict[Key, Record]:
    """By key the record that began last; a graded answer stands before a failed call."""
    found: dict[Key, Record] = {}
    for record in records:
        old = found.get(record.key)
        if old is None or _rank(record) >= _rank(old):
            found[record.key] = record
    return found


def _rank(record: Record) -> tuple[bool, float]:
    return record.outcome not in MACHINERY, record.started


def _notes(folders: Sequence[RunFolder]) -> Iterable[str]:
    """Conditions in which the runs differ, and that a reader should know."""
    for name in _SHAPING:
        values = (run.manifest.conditions.get(name) or "the default" for run in folders)
        if len(told := list(dict.fromkeys(values))) > 1:
            yield f"the runs differ in {name}: {', '.join(told)}"
    places: dict[str, dict[str, None]] = {}
    for run in folders:
        for name, spec in run.manifest.models.items():
            places.setdefault(name, {})[spec.api_base or "its provider"] = None
    for name, served in places.items():
        if len(served) > 1:
            yield f"{name} was served by {' and '.join(served)}, taken to be the same"
