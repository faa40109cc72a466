"""Answering questions: one at a time into a record, many at once within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import anyio

from reasongap.answers import grade
from reasongap.domain import Key, Outcome, Question, Record, Solution
from reasongap.errors import (
    AuthFailed,
    ContextTooLong,
    ModelError,
    QuotaGone,
    ReasongapError,
    SandboxUnavailable,
    SolverFailed,
    UnknownModel,
)
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.seam import Solver

FATAL = (AuthFailed, QuotaGone, UnknownModel)
"""Errors that every further call would meet too: they stop the run."""


@dataclass(frozen=True)
class Task:
    """One question to one model under one strategy, once."""

    key: Key
    question: Question
    solver: Solver
    model: Model


def _named(error: Exception, task: Task) -> Exception:
    if isinstance(error, (ReasongapError, OSError)):
        return error
    place = f"{task.key.composition} {task.key.setting}"
    failed = SolverFailed(task.solver.name, place, error)
    failed.__cause__ = error
    return failed


@dataclass(frozen=True)
class Lane:
    """Tasks that wait for one another, `at_once` of them in flight."""

    tasks: tuple[Task, ...]
    at_once: int


async def answer(task: Task, sandbox: Sandbox) -> Record:
    """The graded record of one task.

    A failure of the machinery becomes an outcome of its own, never a wrong answer;
    `AuthFailed`, `QuotaGone` and `UnknownModel` pass.
    """
    started, clock = time.time(), time.perf_counter()
    solution, failed, error = Solution(answer=None), None, None
    try:
        solution = await task.solver.solve(task.question, task.model, sandbox)
    except FATAL:
        raise
    except (ModelError, SandboxUnavailable) as caught:
        failed, error = _outcome_of(caught), str(caught)
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
    lanes: Sequence[Lane], sandbox: Sandbox, write: Callable[[Record], None]
) -> None:
    """Answer the tasks of every lane, the lanes side by side, and `write` each record.

    A lane's first task goes alone: what no call would survive shows at the price of one.
    The first fatal error stops everything and is raised; what a strategy raises of its own
    is raised as `SolverFailed`.
    """
    fatal: list[Exception] = []

    async def work(waiting: Iterator[Task]) -> None:
        for task in waiting:
            try:
                write(await answer(task, sandbox))
            except Exception as error:  # noqa: BLE001 (the run's boundary)
                fatal.append(_named(error, task))
                group.cancel_scope.cancel()
                return

    async def drive(lane: Lane) -> None:
        await work(iter(lane.tasks[:1]))
        waiting = iter(lane.tasks[1:])
        for _ in range(lane.at_once):
            group.start_soon(work, waiting)

    async with anyio.create_task_group() as group:
        for lane in lanes:
            group.start_soon(drive, lane)
    if fatal:
        raise fatal[0]
