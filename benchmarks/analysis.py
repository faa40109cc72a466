"""What it takes to read and analyse a large run.

    python -m benchmarks.analysis [--records 100000] [--prompt 2000]

writes a run of simulated answers into a temporary folder, then reads it, analyses it and
draws its figures in a process of its own. Prints seconds of processor time for each part
and the process's peak memory.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from reasongap.domain import Message, Record, Request
from reasongap.models.seam import ModelSpec
from reasongap.problems import write_compositions
from reasongap.runs.rows import to_line
from tests.analysis.simulated import Habits, study

MODELS = 4
STRATEGIES = ("cot", "pot")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of a large analysis.")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--prompt", type=int, default=2_000, help="characters of each prompt")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        measure(asked.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        count, size = write(Path(folder), asked.records, asked.prompt)
        print(f"{count:,} records, {size / 1e6:,.0f} MB", flush=True)
        command = [sys.executable, "-m", "benchmarks.analysis", "--read", folder]
        subprocess.run(command, check=True)


def write(folder: Path, records: int, prompt: int) -> tuple[int, int]:
    """A run folder of about so many records; how many it holds, and its bytes."""
    specs = [ModelSpec(f"model-{i}", size=10.0 ** (9 + i / 2)) for i in range(MODELS)]
    ways = [(spec, strategy, Habits()) for spec in specs for strategy in STRATEGIES]
    evidence = study(ways, records // (3 * len(ways)))
    request = Request(messages=(Message("user", "x" * prompt),))
    with (folder / "records.jsonl").open("wb") as file:
        for record in evidence.records:
            file.write(to_line(_prompted(record, request)))
        size = file.tell()
    write_compositions(folder / "compositions.jsonl", evidence.compositions.values())
    return len(evidence.records), size


def _prompted(record: Record, request: Request) -> Record:
    solution = record.solution
    replies = tuple(replace(reply, request=request) for reply in solution.completions)
    return replace(record, solution=replace(solution, completions=replies))


def measure(folder: Path) -> None:
    """Read, analyse and draw; print what each took."""
    from reasongap.analysis.evidence import Evidence
    from reasongap.problems import read_compositions
    from reasongap.report.analyses import report_of
    from reasongap.report.figures import FIGURES, svg
    from reasongap.runs.journal import read_records

    begun = time.process_time()
    records = list(read_records(folder, lean=True).values())
    items = {item.id: item for item in read_compositions(folder / "compositions.jsonl")}
    read = time.process_time()
    specs = {record.key.model: ModelSpec(record.key.model, size=1e9) for record in records}
    report = report_of(Evidence(specs, STRATEGIES, items, records))
    analysed = time.process_time()
    drawn = sum(svg(name, report.findings) is not None for name in FIGURES)
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"read      {read - begun:6.1f} s")
    print(f"analyses  {analysed - read:6.1f} s")
    print(f"figures   {ended - analysed:6.1f} s ({drawn} as SVG)")
    print(f"peak      {peak:6.0f} MB")


if __name__ == "__main__":
    main()
