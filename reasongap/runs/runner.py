"""Answering questions: one at a time into a record, many at once within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import anyio

from reasongap.answers import grade
from reasongap.domain import Completion, Key, Outcome, Question, Record, Request, Solution
from reasongap.errors import (
    AuthFailed,
    BudgetStop,
    ContextTooLong,
    EndpointDead,
    Interrupted,
    ModelError,
    QuotaGone,
    SandboxUnavailable,
    UnknownModel,
)
from reasongap.models.seam import Model, ModelSpec
from reasongap.runs.solving import solve
from reasongap.runs.stopping import Stop
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.seam import Solver

FATAL = (AuthFailed, EndpointDead, QuotaGone, UnknownModel)
"""Errors that every further call would meet too: they stop the run."""

LAST_REPLIES = 60.0
"""Seconds that calls in flight get when a run has to stop: each may be paid for already."""


@dataclass(frozen=True)
class Task:
    """One question to one model under one strategy, once."""

    key: Key
    question: Question
    solver: Solver
    model: Model


@dataclass(frozen=True)
class Lane:
    """Tasks that wait for one another, `at_once` of them in flight; made as they are wanted."""

    tasks: Iterator[Task]
    at_once: int


@dataclass
class _Heard:
    """A model whose replies are remembered: a question that fails keeps those it paid for."""

    model: Model
    replies: list[Completion] = field(default_factory=list)

    @property
    def spec(self) -> ModelSpec:
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        reply = await self.model.complete(request)
        self.replies.append(reply)
        return reply

    async def aclose(self) -> None:
        await self.model.aclose()


async def answer(task: Task, sandbox: Sandbox) -> Record:
    """The graded record of one task.

    A failure of the machinery becomes an outcome of its own, never a wrong answer;
    those that are `FATAL` pass, and so does `SolverFailed`.
    """
    started, clock = time.time(), time.perf_counter()
    model, failed, error = _Heard(task.model), None, None
    try:
        solution = await solve(task.solver, task.question, model, sandbox)
    except FATAL:
        raise
    except (ModelError, SandboxUnavailable) as caught:
        failed, error = _outcome_of(caught), str(caught)
        solution = Solution(answer=None, completions=tuple(model.replies))
    graded = grade(task.question, solution)
    return Record(
        key=task.key,
        question=task.question,
        solution=solution,
        outcome=failed or graded.outcome,
        strict=graded.strict,
        error=error,
        started=started,
        seconds=time.perf_counter() - clock,
    )


def _outcome_of(error: ModelError | SandboxUnavailable) -> Outcome:
    if isinstance(error, ContextTooLong):
        return "context_too_long"
    return "model_error" if isinstance(error, ModelError) else "sandbox_error"


async def answer_all(
    lanes: Sequence[Lane],
    sandbox: Sandbox,
    write: Callable[[Record], None],
    stop: Stop | None = None,
) -> None:
    """Answer the tasks of every lane, the lanes side by side, and `write` each record.

    A lane's first task goes alone: what no call would survive shows at the price of one.
    After the first fatal error nothing new is begun, what is in flight gets `LAST_REPLIES`, and
    the error is raised; after a `BudgetStop` what needs no further call is finished. Raises
    `Interrupted` where `stop` left tasks unanswered.
    """
    fatal: list[Exception] = []
    stop, left = stop or Stop(), 0

    async def each(waiting: Iterator[Task]) -> None:
        nonlocal left
        for task in waiting:
            left += 1
            if fatal or stop.asked:
                return
            write(await answer(task, sandbox))
            left -= 1

    async def work(waiting: Iterator[Task]) -> None:
        try:
            await each(waiting)
        except BudgetStop as error:
            fatal.append(error)
        except Exception as error:  # noqa: BLE001 (the run's boundary)
            fatal.append(error)
            group.cancel_scope.deadline = min(
                group.cancel_scope.deadline, anyio.current_time() + LAST_REPLIES
            )

    async def drive(lane: Lane) -> None:
        await work(islice(lane.tasks, 1))
        for _ in range(lane.at_once):
            group.start_soon(work, lane.tasks)

    with stop:
        async with anyio.create_task_group() as watch:
            async with anyio.create_task_group() as group:
                watch.start_soon(stop.cut, group.cancel_scope)
                for lane in lanes:
                    group.start_soon(drive, lane)
            watch.cancel_scope.cancel()
    if fatal:
        raise fatal[0]
    if left:
        raise Interrupted
