"""The same questions through reasongap, through other harnesses, and through bare loops.

    python -m benchmarks.peer_harnesses [--compositions 667] [--rounds 3] [--latency 0 0.2]

A server on the loopback interface answers, in a process of its own. Every harness is the command
that its user would give, a new process each time, measured from outside, in turn. A composition
is three questions. Each is run with a tenth and with half of the questions too: the processor
time of a question is the slope from the fewest to all, so that what is paid once is not in it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import product
from pathlib import Path

from benchmarks.numbers import each_more, rounded
from benchmarks.peers.environments import versions
from benchmarks.peers.harnesses.commands import COMMANDS, Job, ours
from benchmarks.processes import Cost, Failed, measured
from benchmarks.saved import accept_place, begun, save
from reasongap.runs.journal import read_records
from reasongap.testing import ServerProcess

HERE = Path(__file__).parents[1]
QUESTIONS = 3
"""That a composition of two hops makes."""


@dataclass(frozen=True)
class Turn:
    """One command's run: who, with how many compositions, and what it cost or why it failed."""

    name: str
    compositions: int
    cost: Cost | None
    failed: str | None = None


def run(name: str, job: Job) -> Turn:
    """Ask through this harness, with a cache of its own."""
    environment = {
        "OPENAI_API_KEY": "none",
        "XDG_CACHE_HOME": str(job.folder),
        "XDG_DATA_HOME": str(job.folder),
        "HF_HOME": str(job.folder),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
    }
    try:
        cost = measured(COMMANDS[name](job), environment, HERE)
    except Failed as error:
        return Turn(name, job.compositions, None, str(error))
    return Turn(name, job.compositions, cost)


def write_questions(job: Job) -> None:
    """Compose, and put into the others' file what our own run asks."""
    words = ["compose", "-p", "minted", "-n", str(job.compositions), "--no-confirm", "--out"]
    measured([sys.executable, "-m", "reasongap", *words, str(job.chains)], {}, HERE)
    measured(ours(job), {"OPENAI_API_KEY": "none", "XDG_CACHE_HOME": str(job.folder)}, HERE)
    with job.file.open("w", encoding="utf-8") as file:
        for key, record in read_records(job.folder / "run").items():
            request = record.solution.completions[0].request
            assert request is not None, key
            assert len(request.messages) == 1, "the loops send one message"
            row = {"id": f"{key.composition} {key.setting}", "answer": str(record.question.gold)}
            row["question"] = request.messages[0].content
            file.write(json.dumps(row) + "\n")


@contextmanager
def job(compositions: int, url: str, file: Path) -> Iterator[Job]:
    """A job in a folder of its own, which goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="reasongap-harness-") as folder:
        yield Job(compositions, file.with_suffix(".chains.jsonl"), file, url, Path(folder))


def rows_of(latency: float, turns: Sequence[Turn]) -> Iterator[dict[str, object]]:
    """A row for each harness at this latency; processor times in milliseconds."""
    by_name: defaultdict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_name[turn.name].append(turn)
    for name, own in by_name.items():
        head: dict[str, object] = {"name": name, "latency": latency}
        if why := next((turn.failed for turn in own if turn.failed), None):
            yield head | {"unavailable": why}
            continue
        sizes = sorted({turn.compositions for turn in own})
        costs = {size: [t.cost for t in own if t.compositions == size and t.cost] for size in sizes}
        asked = [QUESTIONS * size for size in sizes]
        cpu = [statistics.median(cost.cpu for cost in costs[size]) for size in sizes]
        walls = [[cost.wall for cost in costs[size]] for size in sizes]
        wall = [statistics.median(each) for each in walls]
        yield head | {
            "questions": asked[-1],
            "wall": rounded(wall[-1]),
            "wall_least": rounded(min(walls[-1])),
            "wall_most": rounded(max(walls[-1])),
            "wall_half": rounded(wall[-2]),
            "wall_few": rounded(wall[0]),
            "cpu": rounded(1000 * each_more(asked, cpu)),
            "rate": rounded(1 / slope) if (slope := each_more(asked, wall)) > 0 else None,
            "peak": round(max(cost.peak for cost in costs[sizes[-1]])),
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer_harnesses")
    parser.add_argument("--compositions", type=int, default=667)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.2])
    accept_place(parser)
    asked = parser.parse_args()
    measurement = begun("peer_harnesses", versions() | {"litellm": version("litellm")})
    sizes = [asked.compositions // 10, asked.compositions // 2, asked.compositions]
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="reasongap-questions-") as place:
        files = {size: Path(place) / f"{size}.jsonl" for size in sizes}
        with ServerProcess() as server:
            for size, file in files.items():
                with job(size, server.url, file) as prepared:
                    write_questions(prepared)
        for latency in asked.latency:
            turns: list[Turn] = []
            with ServerProcess("--latency", latency) as server:
                for _, size, name in product(range(asked.rounds), sizes, COMMANDS):
                    with job(size, server.url, files[size]) as prepared:
                        turns.append(run(name, prepared))
                    print(turns[-1], flush=True)
            rows += rows_of(latency, turns)
    print(save("peer_harnesses", replace(measurement, rows=rows), asked.into))


if __name__ == "__main__":
    main()
