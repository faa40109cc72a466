"""What running a program in a sandbox costs, against the least that a process can cost.

    python -m benchmarks.sandbox [--rounds 400]     the tables of docs/benchmarks.md
    python -m benchmarks.sandbox --soak 20000       what many programs leave behind

Sandboxes are timed from outside, question to answer, and take turns with the floor, so that
whatever else the machine does hits both. A turn is ten programs one after the other, through a
pool of a worker a core, as in a run. The last column is of single programs after a rest. What
costs a hundred times more gets fewer rounds. The floor takes its own time (benchmarks/fork_server).
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import anyio

from benchmarks.fork_server import fork_server
from benchmarks.sandbox_soak import descendants, proportional_memory, soak
from benchmarks.sandbox_speed import COLUMNS, throughput_table
from benchmarks.ways_to_run import (
    ANSWER,
    IN_DOCKER,
    OTHERS,
    OTHERS_IN_DOCKER,
    OURS,
    SOURCE,
    Once,
    Way,
    image,
    in_sandbox,
    pool_of,
    seconds,
)
from reasongap.domain import Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import Limits
from reasongap.sandbox.worker import Settings

WARM = 20
"""Runs that are not counted."""

IN_A_ROW = 10
"""Programs of a turn: one after the other, as a run sends them."""

SETTLED = 0.02
"""Seconds after which a worker has cleared up and its next child stands ready."""

FOREVER = Program("while True: pass")


Timed = Callable[[], Awaitable[float]]
"""Runs a program, and gives its seconds."""


@dataclass(frozen=True)
class Times:
    """Seconds of programs in a row, and of some that came after a rest."""

    busy: list[float] = field(default_factory=list)
    rested: list[float] = field(default_factory=list)

    async def turn(self, once: Timed) -> None:
        """One after a rest, and then so many in a row that were asked for at once."""
        await anyio.sleep(SETTLED)
        self.rested.append(await once())
        self.busy.extend([await once() for _ in range(IN_A_ROW)])


async def latencies(way: Way, rounds: int) -> tuple[Times, Times]:
    """Seconds of the floor's programs and of this way's, taking turns."""
    least, timed = Times(), Times()
    with fork_server() as floor:
        async with way() as once_here:

            async def bare() -> float:
                answer, least = floor(SOURCE)
                assert answer == ANSWER, answer
                return least

            async def here() -> float:
                return await seconds(once_here)

            for _ in range(WARM):
                await bare()
                await here()
            for _ in range(-(-rounds // IN_A_ROW)):
                await least.turn(bare)
                await timed.turn(here)
    return least, timed


async def latency_table(ways: Mapping[str, Way], rounds: int) -> list[str]:
    """A row for each way: median and slowest of a hundred, and how often the floor's time."""
    rows = []
    for name, way in ways.items():
        bare, timed = await latencies(way, rounds)
        base, median = statistics.median(bare.busy), statistics.median(timed.busy)
        high = statistics.quantiles(timed.busy, n=100, method="inclusive")[98]
        rested = statistics.median(timed.rested) / statistics.median(bare.rested)
        times = f"{1000 * base:.2f} | {1000 * median:.2f} | {1000 * high:.2f}"
        rows.append(
            f"| {name} | {times} | {median / base:.2f} | {high / median:.1f} | {rested:.2f} |"
        )
    return rows


async def start_of_a_worker() -> None:
    pool = pool_of(Settings(), 1)
    await pool.prepare()
    pool.close()


async def worker_table(rounds: int) -> list[str]:
    """What a worker costs: to start, to keep, and when its program has to be killed."""
    starts = [await seconds(start_of_a_worker) for _ in range(min(rounds, 10))]
    pool = pool_of(Settings(), 1)
    await pool.prepare()
    await pool.run(FOREVER, Limits(seconds=0.05))
    memory = proportional_memory(descendants())
    late, after = [], []
    for _ in range(min(rounds, 20)):
        late.append(await seconds(_killed(pool.run)) - 0.05)
        after.append(await seconds(_small(pool.run)))
    pool.close()
    return [
        f"| start of a worker | {1000 * statistics.median(starts):.0f} ms |",
        f"| memory of a worker and its next child | {memory / 2**20:.1f} MB |",
        f"| a killed program, beyond its limit | {1000 * statistics.median(late):.2f} ms |",
        f"| the program after a killed one | {1000 * statistics.median(after):.2f} ms |",
    ]


Run = Callable[[Program, Limits], Awaitable[object]]


def _killed(run: Run) -> Once:
    async def once() -> None:
        await run(FOREVER, Limits(seconds=0.05))

    return once


def _small(run: Run) -> Once:
    async def once() -> None:
        await run(Program("ans = 1"), Limits())

    return once


def _print(head: str, rows: list[str]) -> None:
    columns = head.count("|") - 1
    print(head, "|---|" + "--:|" * (columns - 1), *rows, "", sep="\n", flush=True)


def docker_is_here() -> bool:
    """Whether the docker sandbox can be measured; says why not."""
    try:
        image()
    except SandboxUnavailable as error:
        print(f"Without the docker rows: {error}\n")
        return False
    return True


async def main(rounds: int) -> None:
    docker = docker_is_here()
    quick = {**OURS, **(IN_DOCKER if docker else {})}
    slow = {**OTHERS, **(OTHERS_IN_DOCKER if docker else {})}
    _print(
        "| what | floor, ms | median, ms | p99, ms | × floor | p99 ÷ median | × floor, rested |",
        await latency_table(quick, rounds) + await latency_table(slow, max(2, rounds // 20)),
    )
    names = ["restricted", *IN_DOCKER] if docker else ["restricted"]
    _print(COLUMNS, await throughput_table(names))
    _print("| a worker | |", await worker_table(rounds))


async def soak_main(programs: int) -> None:
    for name in ["restricted", "docker"] if docker_is_here() else ["restricted"]:
        async with in_sandbox(name):  # so that what is loaded once is loaded
            pass
        _print(
            f"| {name}, {programs:,} programs | at first | at last |", await soak(name, programs)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sandbox")
    parser.add_argument("--rounds", type=int, default=400, metavar="N")
    parser.add_argument("--soak", type=int, default=0, metavar="PROGRAMS")
    given = parser.parse_args()
    if given.soak:
        anyio.run(soak_main, given.soak)
    else:
        anyio.run(main, given.rounds)
