"""A budget is never passed, forgets nothing, and stops a run so that it can go on."""

from __future__ import annotations

import errno
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Message, Request, Usage
from reasongap.errors import (
    BadFile,
    BudgetStop,
    DiskFailed,
    RateLimited,
    Transient,
    Unreachable,
)
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.runs.budget import NAME, Amount, Budget, BudgetedModel, Spending, read_spending
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import Event, Paid, silent
from reasongap.runs.folder import read_run
from reasongap.runs.study import make_study
from tests.runs.studies import calculator, compositions_file

PRICE = (1.0, 2.0)
ASKED = Request(messages=(Message("user", "What is 2 plus 3?"),))


def priced(request: Request) -> Completion:
    """The right reply, at 0.001 dollars and 30 tokens."""
    return Completion(request, calculator(request), usage=Usage(50, 30), cost=0.001)


def model(max_tokens: int = 1024) -> ScriptedModel:
    return ScriptedModel(priced, ModelSpec("paid", price=PRICE, max_tokens=max_tokens))


@dataclass
class Slow:
    """A model that answers when it is told to, at half a dollar and five tokens."""

    spec: ModelSpec = field(default_factory=lambda: ModelSpec("slow"))
    release: anyio.Event = field(default_factory=anyio.Event)
    asked: int = 0

    async def complete(self, request: Request) -> Completion:
        self.asked += 1
        await self.release.wait()
        return Completion(request, "5", usage=Usage(1, 5), cost=0.5)

    async def aclose(self) -> None: ...


def run(work: Callable[[], Awaitable[None]]) -> None:
    anyio.run(work)


def test_the_most_a_call_may_take_is_a_token_a_byte_and_the_longest_reply(tmp_path: Path) -> None:
    paid = BudgetedModel(model(max_tokens=100), Budget(tmp_path, silent), {"paid": PRICE})
    request = Request(messages=(Message("user", "é" * 100),), max_tokens=10)
    assert paid.most(request).tokens == 10
    assert paid.most(request).dollars >= (200 * PRICE[0] + 10 * PRICE[1]) / 1e6
    unpriced = BudgetedModel(model(), Budget(tmp_path, silent), {"paid": None})
    assert unpriced.most(request) == Amount(0.0, 10)


