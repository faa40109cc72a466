"""The least that a program costs: in this process, in a forked one, in a new interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from benchmarks.fork_server import fork_server
from benchmarks.peers.driving import Blocking, drive, each_its_own, script


def here(program: str) -> str:
    """Run in this very process: nothing is isolated, and state leaks."""
    world: dict[str, Callable[[], object]] = {}
    exec(program, world)
    return str(world["solution"]())


def fresh(program: str) -> str:
    """Run in a new interpreter."""
    command = [sys.executable, "-I", "-c", script(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def always(run: Blocking, lane: int) -> Iterator[Blocking]:
    """A lane that needs no opening."""
    yield run


@contextmanager
def forking(lane: int) -> Iterator[Blocking]:
    """A lane with a fork server of its own, asked from here as workers are."""
    with fork_server() as run:
        yield lambda program: run(program)[0]


if __name__ == "__main__":
    drive(
        {
            "exec": each_its_own(partial(always, here)),
            "fork": each_its_own(forking),
            "python": each_its_own(partial(always, fresh)),
        }
    )
