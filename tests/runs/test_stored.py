"""Compositions on disk are a sequence like any other."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from reasongap.domain import Composition
from reasongap.errors import BadFile, BadRow, DiskFailed
from reasongap.problems import write_compositions
from reasongap.runs.stored import StoredCompositions, ids_of, store
from tests.runs.studies import chain

ITEMS = [chain(i) for i in range(40)]


@pytest.fixture
def stored(tmp_path: Path) -> StoredCompositions:
    write_compositions(tmp_path / "chains.jsonl", ITEMS)
    return StoredCompositions.open(tmp_path / "chains.jsonl")


def test_it_holds_what_was_written(stored: StoredCompositions) -> None:
    assert list(stored) == ITEMS
    assert (stored[7], stored[-1], len(stored)) == (ITEMS[7], ITEMS[-1], 40)
    assert list(ids_of(stored)) == list(ids_of(ITEMS))
    assert stored.digest() == hashlib.sha256(stored.path.read_bytes()).hexdigest()
    with pytest.raises(IndexError):
        stored[40]


@pytest.mark.parametrize(
    "part", [slice(5), slice(5, 9), slice(-3, None), slice(9, 5), slice(0, 40, 7), slice(90)]
)
def test_a_part_is_that_of_a_list(stored: StoredCompositions, part: slice) -> None:
    assert list(stored[part]) == ITEMS[part]
    assert list(stored[3:30][part]) == ITEMS[3:30][part]


def test_an_id_is_found_however_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "chains.jsonl"
    names = ["plain", 'with "quotes"', "back\\slash", "é\n"]
    write_compositions(path, [replace(ITEMS[0], id=name) for name in names])
    row = json.loads(path.read_text().splitlines()[0])
    other = json.dumps({"block": row.pop("block"), **row})
    path.write_text(path.read_text() + other + "\n")
    assert list(StoredCompositions.open(path).ids()) == [*names, "plain"]


def test_it_reads_what_it_was_opened_on(stored: StoredCompositions) -> None:
    other = stored.path.with_name("other")
    write_compositions(other, ITEMS[:1])
    other.replace(stored.path)
    assert stored[39] == ITEMS[39]
    assert len(StoredCompositions.open(stored.path)) == 1


def test_lines_and_where_they_begin_are_of_one_file(
    stored: StoredCompositions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a writer puts another file in its place at any moment."""
    opening = os.open

    def replaced_first(path: Path, flags: int) -> int:
        other = stored.path.with_name("other")
        write_compositions(other, ITEMS[:-9:-1])
        other.replace(stored.path)
        return opening(path, flags)

    monkeypatch.setattr(os, "open", replaced_first)
    found = StoredCompositions.open(stored.path)
    monkeypatch.undo()
    assert list(found) == ITEMS[:-9:-1]


def test_a_source_that_fails_is_not_taken_for_the_file_of_ours(tmp_path: Path) -> None:
    async def unreadable() -> AsyncIterator[Composition]:
        yield ITEMS[0]
        raise PermissionError(13, "Permission denied", "c.jsonl")

    with pytest.raises(PermissionError, match=r"c\.jsonl"):
        anyio.run(store, tmp_path / "part", unreadable())


def test_a_disk_that_takes_no_more_is_told_under_the_name_that_the_file_will_have() -> None:
    with pytest.raises(DiskFailed, match=r"run/c\.jsonl: cannot be written"):
        anyio.run(store, Path("/dev/full"), ITEMS, Path("run/c.jsonl"))


def test_what_comes_one_by_one_or_from_a_file_is_stored_alike(
    stored: StoredCompositions, tmp_path: Path
) -> None:
    async def one_by_one() -> AsyncIterator[Composition]:
        for item in ITEMS:
            yield item

    async def copies() -> list[Sequence[Composition]]:
        sources: tuple[Any, ...] = (one_by_one(), ITEMS, stored)
        return [await store(tmp_path / f"{i}", source) for i, source in enumerate(sources)]

    for copy in anyio.run(copies):
        assert list(copy) == ITEMS


def test_a_line_that_is_no_composition_is_named_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "chains.jsonl"
    write_compositions(path, ITEMS[:2])
    path.write_bytes(path.read_bytes() + b'{"id":"odd"}\n')
    damaged = StoredCompositions.open(path)
    assert damaged[1] == ITEMS[1]
    with pytest.raises(BadRow, match="row 3"):
        damaged[2]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        StoredCompositions.open(tmp_path / "none.jsonl")
