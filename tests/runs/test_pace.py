"""How many calls an endpoint gets at once, found out from what it answers."""

from __future__ import annotations

import random
from itertools import pairwise

import anyio
import pytest

from reasongap.models import ModelSpec
from reasongap.runs.events import Event, Paced
from reasongap.runs.pace import Pace, paces_of
from tests.runs.virtual import VirtualTime


def pace_of(time: VirtualTime, most: int = 64, start: int = 8) -> Pace:
    return Pace(
        "e", most, start, clock=time.clock, sleep=time.sleep, rng=random.Random(0), wall=time.clock
    )


class Endpoint:
    """Serves calls that take 1 s, at most `at_once` of them; above it answers 429."""

    def __init__(self, time: VirtualTime, pace: Pace, at_once: int) -> None:
        self.time, self.pace, self.at_once = time, pace, at_once
        self.flying = self.served = self.limited = self.most = 0

    async def call(self) -> None:
        """One call, again and again until it is served."""
        while True:
            async with self.pace.turn() as turn:
                if self.flying >= self.at_once:
                    self.limited += 1
                    self.pace.limited(turn, None)
                    continue
                self.flying += 1
                self.most = max(self.most, self.flying)
                await self.time.sleep(1.0)
                self.flying -= 1
                self.pace.succeeded(turn)
                self.served += 1
                return

    async def work(self, calls: int, workers: int = 64) -> None:
        waiting = iter(range(calls))

        async def one() -> None:
            for _ in waiting:
                await self.call()

        async with anyio.create_task_group() as group:
            for _ in range(workers):
                group.start_soon(one)


def test_it_starts_slowly_and_doubles_while_calls_wait_up_to_the_most() -> None:
    time = VirtualTime()
    endpoint = Endpoint(time, pace_of(time, most=50, start=4), at_once=1000)
    time.run(lambda: endpoint.work(400))
    assert endpoint.most == 50
    assert time.now == 4 + (400 - 4 - 8 - 16 - 32) // 50 + 1  # 4, 8, 16, 32, then 50 a second
    assert [(change.limit, change.why) for change in endpoint.pace.history] == [
        (4, "start"),
        (50, "grew"),
    ]


def test_it_does_not_grow_while_few_calls_come() -> None:
    time = VirtualTime()
    endpoint = Endpoint(time, pace_of(time), at_once=1000)
    time.run(lambda: endpoint.work(200, workers=5))
    assert endpoint.pace.limit == 8


def test_it_finds_what_an_endpoint_bears_and_stays_near_it() -> None:
    time = VirtualTime()
    endpoint = Endpoint(time, pace_of(time), at_once=20)
    time.run(lambda: endpoint.work(4000))
    assert endpoint.served == 4000
    assert 4000 / time.now > 0.7 * 20
    assert endpoint.limited < 0.02 * 4000
    later = [change.limit for change in endpoint.pace.history][10:]
    assert later
    assert all(8 <= limit <= 22 for limit in later)


def test_many_429s_of_one_moment_halve_it_once() -> None:
    time = VirtualTime()
    pace = pace_of(time, start=16)

    async def burst() -> None:
        async def one() -> None:
            async with pace.turn() as turn:
                await time.sleep(0.1)
                pace.limited(turn, 3.0)

        async with anyio.create_task_group() as group:
            for _ in range(16):
                group.start_soon(one)

    time.run(burst)
    assert pace.limit == 8
    assert [change.why for change in pace.history] == ["start", "429, pause of 3 s"]


def test_a_named_wait_pauses_the_whole_endpoint() -> None:
    time = VirtualTime()
    pace = pace_of(time)
    sent: list[float] = []

    async def limited() -> None:
        async with pace.turn() as turn:
            pace.limited(turn, 7.0)

    async def other() -> None:
        async with pace.turn():
            sent.append(time.now)

    async def both() -> None:
        await limited()
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(other)

    time.run(both)
    assert sent == [7.0] * 3


def test_old_news_lengthens_the_pause_and_changes_nothing_else() -> None:
    time = VirtualTime()
    pace = pace_of(time, start=16)

    async def work() -> None:
        async with pace.turn() as old:
            async with anyio.create_task_group() as group:
                group.start_soon(first)
            pace.succeeded(old)
            pace.limited(old, 9.0)
        async with pace.turn():
            assert time.now == 9.0

    async def first() -> None:
        async with pace.turn() as turn:
            pace.limited(turn, 1.0)

    time.run(work)
    assert [change.limit for change in pace.history] == [16, 1]


