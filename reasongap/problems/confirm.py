"""The second derivation of a gold answer: a program for the problem, run at the new number.

The program must write the replaced number exactly once, and must give the published
answer as it stands; only then does its value at the new number count.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from fractions import Fraction

import anyio

from reasongap.answers import parse_number, same
from reasongap.domain import Execution, Problem, Program
from reasongap.problems.literals import rewrite, written
from reasongap.problems.pairing import Link, Path

Run = Callable[[Program], Awaitable[Execution]]
"""A sandbox's `run`, as the caller binds it."""


class Confirmer:
    """Runs programs and remembers which of them give their published answers."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.sound: dict[str, bool] = {}

    async def verdicts(self, paths: Iterable[Path]) -> list[bool | None]:
        """For each path: True where a program agrees on every hop, False where one disagrees.

        None where some hop has no program that can tell, and none disagrees.
        """
        paths = list(paths)
        problems = {
            link.slot.problem.id: link.slot.problem for path in paths for link in path.links
        }
        async with anyio.create_task_group() as group:
            for problem in problems.values():
                if problem.id not in self.sound:
                    group.start_soon(self._test, problem)
        verdicts: list[bool | None] = [None] * len(paths)

        async def judge(index: int) -> None:
            verdicts[index] = await self._path(paths[index])

        async with anyio.create_task_group() as group:
            for index in range(len(paths)):
                group.start_soon(judge, index)
        return verdicts

    async def _test(self, problem: Problem) -> None:
        """Remember whether the problem's program gives its published answer."""
        self.sound[problem.id] = problem.program is not None and await self._gives(
            problem.program, problem.answer
        )

    async def _path(self, path: Path) -> bool | None:
        found = [await self._link(link) for link in path.links]
        return False if False in found else None if None in found else True

    async def _link(self, link: Link) -> bool | None:
        source = rewritten(link) if self.sound[link.slot.problem.id] else None
        return None if source is None else await self._gives(source, link.gold)

    async def _gives(self, source: str, answer: Fraction) -> bool:
        execution = await self.run(Program(source))
        value = parse_number(execution.value or "") if execution.status == "ok" else None
        return value is not None and same(value, answer)


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
    text = str(number) if number.denominator == 1 else repr(float(number))
    return rewrite(program, {places[0]: text})
