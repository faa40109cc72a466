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

from reasongap.domain import Program
from reasongap.sandbox import RestrictedSandbox
from reasongap.sandbox.jail import LAYERS

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PARENT = """
import anyio, sys
from reasongap.domain import Program
from reasongap.sandbox import Limits, RestrictedSandbox
async def main():
    async with RestrictedSandbox(workers=1, without=tuple(sys.argv[1:])) as sandbox:
        print("ready", flush=True)
        await sandbox.run(Program("while True: pass"), Limits(seconds=600, cpu_seconds=600))
anyio.run(main)
"""


def _descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found |= {int(child)} | _descendants(int(child))
    return found


def _held() -> tuple[int, int]:
    """How many descriptors and processes this process holds."""
    return len(list(Path("/proc/self/fd").iterdir())), len(_descendants(os.getpid()))


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
def test_a_worker_killed_in_mid_run_costs_nothing() -> None:
    values: list[str | None] = []

    async def run(sandbox: RestrictedSandbox) -> None:
        source = "import time\ntime.sleep(0.5)\nans = 5"
        values.append((await sandbox.run(Program(source))).value)

    async def main() -> None:
        async with RestrictedSandbox(workers=1) as sandbox, anyio.create_task_group() as group:
            group.start_soon(_kill_soon, os.getpid())
            group.start_soon(run, sandbox)

    anyio.run(main)
    assert values == ["5"]


async def _kill_soon(parent: int) -> None:
    await anyio.sleep(0.2)
    for pid in sorted(_descendants(parent), reverse=True):
        if b"reasongap.sandbox.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)


@linux
def test_many_programs_leave_no_descriptor_and_no_process() -> None:
    async def main() -> None:
        async with RestrictedSandbox(workers=2) as sandbox:
            await sandbox.run(Program("ans = 1"))
            descriptors, processes = _held()
            for source in ["ans = 1", "1 / 0", "import os", "x = 'a' * 10**10"] * 10:
                await sandbox.run(Program(source))
            after = _held()
            assert after[0] == descriptors
            assert after[1] <= processes + 1  # the next program's child may stand ready or not

    anyio.run(main)
