"""Whose a container is."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from reasongap.sandbox.containers.reaping import OWNER, labels, owner, reap


class PlayedEngine:
    """An engine with containers of these owners, by id."""

    def __init__(self, owners: dict[str, str]) -> None:
        self._owners = owners
        self.removed: list[str] = []

    def containers(self, label: str) -> dict[str, dict[str, str]]:
        return {identity: {label: whose} for identity, whose in self._owners.items()}

    def remove(self, identity: str) -> None:
        self.removed.append(identity)


def test_only_owners_that_died_here_lose_their_containers() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    dead = owner(ended.pid)
    ended.wait()
    here, pid, started = owner(os.getpid()).split()
    engine: Any = PlayedEngine(
        {
            "living": labels()[OWNER],
            "dead": dead,
            "its number given to another": f"{here} {pid} {started}0",
            "of another machine": f"elsewhere {dead.partition(' ')[2]}",
            "no label of ours": "somebody",
        }
    )
    reap(engine)
    assert engine.removed == ["dead", "its number given to another"]


def test_two_sandboxes_of_one_process_are_told_apart() -> None:
    first, second = labels(), labels()
    assert first[OWNER] == second[OWNER]
    assert first != second
