"""Workers that are lost, stuck or busy, played by a worker of our own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable, UsageError
from reasongap.sandbox import Limits, frames
from reasongap.sandbox.pool import Answer, Pool, WorkerLost

HEADER: dict[str, Any] = {
    "cut": None,
    "exit": 0,
    "reported": True,
    "seconds": 0.0,
    "cpu_seconds": 0.0,
    "peak_memory": 0,
}
REPORT = {
    "status": "ok",
    "value": "1",
    "hops": [],
    "truncated": [],
    "cpu_seconds": 0.0,
    "peak_memory": 0,
}


@dataclass(eq=False)
class PlayedWorker:
    """Answers as `play` does, and counts how many do at once."""

    play: Callable[[str], str]
    busy: list[int]
    oom: bool = False
    kills: int = 0
    asked: list[str] = field(default_factory=list)
    hello: frames.Message = field(default_factory=lambda: {"active": [], "missing": {}})

    async def ask(self, request: frames.Message) -> Answer:
        self.busy.append(self.busy[-1] + 1)
        self.asked.append(request["source"])
        try:
            await anyio.sleep(0.001)
            what = self.play(request["source"])
            if what == "lose":
                raise WorkerLost("gone")
            if what == "hang":
                await anyio.sleep_forever()
            return HEADER, json.dumps(REPORT).encode()
        finally:
            self.busy.append(self.busy[-1] - 1)

    async def killed(self) -> bool:
        return self.oom

    def kill(self) -> str:
        self.kills += 1
        return ""


@dataclass
class Stage:
    """A pool of played workers, and what it started."""

    play: Callable[[str], str]
    size: int = 2
    oom: bool = False
    started: list[PlayedWorker] = field(default_factory=list)
    busy: list[int] = field(default_factory=lambda: [0])

    def pool(self) -> Pool:
        async def start() -> PlayedWorker:
            self.started.append(PlayedWorker(self.play, self.busy, self.oom))
            return self.started[-1]

        return Pool(self.size, start)


def run(pool: Pool, *sources: str, limits: Limits | None = None) -> list[Execution]:
    results: dict[int, Execution] = {}

    async def one(index: int, source: str) -> None:
        results[index] = await pool.run(Program(source), limits or Limits())

    async def every() -> None:
        async with anyio.create_task_group() as group:
            for index, source in enumerate(sources):
                group.start_soon(one, index, source)

    anyio.run(every)
    return [results[index] for index in range(len(sources))]


def test_workers_are_reused_and_never_more_than_the_pool_holds() -> None:
    stage = Stage(lambda _: "answer", size=3)
    outcomes = run(stage.pool(), *["ans = 1"] * 20)
    assert [outcome.status for outcome in outcomes] == ["ok"] * 20
    assert len(stage.started) == 3
    assert max(stage.busy) == 3


def test_a_program_whose_worker_is_lost_runs_once_more() -> None:
    plays = iter(["lose", "answer"])
    stage = Stage(lambda _: next(plays))
    [outcome] = run(stage.pool(), "ans = 1")
    assert outcome.value == "1"
    assert [worker.kills for worker in stage.started] == [1, 0]


def test_the_second_run_is_alone() -> None:
    seen: list[str] = []
    busy_at_second: list[int] = []

    def play(source: str) -> str:
        if source == "bad" and "bad" not in seen:
            seen.append("bad")
            return "lose"
        if source == "bad":
            busy_at_second.append(stage.busy[-1])
        return "answer"

    stage = Stage(play, size=3)
    outcomes = run(stage.pool(), "bad", *["good"] * 12)
    assert all(outcome.status == "ok" for outcome in outcomes)
    assert busy_at_second == [1]


@pytest.mark.parametrize(("oom", "status"), [(False, "crashed"), (True, "memory")])
def test_a_second_loss_is_the_programs_own(oom: bool, status: str) -> None:
    stage = Stage(lambda _: "lose", oom=oom)
    pool = stage.pool()
    assert [outcome.status for outcome in run(pool, *["ans = 1"] * 5)] == [status] * 5
    assert all(worker.kills == 1 for worker in stage.started)


def test_a_stuck_worker_is_killed_and_the_program_timed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reasongap.sandbox.pool.GRACE", 0.01)
    stage = Stage(lambda _: "hang")
    [outcome] = run(stage.pool(), "ans = 1", limits=Limits(seconds=0.01))
    assert outcome.status == "timeout"
    assert [worker.kills for worker in stage.started] == [1]


def test_closing_kills_every_worker_once() -> None:
    stage = Stage(lambda _: "answer")
    pool = stage.pool()
    run(pool, "ans = 1", "ans = 2")
    pool.close()
    pool.close()
    assert [worker.kills for worker in stage.started] == [1, 1]


def test_a_worker_that_does_not_start_is_the_sandboxs_failure() -> None:
    async def start() -> PlayedWorker:
        raise SandboxUnavailable("no worker here")

    with pytest.raises(ExceptionGroup) as failure:
        run(Pool(1, start), "ans = 1")
    assert failure.group_contains(SandboxUnavailable, match="no worker here")


@pytest.mark.parametrize(
    "limits",
    [
        Limits(seconds=0),
        Limits(seconds=float("nan")),
        Limits(cpu_seconds=float("inf")),
        Limits(memory=-1),
        Limits(output=2**21 + 1),
    ],
)
def test_limits_that_no_process_can_have_are_refused(limits: Limits) -> None:
    with pytest.raises(ExceptionGroup) as failure:
        run(Stage(lambda _: "answer").pool(), "ans = 1", limits=limits)
    assert failure.group_contains(UsageError, match="limit .*=.*: give")


def test_the_worker_that_rested_longest_comes_next() -> None:
    stage = Stage(lambda source: "ok")
    pool = stage.pool()

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(pool.run, Program("at once"), Limits())
        for turn in range(4):
            await pool.run(Program(f"alone {turn}"), Limits())

    anyio.run(main)
    assert [worker.asked for worker in stage.started] == [
        ["at once", "alone 0", "alone 2"],
        ["at once", "alone 1", "alone 3"],
    ]
