"""Processes that die when they must: the parent's, the worker's, the program's."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Program
from reasongap.sandbox import Limits, RestrictedSandbox, frames, run_all
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.pool import Answer
from reasongap.sandbox.process import ProcessWorker
from tests.processes import alive, children, descendants

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PATIENCE = 60.0
BUSY = os.sysconf("SC_CLK_TCK")
"""Ticks of processor time that nothing here uses but a program that never ends."""

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


def _below(sandbox: RestrictedSandbox) -> set[int]:
    """The processes of a sandbox: its workers with what waits for each, and their children."""
    started = {worker._process.pid for worker in sandbox._pool._workers}  # type: ignore[attr-defined]
    return started.union(*map(descendants, started))


def _workers(sandbox: RestrictedSandbox) -> set[int]:
    """Its workers: processes with children, which have none of their own."""
    families = {pid: children(pid) for pid in _below(sandbox)}
    return {pid for pid, own in families.items() if own and not any(map(families.get, own))}


def _worked(pid: int) -> int:
    """The processor time that it used, in ticks; none where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("without", [(), LAYERS], ids=["jailed", "bare"])
def test_nothing_outlives_the_parent(how: signal.Signals, without: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", PARENT, *without]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        processes = descendants(parent.pid)
        assert len(processes) >= 2
        until = time.monotonic() + PATIENCE
        while not any(_worked(pid) > BUSY for pid in processes):
            assert time.monotonic() < until, "the program does not run"
            time.sleep(0.01)
        parent.send_signal(how)
        parent.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while any(map(alive, processes)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not [pid for pid in processes if alive(pid)]


@linux
@pytest.mark.parametrize(
    ("times", "outcome"), [(1, ("ok", "5")), (2, ("memory", None))], ids=["once", "twice"]
)
def test_a_worker_that_the_system_kills(
    times: int, outcome: tuple[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, runs = ProcessWorker.ask, iter(range(times))

    async def ask(worker: ProcessWorker, request: frames.Message) -> Answer:
        """The program never ends as often as its worker is to be killed."""
        if next(runs, None) is None:
            return await answer(worker, request)
        return await answer(worker, request | {"source": "while True: pass"})

    async def kill(sandbox: RestrictedSandbox) -> None:
        killed: set[int] = set()
        while len(killed) < times:
            for worker in _workers(sandbox) - killed:
                if any(_worked(child) > BUSY for child in children(worker)):
                    os.kill(worker, signal.SIGKILL)
                    killed.add(worker)
            await anyio.sleep(0.01)

    async def main() -> None:
        async with RestrictedSandbox(workers=1) as sandbox, anyio.create_task_group() as group:
            monkeypatch.setattr(ProcessWorker, "ask", ask)
            group.start_soon(kill, sandbox)
            execution = await sandbox.run(Program("ans = 5"), Limits(PATIENCE, PATIENCE))
            assert (execution.status, execution.value) == outcome
            group.cancel_scope.cancel()

    anyio.run(main)


def _own_memory(processes: set[int]) -> int:
    """Bytes that these processes hold and nobody can take from them: no file's pages."""
    lines = [
        line.split()
        for pid in processes
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    ]
    return 1024 * sum(int(line[1]) for line in lines if line[0] in ("RssAnon:", "VmSwap:"))


async def _at_rest(sandbox: RestrictedSandbox) -> tuple[int, int, int]:
    """What this process and two workers hold when each only keeps a child ready.

    Our descriptors, their processes, and their memory.
    """
    with anyio.fail_after(PATIENCE):
        while len(workers := _workers(sandbox)) != 2 or any(len(children(w)) != 1 for w in workers):
            await anyio.sleep(0.01)
    gc.collect()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return descriptors, len(_below(sandbox)), _own_memory(workers)


@linux
def test_a_thousand_programs_leave_no_descriptor_no_process_and_no_memory() -> None:
    sources = ["ans = 1", "1 / 0", "import os", "x = 'a' * 10**10", "print('x' * 100_000)"]
    patient = Limits(PATIENCE, PATIENCE)

    async def main() -> None:
        async with RestrictedSandbox(workers=2) as sandbox:

            async def run(count: int) -> None:
                programs = ((str(n), Program(sources[n % 5])) for n in range(count))
                await run_all(programs, sandbox, lambda _, execution: None, patient, at_once=4)

            await run(50)
            descriptors, processes, memory = await _at_rest(sandbox)
            await run(1_000)
            descriptors_after, processes_after, memory_after = await _at_rest(sandbox)
            assert descriptors_after <= descriptors
            assert processes_after == processes
            assert memory_after < memory + 2**20

    anyio.run(main)
