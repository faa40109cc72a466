"""Replies are kept before they are used, asked for once, and never mixed up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Message, Request, Usage
from reasongap.errors import DiskFailed, Transient
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.runs.cache import ReplyCache, cache_key
from reasongap.runs.cached_model import CachedModel

ASKED = Request(messages=(Message("user", "3 cats?"),))


@pytest.fixture
def cache(tmp_path: Path) -> ReplyCache:
    return ReplyCache(tmp_path / "replies.sqlite")


def test_a_reply_comes_back_whole(cache: ReplyCache) -> None:
    given = Completion(ASKED, "12 ✓", "length", Usage(5, 2, 1), 0.25, 1.5, "m-2", ("seed",))
    model = CachedModel(ScriptedModel([given]), cache)
    first = anyio.run(model.complete, ASKED)
    again = anyio.run(model.complete, ASKED)
    assert again == first
    assert again.text == "12 ✓"
    assert again.usage == Usage(5, 2, 1)
    assert model.hits == 1


def test_the_reply_is_on_disk_before_it_is_returned(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    model = CachedModel(ScriptedModel(["12"]), ReplyCache(path))
    anyio.run(model.complete, ASKED)
    key = cache_key(model.spec, model.spec.fill(ASKED), 0)
    found = ReplyCache(path).get(key)
    assert found is not None
    assert found.text == "12"


@pytest.mark.parametrize(
    "other",
    [
        {"sample": 1},
        {"temperature": 0.5},
        {"max_tokens": 9},
        {"seed": 3},
        {"stop": ("\n",)},
        {"messages": (Message("user", "4 cats?"),)},
        {"messages": (), "prompt": "3 cats?"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_shapes_a_reply_is_in_its_key(other: dict[str, object]) -> None:
    spec = ModelSpec("m")
    changed = replace(ASKED, **other)  # type: ignore[arg-type]
    assert cache_key(spec, spec.fill(changed), 0) != cache_key(spec, spec.fill(ASKED), 0)


@pytest.mark.parametrize("change", ["name", "api_base", "form", "weights"])
def test_whoever_gives_a_reply_is_in_its_key(change: str) -> None:
    spec = ModelSpec("m")
    other = replace(spec, **{change: "base"})  # type: ignore[arg-type]
    assert cache_key(other, ASKED, 0) != cache_key(spec, ASKED, 0)


def test_repeats_are_asked_for_each(cache: ReplyCache) -> None:
    model = ScriptedModel(["a", "b"])
    texts = [
        anyio.run(CachedModel(model, cache, repeat).complete, ASKED).text for repeat in (0, 1, 0)
    ]
    assert texts == ["a", "b", "a"]


def test_the_same_question_in_flight_twice_is_sent_once(cache: ReplyCache) -> None:
    script = ScriptedModel(["a"])
    model = CachedModel(script, cache)

    async def twice() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(model.complete, ASKED)
            group.start_soon(model.complete, ASKED)

    anyio.run(twice)
    assert len(script.requests) == 1


def test_replies_that_are_known_leave_others_their_turn(cache: ReplyCache) -> None:
    model = CachedModel(ScriptedModel(["a"]), cache)
    anyio.run(model.complete, ASKED)
    left: list[int] = []

    async def ask(times: int) -> None:
        for _ in range(times):
            await model.complete(ASKED)
        left.append(times)

    async def at_once() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(ask, 50)
            group.start_soon(ask, 1)

    anyio.run(at_once)
    assert left == [1, 50]


def test_an_error_is_not_kept(cache: ReplyCache) -> None:
    model = CachedModel(ScriptedModel([Transient("m", "503"), "12"]), cache)
    with pytest.raises(Transient):
        anyio.run(model.complete, ASKED)
    assert anyio.run(model.complete, ASKED).text == "12"
    assert cache.calls_cut_off() == []


def test_without_reading_another_runs_reply_is_asked_for_and_its_own_is_not(tmp_path: Path) -> None:
    script = ScriptedModel(["old", "new"])
    old, new = (ReplyCache(tmp_path / "replies.sqlite", run) for run in ("one", "two"))
    anyio.run(CachedModel(script, old).complete, ASKED)
    for _ in range(2):
        assert anyio.run(CachedModel(script, new, read=False).complete, ASKED).text == "new"
    assert anyio.run(CachedModel(script, old).complete, ASKED).text == "old"
    third = ReplyCache(tmp_path / "replies.sqlite", "three")
    assert anyio.run(CachedModel(script, third).complete, ASKED).text == "new"
    assert len(script.requests) == 2


def test_a_call_that_was_cut_off_stays_listed(cache: ReplyCache) -> None:
    class Hanging(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            await anyio.sleep_forever()
            raise AssertionError

    async def cut() -> None:
        with anyio.move_on_after(0.2):
            await CachedModel(Hanging([]), cache).complete(ASKED)

    anyio.run(cut)
    assert [call.model for call in cache.calls_cut_off()] == ["scripted"]


def test_a_file_that_is_no_cache_is_named(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    path.write_text("not a database, however long this line may be" * 50)
    with pytest.raises(DiskFailed, match=r"replies\.sqlite"):
        ReplyCache(path)
