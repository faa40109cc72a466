"""A crew gives work to whoever is there, and knows what became of it when somebody is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import anyio
import pytest

from reasongap.domain import Completion, Execution, Message, Program, Request
from reasongap.errors import (
    EnvironmentBroken,
    RateLimited,
    ReasongapError,
    SandboxUnavailable,
    WorkerGone,
)
from reasongap.models import ModelSpec
from reasongap.runs.engines import crew as crews
from reasongap.runs.engines.crew import Crew, Hire, crew_of
from reasongap.runs.engines.remote import RemoteModel, RemoteSandbox
from reasongap.runs.engines.worker import Call, Hello, Order, Reply
from reasongap.runs.events import Event, Noted, silent

ASKED = Request(messages=(Message("user", "Hello?"),))
ORDER = Call("m", ASKED)
DONE = Completion(ASKED, "Hello.")


class Post:
    """A worker that answers with what it is given, and holds its tongue without."""

    def __init__(self, answer: Reply | None = DONE, hello: Hello | None = None) -> None:
        self.answer, self.hello = answer, hello or Hello({}, layers=("policy", "process"))
        self.begun: list[int] = []
        self.dropped: list[int] = []
        self.dismissed = False
        self._some, self._lost = anyio.Event(), anyio.Event()

    async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
        self._check()
        self.begun += [number for number, _ in orders]
        self.dropped += dropped
        self._some.set()

    async def replies(self) -> list[tuple[int, Reply]]:
        await self._some.wait()
        self._check()
        if self.answer is None:
            await self._lost.wait()
            self._check()
        assert self.answer is not None
        numbers, self.begun, self._some = self.begun, [], anyio.Event()
        return [(number, self.answer) for number in numbers]

    async def dismiss(self) -> None:
        self.dismissed = True

    def lose(self) -> None:
        self._lost.set()
        self._some.set()

    def _check(self) -> None:
        if self._lost.is_set():
            raise WorkerGone("lost")


def hiring(*posts: Post | ReasongapError) -> Hire:
    """Gives each in turn, then nobody for ever."""
    left = list(posts)

    async def hire() -> Post:
        if not left:
            await anyio.sleep_forever()
        post = left.pop(0)
        if isinstance(post, ReasongapError):
            raise post
        return post

    return hire


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "GRACE", 0.05)
    monkeypatch.setattr(crews, "PAUSE", 0.01)


async def until(true: Callable[[], bool]) -> None:
    """Wait for what comes sooner or later."""
    with anyio.fail_after(60):
        while not true():
            await anyio.sleep(0.001)


def with_crew(hire: Hire, places: int, work: Callable[[Crew], Awaitable[None]]) -> list[str]:
    """Do the work with a gathered crew; what the user was told."""
    told: list[Event] = []

    async def run() -> None:
        async with crew_of(hire, places, told.append) as crew:
            await crew.gather()
            await work(crew)

    anyio.run(run)
    return [event.text for event in told if isinstance(event, Noted)]


def test_what_a_worker_says_is_returned_and_what_it_raised_is_raised_here() -> None:
    async def work(crew: Crew) -> None:
        assert await crew.ask(ORDER) == DONE
        limited.answer = RateLimited("m", "slow down", 3.0)
        with pytest.raises(RateLimited) as caught:
            await crew.ask(ORDER)
        assert caught.value.retry_after == 3.0

    limited = Post()
    assert with_crew(hiring(limited), 1, work) == []
    assert limited.dismissed


def test_work_goes_to_the_less_busy() -> None:
    busy, idle = Post(None), Post(None)

    async def work(crew: Crew) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(crew.ask, ORDER)
            await until(lambda: len(busy.begun) + len(idle.begun) == 10)
            assert [line.load for line in crew.lines] == [5, 5]
            group.cancel_scope.cancel()

    with_crew(hiring(busy, idle), 2, work)


def test_an_order_that_nobody_waits_for_is_dropped_there_too() -> None:
    post = Post(None)

    async def work(crew: Crew) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(crew.ask, ORDER)
            await until(lambda: post.begun == [0])
            group.cancel_scope.cancel()
        await until(lambda: post.dropped == [0])
        assert crew.lines[0].load == 0

    with_crew(hiring(post), 1, work)


def test_a_lost_worker_is_told_of_replaced_and_dismissed() -> None:
    first, second = Post(None), Post()

    async def work(crew: Crew) -> None:
        async with anyio.create_task_group() as group:

            async def ask() -> None:
                with pytest.raises(WorkerGone):
                    await crew.ask(ORDER)

            group.start_soon(ask)
            await until(lambda: first.begun == [0])
            first.lose()
        assert await crew.ask(ORDER) == DONE

    told = with_crew(hiring(first, WorkerGone("not yet"), second), 1, work)
    assert told == ["A worker was lost. What it had in hand is done again"]
    assert first.dismissed
    assert second.dismissed


def test_a_program_whose_worker_is_lost_runs_elsewhere_but_not_for_ever() -> None:
    class Fatal(Post):
        async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
            self.lose()
            await super().begin(orders, dropped)

    async def once(crew: Crew) -> None:
        sandbox = RemoteSandbox(Hello({}), crew)
        assert await sandbox.run(Program("")) == Execution("ok", "42")

    async def always(crew: Crew) -> None:
        with pytest.raises(SandboxUnavailable, match="3 workers were lost"):
            await RemoteSandbox(Hello({}), crew).run(Program(""))

    with_crew(hiring(Fatal(), Fatal(), Post(Execution("ok", "42"))), 1, once)
    with_crew(hiring(Fatal(), Fatal(), Fatal(), Post()), 1, always)


def test_where_no_worker_comes_any_more_the_run_ends_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = Post()

    async def work(crew: Crew) -> None:
        post.lose()
        await until(lambda: not crew.lines)
        monkeypatch.setattr(crews, "PATIENCE", 0.01)
        model = RemoteModel(ModelSpec("m"), crew)
        with pytest.raises(EnvironmentBroken, match=r"no worker came .* resumed"):
            await model.complete(ASKED)

    with_crew(hiring(post), 1, work)


def test_a_worker_that_gives_no_sign_of_life_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "SILENCE", 0.1)

    class Stuck(Post):
        async def dismiss(self) -> None:
            monkeypatch.setattr(crews, "SILENCE", 60.0)  # for those who come after it
            await super().dismiss()

    stuck = Stuck(None)

    async def work(crew: Crew) -> None:
        with pytest.raises(WorkerGone):
            await crew.ask(ORDER)
        assert await crew.ask(ORDER) == DONE

    told = with_crew(hiring(stuck, Post()), 1, work)
    assert told == ["A worker was lost. What it had in hand is done again"]
    assert stuck.dismissed


def test_what_keeps_every_worker_away_is_raised_and_what_keeps_one_away_is_told() -> None:
    async def nothing(crew: Crew) -> None:
        assert len(crew.lines) == 1

    broken = SandboxUnavailable("no fork here")
    with pytest.raises(SandboxUnavailable, match="no fork here"):
        with_crew(hiring(broken, broken), 2, nothing)
    assert with_crew(hiring(broken, Post()), 2, nothing) == ["One worker less: no fork here"]


def test_the_run_begins_without_those_that_are_late() -> None:
    async def nothing(crew: Crew) -> None:
        assert len(crew.lines) == 1

    assert with_crew(hiring(Post()), 3, nothing) == []


def test_layers_are_those_of_all_and_a_latecomer_with_fewer_is_sent_away() -> None:
    strong = Hello({}, layers=("policy", "process", "landlock", "seccomp"))
    weaker = Hello({}, layers=("policy", "process", "seccomp"))
    late = Post(hello=Hello({}, layers=("policy", "process")))
    leaving = Post(hello=weaker)

    async def work(crew: Crew) -> None:
        assert crew.common == weaker
        leaving.lose()
        await until(lambda: late.dismissed)
        assert len(crew.lines) == 1

    told = with_crew(hiring(Post(hello=strong), leaving, late), 2, work)
    assert told[-1] == "One worker less: its sandbox lacks seccomp, which the others have"
    assert late.dismissed


def test_another_container_image_is_another_sandbox() -> None:
    one, other = (Post(hello=Hello({}, image=name)) for name in ("sha256:1", "sha256:2"))

    async def work(crew: Crew) -> None:
        assert len(crew.lines) == 1

    (told,) = with_crew(hiring(one, other), 2, work)
    assert "image is sha256:2, the others have sha256:1" in told


def test_an_error_of_the_run_leaves_as_it_is_and_everyone_is_dismissed() -> None:
    post = Post()

    async def work(crew: Crew) -> None:
        raise RateLimited("m", "enough")

    with pytest.raises(RateLimited, match="m: enough"):
        with_crew(hiring(post), 1, work)
    assert post.dismissed


@asynccontextmanager
async def gathered(*posts: Post) -> AsyncIterator[Crew]:
    async with crew_of(hiring(*posts), len(posts), silent) as crew:
        await crew.gather()
        yield crew


def test_many_orders_travel_in_one_message() -> None:
    messages = 0

    class Counting(Post):
        async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
            nonlocal messages
            messages += 1
            await super().begin(orders, dropped)

    async def run() -> None:
        async with gathered(Counting()) as crew, anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(crew.ask, ORDER)

    anyio.run(run)
    assert messages <= 2
