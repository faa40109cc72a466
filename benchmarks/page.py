"""How large the page of a whole study is, and how long it takes to make.

    python -m benchmarks.page [--compositions 1200] [--models 4] [--keep FILE]

simulates a study whose replies are as long and as varied as real ones: every reply is made of
GSM8K's own solutions, and every program of GSM-Hard's, from places of the file that no other
model or strategy uses for that question. Takes the folder that REASONGAP_DATA names.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reasongap.analysis.evidence import Evidence
from reasongap.domain import Program, Record
from reasongap.models.seam import ModelSpec
from reasongap.report.analyses import report_of
from reasongap.report.page import write_page
from tests.analysis.simulated import Habits, study

STRATEGIES = ("cot", "pot")


@dataclass(frozen=True)
class Wordy:
    """Gives the answers of a simulated study the length and variety of real ones."""

    solutions: list[str]
    codes: list[str]

    @classmethod
    def read(cls, data: Path) -> Wordy:
        """From the folder of data sets."""
        solutions = _column(data / "gsm8k" / "test.jsonl", "answer")
        return cls(list(solutions), list(_column(data / "gsm_hard" / "gsmhardv2.jsonl", "code")))

    def __call__(self, place: int, record: Record) -> Record:
        """The record with other words; `place` counts the records."""
        solution = record.solution
        hops = len(record.question.hops)
        if solution.programs:
            source = "\n\n".join(self.codes[(place * 7 + i) % len(self.codes)] for i in range(hops))
            text = f"```python\n{source}\n```"
            programs = (Program(source, hop_functions=solution.programs[0].hop_functions),)
            solution = replace(solution, programs=programs)
        else:
            parts = range(2 * hops)
            text = "\n".join(self.solutions[(place * 7 + i) % len(self.solutions)] for i in parts)
        completion = replace(solution.completions[0], text=text)
        return replace(record, solution=replace(solution, completions=(completion,)))


def _column(path: Path, name: str) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line)[name] for line in lines)


def simulated(compositions: int, models: int, data: Path) -> Evidence:
    """A study of so many compositions, each model under both strategies."""
    specs = [ModelSpec(f"acme/model-{i}", size=10.0 ** (9 + i / 2)) for i in range(models)]
    ways = [(spec, strategy, Habits()) for spec in specs for strategy in STRATEGIES]
    evidence, wordy = study(ways, compositions), Wordy.read(data)
    records = [wordy(place, record) for place, record in enumerate(evidence.records)]
    return replace(evidence, records=records)


def main() -> None:
    parser = argparse.ArgumentParser(description="Size and time of a page.")
    parser.add_argument("--compositions", type=int, default=1200)
    parser.add_argument("--models", type=int, default=4)
    parser.add_argument("--keep", type=Path, help="write the page there")
    asked = parser.parse_args()
    evidence = simulated(asked.compositions, asked.models, Path(os.environ["REASONGAP_DATA"]))
    letters = sum(len(r.solution.completions[0].text) for r in evidence.records)
    print(f"{len(evidence.records):,} records, replies of {letters / 1e6:.1f} MB")
    start = time.process_time()
    report = report_of(evidence)
    print(f"analysis: {time.process_time() - start:.1f} s of the processor")
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        page, *beside = write_page(report, asked.keep or Path(folder) / "gap.html")
        print(f"page: {time.process_time() - start:.1f} s of the processor")
        sizes = page.stat().st_size, sum(path.stat().st_size for path in beside)
        print(f"{sizes[0] / 1e6:.2f} MB, and {sizes[1] / 1e6:.2f} MB in {len(beside)} files beside")


if __name__ == "__main__":
    main()
