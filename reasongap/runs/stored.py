"""Compositions on disk, any number of them, read one at a time: eight bytes of memory each."""

from __future__ import annotations

import hashlib
import json
import os
import re
from array import array
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Self, overload

from reasongap.domain import Composition, Hop
from reasongap.errors import BadFile
from reasongap.problems.compositions import composition_line, parse_composition
from reasongap.runs.writing import told, writing

RECENT = 16
"""Compositions that are kept in memory: all settings of one are asked in a row."""

_ID = re.compile(rb'\{"id":("[^"\\]*")')


class _File:
    """A file that is read in any order, and closed with the last who reads it."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


class StoredCompositions(Sequence[Composition]):
    """Compositions in a file of ours, a line each: `ends[i]` is where line i begins.

    A part of them is one too. The file is read as it was when it was opened, also if another
    takes its name. Raises `BadRow`, naming `path`, when a line is read that holds no composition.
    """

    def __init__(self, path: Path, file: _File, ends: array[int]) -> None:
        self.path, self._file, self._ends = path, file, ends
        self._recent: dict[int, Composition] = {}

    @classmethod
    def open(cls, path: Path, called: Path | None = None) -> Self:
        """Those of a file, which errors name as `called`. Raises `BadFile`."""
        called, ends = called or path, array("Q", [0])
        try:
            file = _File(os.open(path, os.O_RDONLY))
            with os.fdopen(file.number, "rb", closefd=False) as lines:
                for line in lines:
                    ends.append(ends[-1] + len(line))
        except OSError as error:
            raise BadFile(str(called), f"cannot be read ({error.strerror})") from error
        return cls(called, file, ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> Composition: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Composition]: ...
    def __getitem__(self, place: int | slice) -> Composition | Sequence[Composition]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            if step != 1:
                return [self[one] for one in range(start, stop, step)]
            ends = self._ends[start : max(start, stop) + 1]
            return StoredCompositions(self.path, self._file, ends)
        return self._read(range(len(self))[place])

    def __iter__(self) -> Iterator[Composition]:
        for number, line in enumerate(self.lines(), 1):
            yield parse_composition(line, self.path, number)

    def lines(self, start: int = 0) -> Iterator[bytes]:
        """The lines as they are, each with its end, from place `start` on."""
        return map(self._line, range(start, len(self)))

    def ids(self) -> Iterator[str]:
        """The ids alone, many times faster than the whole."""
        for place, line in enumerate(self.lines()):
            found = _ID.match(line)
            yield json.loads(found[1]) if found else self[place].id

    def digest(self) -> str:
        """A hash of all of them."""
        whole = hashlib.sha256()
        for line in self.lines():
            whole.update(line)
        return whole.hexdigest()

    def _read(self, place: int) -> Composition:
        if place not in self._recent:
            if len(self._recent) == RECENT:
                del self._recent[next(iter(self._recent))]
            self._recent[place] = parse_composition(self._line(place), self.path, place + 1)
        return self._recent[place]

    def _line(self, place: int) -> bytes:
        start, end = self._ends[place], self._ends[place + 1]
        return os.pread(self._file.number, end - start, start)


def ids_of(compositions: Sequence[Composition]) -> Iterator[str]:
    """The ids of compositions, wherever they are."""
    if isinstance(compositions, StoredCompositions):
        return compositions.ids()
    return (item.id for item in compositions)


def first_difference(
    held: StoredCompositions, now: Sequence[Composition]
) -> tuple[str, str, str] | None:
    """Where neither is a beginning of the other: the place, and what either holds there.

    How a line is written does not count, nor whether a program confirmed it. Raises `BadRow`.
    """
    for place, (old, new) in enumerate(zip(held.lines(), _lines_of(now), strict=False)):
        if old != new and (differing := _differing(held[place], now[place])):
            return f"composition {place + 1}", *differing
    return None


def _differing(old: Composition, new: Composition) -> tuple[str, str] | None:
    """What tells two compositions apart, as briefly as it can be said."""
    pairs: list[tuple[object, object]] = [(old.id, new.id), (len(old.hops), len(new.hops))]
    for before, now in zip(old.hops, new.hops, strict=False):
        pairs += [(getattr(before, each.name), getattr(now, each.name)) for each in fields(Hop)]
    pairs.append((old.block, new.block))
    differing = next((pair for pair in pairs if pair[0] != pair[1]), None)
    if differing is None:
        return None
    told = (str(side) for side in differing)
    one, other = told if differing[0] == old.id else (f"{old.id}: {side}" for side in told)
    return one, other


async def store(
    path: Path,
    compositions: Iterable[Composition] | AsyncIterator[Composition],
    called: Path | None = None,
) -> StoredCompositions:
    """Compositions, written to a file as they come and read from there.

    Errors name the file as `called`. Raises `DiskFailed`, and what the compositions raise.
    """
    called = called or path
    with told(called):
        file = path.open("wb")
    with writing(file, called) as write:
        if isinstance(compositions, AsyncIterator):
            async for item in compositions:
                write(_line_of(item))
        else:
            for line in _lines_of(compositions):
                write(line)
    return StoredCompositions.open(path, called)


def _lines_of(compositions: Iterable[Composition]) -> Iterator[bytes]:
    if isinstance(compositions, StoredCompositions):
        return compositions.lines()
    return map(_line_of, compositions)


def _line_of(composition: Composition) -> bytes:
    return composition_line(composition).encode() + b"\n"
