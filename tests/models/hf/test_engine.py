"""The thread that answers: batches, one checkpoint at a time, and what goes wrong."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from reasongap.domain import Request
from reasongap.errors import ReasongapError, UnknownModel
from reasongap.models.hf import engine as room
from reasongap.models.hf.checkpoint import find_checkpoint
from reasongap.models.hf.decoding import Ask, Generated, More, answer
from reasongap.models.hf.engine import Engine, Source
from reasongap.models.hf.network import Batch, Network
from tests.models.hf.tiny import save_adapter, save_model

pytestmark = pytest.mark.needs("hf")

ASKED = Request(prompt="What is 1 plus 2?", max_tokens=6)


def source_of(folder: Path) -> Source:
    found = find_checkpoint(str(folder))
    return Source(found, found.digest)


@pytest.fixture
def source(tiny: Path) -> Source:
    return source_of(tiny)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many asks each batch held."""
    sizes: list[int] = []

    def counted(network: Network, asks: list[Ask], more: More) -> None:
        sizes.append(len(asks))
        answer(network, asks, more)

    monkeypatch.setattr(room, "answer", counted)
    return sizes


async def several(engine: Engine, calls: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """What these give, all of them asked before the engine's thread looks at the first."""
    found: list[Any] = [None] * len(calls)
    asked = threading.Event()
    engine._thread.submit(asked.wait)

    async def one(i: int) -> None:
        found[i] = await calls[i]()

    async with anyio.create_task_group() as group:
        for i in range(len(calls)):
            group.start_soon(one, i)
        await anyio.wait_all_tasks_blocked()
        asked.set()
    return found


def test_calls_in_flight_are_one_batch(source: Source, batches: list[int]) -> None:
    async def run() -> list[Generated]:
        engine = Engine()
        return await several(engine, [lambda: engine.generate(source, "tiny", ASKED)] * 5)

    replies = anyio.run(run)
    assert batches == [5]
    assert len({reply.text for reply in replies}) == 1


def test_one_checkpoint_is_in_memory_and_serves_all_that_wait_for_it(
    source: Source, tmp_path: Path, batches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = source_of(save_model(tmp_path, seed=1))
    loaded: list[Source] = []
    load = Source.load

    def noted(self: Source, threads: int | None) -> Network:
        loaded.append(self)
        return load(self, threads)

    monkeypatch.setattr(Source, "load", noted)

    async def run() -> list[Generated]:
        engine = Engine()
        first = await engine.generate(source, "tiny", ASKED)
        turns = [other, source, other, source]
        calls = [partial(engine.generate, own, "either", ASKED) for own in turns]
        return [first, *await several(engine, calls)]

    first, *rest = anyio.run(run)
    assert loaded == [source, other]
    assert [reply.text == first.text for reply in rest] == [False, True, False, True]


def test_unloading_gives_the_memory_back_and_the_next_call_loads_again(source: Source) -> None:
    async def run() -> bool:
        engine = Engine()
        await engine.generate(source, "tiny", ASKED)
        assert engine._loaded
        network = weakref.ref(engine._loaded[1])
        await engine.unload(source)
        await engine.unload(source)
        gc.collect()
        assert network() is None
        return bool(await engine.generate(source, "tiny", ASKED))

    assert anyio.run(run)


def test_a_cancelled_call_returns_at_once_and_ends_its_batch(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Request(prompt="What is 1 plus 2?", max_tokens=4000)
    begun, steps = threading.Event(), 0
    advance = Batch.advance

    def noted(self: Batch, tokens: Sequence[int]) -> None:
        nonlocal steps
        steps += 1
        begun.set()
        advance(self, tokens)

    monkeypatch.setattr(Batch, "advance", noted)

    async def run() -> Generated:
        engine = Engine()
        async with anyio.create_task_group() as group:
            group.start_soon(engine.generate, source, "tiny", endless)
            await anyio.to_thread.run_sync(begun.wait)
            group.cancel_scope.cancel()
        return await engine.generate(source, "tiny", ASKED)

    assert anyio.run(run).tokens == 6
    assert steps < 2000, "nobody waited for the other tokens"


def test_what_cannot_be_loaded_is_told_to_all_who_wait(tmp_path: Path) -> None:
    folder = save_model(tmp_path)
    (folder / "model.safetensors").write_bytes(b"no weights")
    broken = source_of(folder)
    errors: list[ReasongapError] = []

    async def ask(engine: Engine) -> None:
        try:
            await engine.generate(broken, "hf/broken", ASKED)
        except ReasongapError as error:
            errors.append(error)

    async def run() -> None:
        engine = Engine()
        await several(engine, [lambda: ask(engine)] * 2)

    anyio.run(run)
    assert [type(error) for error in errors] == [UnknownModel, UnknownModel]
    assert "hf/broken: transformers cannot run it (SafetensorError" in str(errors[0])


def test_a_checkpoint_that_was_saved_over_since_is_refused(tiny: Path, tmp_path: Path) -> None:
    source = source_of(save_adapter(tmp_path, tiny))
    save_adapter(tmp_path, tiny, seed=5)

    async def run() -> None:
        await Engine().generate(source, "tiny", ASKED)

    with pytest.raises(UnknownModel, match="changed since the run began"):
        anyio.run(run)


def test_too_little_memory_says_what_to_do(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def full(network: Network, asks: list[Ask], more: More) -> None:
        raise torch.OutOfMemoryError("tried to allocate")

    monkeypatch.setattr(room, "answer", full)

    async def run() -> None:
        await Engine().generate(source, "tiny", ASKED)

    with pytest.raises(UnknownModel, match=r"out of memory\. Ask fewer .* --max-connections 4"):
        anyio.run(run)
