"""The journal of a run: one record a line, appended by a single writer, never rewritten."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from reasongap.domain import Key, Record
from reasongap.errors import BadFile, BadRow
from reasongap.runs.rows import from_line, to_line

NAME = "records.jsonl"


def read_records(folder: Path) -> dict[Key, Record]:
    """The records of a run folder by key; where a question was asked again, the last one.

    A torn last line (the writer was killed) is left out. Raises `BadRow` for any other
    line that is no record.
    """
    return {record.key: record for record in _lines(folder / NAME)}


def _lines(path: Path) -> Iterator[Record]:
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield from_line(line)
            except ValidationError as error:
                why = f"no record: {error.errors()[0]['msg']}"
                raise BadRow(str(path), number, why, "Remove the line to go on") from error


@dataclass
class Journal:
    """The writer of records.jsonl; a second writer of the same folder is refused.

    Each record is one write; the file is synced at least every `every` seconds while
    records arrive, and on close.
    """

    folder: Path
    every: float = 1.0

    def __enter__(self) -> Journal:
        path = self.folder / NAME
        try:
            self._file: BinaryIO = path.open("ab", buffering=0)
        except OSError as error:
            raise BadFile(str(path), f"cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise BadFile(
                str(path),
                "another process is writing this run",
                "Wait for it, or use another --out",
            ) from error
        self._drop_torn_line(path)
        self._synced = time.monotonic()
        return self

    def _drop_torn_line(self, path: Path) -> None:
        whole = path.read_bytes().rfind(b"\n") + 1
        os.truncate(path, whole)

    def write(self, record: Record) -> None:
        """Append one record."""
        self._file.write(to_line(record))
        if time.monotonic() - self._synced > self.every:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def __exit__(self, *_: object) -> None:
        os.fsync(self._file.fileno())
        self._file.close()
