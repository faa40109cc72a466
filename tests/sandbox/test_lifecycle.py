"""Processes that die when they must: the parent's, the worker's, the program's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits, RestrictedSandbox, run_all
from reasongap.sandbox.jail import LAYERS

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PARENT = """
import anyio, sys
from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits, RestrictedSandbox
async def main():
    async with RestrictedSandbox(workers=1, without=tuple(sys.argv[1:])) as sandbox:
        print("ready", flush=True)
        await sandbox.run(Program("while True: pass"), Limits(seconds=600, cpu_seconds=600))
anyio.run(main)
"""


def _children(pid: int) -> set[int]:
    """Its children; none where it has ended, which a process may do while we look at it."""
    try:
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        return {int(child) for children in tasks for child in children.read_text().split()}
    except OSError:
        return set()


def _descendants(pid: int) -> set[int]:
    children = _children(pid)
    return children.union(*(_descendants(child) for child in children))


def _held() -> tuple[int, int]:
    """How many descriptors and processes this process holds."""
    return len(list(Path("/proc/self/fd").iterdir())), len(_descendants(os.getpid()))


def _workers() -> set[int]:
    """Our workers: processes with children, which have none of their own."""
    families = {pid: _children(pid) for pid in _descendants(os.getpid())}
    return {pid for pid, own in families.items() if own and not any(map(families.get, own))}


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("without", [(), LAYERS], ids=["jailed", "bare"])
def test_nothing_outlives_the_parent(how: signal.Signals, without: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", PARENT, *without]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        time.sleep(0.1)  # until the program runs
        processes = _descendants(parent.pid)
        assert len(processes) >= 2
        parent.send_signal(how)
        parent.wait(10)
    until = time.monotonic() + 10
    while any(map(_alive, processes)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not [pid for pid in processes if _alive(pid)]


@linux
@pytest.mark.parametrize(
    ("times", "outcome"), [(1, ("ok", "5")), (2, ("memory", None))], ids=["once", "twice"]
)
def test_a_worker_that_the_system_kills(times: int, outcome: tuple[str, str | None]) -> None:
    ended: list[Execution] = []
    known = _workers()  # those of the session's shared sandbox

    async def run(sandbox: RestrictedSandbox) -> None:
        source = "import time\ntime.sleep(2)\nans = 5"
        ended.append(await sandbox.run(Program(source), Limits(seconds=5)))

    async def kill() -> None:
        for _ in range(times):
            while not _workers() - known:
                await anyio.sleep(0.05)
            await anyio.sleep(0.6)  # the program has begun
            known.update(killed := _workers() - known)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

    async def main() -> None:
        async with RestrictedSandbox(workers=1) as sandbox, anyio.create_task_group() as group:
            group.start_soon(kill)
            group.start_soon(run, sandbox)

    anyio.run(main)
    assert [(execution.status, execution.value) for execution in ended] == [outcome]


def _resident(processes: set[int]) -> int:
    """Bytes of memory that these processes hold."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


async def _at_rest(known: set[int]) -> tuple[tuple[int, int], int]:
    """What two workers hold between them when each only keeps a child ready, and in memory."""
    with anyio.fail_after(10):
        while len(workers := _workers() - known) != 2 or any(
            len(_children(w)) != 1 for w in workers
        ):
            await anyio.sleep(0.01)
    return _held(), _resident(workers)


@linux
def test_a_thousand_programs_leave_no_descriptor_no_process_and_no_memory() -> None:
    sources = ["ans = 1", "1 / 0", "import os", "x = 'a' * 10**10", "print('x' * 100_000)"]
    known = _workers()  # those of the session's shared sandbox

    async def main() -> None:
        async with RestrictedSandbox(workers=2) as sandbox:

            async def run(count: int) -> None:
                programs = ((str(n), Program(sources[n % 5])) for n in range(count))
                await run_all(programs, sandbox, lambda _, execution: None, at_once=4)

            await run(50)
            held, memory = await _at_rest(known)
            await run(1_000)
            held_after, memory_after = await _at_rest(known)
            assert held_after == held
            assert memory_after < memory + 2**20

    anyio.run(main)
