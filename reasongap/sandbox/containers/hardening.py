"""How a container is locked: the options it is created with, and the walls these make.

Docker's default seccomp profile stays in force under the worker's own filter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reasongap.sandbox.jail import NOBODY
from reasongap.sandbox.process import ENVIRONMENT
from reasongap.sandbox.worker import Settings

PACKAGES = "/python/packages"
"""Where an image holds what the worker imports beside the standard library."""

READABLE = ("/python", "/usr", "/lib", "/lib64")
"""Where an image holds Python: what a program of plain Python may read."""

BY_CONTAINER = ("mount", "ipc", "network", "pid", "empty-root", "uid")
"""Walls of the jail that a container has from the start, in its own way."""

WALLS = ("network", "ipc", "pid", "mount", "uid", "read-only-root", "no-capabilities")
"""Walls that Docker always gives a container with these options."""

FACTS = {"memory-limit": "MemoryLimit", "pids-limit": "PidsLimit", "cpu-limit": "CpuCfsQuota"}
"""Walls that depend on the machine's control groups, by what the engine says of itself."""

OWN_MEMORY = 256 * 2**20
"""Bytes for the worker itself, beside what a program may take."""

NO_SHARED_OBJECTS = {"kernel.shmmni": "0", "kernel.msgmni": "0", "kernel.sem": "0 0 0 0"}
"""System V's memory, queues and semaphores would outlive the program that made them."""

MOST_PROCESSES = 16
NANO_CPUS = 10**9


@dataclass(frozen=True, slots=True)
class Plan:
    """A container to start: its image, its worker's settings, its labels, its runtime."""

    image: str
    settings: Settings
    labels: Mapping[str, str]
    runtime: str | None = None

    def command(self) -> list[str]:
        """What follows the image's entry point."""
        return [json.dumps(asdict(self.settings)), PACKAGES]

    def options(self, memory: int) -> dict[str, Any]:
        """The options of the SDK's `create`, for programs that take that many bytes."""
        return {
            "network_mode": "none",
            "read_only": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "user": f"{NOBODY}:{NOBODY}",
            "pids_limit": MOST_PROCESSES,
            "mem_limit": memory + OWN_MEMORY,
            "memswap_limit": memory + OWN_MEMORY,
            "nano_cpus": NANO_CPUS,
            "ipc_mode": "none",
            "sysctls": NO_SHARED_OBJECTS,
            "log_config": {"type": "none"},
            "healthcheck": {"test": ["NONE"]},
            "ulimits": [
                {"name": name, "soft": 0, "hard": 0} for name in ("core", "memlock", "msgqueue")
            ],
            "auto_remove": True,
            "stdin_open": True,
            "stop_signal": "SIGKILL",  # a first process does not heed others
            "environment": ENVIRONMENT,
            "use_config_proxy": False,  # it would hand the user's proxy settings to programs
            "labels": dict(self.labels),
            "runtime": self.runtime,
        }


def settings_for(policy: bool, packages: tuple[str, ...]) -> Settings:
    """A worker's settings inside a container; plain Python may read what it imports."""
    return Settings(
        policy=policy,
        packages=packages,
        without=BY_CONTAINER,
        readable=() if policy else READABLE,
    )


def walls(facts: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The walls that an engine gives its containers, and those it lacks with the reason."""
    missing = {
        wall: "no control group for it" for wall, fact in FACTS.items() if not facts.get(fact)
    }
    if not any("seccomp" in option for option in facts.get("SecurityOptions") or ()):
        missing["seccomp-profile"] = "the engine runs without it"
    possible = (*WALLS, *FACTS, "seccomp-profile")
    return tuple(wall for wall in possible if wall not in missing), missing
