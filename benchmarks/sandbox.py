"""What running a program in the sandbox costs, against the least that a process can cost.

    python -m benchmarks.sandbox [rounds]

The floor is a warm process that forks, lets the child run `exec()` on the compiled program,
and waits; it has the same modules loaded as a worker, for what a fork costs depends on what
there is to fork. Its time is taken inside it. The sandboxes are timed from outside, question to
answer. Each takes turns with the floor, so that whatever else the machine does hits both.
The last lines give programs per second at full speed, with one worker and with two.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import anyio

from reasongap.domain import Program
from reasongap.sandbox import Limits
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.pool import Pool
from reasongap.sandbox.process import ProcessWorker
from reasongap.sandbox.worker import Settings

SOURCE = '''
def solution():
    """A baker sells 48 rolls at 0.75 each and twice as many buns at 1.25. How much is that?"""
    rolls = 48
    roll_price = 0.75
    buns = rolls * 2
    bun_price = 1.25
    income = rolls * roll_price + buns * bun_price
    result = income
    return result
'''

FLOOR = """
import os, sys, time
from reasongap.sandbox.namespace import build_namespace
build_namespace()
code = compile(sys.stdin.readline().encode().decode("unicode_escape"), "<program>", "exec")
for line in sys.stdin:
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        world = {}
        exec(code, world)
        world["solution"]()
        os._exit(0)
    os.waitpid(child, 0)
    print(time.perf_counter() - began, flush=True)
"""

KINDS = {
    "process and limits alone": Settings(policy=False, without=LAYERS),
    "kernel layers, no policy": Settings(policy=False),
    "policy, no kernel layers": Settings(without=LAYERS),
    "restricted: all of it": Settings(),
}


def pool_of(settings: Settings, workers: int) -> Pool:
    return Pool(workers, partial(ProcessWorker.start, settings))


def floor() -> tuple[subprocess.Popen[str], Callable[[], float]]:
    """The floor's process, and what times one program in it, in seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", FLOOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    ask, answer = process.stdin, process.stdout
    ask.write(SOURCE.encode("unicode_escape").decode() + "\n")

    def once() -> float:
        ask.write("\n")
        ask.flush()
        return float(answer.readline())

    return process, once


async def latencies(settings: Settings, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of every run of the floor and of this kind of sandbox, taking turns."""
    pool = pool_of(settings, 1)
    await pool.prepare()
    process, once = floor()
    bare: list[float] = []
    boxed: list[float] = []
    with process:
        for _ in range(rounds):
            bare.append(once())
            began = time.perf_counter()
            execution = await pool.run(Program(SOURCE), Limits())
            boxed.append(time.perf_counter() - began)
            assert execution.value == "156.0", execution
        process.kill()
    pool.close()
    return bare, boxed


async def throughput(workers: int, rounds: int) -> float:
    """Programs per second when there is always a next one."""
    pool = pool_of(Settings(), workers)

    async def keep_busy() -> None:
        for _ in range(rounds):
            await pool.run(Program(SOURCE), Limits())

    await pool.prepare()
    began = time.perf_counter()
    async with anyio.create_task_group() as group:
        for _ in range(workers):
            group.start_soon(keep_busy)
    took = time.perf_counter() - began
    pool.close()
    return workers * rounds / took


async def main(rounds: int) -> None:
    print(f"{'milliseconds':28}{'floor':>8}{'median':>8}{'p99':>8}{'× floor':>9}")
    for name, settings in KINDS.items():
        bare, boxed = await latencies(settings, rounds)
        base, median = statistics.median(bare), statistics.median(boxed)
        high = statistics.quantiles(boxed, n=100)[98]
        times = f"{1000 * base:8.2f}{1000 * median:8.2f}{1000 * high:8.2f}"
        print(f"{name:28}{times}{median / base:9.2f}")
    one, two = await throughput(1, rounds), await throughput(2, rounds)
    print(
        f"at full speed: {one:.0f} programs/s with 1 worker, {two:.0f} with 2 ({two / one:.2f} ×)"
    )


if __name__ == "__main__":
    anyio.run(main, int(sys.argv[1]) if len(sys.argv) > 1 else 500)
