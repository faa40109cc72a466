"""A run's folder as it begins: made where it is not there, gone again where nothing came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from reasongap.errors import BudgetStop, EndpointDead, QuotaGone
from reasongap.runs.budget import NAME as SPENDING
from reasongap.runs.budget import Spending, read_spending
from reasongap.runs.calling import REPLIES
from reasongap.runs.folder import COMPOSITIONS
from reasongap.runs.manifest import NAME as MANIFEST
from reasongap.runs.outcomes import Outcomes
from reasongap.runs.writing import refused

RESUMABLE = (BudgetStop, EndpointDead, QuotaGone)
"""Failures that tell the user to go on with the run, even where it has no answer yet."""


def make_folder(folder: Path) -> list[Path]:
    """Make it where it is not there; what was made, the innermost first.

    Raises `BadFile`, or `DiskFailed` where the disk is full.
    """
    made: list[Path] = []
    try:
        made += [place for place in (folder, *folder.parents) if not place.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(made)
        raise refused(folder, error, "Name another folder with --out", "made") from error
    return made


@contextmanager
def provisional(folder: Path) -> Iterator[None]:
    """The folder, made where it is not there, and gone again where the context leaves it empty.

    Raises as `make_folder` does.
    """
    made = make_folder(folder)
    try:
        yield
    except BaseException:
        _remove_empty(made)
        raise


@contextmanager
def withdrawn(folder: Path, outcomes: Outcomes) -> Iterator[None]:
    """A run that is new in the folder is gone again where it fails before it is worth going on.

    That is, with no call sent that may have been answered, unless the failure is one to resume
    from. Enter it with the folder's journal open: no other writer is there then.
    """
    before = set(_made_by_a_run(folder))
    try:
        yield
    except RESUMABLE:
        raise
    except BaseException:
        new = folder / MANIFEST not in before
        if new and not outcomes and read_spending(folder) == Spending():
            for path in set(_made_by_a_run(folder)) - before:
                path.unlink(missing_ok=True)
        raise


def _made_by_a_run(folder: Path) -> Iterator[Path]:
    names = (MANIFEST, COMPOSITIONS, SPENDING, f"{REPLIES}*")
    return chain.from_iterable(map(folder.glob, names))


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
