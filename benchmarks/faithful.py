"""How often `faithful` raises a finding on GSM-Hard's programs, and on spoiled ones.

    python -m benchmarks.faithful DATA [--first N]

DATA is the folder with gsm_hard/gsmhardv2.jsonl. Three worlds: the published programs, the same
with their last line replaced by `return TARGET`, and `return TARGET` alone.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import anyio

from reasongap.domain import Question
from reasongap.models import ScriptedModel
from reasongap.sandbox import RestrictedSandbox
from reasongap.solvers import FaithfulProgram

AT_ONCE = 4


def worlds(row: dict[str, Any]) -> dict[str, str]:
    last = f"    return {row['target']!r}\n"
    body = row["code"].rstrip().rsplit("\n", 1)[0]
    return {
        "as published": row["code"],
        "computed, then written down": f"{body}\n{last}",
        "written down": f"def solution():\n{last}",
    }


async def measure(rows: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    limit = anyio.CapacityLimiter(AT_ONCE)

    async def one(place: int, row: dict[str, Any], world: str, source: str) -> None:
        question = Question(str(place), "b", "hop1", (row["input"],), (Fraction(0),))
        model = ScriptedModel([f"```python\n{source}\n```"])
        async with limit:
            solution = await FaithfulProgram().solve(question, model, sandbox)
        found = "no answer" if solution.answer is None else solution.findings
        counts[world, found if isinstance(found, str) else ", ".join(found) or "nothing"] += 1
        counts[world, "runs"] += len(solution.executions)

    async with RestrictedSandbox() as sandbox, anyio.create_task_group() as group:
        for place, row in enumerate(rows):
            for world, source in worlds(row).items():
                group.start_soon(one, place, row, world, source)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--first", type=int, default=None)
    asked = parser.parse_args()
    text = (asked.data / "gsm_hard" / "gsmhardv2.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()[: asked.first]]
    counts = anyio.run(measure, rows)
    for world, found in sorted(counts):
        print(f"{world:<28} {found:<12} {counts[world, found]:>6}")


if __name__ == "__main__":
    main()