def test_a_call_waits_for_room_until_those_in_flight_have_told_what_they_took(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        budget = Budget(tmp_path, silent, dollars=1.5)
        order: list[str] = []

        async def second() -> None:
            await budget.reserve(Amount(1.0))
            order.append("second")

        await budget.reserve(Amount(1.0))
        async with anyio.create_task_group() as group:
            group.start_soon(second)
            await anyio.wait_all_tasks_blocked()
            order.append("first is settled")
            budget.settle(Amount(1.0), Amount(0.4), Amount())
        assert order == ["first is settled", "second"]
        budget.settle(Amount(1.0), Amount(1.0), Amount())
        with pytest.raises(BudgetStop, match=r"--budget 1\.5 allows no further call: \$1\.4"):
            await budget.reserve(Amount(0.2))

    run(work)


def test_replies_have_a_limit_in_tokens_too(tmp_path: Path) -> None:
    budget = Budget(tmp_path, silent, tokens=60)
    paid = BudgetedModel(model(max_tokens=40), budget, {"paid": PRICE})
    anyio.run(paid.complete, ASKED)
    with pytest.raises(BudgetStop, match=r"--max-output-tokens-total 60 .* 30 tokens") as stop:
        anyio.run(paid.complete, ASKED)
    assert stop.value.exit_code == 3


@pytest.mark.parametrize(
    ("error", "spending"),
    [
        (RateLimited("paid", "slow down"), Spending()),
        (Unreachable("paid", "no connection"), Spending()),
        (Transient("paid", "cut off"), Spending(doubtful=Amount(0.002, 10))),
    ],
    ids=["refused at the door", "never sent", "broken off"],
)
def test_a_failed_call_counts_at_its_most_unless_nothing_can_have_been_generated(
    tmp_path: Path, error: Exception, spending: Spending
) -> None:
    budget = Budget(tmp_path, silent)
    failing = BudgetedModel(ScriptedModel([error], ModelSpec("paid")), budget, {"paid": (0, 200.0)})
    with pytest.raises(type(error)):
        anyio.run(failing.complete, Request(prompt="Q", max_tokens=10))
    assert budget.spending == spending


def test_a_reply_that_does_not_say_what_it_took_counts_at_its_most(tmp_path: Path) -> None:
    told: list[Event] = []
    budget = Budget(tmp_path, told.append)
    silently = ScriptedModel(lambda request: Completion(request, "5"), ModelSpec("paid"))
    anyio.run(BudgetedModel(silently, budget, {"paid": (0, 200.0)}).complete, ASKED)
    assert budget.spending.paid == Amount(1024 * 200 / 1e6, 1024)
    assert told == [Paid("paid", None, 1024)]


def test_what_a_kill_cut_off_counts_as_spent(tmp_path: Path) -> None:
    async def work() -> None:
        budget = Budget(tmp_path, silent)
        await budget.reserve(Amount(1.0, 100))
        budget.settle(Amount(1.0, 100), Amount(0.25, 7), Amount())
        await budget.reserve(Amount(1.0, 100))

    run(work)
    found = read_spending(tmp_path)
    assert found == Spending(paid=Amount(0.25, 7), doubtful=Amount(1.0, 100))
    assert Budget(tmp_path, silent, dollars=1.3).spending.most == Amount(1.25, 107)


def test_a_cancelled_call_counts_at_its_most(tmp_path: Path) -> None:
    budget = Budget(tmp_path, silent)

    async def work() -> None:
        slow = Slow()
        with anyio.move_on_after(0.01):
            await BudgetedModel(slow, budget, {"slow": (0, 1000.0)}).complete(ASKED)
        assert slow.asked == 1

    run(work)
    assert budget.spending == Spending(doubtful=Amount(1.024, 1024))


def test_a_disk_that_fills_is_named_and_leaves_a_file_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)
    budget = Budget(tmp_path, silent)
    with pytest.raises(DiskFailed, match=r"spending\.json.*No space left"):
        anyio.run(budget.reserve, Amount(1.0, 1))
    assert read_spending(tmp_path).most == Amount()


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"paid": 3}')
    with pytest.raises(BadFile, match=NAME):
        Budget(tmp_path, silent)


@pytest.mark.parametrize("seed", range(5))
def test_many_calls_at_once_never_pass_it(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    budget = Budget(tmp_path, silent, dollars=10.0)
    stops = 0

    async def call(most: float) -> None:
        nonlocal stops
        try:
            await budget.reserve(Amount(most))
        except BudgetStop:
            stops += 1
            return
        assert budget.spending.most.dollars <= 10.0 + 1e-9
        for _ in range(rng.randrange(4)):
            await anyio.lowlevel.checkpoint()
        budget.settle(Amount(most), Amount(most * rng.random()), Amount())

    async def work() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(200):
                group.start_soon(call, rng.uniform(0.1, 1.0))

    run(work)
    spent = budget.spending
    assert stops and spent.in_flight == Amount()
    assert 9.0 < spent.most.dollars <= 10.0


def test_a_run_stops_before_the_call_that_might_pass_and_goes_on_later(tmp_path: Path) -> None:
    source = str(compositions_file(tmp_path))
    folder = tmp_path / "run"
    places = Places(folder, tmp_path / "cache.sqlite")

    def go_on(budget: float | None, asked: ScriptedModel) -> None:
        study = make_study(models=(asked,), problems=source, budget=budget, connections=4)
        anyio.run(conduct, study, places, silent)

    first = model()
    with pytest.raises(BudgetStop):
        go_on(0.015, first)
    assert 10 <= len(first.requests) <= 15
    assert read_spending(folder).most.dollars == pytest.approx(0.001 * len(first.requests))
    assert len(read_run(folder).records) == len(first.requests), "what was paid has its record"

    second = model()
    with pytest.raises(BudgetStop):
        go_on(0.025, second)
    assert read_spending(folder).most.dollars <= 0.025, "what was spent before counts"
    third = model()
    go_on(None, third)
    assert len(first.requests) + len(second.requests) + len(third.requests) == 36
    spent = read_spending(folder).paid
    assert spent.dollars == pytest.approx(0.036)
    assert spent.tokens == 36 * 30
