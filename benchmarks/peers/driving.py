"""What runs inside a measured process: programs come in, answers and seconds go out.

A driver runs under its peer's own interpreter, and so imports nothing of reasongap here. It is
started as `python -m benchmarks.peers.sandboxes.NAME WAY LANES`, and says on its first line that
it is ready, or why it cannot be. Then each line on its input is a list of programs, and each
line that it prints is what they answered and took. Every lane runs one program at a time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
)

Run = Callable[[str], Awaitable[str]]
"""Runs a program that defines `solution`, and gives what it returns, as text."""
Blocking = Callable[[str], str]
"""The same, while nothing else in its thread can run."""
Lanes = Callable[[int], AbstractAsyncContextManager[Sequence[Run]]]
"""Opens so many lanes, each with a sandbox of its own where the peer has one a program."""


def drive(ways: Mapping[str, Lanes]) -> None:
    """Serve the way that the command line names until the input ends."""
    way, lanes = sys.argv[1:3]
    asyncio.run(_drive(ways[way], int(lanes)))


async def _drive(open_lanes: Lanes, lanes: int) -> None:
    try:
        async with open_lanes(lanes) as runs:
            say({})
            await serve(runs)
    except Exception as error:
        said = str(error).strip() or type(error).__name__
        say({"unavailable": " ".join(said.split())})
        raise


def say(line: Mapping[str, object]) -> None:
    """Print a line of the protocol."""
    print(json.dumps(line), flush=True)


async def serve(runs: Sequence[Run]) -> None:
    """Run each list of programs that comes in, on all lanes at once."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        waiting = enumerate(json.loads(line))
        answers: dict[int, str] = {}
        seconds: dict[int, float] = {}
        began = time.perf_counter()
        await asyncio.gather(*(_lane(run, waiting, answers, seconds) for run in runs))
        wall = time.perf_counter() - began
        order = sorted(answers)
        say(
            {
                "answers": [answers[place] for place in order],
                "seconds": [seconds[place] for place in order],
                "wall": wall,
            }
        )


async def _lane(
    run: Run, waiting: Iterator[tuple[int, str]], answers: dict[int, str], seconds: dict[int, float]
) -> None:
    for place, program in waiting:
        began = time.perf_counter()
        try:
            answers[place] = await run(program)
        except Exception as error:  # noqa: BLE001 (an answer like others: it is not right)
            answers[place] = f"{type(error).__name__}: {error}"
        seconds[place] = time.perf_counter() - began


def script(program: str) -> str:
    """The program as a script that prints its answer."""
    return f"{program}\nprint(solution())\n"


def each_its_own(opened: Callable[[int], AbstractContextManager[Blocking]]) -> Lanes:
    """Lanes of a peer that blocks: the one lane in this thread, several in threads of their own.

    `opened` gets the lane's number.
    """

    @asynccontextmanager
    async def lanes(count: int) -> AsyncIterator[Sequence[Run]]:
        with ExitStack() as stack:
            blocking = [stack.enter_context(opened(lane)) for lane in range(count)]
            yield [_here(run) if count == 1 else _in_thread(run) for run in blocking]

    return lanes


def _here(run: Blocking) -> Run:
    async def once(program: str) -> str:
        return run(program)

    return once


def _in_thread(run: Blocking) -> Run:
    async def once(program: str) -> str:
        return await asyncio.to_thread(run, program)

    return once
