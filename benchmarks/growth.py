"""How time and memory grow with size: minting, composing, grading, statistics, records, page.

    python -m benchmarks.growth [--largest 1000000] [--only WORK…]

Each size of each work has a process of its own, which makes ready what it needs and then times
the work alone: seconds of the processor, and the process's peak memory. The growth exponent g of
cost ∝ size ** g is taken between the two largest sizes, where what is paid once weighs least.
Takes the folder that REASONGAP_DATA names.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.numbers import growth, rounded
from benchmarks.saved import accept_place, begun, save

Work = Callable[[], object]
Prepare = Callable[[int, Path], Work]
"""Makes ready for a size, with the data's folder, and gives the work to be timed."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: what it counts, how it is made ready, and the sizes it is tried at."""

    counts: str
    prepare: Prepare
    sizes: tuple[int, ...]


def minting(size: int, data: Path) -> Work:
    from reasongap.problems.minted.source import mint

    return lambda: sum(1 for _ in mint(size))


def composing_minted(size: int, data: Path) -> Work:
    return _composing("minted", size, data)


def composing_gsm8k(size: int, data: Path) -> Work:
    return _composing("gsm8k", size, data)


def _composing(source: str, size: int, data: Path) -> Work:
    from reasongap.cli.main import app

    words = ["compose", "-p", source, "-n", str(size), "--no-confirm", "--out"]

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            app([*words, str(Path(folder) / "chains.jsonl")], standalone_mode=False)

    return work


def grading(size: int, data: Path) -> Work:
    from reasongap.answers import parse_number, score_response

    lines = (data / "gsm8k" / "test.jsonl").open(encoding="utf-8")
    replies = [json.loads(line)["answer"] for line in lines]
    golds = [parse_number(reply.rpartition("#### ")[2]) for reply in replies]

    def work() -> None:
        for place in range(size):
            gold = golds[place % len(golds)]
            assert gold is not None
            assert score_response(gold, replies[place % len(replies)], "cot").flexible

    return work


def statistics_of(block: int) -> Prepare:
    """Two strategies' gaps and what lies between them, with items in blocks of this size."""

    def prepare(size: int, data: Path) -> Work:
        import numpy as np

        from reasongap.analysis.change import reduction
        from reasongap.analysis.gap import gap
        from reasongap.analysis.items import Cells

        rng = np.random.default_rng(0)
        ability = rng.random((size, 1))
        grades = {
            name: (0.3 * ability + 0.7 * rng.random((size, 3)) < share).astype(float)
            for name, share in (("cot", 0.6), ("pot", 0.7))
        }
        blocks = np.arange(size) // block
        settings = ("hop1", "hop2", "composed")
        cells = Cells("model", settings, grades, grades, blocks)

        def work() -> object:
            gaps = {name: gap(correct, blocks) for name, correct in grades.items()}
            return reduction(cells, gaps, "cot", "pot")

        return work

    return prepare


def analysing(size: int, data: Path) -> Work:
    from benchmarks.analysis import measure, write

    folder = tempfile.TemporaryDirectory(prefix="reasongap-growth-")
    place = Path(folder.name)
    if os.fork() == 0:  # so that what writing takes is not in our own peak
        write(place, size, 2_000)
        os._exit(0)
    os.wait()

    def work() -> None:
        measure(place)
        folder.cleanup()

    return work


def paging(size: int, data: Path) -> Work:
    from benchmarks.page import simulated
    from reasongap.report.analyses import report_of
    from reasongap.report.page import write_page

    evidence = simulated(size // 24, 4, data)

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_page(report_of(evidence), Path(folder) / "gap.html")

    return work


SMALL, LARGE = (1_000, 10_000), (1_000, 10_000, 100_000, 1_000_000)
KINDS: Mapping[str, Kind] = {
    "minting": Kind("problems", minting, LARGE),
    "composing minted problems": Kind("chains", composing_minted, LARGE),
    "composing GSM8K's test split": Kind("chains", composing_gsm8k, (300, 600, 1_200)),
    "grading chains of thought": Kind("replies", grading, LARGE),
    "two gaps and their change": Kind("items", statistics_of(1), LARGE),
    "the same in blocks of 10": Kind("items", statistics_of(10), LARGE),
    "reading and analysing records": Kind("answers", analysing, LARGE),
    "a page": Kind("answers", paging, (*SMALL, 30_000)),
}


def one(name: str, size: int) -> dict[str, float]:
    """What this work takes at this size, measured in this process."""
    work = KINDS[name].prepare(size, Path(os.environ["REASONGAP_DATA"]))
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"size": size, "cpu": rounded(cpu), "wall": rounded(wall), "peak": round(peak)}


def row_of(name: str, largest: int) -> dict[str, object]:
    """All sizes of one work, and the exponents of its growth."""
    kind = KINDS[name]
    points: list[dict[str, float]] = []
    row: dict[str, object] = {"name": name, "counts": kind.counts, "points": points}
    for size in (size for size in kind.sizes if size <= largest):
        command = [sys.executable, "-m", "benchmarks.growth", "--one", name, str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            row["unavailable"] = f"{size:,} {kind.counts}: ended with {done.returncode}"
            break
        points.append(json.loads(done.stdout.splitlines()[-1]))
        print(f"{name}: {points[-1]}", flush=True)
    if len(points) > 1:
        sizes = [point["size"] for point in points[-2:]]
        for cost in ("cpu", "peak"):
            row[f"{cost}_growth"] = growth(sizes, [point[cost] for point in points[-2:]])
    return row


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    accept_place(parser)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one[0], int(asked.one[1]))))
        return
    measurement = begun("growth")
    rows = [row_of(name, asked.largest) for name in asked.only]
    if asked.only != list(KINDS):  # a part is shown, and not saved
        return
    print(save("growth", replace(measurement, rows=rows), asked.into))


if __name__ == "__main__":
    main()
