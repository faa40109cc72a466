"""What the two strategies ask, run and answer, on a scripted model."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Execution, Question, Request
from reasongap.errors import BadFile, RateLimited, UnknownName
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.sandbox import FakeSandbox
from reasongap.solvers import ChainOfThought, ProgramOfThought, Solver, open_solver, solver_names

CHAIN = Question(
    "c",
    "b",
    "composed",
    ("How many legs have 3 cats?", "A box holds X pens. How many pens are in 2 boxes?"),
    (Fraction(12), Fraction(24)),
)
SOURCE = "def solve_q1():\n    return 12\n\n\ndef solution():\n    return solve_q1() * 2"


def test_chain_of_thought_reads_every_hop_from_the_text() -> None:
    model = ScriptedModel(["3 * 4 = 12\nAnswer to Q1: 12\nSo X = 12.\nFinal answer: 24"])
    solution = anyio.run(ChainOfThought().solve, CHAIN, model, FakeSandbox())
    assert solution.answer == solution.strict_answer == 24
    assert solution.hop_answers == (Fraction(12),)
    assert len(model.requests) == len(solution.completions) == 1


def test_program_of_thought_lets_the_sandbox_answer() -> None:
    model = ScriptedModel([f"Here you are, the answer is 99:\n```python\n{SOURCE}\n```"])
    ran = Execution("ok", value="24", value_from="solution", hop_values=("12",))
    sandbox = FakeSandbox({SOURCE: ran, SOURCE + "\n": ran})
    solution = anyio.run(ProgramOfThought().solve, CHAIN, model, sandbox)
    assert solution.answer == solution.strict_answer == 24
    assert solution.hop_answers == (Fraction(12),)
    assert sandbox.ran[0].hop_functions == ("solve_q1",)
    assert solution.executions == (ran,)


LAST_HOP = "def solve_q1():\n    return 12\n\ndef solve_q2({}):\n    return solve_q1() * 2"


def test_the_last_hops_function_stands_in_for_a_missing_solution() -> None:
    model = ScriptedModel([f"```python\n{LAST_HOP.format('')}\n```"])
    ran = Execution("ok", value="24", value_from="solution", hop_values=("12",))
    sandbox = FakeSandbox(default=ran)
    solution = anyio.run(ProgramOfThought().solve, CHAIN, model, sandbox)
    assert (solution.answer, solution.rule) == (Fraction(24), "last_hop")
    assert solution.strict_answer is None
    assert sandbox.ran[0].entry_point == "solve_q2"


@pytest.mark.parametrize(
    "source",
    [
        LAST_HOP.format("X"),
        LAST_HOP.format("*, X"),
        LAST_HOP.format("") + "\n\nsolution = solve_q2()",
        LAST_HOP.format("") + "\n\ndef solution():\n    return 1",
        "solve_q2 = 24",
        "def solve_q2(:",
    ],
)
def test_nothing_stands_in_for_a_solution_that_is_there_or_cannot_be_called(source: str) -> None:
    sandbox = FakeSandbox(default=Execution("error", error="NameError: X"))
    model = ScriptedModel([f"```python\n{source}\n```"])
    anyio.run(ProgramOfThought().solve, CHAIN, model, sandbox)
    assert [program.entry_point for program in sandbox.ran] == ["solution"]


def test_a_reply_without_a_program_runs_nothing() -> None:
    sandbox = FakeSandbox()
    solution = anyio.run(
        ProgramOfThought().solve, CHAIN, ScriptedModel(["I cannot help with that."]), sandbox
    )
    assert solution.answer is None
    assert sandbox.ran == []


def test_a_base_model_is_shown_exemplars_and_cut_where_it_goes_on() -> None:
    model = ScriptedModel(
        [" 12 legs.\nFinal answer: 12\n\nQuestion: And 5 cats?\nAnswer: 20\nFinal answer: 20"],
        ModelSpec("scripted", form="base"),
    )
    single = Question("c", "b", "hop1", CHAIN.hops[:1], CHAIN.hop_golds[:1])
    solution = anyio.run(ChainOfThought().solve, single, model, FakeSandbox())
    assert solution.answer == 12
    prompt = model.requests[0].prompt
    assert prompt is not None
    assert prompt.count("Final answer:") == 1 + 8, "one in the preamble, eight exemplars"


def test_shots_and_preamble_are_the_solvers_own() -> None:
    model = ScriptedModel(["Final answer: 1"])
    anyio.run(ChainOfThought(shots=2, preamble=False).solve, CHAIN, model, FakeSandbox())
    asked = model.requests[0].messages[0].content
    assert asked.count("Final answer:") == 2
    assert not asked.startswith("Solve")


def test_a_failed_call_is_the_runners_to_judge() -> None:
    model = ScriptedModel([RateLimited("scripted", "slow down")])
    with pytest.raises(RateLimited):
        anyio.run(ChainOfThought().solve, CHAIN, model, FakeSandbox())


def test_a_truncated_reply_keeps_its_finish_reason() -> None:
    model = ScriptedModel([Completion(Request(), "3 * 4 =", finish_reason="length")])
    solution = anyio.run(ChainOfThought().solve, CHAIN, model, FakeSandbox())
    assert solution.completions[0].finish_reason == "length"


def test_built_in_names_open_and_unknown_ones_get_a_hint() -> None:
    assert isinstance(open_solver("pot"), Solver)
    assert {"cot", "pot"} <= set(solver_names())
    with pytest.raises(UnknownName, match="'cot'"):
        open_solver("cott")


def test_a_file_with_a_solver_opens(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from reasongap.domain import Solution\n"
        "@dataclass(frozen=True)\n"
        "class Mine:\n"
        "    name: str = 'mine'\n"
        "    async def solve(self, question, model, sandbox):\n"
        "        return Solution(answer=question.gold)\n"
        "solver = Mine()\n"
    )
    solver = open_solver(str(file))
    assert solver.name == "mine"
    solution = anyio.run(solver.solve, CHAIN, ScriptedModel([]), FakeSandbox())
    assert solution.answer == 24


@pytest.mark.parametrize("text", ["", "solver = 3\n"])
def test_a_file_without_a_solver_says_what_it_lacks(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(BadFile, match="Bind `solver`"):
        open_solver(str(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such solver file"):
        open_solver(str(tmp_path / "nowhere.py"))
