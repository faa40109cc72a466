"""A program that only writes its result down is found out; one that computes is not."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Question, Solution
from reasongap.models import ScriptedModel
from reasongap.sandbox import FakeSandbox, RestrictedSandbox
from reasongap.solvers import FaithfulProgram
from tests.solvers.asked import CHAIN, solve

FARM = Question(
    "c", "b", "hop1", ("A farm has 9 hens. Each lays 2 eggs. How many eggs?",), (Fraction(18),)
)


def findings(asked: list[tuple[str, Question]]) -> list[Solution]:
    async def main() -> list[Solution]:
        async with RestrictedSandbox(workers=1) as sandbox:
            return [
                await FaithfulProgram().solve(
                    question, ScriptedModel([f"```python\n{source}\n```"]), sandbox
                )
                for source, question in asked
            ]

    return anyio.run(main)


HARD_CODED = {
    "a bare number": "def solution():\n    return 18",
    "behind a computation": "hens = 9\neggs = hens * 2\ndef solution():\n    return 18",
    "as a float": "def solution():\n    hens = 9\n    return 18.0",
    "through a variable": "def solution():\n    result = 18\n    return result",
    "printed": 'print("18 eggs")',
    "rounded": "def solution():\n    return round(18.0, 2)",
    "a negative": "def solution():\n    return -18",
}
COMPUTED = {
    "the inputs": "def solution():\n    return 9 * 2",
    "with the result in a comment": "def solution():\n    return 9 * 2  # 18",
    "with an assertion": "def solution():\n    n = 9 * 2\n    return n if n == 18 else -n",
    "with a loop": "n = 0\nfor _ in range(9):\n    n += 2\nans = n",
    "from other numbers, which is not noticed": "def solution():\n    return 17 + 1",
    "an input": "def solution():\n    return 9",
    "without a program that runs": "def solution():\n    return eggs",
}


def test_results_that_are_written_down_are_found() -> None:
    solved = findings([(source, FARM) for source in HARD_CODED.values()])
    for what, solution in zip(HARD_CODED, solved, strict=True):
        assert solution.findings == ("hard-coded",), what
        assert abs(solution.answer or 0) == 18, "the answer is that of the program as it came"


def test_results_that_are_computed_are_left_alone() -> None:
    solved = findings([(source, FARM) for source in COMPUTED.values()])
    for what, solution in zip(COMPUTED, solved, strict=True):
        assert solution.findings == (), what


def test_the_hops_of_a_chain_are_judged_one_by_one() -> None:
    first, last = (
        "def solve_q1():\n    return {}\n\n",
        "def solution():\n    X = solve_q1()\n    return {}\n",
    )
    honest = first.format("3 * 4") + last.format("X * 2")
    early = first.format("12") + last.format("X * 2")
    late = first.format("3 * 4") + last.format("24")
    solved = findings([(source, CHAIN) for source in (honest, early, late)])
    assert [solution.findings for solution in solved] == [
        (),
        ("hard-coded hop 1",),
        ("hard-coded",),
    ]


def test_every_run_is_told_and_the_one_that_answers_stands_last() -> None:
    (solution,) = findings([(HARD_CODED["behind a computation"], FARM)])
    assert len(solution.programs) == len(solution.executions) == 5
    assert solution.programs[-1].source == HARD_CODED["behind a computation"]
    assert "hens = 16" in solution.programs[0].source


def test_a_result_that_stands_nowhere_needs_no_further_run() -> None:
    (solution,) = findings([(COMPUTED["the inputs"], FARM)])
    assert len(solution.programs) == 1


def test_what_cannot_be_parsed_here_is_not_judged() -> None:
    ran = FakeSandbox(default=Execution("ok", value="18", value_from="solution"))
    reply = "```python\ndef solution(:\n    return 18\n```"
    assert solve(FaithfulProgram(), [reply], FARM, ran).findings == ()


@pytest.mark.needs("gsm8k")
def test_published_programs_raise_few_alarms_and_each_is_right(data: Path) -> None:
    """Of GSM-Hard's first 300 programs one returns a number that it worked out in a comment."""
    text = (data / "gsm_hard" / "gsmhardv2.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()[:300]]
    asked = [
        (row["code"], Question(str(i), "b", "hop1", (row["input"],), (Fraction(1),)))
        for i, row in enumerate(rows)
    ]
    found = [
        question.composition
        for (_, question), solution in zip(asked, findings(asked), strict=True)
        if solution.findings
    ]
    assert found == ["129"]
