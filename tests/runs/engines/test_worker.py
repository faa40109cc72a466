"""A worker carries out what it is told side by side, and hands back errors as values."""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable

import anyio
import pytest

from reasongap.domain import Completion, Execution, Program, Request
from reasongap.errors import (
    AuthFailed,
    BudgetStop,
    ConditionsChanged,
    RateLimited,
    ReasongapError,
    UnknownName,
)
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.scripted import Reply as Scripted
from reasongap.runs.engines.worker import Call, Hello, Run, Work, Worker
from reasongap.runs.study import make_study
from reasongap.sandbox import FakeSandbox, Limits

SPEC = ModelSpec("m")


def with_worker(
    reply: Callable[[Request], Scripted], work: Callable[[Worker], Awaitable[None]]
) -> ScriptedModel:
    model = ScriptedModel(reply, SPEC)

    async def run() -> None:
        sandbox = FakeSandbox({"6 * 7": Execution("ok", "42")}, default=Execution("ok", "42"))
        worker = Worker(lambda spec: model)
        study = make_study(models=("m",), strategies=("cot",), sandbox=sandbox)
        assert isinstance(await worker.open(Work((SPEC,), study)), Hello)
        await work(worker)
        await worker.close()

    anyio.run(run)
    return model


def ask(text: str) -> Call:
    return Call("m", Request(prompt=text))


def test_orders_are_carried_out_and_answered_by_number() -> None:
    async def work(worker: Worker) -> None:
        await worker.begin([(3, ask("a")), (4, Run(Program("6 * 7"), Limits()))], [])
        replies = dict(await worker.replies())
        assert isinstance(replies[3], Completion)
        assert replies[3].text == "reply to a"
        assert replies[4] == Execution("ok", "42")

    with_worker(lambda request: f"reply to {request.prompt}", work)


def test_errors_are_handed_back_and_strangers_among_them_are_named() -> None:
    def fail(request: Request) -> Exception:
        known = request.prompt == "known"
        return RateLimited("m", "slow down", 2.5) if known else ZeroDivisionError("by zero")

    async def work(worker: Worker) -> None:
        await worker.begin([(0, ask("known")), (1, ask("stranger"))], [])
        replies = dict(await worker.replies())
        assert isinstance(replies[0], RateLimited)
        assert isinstance(replies[1], ReasongapError)
        assert str(replies[1]) == "a worker failed: ZeroDivisionError: by zero"

    with_worker(fail, work)


def test_a_worker_with_nothing_to_say_says_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reasongap.runs.engines.worker.SIGN", 0.01)

    async def work(worker: Worker) -> None:
        assert await worker.replies() == []
        monkeypatch.undo()
        await worker.begin([(0, ask("a"))], [])
        assert [number for number, _ in await worker.replies()] == [0]

    with_worker(lambda request: "reply", work)


def test_what_is_dropped_is_never_answered() -> None:
    async def work(worker: Worker) -> None:
        await worker.begin([(0, ask("a")), (1, ask("b"))], [0])
        assert [number for number, _ in await worker.replies()] == [1]

    model = with_worker(lambda request: "reply", work)
    assert [request.prompt for request in model.requests] == ["b"]


def test_why_a_worker_is_of_no_use_is_told_and_not_raised() -> None:
    async def run() -> None:
        sandbox = FakeSandbox(default=Execution("error", error="no"))
        study = make_study(models=("m",), sandbox=sandbox)
        why = await Worker(lambda spec: ScriptedModel([])).open(Work((), study))
        assert isinstance(why, ReasongapError)
        assert "does not run a one-line program" in str(why)

    anyio.run(run)


@pytest.mark.parametrize(
    "error",
    [
        RateLimited("m", "slow down", 2.5),
        AuthFailed("m", "no key"),
        BudgetStop("$", 1.0, 0.5, 0.6),
        UnknownName("sandbox", "restrictd", ("restricted", "docker")),
        ConditionsChanged("run", {"seed": (0, 1)}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_the_way_to_another_process(error: ReasongapError) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error)
    assert str(there) == str(error)
    assert vars(there) == vars(error)
