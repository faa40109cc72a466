"""Calls wait their turn, are tried again where that can help, and never hang."""

from __future__ import annotations

import random
from collections.abc import Sequence

import anyio
import pytest

from reasongap.domain import Completion, Request
from reasongap.errors import (
    BadRequest,
    EndpointDead,
    ModelError,
    QuotaGone,
    RateLimited,
    Transient,
    Unreachable,
)
from reasongap.models import ScriptedModel
from reasongap.models.scripted import Reply
from reasongap.runs.events import Event, Retried
from reasongap.runs.pace import Pace
from reasongap.runs.throttle import ThrottledModel
from tests.runs.virtual import VirtualTime

ASKED = Request(prompt="?")
DOWN = Transient("m", "503")
AWAY = Unreachable("m", "connection refused (at http://localhost:1/v1)")


class World:
    """A scripted model behind a throttle, in virtual time."""

    def __init__(self, replies: Sequence[Reply], **options: float) -> None:
        self.time = VirtualTime()
        self.script = ScriptedModel(replies)
        self.told: list[Event] = []
        time = self.time
        pace = Pace(
            *("e", 16, 8, self.told.append),
            clock=time.clock,
            sleep=time.sleep,
            rng=random.Random(0),
        )
        self.model = ThrottledModel(self.script, pace, **options)  # type: ignore[arg-type]

    def ask(self) -> str | ModelError:
        """The reply's text, or the error that is raised."""
        said: list[str | ModelError] = []

        async def call() -> None:
            try:
                said.append((await self.model.complete(ASKED)).text)
            except ModelError as error:
                said.append(error)

        self.time.run(call)
        return said[0]


def test_a_passing_fault_is_tried_again_with_growing_jittered_waits() -> None:
    world = World([DOWN, DOWN, "12"])
    assert world.ask() == "12"
    first, second = world.time.slept
    assert 0 <= first <= 1
    assert 0 <= second <= 2
    assert [e for e in world.told if isinstance(e, Retried)] == [Retried("scripted", "503")] * 2


def test_the_wait_that_the_provider_names_is_kept() -> None:
    world = World([RateLimited("m", "429", 7.0), "12"])
    assert world.ask() == "12"
    assert world.time.now == 7.0


def test_a_wait_beyond_patience_stops_the_run_instead() -> None:
    world = World([RateLimited("m", "429", 7200.0), "12"])
    error = world.ask()
    assert isinstance(error, QuotaGone)
    assert "asks to wait 2.0 h. Resume the run then" in str(error)
    assert world.time.now == 0


def test_the_last_error_passes_when_the_tries_are_used_up() -> None:
    world = World([DOWN] * 5, tries=3)
    assert world.ask() is DOWN
    assert len(world.script.requests) == 3


def test_rate_limits_do_not_use_up_the_tries() -> None:
    world = World([RateLimited("m", "429", 1.0)] * 20 + ["12"], tries=3, patience=10_000)
    assert world.ask() == "12"


def test_rate_limits_end_with_patience() -> None:
    world = World([RateLimited("m", "429", 30.0)] * 100, patience=100)
    assert isinstance(world.ask(), RateLimited)
    assert 100 <= world.time.now < 200


def test_an_endpoint_that_no_call_ever_reached_is_dead() -> None:
    world = World([AWAY] * 5)
    error = world.ask()
    assert isinstance(error, EndpointDead)
    assert "http://localhost:1/v1), 5 tries. Start the server" in str(error)


@pytest.mark.parametrize(
    "before", ["12", DOWN, BadRequest("m", "400"), RateLimited("m", "429", 1.0)]
)
def test_an_endpoint_that_was_reached_once_may_be_away(before: Reply) -> None:
    world = World([before, *[AWAY] * 10])
    said = [world.ask(), world.ask()]
    assert AWAY in said
    assert not any(isinstance(one, EndpointDead) for one in said)


def test_a_server_that_comes_up_between_two_tries_is_served() -> None:
    assert World([AWAY] * 4 + ["12"]).ask() == "12"


def test_an_error_that_stays_is_not_tried_again() -> None:
    refused = BadRequest("m", "400")
    world = World([refused, "12"])
    assert world.ask() is refused
    assert len(world.script.requests) == 1


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

    model = ThrottledModel(Counting(["a"] * 12), Pace("e", 3))

    async def many() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(model.complete, ASKED)

    anyio.run(many)
    assert most == 3
