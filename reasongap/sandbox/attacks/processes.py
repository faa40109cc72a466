"""The processes that attacks are watched by: a stranger to harm, and all that we started.

Reads /proc; where there is none, only the stranger's end is seen.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

PROCESSES = Path("/proc")
WAITS = "import time; time.sleep(3600)"
ADOPT_ORPHANS = 36
"""The option of `prctl`: whoever loses its parent below us becomes our child."""

STOPPED, DEAD = "Tt", "ZX"


class Bystander:
    """A process that does nothing, with secrets among its arguments and in its environment."""

    def __init__(self, argument: str) -> None:
        self._command = [sys.executable, "-S", "-c", WAITS, argument]
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Bystander:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._started:
            process.kill()
            process.wait()

    @property
    def pid(self) -> int:
        """Its process id now: one that was harmed is replaced."""
        return self._started[-1].pid

    def harm(self) -> list[str]:
        """What was done to it, which another one then takes the place of."""
        if self._started[-1].poll() is not None:
            found = ["another process was ended"]
        else:
            now = _standing(self.pid)
            found = [f"another process: {what}" for what in now if now[what] != self._before[what]]
        if found:
            self._started[-1].kill()  # not waited for: whoever traces it keeps it
            self._start()
        return found

    def _start(self) -> None:
        self._started.append(subprocess.Popen(self._command, stdin=subprocess.DEVNULL))
        # Whoever still stops every process there is stops a new one too: that is no standing.
        self._before = _standing(self.pid) | {"stopped": str(False)}


@contextmanager
def orphans_adopted() -> Iterator[None]:
    """While this lasts, no process that we started can leave our descendants."""
    if sys.platform != "linux":
        yield
        return
    control = ctypes.CDLL(None).prctl
    control(ADOPT_ORPHANS, 1, 0, 0, 0)
    try:
        yield
    finally:
        control(ADOPT_ORPHANS, 0, 0, 0, 0)


def descendants(pid: int | None = None) -> set[int]:
    """The living processes below this one, or below another."""
    found: set[int] = set()
    with suppress(OSError):
        for task in (PROCESSES / str(pid or os.getpid()) / "task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found |= {child} | descendants(child)
    return {each for each in found if _state(each) not in DEAD}


def resident(pids: set[int]) -> int:
    """Bytes of memory that these processes have in use, shared pages once for each."""
    pages = 0
    for pid in pids:
        with suppress(OSError):
            pages += int((PROCESSES / str(pid) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _state(pid: int) -> str:
    try:
        return (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def _standing(pid: int) -> dict[str, str]:
    """What others could change about a process."""
    home = PROCESSES / str(pid)
    try:
        fields = (home / "stat").read_text().rpartition(")")[2].split()
        lines = (home / "status").read_text().splitlines()
        return {
            "stopped": str(fields[0] in STOPPED),
            "priority": fields[16],
            "scheduling": fields[38],
            "processors": next(line for line in lines if line.startswith("Cpus_allowed:")),
            "limits": (home / "limits").read_text(),
            "order of death": (home / "oom_score_adj").read_text(),
        }
    except OSError:
        return {}
