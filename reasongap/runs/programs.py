"""Programs from a file: the stream that `reasongap exec --jsonl` runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from reasongap.domain import Program
from reasongap.errors import BadRow
from reasongap.problems.files import json_lines


class ProgramRow(BaseModel):
    """A row of the file. More fields pass."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str
    code: str
    hop_functions: tuple[str, ...] = ()


def read_programs(path: Path) -> Iterator[tuple[str, Program]]:
    """The programs of a file by id, in its order. Raises `BadFile` and `BadRow`."""
    for line, row in json_lines(path):
        try:
            read = ProgramRow.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            why = f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
            raise BadRow(str(path), line, why, "A row holds id and code") from error
        yield read.id, Program(read.code, hop_functions=read.hop_functions)
