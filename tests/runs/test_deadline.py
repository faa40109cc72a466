"""A call ends at its deadline, which counts from the sending and not from the waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Request
from reasongap.errors import Transient
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.runs.calling import Calling, Places
from reasongap.runs.deadline import TimedModel
from reasongap.runs.events import silent
from reasongap.runs.study import make_study

ASKED = Request(prompt="?", max_tokens=10)


class Hanging(ScriptedModel):
    """Never replies."""

    async def complete(self, request: Request) -> Completion:
        await anyio.sleep_forever()
        raise AssertionError


class Slow(ScriptedModel):
    """Takes ten minutes for each reply, by the clock that deadlines are told by."""

    async def complete(self, request: Request) -> Completion:
        loop = asyncio.get_running_loop()
        before = loop.time
        loop.time = lambda: before() + 600  # type: ignore[method-assign]
        await anyio.sleep(0.001)  # whoever's time is over is told so now
        return await super().complete(request)


def test_a_hanging_call_ends_at_its_deadline() -> None:
    with pytest.raises(Transient, match=r"no answer within 0\.01 s"):
        anyio.run(TimedModel(Hanging([]), 0.01).complete, ASKED)


def test_time_that_passes_in_a_call_counts() -> None:
    with pytest.raises(Transient, match="no answer within 500 s"):
        anyio.run(TimedModel(Slow(["late"]), 500.0).complete, ASKED)


def test_a_model_s_own_timeout_is_not_taken_for_the_deadline() -> None:
    class Broken(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        anyio.run(TimedModel(Broken([]), 1.0).complete, ASKED)


def test_waiting_for_room_in_the_budget_is_no_part_of_it(tmp_path: Path) -> None:
    """Four calls, one at a time by the budget: the last waits longer than its deadline."""
    model = Slow(["a", "b", "c", "d"], ModelSpec("slow", price=(0.0, 1.0), max_tokens=10))
    study = make_study(
        models=("slow",), strategies=("cot",), connections=4, deadline=1000.0, budget=1.9e-5
    )
    calling = Calling(study, [model], Places(tmp_path, tmp_path / "c.sqlite"), "run", silent)
    calling.prices["slow"] = (0.0, 1.0)
    [paid] = calling.models[0]

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for i in range(4):
                group.start_soon(paid.complete, Request(prompt=f"{i}?", max_tokens=10))

    anyio.run(all_at_once)
    calling.close()
    assert len(model.requests) == 4, "a call was cut off and made again"
