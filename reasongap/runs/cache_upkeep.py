"""Looking after the reply cache: what it holds, throwing old replies away, mending it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from pydantic import ValidationError

from reasongap.errors import BadFile
from reasongap.runs.cache import Damaged, ReplyCache, read_reply

_SMALLEST = 200
"""Bytes that a row takes at least."""


@dataclass(frozen=True)
class Holding:
    """What a cache holds of one model: replies, their bytes, Unix times of first and last."""

    model: str
    replies: int
    bytes: int
    first: float
    last: float


def holdings(cache: ReplyCache) -> list[Holding]:
    """What a cache holds, by model. Raises `DiskFailed`."""
    rows = cache.ask(
        "SELECT model, count(*), sum(length(text)), min(arrived), max(arrived) "
        "FROM reply GROUP BY model ORDER BY model"
    )
    return [Holding(*row) for row in rows]


def prune(cache: ReplyCache, before: float | None, model: str | None) -> int:
    """Remove replies that arrived before a Unix time, of one model; None: of any.

    Returns how many; the file shrinks. Raises `DiskFailed`.
    """
    removed = cache.ask(
        "DELETE FROM reply WHERE (? IS NULL OR arrived < ?) AND (? IS NULL OR model = ?) "
        "RETURNING 1",
        (before, before, model, model),
    )
    cache.ask("VACUUM")
    return len(removed)


def mend(path: Path) -> tuple[int, int, Path]:
    """Put a fresh file with all that can be read in the place of a damaged one.

    The old file stays beside it, its name ending in ".damaged", or ".damaged2" … where there
    is one from before. No run may use it meanwhile. Returns how many replies were kept, at most
    how many were not, and the old file's place. Raises `BadFile` where there is none, and
    `DiskFailed`.
    """
    fresh, old = path.with_name(f"{path.name}.mended"), _unused(path)
    fresh.unlink(missing_ok=True)
    kept = lost = 0
    with closing(ReplyCache(fresh)) as cache:
        for row in _rows(path):
            if row is None:
                lost += 1
            else:
                kept += 1
                cache.ask("INSERT OR REPLACE INTO reply VALUES (?, ?, ?, ?, ?, ?)", row)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(old)
    fresh.replace(path)
    return kept, lost, old


def _unused(path: Path) -> Path:
    """Where an old file goes, with no other in its place."""
    names = (f"{path.name}.damaged{number}" for number in chain(("",), count(2)))
    return next(place for place in map(path.with_name, names) if not place.exists())


def _rows(path: Path) -> Iterator[tuple[object, ...] | None]:
    """The replies of a file that may be damaged anywhere, None for each that cannot be read.

    Row by row, for a scan ends at the first page that is damaged.
    """
    if not path.is_file():
        raise BadFile(str(path), "there is no reply cache")
    with closing(sqlite3.connect(path)) as db:
        try:
            db.execute("SELECT name FROM sqlite_master").fetchall()
        except sqlite3.DatabaseError:
            return
        try:
            last = db.execute("SELECT max(rowid) FROM reply").fetchone()[0] or 0
        except sqlite3.DatabaseError:
            last = path.stat().st_size // _SMALLEST
        for number in range(1, last + 1):
            try:
                row = db.execute("SELECT * FROM reply WHERE rowid = ?", (number,)).fetchone()
                if row is not None:
                    read_reply(row[3], row[4])
                    yield row
            except (sqlite3.DatabaseError, ValidationError, Damaged):
                yield None
