"""The journal of a run: one record a line, appended by a single writer, never rewritten."""

from __future__ import annotations

import fcntl
import os
import shlex
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from reasongap.domain import Key, Record
from reasongap.errors import BadFile, BadRow, DiskFailed
from reasongap.runs.lean import Lean
from reasongap.runs.manifest import NAME as MANIFEST
from reasongap.runs.outcomes import Outcomes
from reasongap.runs.rows import from_line, key_and_outcome, to_line
from reasongap.runs.writing import refused, told

NAME = "records.jsonl"
DAMAGED = "records.damaged.jsonl"
LOCK = "lock"
REMEDY = "What was answered is kept; make room or give access, and run the command again"


def read_records(folder: Path, *, lean: bool = False) -> dict[Key, Record]:
    """The records of a run folder by key; where a question was asked again, the last one.

    `lean` ones are what analyses need, in a quarter of the memory. A torn last line (the
    writer was killed, or is at work) is left out. Raises `BadFile` for a file that cannot be
    read, `BadRow` for any other line that is no record.
    """
    records = _records(folder / NAME)
    return {record.key: record for record in (map(Lean(), records) if lean else records)}


def read_outcomes(folder: Path) -> Outcomes:
    """The latest outcome of each key; lines that are no record are passed over.

    Raises `BadFile`.
    """
    found = Outcomes()
    for _, line in _whole_lines(folder / NAME):
        with suppress(ValueError, KeyError, TypeError):
            found.note(*key_and_outcome(line))
    return found


def _records(path: Path) -> Iterator[Record]:
    for number, line in _whole_lines(path):
        try:
            yield from_line(line)
        except ValidationError as error:
            why = f"no record: {error.errors()[0]['msg']}"
            command = f"reasongap resume {shlex.quote(str(path.parent))}"
            remedy = f"`{command}` sets it aside and asks its question again"
            raise BadRow(str(path), number, why, remedy) from error


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as lines:
            yield from ((i, line) for i, line in enumerate(lines, 1) if line.endswith(b"\n"))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        why, remedy = f"cannot be read ({error.strerror})", "Give access to it"
        raise BadFile(str(path), why, remedy) from error


class Journal:
    """The writer of records.jsonl; a second writer of the same folder is refused.

    Each record is one write; the file is synced at least every `every` seconds while
    records arrive, and on close. On entry the file is read: `outcomes` knows the latest one
    of each key. What a kill or a bad disk left behind is mended, and `mended` says so: a torn
    last line is dropped, and damaged ones are moved to records.damaged.jsonl. Their questions
    count as not asked; their replies are in the cache as a rule. Where the context fails
    before the folder has a manifest, files that were made here and hold nothing go again.
    """

    def __init__(self, folder: Path, every: float = 1.0) -> None:
        self.folder, self.every = folder, every
        self.path = folder / NAME
        self.outcomes = Outcomes()
        self.mended: list[str] = []

    def __enter__(self) -> Journal:
        lock = self.folder / LOCK
        try:
            self._made = [path for path in (lock, self.path) if not path.exists()]
            self._lock = lock.open("ab")
            self._take_lock()
            self._open()
        except OSError as error:
            raise refused(self.path, error, "Give access, or name another folder") from error
        self._synced = time.monotonic()
        return self

    def _open(self) -> None:
        try:
            self._mend()
            self._file: BinaryIO = self.path.open("ab", buffering=0)
            self._size = self.path.stat().st_size
        except BaseException:
            self._unmake()
            self._lock.close()
            raise

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise BadFile(
                str(self.folder),
                "another process is writing this run",
                "Wait for it, or use another --out",
            ) from error

    def _mend(self) -> None:
        """Read the outcomes; drop a torn last line, set damaged ones aside."""
        whole, damaged = 0, []
        for number, line in _whole_lines(self.path):
            whole += len(line)
            try:
                key, outcome = key_and_outcome(line)
            except (ValueError, KeyError, TypeError):
                damaged.append(number)
            else:
                self.outcomes.note(key, outcome)
        if self.path.exists() and self.path.stat().st_size > whole:
            os.truncate(self.path, whole)
            self.mended.append(f"{self.path}: the last line was torn and is dropped")
        if damaged:
            self._set_aside(frozenset(damaged))
            lines = ", ".join(map(str, damaged[:5])) + (", …" if len(damaged) > 5 else "")
            self.mended.append(
                f"{self.path}: {len(damaged)} damaged lines ({lines}) are moved to {DAMAGED}, "
                "and their questions are asked again"
            )

    def _set_aside(self, damaged: frozenset[int]) -> None:
        fresh = self.path.with_suffix(".tmp")
        with (self.folder / DAMAGED).open("ab") as aside, fresh.open("wb") as kept:
            for number, line in _whole_lines(self.path):
                (aside if number in damaged else kept).write(line)
            for file in (aside, kept):
                file.flush()
                os.fsync(file.fileno())
        fresh.replace(self.path)

    def write(self, record: Record) -> None:
        """Append one record, whole or not at all. Raises `DiskFailed`, on a full disk say."""
        line = to_line(record)
        try:
            with told(self.path, REMEDY):
                written = self._file.write(line)
                while written < len(line):
                    written += self._file.write(line[written:])
                if time.monotonic() - self._synced > self.every:
                    self._sync()
        except DiskFailed:
            with suppress(OSError):
                os.truncate(self.path, self._size)
            raise
        self._size += len(line)
        self.outcomes.note(record.key, record.outcome)

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def _unmake(self) -> None:
        """Remove what was made here and is empty, unless a run is written down here."""
        with suppress(OSError):
            for path in () if (self.folder / MANIFEST).exists() else self._made:
                if path.exists() and not path.stat().st_size:
                    path.unlink()

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        with self._lock, self._file:
            if failed:
                self._unmake()
                # What failed first is what counts.
                with suppress(OSError):
                    self._sync()
            else:
                with told(self.path, REMEDY):
                    self._sync()
