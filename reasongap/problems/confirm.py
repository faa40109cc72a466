"""The second derivation of a gold answer: a program for the problem, run at the new number.

The program must give the published answer as it stands, and write the replaced number
exactly once; only then does its value at the new number count.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import anyio

from reasongap.answers import format_number, parse_number, same
from reasongap.domain import Execution, Problem, Program
from reasongap.problems.literals import rewrite, written
from reasongap.problems.pairing import Link, Path

T = TypeVar("T")

Run = Callable[[Program], Awaitable[Execution]]
"""A sandbox's `run`, as the caller binds it."""


class Confirmer:
    """Judges paths by programs, and remembers how each program did on its published answer."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.published: dict[str, bool | None] = {}

    async def verdicts(self, paths: Sequence[Path]) -> list[bool | None]:
        """For each path: True where programs give every gold after the first hop's.

        False where a program gives another number, for a gold or for the published answer of
        any of the path's problems; None where neither holds: a program is missing, does
        not run, or does not write the replaced number exactly once.
        """
        problems = {problem.id: problem for path in paths for problem in path.problems}
        unknown = [problem for name, problem in problems.items() if name not in self.published]
        await _together(self._test, unknown)
        found: dict[int, bool | None] = {}

        async def judge(index: int) -> None:
            found[index] = await self._path(paths[index])

        await _together(judge, range(len(paths)))
        return [found[index] for index in range(len(paths))]

    async def _test(self, problem: Problem) -> None:
        """Remember whether the problem's program gives its published answer."""
        self.published[problem.id] = await self._gives(problem.program, problem.answer)

    async def _path(self, path: Path) -> bool | None:
        if False in (self.published[problem.id] for problem in path.problems):
            return False
        found = [await self._link(link) for link in path.links]
        return False if False in found else None if None in found else True

    async def _link(self, link: Link) -> bool | None:
        sound = self.published[link.slot.problem.id]
        return await self._gives(rewritten(link) if sound else None, link.gold)

    async def _gives(self, source: str | None, answer: Fraction) -> bool | None:
        """Whether a program gives this answer, None where it gives no number."""
        if source is None:
            return None
        execution = await self.run(Program(source))
        value = parse_number(execution.value or "") if execution.status == "ok" else None
        return None if value is None else same(value, answer)


async def _together(work: Callable[[T], Coroutine[Any, Any, None]], items: Iterable[T]) -> None:
    async with anyio.create_task_group() as group:
        for item in items:
            group.start_soon(work, item)


def rewritten(link: Link) -> str | None:
    """The problem's program with the link's number in it.

    None where the problem has no program, or one that does not write the replaced number
    exactly once.
    """
    mention, program = link.slot.mention, link.slot.problem.program
    if program is None:
        return None
    places = [number for number in written(program) if number.value in mention.meanings]
    if len(places) != 1:
        return None
    number = link.number * places[0].value / mention.value
    return rewrite(program, {places[0]: format_number(number)})
