"""What running a program in a sandbox costs, against the least that a process can cost.

    python -m benchmarks.sandbox [--rounds 400]     the tables of docs/benchmarks.md
    python -m benchmarks.sandbox --soak 20000       what many programs leave behind

Sandboxes are timed from outside, question to answer, and take turns with the floor, so that
whatever else the machine does hits both. Each turn begins when the one before has settled: what
a worker does after its answer slows nobody, and shows in the programs per second. What costs a
hundred times more gets fewer rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping

import anyio

from benchmarks.sandbox_soak import descendants, proportional_memory, soak
from benchmarks.ways_to_run import (
    IN_DOCKER,
    OTHERS,
    OTHERS_IN_DOCKER,
    OURS,
    Way,
    answered,
    floor,
    image,
    in_sandbox,
    pool_of,
    seconds,
)
from reasongap.domain import Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import Limits, open_sandbox
from reasongap.sandbox.worker import Settings

WARM = 20
"""Runs that are not counted."""

SETTLED = 0.02
"""Seconds after which a worker has cleared up and its next child stands ready."""

FOREVER = Program("while True: pass")


async def latencies(way: Way, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of every run of the floor and of this way, taking turns."""
    bare: list[float] = []
    timed: list[float] = []
    with floor() as once_bare:
        async with way() as once:
            for turn in range(-min(WARM, rounds), rounds):
                await anyio.sleep(SETTLED)
                least = once_bare()
                await anyio.sleep(SETTLED)
                pair = least, await seconds(once)
                if turn >= 0:
                    bare.append(pair[0])
                    timed.append(pair[1])
    return bare, timed


async def latency_table(ways: Mapping[str, Way], rounds: int) -> list[str]:
    """A row for each way: the floor beside it, its median and its slowest of a hundred."""
    rows = []
    for name, way in ways.items():
        bare, timed = await latencies(way, rounds)
        base, median = statistics.median(bare), statistics.median(timed)
        high = statistics.quantiles(timed, n=100, method="inclusive")[98]
        times = f"{1000 * base:.2f} | {1000 * median:.2f} | {1000 * high:.2f}"
        rows.append(f"| {name} | {times} | {median / base:.2f} | {high / median:.1f} |")
    return rows


async def throughput(name: str, workers: int, rounds: int) -> float:
    """Programs per second when there is always a next one."""
    async with open_sandbox(name, workers=workers) as sandbox:

        async def keep_busy(times: int) -> None:
            for _ in range(times):
                await answered(sandbox)

        async def all_at_once(times: int) -> None:
            async with anyio.create_task_group() as group:
                for _ in range(workers):
                    group.start_soon(keep_busy, times)

        await all_at_once(WARM)
        began = time.perf_counter()
        await all_at_once(rounds)
        return workers * rounds / (time.perf_counter() - began)


async def throughput_table(names: Iterable[str], rounds: int) -> list[str]:
    """A row for each sandbox: with one worker and with two."""
    rows = []
    for name in names:
        one, two = await throughput(name, 1, rounds), await throughput(name, 2, rounds)
        rows.append(f"| {name} | {one:.0f} | {two:.0f} | {two / one:.2f} |")
    return rows


async def start_of_a_worker() -> None:
    pool = pool_of(Settings())
    await pool.prepare()
    pool.close()


async def worker_table(rounds: int) -> list[str]:
    """What a worker costs: to start, to keep, and when its program has to be killed."""
    starts = [await seconds(start_of_a_worker) for _ in range(min(rounds, 10))]
    pool = pool_of(Settings())
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


def _killed(run: Run) -> Callable[[], Awaitable[None]]:
    async def once() -> None:
        await run(FOREVER, Limits(seconds=0.05))

    return once


def _small(run: Run) -> Callable[[], Awaitable[None]]:
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
        "| what | floor, ms | median, ms | p99, ms | × floor | p99 ÷ median |",
        await latency_table(quick, rounds) + await latency_table(slow, max(2, rounds // 20)),
    )
    names = ["restricted", *IN_DOCKER] if docker else ["restricted"]
    _print(
        "| at full speed | 1 worker, programs/s | 2 workers | ratio |",
        await throughput_table(names, rounds),
    )
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
