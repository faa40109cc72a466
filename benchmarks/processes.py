"""A command measured from outside: seconds, seconds of the processor, peak memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, those of the processor, and megabytes at its peak.

    Processor seconds include the processes that it started and waited for; the peak is of the
    largest among them.
    """

    wall: float
    cpu: float
    peak: float


class Failed(Exception):
    """The command did not end well: what it said last."""


LAUNCH = """
import json, os, subprocess, sys, time
began = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
taken = [time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]
os.write(int(sys.argv[1]), json.dumps(taken).encode())
os._exit(min(abs(os.waitstatus_to_exitcode(status)), 255))
"""
"""Starts the command from a small process, for a process's peak counts what it was forked from."""


def measured(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    patience: float = 900.0,
) -> Cost:
    """Run the command and wait for it; `Failed` where it cannot run or ends with an error.

    `environment` is added to this process's own; after `patience` seconds it is ended.
    """
    if shutil.which(command[0]) is None:
        raise Failed(f"not installed: {command[0]}")
    inlet, outlet = os.pipe()
    with os.fdopen(inlet, encoding="utf-8") as told:
        done = subprocess.run(
            ["timeout", str(patience), sys.executable, "-ISc", LAUNCH, str(outlet), *command],
            env=os.environ | dict(environment or {}),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[outlet],
            text=True,
            check=False,
        )
        os.close(outlet)
        taken = told.read()
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        raise Failed(f"exit {done.returncode}: {' '.join(lines[-2:])[-300:]}")
    return Cost(*json.loads(taken))
