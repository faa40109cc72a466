"""Programs from a file: the stream that `reasongap exec --jsonl` runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from reasongap.domain import Program
from reasongap.runs.inputs import checked_rows


class ProgramRow(BaseModel):
    """A row of the file. More fields pass; minted problems have theirs in `program`."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str | None = None
    code: str = Field(validation_alias=AliasChoices("code", "program"))
    hop_functions: tuple[str, ...] = ()


def read_programs(path: Path) -> Iterator[tuple[str, Program]]:
    """The programs of a file by id, or by line where they have none, in its order.

    Raises `BadFile` and `BadRow`.
    """
    for line, row in checked_rows(path, ProgramRow):
        yield row.id or str(line), Program(row.code, hop_functions=row.hop_functions)
