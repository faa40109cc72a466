"""Compositions in files: one JSON object a line, answers as exact strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from reasongap.answers import format_number, parse_number
from reasongap.domain import Composition, Hop
from reasongap.errors import BadFile, BadRow
from reasongap.problems.files import json_lines, json_object
from reasongap.problems.mentions import count_x


def _exact(text: object) -> Fraction:
    if isinstance(text, Fraction):
        return text
    if isinstance(text, str) and len(text) < 16 and text.isascii() and text.isdecimal():
        return Fraction(int(text))  # as parse_number does, many times faster
    number = parse_number(text) if isinstance(text, str) else None
    if number is None:
        raise ValueError(f'{text!r} is no number in quotes, such as "18" or "5/2"')
    return number


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(format_number)]


class HopRow(BaseModel):
    """A hop as a file holds it: `domain.Hop`."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, arbitrary_types_allowed=True)

    question: str
    answer: Exact
    source: str
    source_question: str | None = None
    source_answer: Exact | None = None
    replaced: str | None = None
    solution: str | None = None


class CompositionRow(BaseModel):
    """A composition as a file holds it: `domain.Composition`, its answer beside it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, arbitrary_types_allowed=True)

    id: str
    block: str
    answer: Exact
    hops: Annotated[list[HopRow], Field(min_length=2)]
    derivations: tuple[str, ...] = ()
    confirmed: bool = False


def composition_line(composition: Composition) -> str:
    """The composition as one line of JSON, without its end."""
    return CompositionRow.model_validate(composition).model_dump_json(exclude_none=True)


def write_compositions(path: Path, compositions: Iterable[Composition]) -> None:
    """Write a file that `read_compositions` reads back to the same. Raises BadFile."""
    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(composition_line(item) + "\n" for item in compositions)
    except OSError as error:
        raise BadFile(str(path), f"cannot be written ({error.strerror})") from error


def read_compositions(path: Path) -> list[Composition]:
    """The compositions of a file, in its order. Raises BadFile and BadRow."""
    return list(stream_compositions(path))


def stream_compositions(path: Path) -> Iterator[Composition]:
    """Those that `read_compositions` reads, one at a time, no id twice."""
    ids: set[str] = set()
    for line, row in json_lines(path):
        item = _composition(row, str(path), line)
        if item.id in ids:
            why = f"the id {item.id!r} stands in a row before it"
            raise BadRow(str(path), line, why, "Give each composition an id of its own")
        ids.add(item.id)
        yield item


def parse_composition(text: bytes, path: Path, line: int) -> Composition:
    """The composition of a line of `path`, the first being 1. Raises BadRow."""
    return _composition(json_object(text, path, line), str(path), line)


def _composition(row: dict[str, object], place: str, line: int) -> Composition:
    try:
        read = CompositionRow.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadRow(place, line, f"{field}: {first['msg']}") from error
    if read.answer != read.hops[-1].answer:
        raise BadRow(place, line, "the answer is not that of the last hop")
    for number, hop in enumerate(read.hops[1:], 2):
        if count_x(hop.question) != 1:
            raise BadRow(place, line, f"the question of hop {number} does not hold one lone X")
    hops = tuple(Hop(**dict(hop)) for hop in read.hops)
    return Composition(read.id, read.block, hops, read.derivations, read.confirmed)
