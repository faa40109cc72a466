"""Rows of a user's file, checked against the shape that they should have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reasongap.errors import BadRow
from reasongap.problems.files import json_lines

Row = TypeVar("Row", bound=BaseModel)


def checked_rows(path: Path, shape: type[Row]) -> Iterator[tuple[int, Row]]:
    """Line number (from 1) and row, in the file's order.

    Raises `BadFile` for a file that cannot be read or is empty, `BadRow` naming the field
    that is missing or wrong, and the fields that a row needs.
    """
    for line, row in json_lines(path):
        try:
            yield line, shape.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            why = f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
            needed = [name for name, field in shape.model_fields.items() if field.is_required()]
            raise BadRow(str(path), line, why, f"A row holds {', '.join(needed)}") from error
