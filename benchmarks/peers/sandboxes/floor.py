"""The least that a program costs: in this process, in a forked one, in a new interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.peers.driving import Blocking, drive, each_its_own, script
from reasongap.sandbox.namespace import build_namespace


def here(program: str) -> str:
    """Run in this very process: nothing is isolated, and state leaks."""
    world: dict[str, Callable[[], object]] = {}
    exec(program, world)
    return str(world["solution"]())


def forked(program: str) -> str:
    """Run in a child of this process, which is as large as a worker of ours."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(outlet, here(program).encode())
        os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said.decode()


def fresh(program: str) -> str:
    """Run in a new interpreter."""
    command = [sys.executable, "-I", "-c", script(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def always(run: Blocking, lane: int) -> Iterator[Blocking]:
    """A lane that needs no opening."""
    build_namespace()
    yield run


if __name__ == "__main__":
    from functools import partial

    floors = {"exec": here, "fork": forked, "python": fresh}
    drive({name: each_its_own(partial(always, run)) for name, run in floors.items()})
