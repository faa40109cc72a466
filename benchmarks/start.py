"""How long commands take that do no work, ours and peers', in turn.

    python -m benchmarks.start [--rounds 15]

Each is a new process. The floor is Python that does nothing, from the same environment.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from benchmarks.numbers import ratio_in_turn, rounded, spread
from benchmarks.peers.environments import python_of, versions
from benchmarks.processes import Cost, Failed, measured
from benchmarks.runs import compositions
from benchmarks.saved import accept_place, begun, save
from reasongap.problems import write_compositions
from reasongap.testing import FaultyServer

Command = Sequence[str]
FLOOR = "python -c pass"
SMALL = 34
"""Compositions of the run that is reported: three questions each."""


def script(peer: str, name: str) -> str:
    """A command of the peer's environment."""
    return str(python_of(peer).with_name(name))


def commands(run: Path) -> Mapping[str, Command]:
    """What is timed, by name; `run` is the folder of a small run."""
    python = sys.executable
    ours = [python, "-m", "reasongap"]
    return {
        FLOOR: [python, "-c", "pass"],
        "reasongap --help": [*ours, "--help"],
        "reasongap --version": [*ours, "--version"],
        "reasongap list strategies": [*ours, "list", "strategies"],
        "reasongap compare --help": [*ours, "compare", "--help"],
        f"reasongap report, {3 * SMALL} answers": [*ours, "report", str(run)],
        "lm_eval --help": [script("lm-eval", "lm_eval"), "--help"],
        "inspect --help": [script("inspect-ai", "inspect"), "--help"],
        "smolagent --help": [script("smolagents", "smolagent"), "--help"],
        "import llm_sandbox": [script("llm-sandbox", "python"), "-c", "import llm_sandbox"],
        "import pydantic_monty": [
            script("pydantic-monty", "python"),
            "-c",
            "import pydantic_monty",
        ],
        "import litellm": [python, "-c", "import litellm"],
    }


def make_run(folder: Path) -> Path:
    """A small finished run, asked of a server in this process."""
    chains = folder / "chains.jsonl"
    write_compositions(chains, compositions(SMALL))
    asking = ["-m", "openai/gpt-4o-mini", "-s", "cot", "-p", str(chains), "-n", str(SMALL), "--yes"]
    environment = {"OPENAI_API_KEY": "none", "XDG_CACHE_HOME": str(folder)}
    with FaultyServer() as server:
        where = ["--api-base", server.url, "--out", str(folder / "run")]
        measured([sys.executable, "-m", "reasongap", "run", *asking, *where], environment)
    return folder / "run"


def row_of(name: str, costs: Sequence[Cost], floor: Sequence[Cost]) -> dict[str, object]:
    """A row: seconds of the wall and of the processor, and how often the floor they are."""
    walls, floors = [cost.wall for cost in costs], [cost.wall for cost in floor]
    return {
        "name": name,
        **spread(walls),
        "cpu": rounded(statistics.median(cost.cpu for cost in costs)),
        "times_floor": ratio_in_turn(walls, floors),
        "peak": round(max(cost.peak for cost in costs)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start")
    parser.add_argument("--rounds", type=int, default=15)
    accept_place(parser)
    asked = parser.parse_args()
    measurement = begun("start", versions())
    with tempfile.TemporaryDirectory() as place:
        wanted = commands(make_run(Path(place)))
        costs: dict[str, list[Cost]] = {name: [] for name in wanted}
        failed: dict[str, str] = {}
        for _, name in product(range(asked.rounds + 1), wanted):
            if name in failed:
                continue
            try:
                costs[name].append(measured(wanted[name], {"COLUMNS": "80"}, Path(place)))
            except Failed as error:
                failed[name] = str(error)
    rows = [
        {"name": name, "unavailable": failed[name]}
        if name in failed
        else row_of(name, costs[name][1:], costs[FLOOR][1:])
        for name in wanted
    ]
    for row in rows:
        print(row)
    print(save("start", replace(measurement, rows=rows), asked.into))


if __name__ == "__main__":
    main()
