"""The real engine on real weights."""

from __future__ import annotations

import importlib.util
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from reasongap.errors import ContextTooLong, MissingExtra, Transient, UnknownModel
from reasongap.models.local.engine import Engine, Generated, default_threads

needs_local = pytest.mark.needs("local")

WORDS = ("tiger", "apple", "river", "paper", "green", "house", "stone", "music")
SHOTS = "".join(f"Word: {word}\nThe same word again: {word}\n\n" for word in WORDS)


def echo(word: str) -> dict[str, Any]:
    """A task that a small model does not fail: the reply is the word."""
    prompt = f"{SHOTS}Word: {word}\nThe same word again:"
    return {"prompt": prompt, "temperature": 0.0, "max_tokens": 12, "stop": ["\n"]}


def use(engine: Engine, work: Callable[[], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        try:
            return await work()
        finally:
            await engine.aclose()
            await engine.aclose()

    return anyio.run(run)


@needs_local
def test_it_continues_exemplars_and_evaluates_their_prefix_once(smollm: Path) -> None:
    engine = Engine(smollm, context=2048)

    async def two() -> tuple[Generated, Generated]:
        first = await engine.complete(echo("lemon"), chat=False, seconds=120)
        second = await engine.complete(echo("water"), chat=False, seconds=120)
        return first, second

    first, second = use(engine, two)
    assert (first.text, first.finish_reason) == (" lemon", "stop")
    assert second.text == " water"
    assert first.completion_tokens < 12
    assert second.cached_tokens > 0.8 * second.prompt_tokens


@needs_local
def test_two_strategies_that_take_turns_keep_their_prefixes(smollm: Path) -> None:
    engine = Engine(smollm, context=2048)
    other = {**echo("water"), "prompt": "def f(): return 1\n" * 40}

    async def turns() -> Generated:
        for body in (echo("lemon"), other):
            await engine.complete(body, chat=False, seconds=120)
        return await engine.complete(echo("water"), chat=False, seconds=120)

    last: Generated = use(engine, turns)
    assert last.cached_tokens > 0.8 * last.prompt_tokens


@needs_local
def test_chat_goes_through_the_model_s_template_and_stops_at_the_limit(smollm: Path) -> None:
    engine = Engine(smollm, context=2048)
    body = {"messages": [{"role": "user", "content": "Count to ten."}], "max_tokens": 3}

    async def one() -> Generated:
        return await engine.complete({**body, "temperature": 0.0}, chat=True, seconds=120)

    reply: Generated = use(engine, one)
    assert reply.finish_reason == "length"
    assert reply.completion_tokens == 3
    assert reply.prompt_tokens > 20  # the template's turns around four words
    assert reply.text


@needs_local
def test_with_one_slot_the_same_prompts_give_the_same_texts(smollm: Path) -> None:
    engine = Engine(smollm, context=2048)
    bodies = [echo(word) for word in ("lemon", "water", "chair", "cloud")]

    async def twice() -> list[list[str]]:
        rounds = []
        for _ in range(2):
            replies = [await engine.complete(body, chat=False, seconds=120) for body in bodies]
            rounds.append([reply.text for reply in replies])
        return rounds

    first, second = use(engine, twice)
    assert first == second


@needs_local
def test_calls_beyond_the_slots_wait_their_turn(smollm: Path) -> None:
    engine = Engine(smollm, slots=2, context=1024)
    asked = ("lemon", "water", "chair", "cloud", "bread")

    async def many() -> dict[str, str]:
        texts: dict[str, str] = {}

        async def one(word: str) -> None:
            reply = await engine.complete(echo(word), chat=False, seconds=120)
            texts[word] = reply.text

        async with anyio.create_task_group() as group:
            for word in asked:
                group.start_soon(one, word)
        return texts

    assert use(engine, many) == {word: f" {word}" for word in asked}


@needs_local
def test_a_prompt_beyond_the_context_is_told_apart(smollm: Path) -> None:
    engine = Engine(smollm, name="local/x", context=256)
    body = {**echo("x"), "prompt": "word " * 400}

    async def one() -> None:
        await engine.complete(body, chat=False, seconds=120)

    with pytest.raises(ContextTooLong, match=r"^local/x: .*exceeds the available context"):
        use(engine, one)


@needs_local
def test_a_call_that_runs_out_of_time_or_is_cancelled_frees_its_slot(smollm: Path) -> None:
    engine = Engine(smollm, context=4096)
    endless = {"prompt": "Once", "max_tokens": 3000, "ignore_eos": True, "temperature": 0.0}

    async def three() -> Generated:
        await engine.complete(echo("chair"), chat=False, seconds=120)
        with pytest.raises(Transient, match=r"no whole reply within 0\.2 s"):
            await engine.complete(endless, chat=False, seconds=0.2)
        with anyio.move_on_after(0.2) as scope:
            await engine.complete(endless, chat=False, seconds=600)
        assert scope.cancelled_caught
        return await engine.complete(echo("lemon"), chat=False, seconds=120)

    assert use(engine, three).text == " lemon"


@needs_local
def test_nothing_is_printed(smollm: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = Engine(smollm, context=512)

    async def one() -> None:
        await engine.complete({"prompt": "a", "max_tokens": 1}, chat=False, seconds=120)

    use(engine, one)
    assert capfd.readouterr() == ("", "")


@needs_local
def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF and then nothing")
    engine = Engine(path)

    async def one() -> None:
        await engine.complete({"prompt": "a", "max_tokens": 1}, chat=False, seconds=120)

    with pytest.raises(UnknownModel, match=r"cannot load .*broken\.gguf"):
        use(engine, one)


def test_without_the_extra_the_pip_command_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'reasongap\[local\]'"):
        Engine(Path("m.gguf"))


@pytest.mark.parametrize(("processors", "threads"), [(1, 1), (2, 1), (4, 2), (16, 8)])
def test_half_of_the_processors_generate(
    processors: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(processors)), raising=False)
    assert default_threads() == threads
