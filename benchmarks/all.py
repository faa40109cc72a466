"""Every benchmark of docs/benchmarks.md in turn, and then the page.

    python -m benchmarks.all [--quick DIR] [--only NAME…]

On a quiet machine; the environment variable REASONGAP_DATA names the data's folder, and
`python -m benchmarks.peers install` comes first. --quick takes small, noisy numbers and puts
them and their page into a folder, to see whether all of it runs. A benchmark that fails is
named, and the others go on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.document import PAGE, measurements, page
from benchmarks.saved import RESULTS

PLACE = "PLACE"
"""Stands for the folder that results go to."""


@dataclass(frozen=True)
class Benchmark:
    """A command's words after `python -m`, in full and quick; how long it takes, in minutes."""

    name: str
    full: str
    quick: str
    minutes: int


def kept(name: str, module: str, full: str, quick: str, minutes: int) -> Benchmark:
    """A benchmark that prints its tables itself."""
    words = f"benchmarks.keep --into {PLACE} {name} {module}"
    return Benchmark(name, f"{words} {full}", f"{words} {quick}", minutes)


def own(name: str, quick: str, minutes: int) -> Benchmark:
    """A benchmark that saves its own rows."""
    words = f"benchmarks.{name} --into {PLACE}"
    return Benchmark(name, words, f"{words} {quick}", minutes)


BENCHMARKS = (
    own("peer_sandboxes", "--rounds 2", 6),
    own("peer_harnesses", "--compositions 60 --rounds 1 --latency 0 0.2", 20),
    own("start", "--rounds 2", 5),
    own("bootstrap", "--rounds 2", 1),
    own("growth", "--largest 1000", 90),
    kept("sandbox", "sandbox", "--rounds 150", "--rounds 10", 3),
    kept("sandbox_soak", "sandbox", "--soak 20000", "--soak 400", 5),
    kept("runs", "runs", "", "3000", 3),
    kept("page", "page", "--compositions 1200", "--compositions 100", 1),
    kept("harness", "harness", "667 3", "20 1", 5),
    kept("soak", "soak", "5000 0.2", "120 0.2", 6),
)


def main() -> None:
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.all")
    parser.add_argument("--quick", type=Path, metavar="DIR")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    asked = parser.parse_args()
    place, out = asked.quick or RESULTS, asked.quick / "benchmarks.md" if asked.quick else PAGE
    failed = []
    for benchmark in BENCHMARKS:
        if benchmark.name not in asked.only:
            continue
        words = (benchmark.quick if asked.quick else benchmark.full).split()
        words = [str(place) if word == PLACE else word for word in words]
        print(f"{benchmark.name}: about {benchmark.minutes} minutes in full", flush=True)
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", *words], check=False).returncode:
            failed.append(benchmark.name)
        print(f"{benchmark.name}: {(time.monotonic() - began) / 60:.1f} minutes", flush=True)
    out.write_text(page(measurements(place)), encoding="utf-8")
    if failed:
        sys.exit(f"These failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
