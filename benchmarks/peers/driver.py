"""A driver as its parent sees it: a process that takes programs and gives answers and seconds."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.peers.environments import python_of

PATIENCE = 180.0
"""Seconds for a driver to get ready, and for a block of programs."""
HERE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Way:
    """A way to run programs: what the tables call it, and the driver that knows it.

    `isolates` says what stands between a program and the machine; `block` is how many programs
    it gets at a time, and `turns` how many of these, where it is too slow for all.
    """

    name: str
    peer: str
    driver: str
    way: str
    isolates: str
    block: int = 40
    turns: int | None = None


@dataclass(frozen=True)
class Block:
    """What some programs answered, the seconds each took, and those of all of them."""

    answers: Sequence[str]
    seconds: Sequence[float]
    wall: float


class Unavailable(Exception):
    """The driver cannot run here: why."""


class Driver:
    """A driver's process, from `with` to its end; `ready` is what it took to start, in seconds."""

    ready = 0.0

    def __init__(self, way: Way, lanes: int) -> None:
        self._way = way
        module = f"benchmarks.peers.sandboxes.{way.driver}"
        self._command = [str(python_of(way.peer)), "-m", module, way.way, str(lanes)]

    def __enter__(self) -> Driver:
        began = time.perf_counter()
        try:
            self._process = subprocess.Popen(
                self._command,
                cwd=HERE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        except FileNotFoundError:
            raise Unavailable("not installed: python -m benchmarks.peers install") from None
        try:
            self._said()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.ready = time.perf_counter() - began
        return self

    def run(self, programs: Sequence[str]) -> Block:
        """Run these programs; `Unavailable` where the driver ends or falls silent."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(list(programs)) + "\n")
        self._process.stdin.flush()
        return Block(**self._said())

    def _said(self) -> dict[str, Any]:
        """The next line of the protocol; what else a peer prints is passed over."""
        assert self._process.stdout is not None
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            for line in self._process.stdout:
                if line.startswith("{"):
                    said: dict[str, Any] = json.loads(line)
                    if "unavailable" in said:
                        raise Unavailable(str(said["unavailable"]))
                    return said
        finally:
            watch.cancel()
        raise Unavailable(f"ended without a word, or took more than {PATIENCE:.0f} s")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
