"""Measurements on disk: what was run, where, with which versions, and the rows that it gave.

One JSON file each, in benchmarks/results; docs/benchmarks.md is made from them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"

Row = Mapping[str, object]
"""Named numbers of one thing that was measured."""


@dataclass(frozen=True)
class Measurement:
    """One command's rows, and what else is needed to judge them.

    `load` is the machine's load average when it began: 0 where nothing else ran. `printed`
    holds the tables of a command that prints them itself.
    """

    command: str
    taken: str
    machine: Mapping[str, object]
    versions: Mapping[str, str]
    rows: Sequence[Row] = field(default_factory=list)
    printed: str = ""


def begun(name: str, versions: Mapping[str, str] | None = None) -> Measurement:
    """A measurement without rows: this command, this machine, now."""
    asked = [*sys.argv[1:]]
    if "--into" in asked:  # where it is saved is a place of this machine, and measures nothing
        place = asked.index("--into")
        del asked[place : place + 2]
    words = " ".join(["python -m", f"benchmarks.{name}", *asked])
    ours = {"reasongap": version("reasongap")}
    today = datetime.now(UTC).date().isoformat()
    return Measurement(words, today, _machine(), ours | dict(versions or {}))


def _machine() -> dict[str, object]:
    return {
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


def save(name: str, measurement: Measurement, into: Path = RESULTS) -> Path:
    """Write it as the last measurement of this name."""
    path = into / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(asdict(measurement), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def load(name: str, place: Path = RESULTS) -> Measurement | None:
    """The last measurement of this name, None where there is none."""
    try:
        text = (place / f"{name}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Measurement(**json.loads(text))


def accept_place(parser: argparse.ArgumentParser) -> None:
    """Let the command line say where a measurement is saved."""
    parser.add_argument("--into", type=Path, default=RESULTS, metavar="DIR", help="save it there")
