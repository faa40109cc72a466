"""How many programs a second a sandbox runs, with one worker and with two, beside bare forks.

Turns are short and take turns, so that whatever else the machine does hits all alike. Processor
time is the whole machine's (/proc/stat), the benchmark's own and Docker's included: two cores
are full at two seconds of it a second.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

import anyio
from anyio import to_thread

from benchmarks.fork_server import Floor, fork_server
from benchmarks.ways_to_run import ANSWER, SOURCE, Once, answered
from reasongap.sandbox import open_sandbox

TURN = 1.0
"""Seconds of a turn."""

TURNS = 11
"""Turns of one worker and of two. A first one of each is not counted."""

COLUMNS = (
    "| at full speed | 1 worker, programs/s | 2 workers | ratio | of single turns "
    "| processor ms a program, 1 worker | 2 workers | cores busy, 1 worker | 2 workers |"
)


@dataclass(frozen=True)
class Speed:
    """Programs a second, seconds of all processors that each took, and cores that were busy."""

    rate: float
    processor: float
    cores: float


async def full_speed(lanes: Iterable[Once]) -> Speed:
    """How fast programs run while each lane always has a next one."""
    done, began, busy = 0, time.perf_counter(), busy_seconds()

    async def keep_busy(once: Once) -> None:
        nonlocal done
        while time.perf_counter() - began < TURN:
            await once()
            done += 1

    async with anyio.create_task_group() as group:
        for once in lanes:
            group.start_soon(keep_busy, once)
    wall, busy = time.perf_counter() - began, busy_seconds() - busy
    return Speed(done / wall, busy / done, busy / wall)


def busy_seconds() -> float:
    """Seconds that all processors have been busy since the machine started."""
    user, nice, system, _, _, *interrupts = (
        Path("/proc/stat").read_text().split("\n")[0].split()[1:8]
    )
    ticks = sum(map(int, (user, nice, system, *interrupts)))
    return ticks / os.sysconf("SC_CLK_TCK")


async def throughput_table(names: Iterable[str]) -> list[str]:
    """A row for the floor, and one for each sandbox."""
    with fork_server() as first, fork_server() as second:
        floors = [_lane(first), _lane(second)]
        rows = [await _row("the floor, a process a worker", floors[:1], floors)]
    for name in names:
        async with open_sandbox(name, workers=1) as one, open_sandbox(name, workers=2) as two:
            lanes = partial(answered, two)
            rows.append(await _row(name, [partial(answered, one)], [lanes, lanes]))
    return rows


def _lane(floor: Floor) -> Once:
    """A forking process, asked from a thread."""

    async def once() -> None:
        answer, _ = await to_thread.run_sync(floor, SOURCE)
        assert answer == ANSWER, answer

    return once


async def _row(name: str, one: Sequence[Once], two: Sequence[Once]) -> str:
    """One lane and two, in turn: medians, and the ratios of single turns."""
    turns = [(await full_speed(one), await full_speed(two)) for _ in range(TURNS + 1)][1:]
    ratios = [both.rate / alone.rate for alone, both in turns]
    alone, both = (_median(side) for side in zip(*turns, strict=True))
    return (
        f"| {name} | {alone.rate:.0f} | {both.rate:.0f} | {statistics.median(ratios):.2f} "
        f"| {min(ratios):.2f} to {max(ratios):.2f} "
        f"| {1000 * alone.processor:.2f} | {1000 * both.processor:.2f} "
        f"| {alone.cores:.2f} | {both.cores:.2f} |"
    )


def _median(turns: Sequence[Speed]) -> Speed:
    return Speed(*map(statistics.median, zip(*map(astuple, turns), strict=True)))
