"""A mistake in a part of one's own ends in one line that names the part and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reasongap import ScriptedModel, run_strategy
from reasongap.errors import SolverFailed, UsageError
from reasongap.models import ModelSpec
from tests.cli.conftest import Command, Ended
from tests.runs.studies import calculator, compositions_file

SOLVER = """
from dataclasses import dataclass
from fractions import Fraction
from reasongap.domain import Solution

@dataclass(frozen=True)
class Mine:
    name: str = {name}
    async def solve(self, question, model, sandbox):
        return {value}

solver = Mine()
"""
SOURCE = """
from fractions import Fraction
from reasongap.domain import Problem

class Mine:
    name = "mine"
    def load(self):
        {body}

source = Mine()
"""
SANDBOX = """
class sandbox:
    name = "mine"
    async def run(self, program, limits=None):
        {body}
    def layers(self):
        return ()
    async def aclose(self):
        pass
"""


def one_line(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code, ended
    (line,) = [line for line in ended.err.splitlines() if line.startswith("reasongap: ")]
    assert "Traceback" not in ended.err
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("Solution(answer=12.5)", "must be a Fraction or None, not 12.5 (float)"),
        ("Solution(answer=12)", "must be a Fraction or None, not 12 (int)"),
        ("Solution(answer='12')", "must be a Fraction or None, not '12' (str)"),
        ("Solution(Fraction(1), strict_answer=1.0)", "not 1.0 (float)"),
        ("Solution(None, hop_answers=('1',))", "not '1' (str)"),
        ("12", "it returned 12, which is no Solution"),
        ("None", "it returned None, which is no Solution"),
    ],
)
def test_a_solver_that_gives_no_solution(
    reasongap: Command, tmp_path: Path, value: str, why: str
) -> None:
    (tmp_path / "mine.py").write_text(SOLVER.format(name="'mine'", value=value))
    asked = ["run", "-m", "openai/x", "-s", "mine.py", "-p", compositions_file(tmp_path), "--yes"]
    one_line(reasongap(*asked), 2, "'mine'", "item0 ", why)


def test_a_solver_whose_name_is_no_text(reasongap: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SOLVER.format(name="3", value="None"))
    asked = ["-s", "mine.py", "-p", compositions_file(tmp_path), "--yes"]
    one_line(reasongap("run", "-m", "openai/x", *asked), 2, "mine.py", "no text: 3")


class Nameless:
    name = 3

    async def solve(self, *_: object) -> None: ...


def test_in_python_too(tmp_path: Path) -> None:
    model = ScriptedModel(calculator, ModelSpec("m", price=(0.0, 0.0)))
    solver = Nameless()
    with pytest.raises(UsageError, match="name of a solver must be text, not 3"):
        run_strategy(model, solver, out=tmp_path)  # type: ignore[arg-type]
    solver.name = "mine"  # type: ignore[assignment]
    chains = compositions_file(tmp_path)
    with pytest.raises(SolverFailed, match=r"'mine' failed on item0 .*it returned None"):
        run_strategy(model, solver, chains, out=tmp_path / "run")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "why"),
    [("return '12'", "gave '12' (str): an answer must be"), ("1 / 0", "ZeroDivisionError")],
)
def test_a_rule_that_gives_no_answer(
    reasongap: Command, tmp_path: Path, body: str, why: str
) -> None:
    (tmp_path / "mine.py").write_text(
        f"from reasongap.answers import Rule\ndef read(text, hops):\n    {body}\n"
        "rule = Rule('mine', read)\n"
    )
    model = ScriptedModel(calculator, ModelSpec("m", price=(0.0, 0.0)))
    run_strategy(model, "cot", str(compositions_file(tmp_path)), out=tmp_path / "run")
    one_line(reasongap("rescore", "run", "--rule", "mine.py"), 2, "rule 'mine'", why)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("return None", "TypeError"),
        ("yield 'a problem'", "'a problem', which is no Problem"),
        ("yield Problem('a', 'b', 12)", "'a' must be a Fraction, not 12"),
    ],
)
@pytest.mark.parametrize("command", ["compose", "run"])
def test_a_source_that_gives_no_problems(
    reasongap: Command, tmp_path: Path, command: str, body: str, why: str
) -> None:
    (tmp_path / "mine.py").write_text(SOURCE.format(body=body))
    asked = ["-m", "openai/x", "--yes"] if command == "run" else []
    one_line(reasongap(command, "-p", "mine.py", *asked), 2, "mine.py", why)


@pytest.mark.parametrize(
    ("body", "why"),
    [("1 / 0", "ZeroDivisionError"), ("return 42", "returned 42, which is no Execution")],
)
def test_a_sandbox_that_does_not_run(
    reasongap: Command, tmp_path: Path, body: str, why: str
) -> None:
    (tmp_path / "mine.py").write_text(SANDBOX.format(body=body))
    asked = ["-m", "openai/x", "-p", compositions_file(tmp_path), "--yes"]
    one_line(reasongap("run", *asked, "--sandbox", "mine.py"), 5, "sandbox 'mine'", why)
