"""Telling whether the process that wrote something down still runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def this_process() -> str:
    """A name for this process that no later one gets: its id and its start."""
    return f"{os.getpid()}:{_start(os.getpid())}"


def is_alive(process: str) -> bool:
    """Whether the process of this name runs. One of another machine or container does not."""
    pid, _, start = process.partition(":")
    return pid.isdecimal() and start != "" and _start(int(pid)) == start


def _start(pid: int) -> str:
    """When a process started, in the system's own terms, "" where there is none."""
    try:
        # The name, in parentheses, may hold anything; the start is the 20th field after it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        if Path("/proc/self/stat").exists():
            return ""
    asked = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()