def test_without_a_named_wait_pauses_grow_until_a_call_succeeds() -> None:
    time = VirtualTime()
    pace = pace_of(time)

    async def limited() -> None:
        for _ in range(8):
            async with pace.turn() as turn:
                pace.limited(turn, None)
        async with pace.turn() as turn:
            pace.succeeded(turn)
        async with pace.turn() as turn:
            pace.limited(turn, None)

    time.run(limited)
    pauses = [float(change.why.split()[-2]) for change in pace.history if "429" in change.why]
    assert all(pause <= 2.0**i for i, pause in enumerate(pauses[:8]))
    assert max(pauses[:8]) > 4
    assert pauses[8] <= 1
    assert pace.limit == 1


def test_a_named_wait_of_nothing_does_not_spin() -> None:
    time = VirtualTime()
    pace = pace_of(time)

    async def limited() -> None:
        for _ in range(20):
            async with pace.turn() as turn:
                pace.limited(turn, 0.0)

    time.run(limited)
    assert time.now > 60


def test_a_failure_of_the_server_stops_growth_until_a_round_has_succeeded() -> None:
    time = VirtualTime()
    pace = pace_of(time, start=1)

    async def call(fails: bool) -> None:
        async with pace.turn() as turn:
            if fails:
                pace.failed()
            else:
                pace.succeeded(turn)

    async def limits(*calls: bool) -> list[int]:
        """The limit after each call, while another call takes up a turn all the time."""
        found = []
        async with anyio.create_task_group() as group:
            group.start_soon(hold)
            await anyio.lowlevel.checkpoint()
            for fails in calls:
                await call(fails)
                found.append(pace.limit)
            group.cancel_scope.cancel()
        return found

    async def hold() -> None:
        async with pace.turn():
            await anyio.sleep_forever()

    async def work() -> None:
        await call(False)
        assert await limits(True, False, False, False, False) == [2, 2, 2, 3, 3]

    time.run(work)


def test_after_a_429_it_grows_by_one_a_round() -> None:
    time = VirtualTime()
    endpoint = Endpoint(time, pace_of(time, start=40), at_once=20)
    time.run(lambda: endpoint.work(160, workers=40))
    grown = [change for change in endpoint.pace.history if change.why == "grew"]
    assert grown
    (first, second), *_ = pairwise(endpoint.pace.history)
    assert second.limit == first.limit // 2
    rounds = grown[0].at - second.at
    assert grown[0].limit <= second.limit + rounds + 1


def test_changes_are_told_as_they_happen_and_growth_in_a_row_is_remembered_as_one() -> None:
    told: list[Event] = []
    pace = Pace("openai", 16, start=1, emit=told.append, wall=lambda: 5.0)

    async def work() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(40):
                group.start_soon(one)

    async def one() -> None:
        async with pace.turn() as turn:
            await anyio.lowlevel.checkpoint()
            pace.succeeded(turn)

    anyio.run(work)
    assert told[0] == Paced("openai", 1, "start", 5.0)
    assert [event.limit for event in told if isinstance(event, Paced)] == list(range(1, 17))
    assert list(pace.history) == [told[0], told[-1]]


def test_a_cancelled_call_gives_its_turn_back() -> None:
    pace = Pace("e", 1)

    async def work() -> None:
        with anyio.move_on_after(0.01):
            async with pace.turn():
                await anyio.sleep_forever()
        with anyio.fail_after(60):
            async with pace.turn():
                pass

    anyio.run(work)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (ModelSpec("openai/a"), ModelSpec("openai/b"), True),
        (ModelSpec("openai/a"), ModelSpec("anthropic/b"), False),
        (ModelSpec("openai/a"), ModelSpec("openai/a", api_base="http://x"), False),
        (ModelSpec("local/a"), ModelSpec("local/b"), False),
    ],
)
def test_models_of_one_endpoint_share_its_pace(
    one: ModelSpec, other: ModelSpec, shared: bool
) -> None:
    first, second = paces_of([one, other], 16)
    assert (first is second) is shared


def test_the_fewest_connections_of_an_endpoint_s_models_hold() -> None:
    specs = [ModelSpec("openai/a"), ModelSpec("openai/b", connections=4), ModelSpec("mistral/c")]
    assert [pace.most for pace in paces_of(specs, 16)] == [4, 4, 16]
    assert [pace.limit for pace in paces_of(specs, 16)] == [4, 4, 8]


def test_an_engine_in_this_process_gets_what_it_serves_from_the_start() -> None:
    (pace,) = paces_of([ModelSpec("local/a", connections=12)], 16)
    assert (pace.limit, pace.most) == (12, 12)
