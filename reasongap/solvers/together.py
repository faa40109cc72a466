"""Several jobs at once, so that what each of them paid for is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

from reasongap.errors import ReasongapError

T = TypeVar("T")


async def together(jobs: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """The results of all jobs, in their order, each begun at once.

    Where one fails, the others are let finish, for their calls are on the way and will be
    paid; then the error of the first job that failed is raised. Cancelling cancels all.
    """
    results: dict[int, T] = {}
    failed: dict[int, ReasongapError] = {}

    async def work(place: int, job: Callable[[], Awaitable[T]]) -> None:
        try:
            results[place] = await job()
        except ReasongapError as error:
            failed[place] = error

    try:
        async with anyio.create_task_group() as group:
            for place, job in enumerate(jobs):
                group.start_soon(work, place, job)
    except ExceptionGroup as group_error:
        raise group_error.exceptions[0] from None
    if failed:
        raise failed[min(failed)]
    return [results[place] for place in range(len(jobs))]
