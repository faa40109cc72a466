"""Problems from JSON-lines files: a user's, a minted one, or a data set's rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reasongap.domain import Problem
from reasongap.errors import BadFile, BadRow
from reasongap.problems.rows import GSM8K_COLUMNS, Columns, read_row


@dataclass(frozen=True)
class FileSource:
    """The problems of a JSON-lines file, one object a line, read as a stream."""

    path: Path
    columns: Columns = GSM8K_COLUMNS

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def load(self) -> Iterator[Problem]:
        """The problems in the file's order. Raises BadFile and BadRow."""
        return read_problems(self.path, self.columns)


def read_problems(
    path: Path, columns: Columns = GSM8K_COLUMNS, source: str | None = None
) -> Iterator[Problem]:
    """The problems of a file, one at a time; `source` is what their ids begin with.

    Raises BadFile for a file that is missing, empty or holds compositions, BadRow for a row
    that is broken.
    """
    if is_composition_file(path):
        raise BadFile(str(path), "holds compositions, not problems", "Use it without composing")
    for line, row in json_lines(path):
        yield read_row(row, columns, str(path), line, source or path.stem)


def is_composition_file(path: Path) -> bool:
    """Whether the path is a file whose first row has a composition's hops. Raises BadFile."""
    if not is_file(path):
        return False
    with _readable(path), path.open("rb") as file:
        first = next(filter(bytes.strip, file), b"")
    try:
        row = json.loads(first)
    except ValueError:
        return False
    return isinstance(row, dict) and isinstance(row.get("hops"), list)


def is_file(path: Path) -> bool:
    """Whether the path is a file. Raises BadFile where nobody may say."""
    with _readable(path):
        return path.is_file()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadFile(str(path), f"cannot be read ({error.strerror})", "Check the path") from error


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Line number (from 1) and object of every line that is not blank.

    Raises BadFile for a file that cannot be read or holds no row, BadRow for a line that is
    no JSON object.
    """
    empty = True
    with _readable(path), path.open("rb") as file:
        for line, text in enumerate(file, 1):
            if text.strip():
                empty = False
                yield line, json_object(text, path, line)
    if empty:
        raise BadFile(str(path), "is empty", "Give a file with one JSON object a line")


def json_object(text: bytes, path: Path, line: int) -> dict[str, object]:
    """The object of a line of `path`. Raises BadRow where it is none."""
    try:
        row = json.loads(text)
    except ValueError as error:
        raise BadRow(str(path), line, f"no valid JSON ({error})") from error
    if not isinstance(row, dict):
        raise BadRow(str(path), line, f"no JSON object but {str(row)[:40]!r}")
    return row
