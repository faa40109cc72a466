"""Docker's own commands: `exec` in a container that runs, and `run` of a new one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.peers.driving import Blocking, drive, each_its_own, script
from benchmarks.peers.names import IMAGE

QUIET = ("--network", "none")


def printed(*words: str) -> str:
    """What a command prints."""
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def executing(lane: int) -> Iterator[Blocking]:
    """A container that sleeps, and an interpreter in it for each program."""
    sleeping = ("python", "-c", "import time; time.sleep(9999)")
    name = printed("docker", "run", "--detach", "--rm", *QUIET, IMAGE, *sleeping)
    try:
        yield lambda program: printed("docker", "exec", name, "python", "-c", script(program))
    finally:
        printed("docker", "rm", "--force", name)


@contextmanager
def running(lane: int) -> Iterator[Blocking]:
    """A container for each program."""
    start = ("docker", "run", "--rm", *QUIET, IMAGE, "python", "-c")
    yield lambda program: printed(*start, script(program))


if __name__ == "__main__":
    drive({"exec": each_its_own(executing), "run": each_its_own(running)})
