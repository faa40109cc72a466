"""Whose a container is, and the removal of those whose owner has died.

A container's worker ends by itself when its owner's connection closes, and the engine then
removes it. What is reaped here is what an engine that was itself in trouble left behind.
"""

from __future__ import annotations

import os
import platform
import secrets
from pathlib import Path

from reasongap.sandbox.containers.engine import Engine

OWNER, RUN = "reasongap.owner", "reasongap.run"


def labels() -> dict[str, str]:
    """The labels of one sandbox's containers: this process, and a run of its own."""
    return {OWNER: owner(os.getpid()), RUN: secrets.token_hex(8)}


def owner(pid: int) -> str:
    """A process that no other is mistaken for: machine and boot, process namespace, start."""
    return f"{_place()} {pid} {_started(pid)}"


def reap(engine: Engine) -> None:
    """Remove the containers whose owner lived here and is gone."""
    for identity, found in engine.containers(OWNER).items():
        if _is_dead(found[OWNER]):
            engine.remove(identity)


def _is_dead(whose: str) -> bool:
    place, _, rest = whose.partition(" ")
    pid = rest.partition(" ")[0]
    return place == _place() and pid.isdecimal() and owner(int(pid)) != whose


def _place() -> str:
    """The machine, in its present boot, as the processes of one namespace see it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return platform.node().replace(" ", "-")


def _started(pid: int) -> str:
    """When the process started, in ticks since boot; "gone" where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return "alive" if not Path("/proc/self").exists() and _answers(pid) else "gone"


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
