"""Ways to run a program, each opened once and then timed again and again.

A way is an async context manager that yields a coroutine function: it runs the program and
checks its answer.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import anyio

from reasongap.domain import Program
from reasongap.sandbox import Limits, Sandbox, open_sandbox
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.pool import Pool, cores
from reasongap.sandbox.process import ProcessWorker
from reasongap.sandbox.worker import Settings

Once = Callable[[], Coroutine[Any, Any, object]]
Way = Callable[[], AbstractAsyncContextManager[Once]]

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
ANSWER = "156.0"
SCRIPT = f"{SOURCE}\nprint(solution())"


def pool_of(settings: Settings, workers: int | None = None) -> Pool:
    """A pool of worker processes that are set up so: by default one a core, as everywhere."""
    return Pool(workers or cores(), partial(ProcessWorker.start, settings))


@asynccontextmanager
async def in_workers(settings: Settings) -> AsyncIterator[Once]:
    """Worker processes set up so."""
    pool = pool_of(settings)

    async def once() -> None:
        execution = await pool.run(Program(SOURCE), Limits())
        assert execution.value == ANSWER, execution

    await all_busy(once)
    yield once
    pool.close()


@asynccontextmanager
async def in_sandbox(name: str) -> AsyncIterator[Once]:
    """A sandbox by its name."""
    async with open_sandbox(name) as sandbox:
        once = partial(answered, sandbox)
        await all_busy(once)
        yield once


async def all_busy(once: Once) -> None:
    """Have every worker started, as in any run that sends more than one program at a time."""
    async with anyio.create_task_group() as group:
        for _ in range(cores()):
            group.start_soon(once)


async def answered(sandbox: Sandbox) -> None:
    """Run the program there and check its answer."""
    execution = await sandbox.run(Program(SOURCE))
    assert execution.value == ANSWER, execution


@asynccontextmanager
async def in_process() -> AsyncIterator[Once]:
    """Python's `exec` in this very process: no isolation at all, and state leaks."""

    async def once() -> None:
        world: dict[str, Callable[[], object]] = {}
        exec(SOURCE, world)
        assert str(world["solution"]()) == ANSWER

    yield once


@asynccontextmanager
async def command(*words: str) -> AsyncIterator[Once]:
    """A command that prints the answer."""

    async def once() -> None:
        assert _output(*words, SCRIPT) == ANSWER

    yield once


def _output(*words: str) -> str:
    """What a command prints. Waiting for it blocks, for nothing else runs meanwhile."""
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


PYTHON_THERE = "/python/bin/python3"
"""Where the sandbox's image has its interpreter."""


@asynccontextmanager
async def in_container() -> AsyncIterator[Once]:
    """`docker exec` of an interpreter in a container that runs already."""
    sleeper = ["--entrypoint", PYTHON_THERE, image(), "-c", "import time; time.sleep(9999)"]
    name = _output("docker", "run", "--detach", "--rm", "--network", "none", *sleeper)
    try:
        async with command("docker", "exec", name, PYTHON_THERE, "-c") as once:
            yield once
    finally:
        _output("docker", "rm", "--force", name)


@asynccontextmanager
async def in_new_container() -> AsyncIterator[Once]:
    """`docker run`, a container for this program alone."""
    limits = ["--network", "none", "--entrypoint", PYTHON_THERE]
    async with command("docker", "run", "--rm", *limits, image(), "-c") as once:
        yield once


def image() -> str:
    """The sandbox's image."""
    from reasongap.sandbox.containers.engine import Engine
    from reasongap.sandbox.containers.image import find_image

    engine = Engine.connect()
    try:
        return find_image(engine, ()).tag
    finally:
        engine.close()


OURS: Mapping[str, Way] = {
    "process and limits alone": partial(in_workers, Settings(policy=False, without=LAYERS)),
    "kernel layers, no policy": partial(in_workers, Settings(policy=False)),
    "policy, no kernel layers": partial(in_workers, Settings(without=LAYERS)),
    "restricted: all of it": partial(in_sandbox, "restricted"),
}
IN_DOCKER: Mapping[str, Way] = {
    "docker": partial(in_sandbox, "docker"),
    "docker-restricted": partial(in_sandbox, "docker-restricted"),
}
OTHERS: Mapping[str, Way] = {
    "`exec` in this process": in_process,
    "a fresh `python -I`": partial(command, sys.executable, "-I", "-c"),
}
OTHERS_IN_DOCKER: Mapping[str, Way] = {
    "`docker exec`": in_container,
    "`docker run`": in_new_container,
}


async def seconds(once: Once) -> float:
    """How long one run takes, from the question to the checked answer."""
    began = time.perf_counter()
    await once()
    return time.perf_counter() - began
