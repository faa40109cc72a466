"""Calls wait their turn, are tried again where that can help, and never hang."""

from __future__ import annotations

import random

import anyio
import pytest

from reasongap.domain import Completion, Request
from reasongap.errors import BadRequest, RateLimited, Transient
from reasongap.models import ScriptedModel
from reasongap.runs.throttle import ThrottledModel

ASKED = Request(prompt="?")


class Clock:
    """Remembers the waits instead of waiting."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def test_a_passing_fault_is_tried_again_with_growing_jittered_waits() -> None:
    clock = Clock()
    script = ScriptedModel([Transient("m", "503"), Transient("m", "503"), "12"])
    model = ThrottledModel(script, sleep=clock.sleep, rng=random.Random(0))
    assert anyio.run(model.complete, ASKED).text == "12"
    first, second = clock.waits
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0
    assert model.retries == 2


def test_the_wait_that_the_provider_names_is_kept() -> None:
    clock = Clock()
    script = ScriptedModel([RateLimited("m", "429", 7.0), RateLimited("m", "429", 900.0), "12"])
    anyio.run(ThrottledModel(script, sleep=clock.sleep, longest=60.0).complete, ASKED)
    assert clock.waits == [7.0, 60.0]


def test_the_last_error_passes_when_the_tries_are_used_up() -> None:
    script = ScriptedModel([Transient("m", "503")] * 3)
    model = ThrottledModel(script, tries=3, sleep=Clock().sleep)
    with pytest.raises(Transient):
        anyio.run(model.complete, ASKED)
    assert len(script.requests) == 3


def test_an_error_that_stays_is_not_tried_again() -> None:
    script = ScriptedModel([BadRequest("m", "400"), "12"])
    with pytest.raises(BadRequest):
        anyio.run(ThrottledModel(script, sleep=Clock().sleep).complete, ASKED)
    assert len(script.requests) == 1


def test_a_hanging_call_ends_at_its_deadline() -> None:
    class Hanging(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            await anyio.sleep_forever()
            raise AssertionError

    model = ThrottledModel(Hanging([]), tries=1, deadline=0.01)
    with pytest.raises(Transient, match=r"no answer within 0\.01 s"):
        anyio.run(model.complete, ASKED)


def test_no_more_calls_are_in_flight_than_allowed() -> None:
    flying, most = 0, 0

    class Counting(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            nonlocal flying, most
            flying += 1
            most = max(most, flying)
            await anyio.sleep(0.001)
            flying -= 1
            return await super().complete(request)

    model = ThrottledModel(Counting(["a"] * 12), connections=3)

    async def many() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(model.complete, ASKED)

    anyio.run(many)
    assert most == 3
