"""What many programs leave behind: memory, descriptors, processes, containers."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from reasongap.domain import Program
from reasongap.sandbox import Limits, open_sandbox, run_all

MIX = [
    *["def solution():\n    return 6 * 7"] * 12,
    "print('x' * 10_000)\nans = [n ** 2 for n in range(500)]",
    "1 / 0",
    "def solution(:",
    "import os\nos._exit(3)",
    "ans = 'a' * 10 ** 10",
    "def f(n): return f(n + 1)\nans = f(0)",
    "print('x' * 100_000)",
    "t = ()\nfor _ in range(200_000): t = (t,)\nhash(t)",
]
"""Programs of every way to end; each hundredth is one that has to be killed."""

FOREVER = "while True: pass"
LIMITS = Limits(seconds=0.5)
SETTLED = 200


@dataclass(frozen=True)
class Held:
    """What this process and all below it hold.

    Memory is in bytes, of pages that are no file's; those that several share are divided.
    """

    memory_here: int
    memory_below: int
    descriptors: int
    processes: int
    containers: int


def _program(place: int) -> Program:
    return Program(FOREVER if place % 100 == 99 else MIX[place % len(MIX)])


async def soak(name: str, programs: int) -> list[str]:
    """Table rows: what is held after the first programs, and after all of them."""
    async with open_sandbox(name, workers=2) as sandbox:

        async def run(count: int) -> None:
            mixed = ((str(place), _program(place)) for place in range(count))
            await run_all(mixed, sandbox, lambda _, execution: None, LIMITS, at_once=4)

        await run(SETTLED)
        first = held()
        await run(programs)
        last = held()
    megabytes = [(each.memory_here / 2**20, each.memory_below / 2**20) for each in (first, last)]
    (here, below), (here_last, below_last) = megabytes
    return [
        f"| memory of this process, MB | {here:.1f} | {here_last:.1f} |",
        f"| memory of its workers, MB | {below:.1f} | {below_last:.1f} |",
        f"| descriptors | {first.descriptors} | {last.descriptors} |",
        f"| processes | {first.processes} | {last.processes} |",
        f"| containers | {first.containers} | {last.containers} |",
    ]


def held() -> Held:
    """What is held now, workers in containers included."""
    inside = container_workers()
    below = descendants() | inside | {each for pid in inside for each in descendants(pid)}
    return Held(
        proportional_memory({os.getpid()}),
        proportional_memory(below),
        len(list(Path("/proc/self/fd").iterdir())),
        len(below),
        len(inside),
    )


def container_workers() -> set[int]:
    """The first processes of this process's containers, as the host numbers them."""
    ask = ["docker", "ps", "--quiet", "--filter", "label=reasongap.owner"]
    try:
        found = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return set()
    if not found:
        return set()
    form = '{{.State.Pid}} {{index .Config.Labels "reasongap.owner"}}'
    ask = ["docker", "inspect", "--format", form, *found]
    lines = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.splitlines()
    ours = [line.split() for line in lines if line.split()[2] == str(os.getpid())]
    return {int(fields[0]) for fields in ours}


def descendants(pid: int | None = None) -> set[int]:
    """The processes below this one, or below `pid`."""
    found: set[int] = set()
    try:
        for task in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
            found |= {int(child) for child in (task / "children").read_text().split()}
    except OSError:  # it has just ended
        return found
    return found.union(*(descendants(child) for child in found))


def proportional_memory(processes: set[int]) -> int:
    """Bytes that these processes take together, files left out; what they share counts once."""
    return sum(map(_proportional_memory, processes))


def _proportional_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))
