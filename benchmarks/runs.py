"""What a run itself costs, with a model that answers at once: time, memory, going on.

    python -m benchmarks.runs [questions ...]

Each size runs in a process of its own: chain of thought on chains of two hops, all of it kept
as in a real run (reply cache, journal, manifest). Then the same folder once more, in a new
process, which reads what is there and finds nothing to ask. Seconds are of the processor, those
of the wall in parentheses.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import anyio

from reasongap.domain import Composition, Execution, Hop
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.problems import write_compositions
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.study import make_study
from reasongap.sandbox import FakeSandbox

SIZES = (3_000, 30_000, 100_000)
SETTINGS = 3
TALE = "Ann has {} pens in each of her boxes, buys some more and counts them. What is {} plus {}?"


def compositions(n: int) -> list[Composition]:
    """Chains of two sums, each with numbers of its own."""
    made = []
    for i in range(n):
        first = Hop(TALE.format(i, i, 7), Fraction(i + 7), f"a{i}")
        second = Hop(
            TALE.format(i, "X", 5),
            Fraction(i + 12),
            f"b{i}",
            TALE.format(i, 3, 5),
            Fraction(8),
            "3",
        )
        made.append(Composition(f"item{i}", f"block{i // 10}", (first, second)))
    return made


def sit(folder: Path) -> None:
    """One sitting, which prints what it took."""
    model = ScriptedModel(lambda request: "First I add.\nFinal answer: 12", ModelSpec("scripted"))
    sandbox = FakeSandbox(default=Execution("ok", "42", "solution"))
    study = make_study(
        models=(model,),
        strategies=("cot",),
        problems=str(folder / "chains.jsonl"),
        n=sum(1 for _ in (folder / "chains.jsonl").open()),
        sandbox=sandbox,
    )
    wall, processor = time.perf_counter(), time.process_time()
    anyio.run(conduct, study, Places(folder / "run", folder / "replies.sqlite"), silent)
    taken = {
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(taken))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runs")
    parser.add_argument("questions", type=int, nargs="*", default=SIZES, help="sizes to run")
    parser.add_argument("--sit", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.sit:
        sit(given.sit)
        return
    print("| questions | ms each | in all, s | peak, MB | again, s | peak, MB |")
    print("|--:|--:|--:|--:|--:|--:|")
    for size in given.questions:
        with tempfile.TemporaryDirectory() as place:
            write_compositions(Path(place) / "chains.jsonl", compositions(size // SETTINGS))
            command = [sys.executable, "-m", "benchmarks.runs", "--sit", place]
            first, again = (
                json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
                for _ in range(2)
            )
        print(
            f"| {size:,} | {first['processor'] / size * 1000:.2f} "
            f"| {first['processor']:.1f} ({first['wall']:.1f}) | {first['memory']:.0f} "
            f"| {again['processor']:.2f} ({again['wall']:.2f}) | {again['memory']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
