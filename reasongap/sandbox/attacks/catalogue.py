"""The attacks: programs that try to get out of a sandbox, in text files, a category each.

Every attack is harmless even where it succeeds: it reads, writes, calls, stops and kills
only what was planted for it, and uses a bounded amount of everything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any, Literal, get_args

Effect = Literal[
    "secret",
    "connection",
    "written",
    "survivor",
    "harm",
    "poison",
    "time",
    "memory",
    "output",
    "breakage",
]
"""What an attack's success is: always something outside the program itself.

secret: a planted secret is in what the program gives back. connection: something of this
machine was called. written: a file, a name, a segment of shared memory is there or changed.
survivor: a process outlives the program. harm: another process was stopped, ended, limited
or slowed. poison: the next program, or the one beside, gives another result or none.
time, memory, output: a limit was passed. breakage: the sandbox itself failed.
"""

DEFAULT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Attack:
    """A program that tries to get out, and the effect that its success would have.

    In `source`, `$name` stands for what was planted under that name. `seconds` is the wall
    time that it may take.
    """

    name: str
    category: str
    tries: str
    effect: Effect
    source: str
    seconds: float = DEFAULT_SECONDS

    @property
    def id(self) -> str:
        """Its name with its category, which no other has."""
        return f"{self.category}: {self.name}"

    def aimed(self, planted: Mapping[str, object]) -> str:
        """The source with what was planted filled in."""
        return Template(self.source).substitute(planted)


def all_attacks() -> tuple[Attack, ...]:
    """Every attack of the catalogue, category by category."""
    folder = files("reasongap.sandbox.attacks").joinpath("catalogue")
    tables = {file.name: tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir()}
    by_category = sorted(tables.items(), key=lambda item: item[1]["category"].lower())
    return tuple(attack for name, table in by_category for attack in _attacks(name, table))


def _attacks(file: str, table: dict[str, Any]) -> list[Attack]:
    """The attacks of one file.

    `times` writes the source that often, and `tail` behind it: for sources too long to keep.
    """
    found = []
    for entry in table["attack"]:
        effect = entry["effect"]
        assert effect in get_args(Effect), f"{file}, {entry['name']}: {effect}"
        source = entry["source"].strip("\n") if "times" not in entry else entry["source"]
        found.append(
            Attack(
                name=entry["name"],
                category=table["category"],
                tries=entry["tries"],
                effect=effect,
                source=source * entry.get("times", 1) + entry.get("tail", ""),
                seconds=entry.get("seconds", table.get("seconds", DEFAULT_SECONDS)),
            )
        )
    return found
