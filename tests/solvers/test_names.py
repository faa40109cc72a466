"""Strategies open by name, path and composition, and carry their canonical name."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reasongap.errors import BadFile, BadPlugin, BadSpecification, UnknownName, UsageError
from reasongap.solvers import BUILT_IN, SelfConsistency, open_solver, solver_names

FILE = """
from dataclasses import dataclass
from reasongap.domain import Solution
from reasongap.solvers import canonical

@dataclass(frozen=True)
class Mine:
    tries: int = 1
    @property
    def name(self) -> str:
        return canonical("mine", self)
    async def solve(self, question, model, sandbox):
        return Solution(answer=question.gold)

solver = Mine()
"""


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("cot", "cot"),
        ("cot()", "cot"),
        ("cot(shots=8, preamble=false)", "cot(shots=8, preamble=false)"),
        ('cot(prompt="terse")', "cot(prompt=terse)"),
        ("self-consistency(pot, n=5)", "self-consistency(pot)"),
        ("self-consistency( pot,temperature=0.50 ,n=7)",
         "self-consistency(pot, n=7, temperature=0.5)"),
        ("self-debugging(rounds=3)", "self-debugging(rounds=3)"),
        ("self-debugging(pot, feedback=output)", "self-debugging(feedback=output)"),
        ("least-to-most(cot)", "least-to-most(cot)"),
        ("cross-check(cot, pot)", "cross-check"),
        ("cross-check(second=direct)", "cross-check(cot, direct)"),
        ("faithful(plan-then-code)", "faithful(plan-then-code)"),
        ("least-to-most(self-consistency(cot(shots=4), n=3))",
         "least-to-most(self-consistency(cot(shots=4), n=3))"),
    ],
)  # fmt: skip
def test_a_composition_has_one_canonical_name(given: str, canonical: str) -> None:
    solver = open_solver(given)
    assert solver.name == canonical
    assert open_solver(canonical) == solver


def test_every_built_in_strategy_says_its_own_name() -> None:
    for name in BUILT_IN:
        inner = "(pot)" if name in ("self-consistency", "least-to-most") else ""
        assert open_solver(name + inner).name == name + inner


@pytest.mark.parametrize(
    ("given", "position", "why"),
    [
        ("self-consistency", 1, r"needs inner. Write self-consistency\(pot\)"),
        ("self-consistency(pot, m=5)", 23, "no setting 'm': it has inner, n, temperature"),
        ("self-debugging(roundz=2)", 16, "did you mean 'rounds'"),
        ("self-consistency(pot, n=x)", 25, "n is a whole number, not 'x'"),
        ("self-consistency(pot, n=2.5)", 25, "n is a whole number"),
        ("self-consistency(5)", 18, "inner is a strategy, not '5'"),
        ("cot(preamble=maybe)", 14, "preamble is true or false, not 'maybe'"),
        ("cot(pot)", 5, "cot takes no inner strategies"),
        ("self-consistency(pot, cot)", 23, "takes 1 inner strategies"),
        ("self-consistency(pot, inner=cot)", 23, "given twice"),
        ("cross-check(otherwise=fourth)", 23, "'program' or 'third'"),
        ("self-consistency(cot(shots=a))", 28, "shots is a whole number"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(given: str, position: int, why: str) -> None:
    with pytest.raises(BadSpecification, match=why) as caught:
        open_solver(given)
    assert caught.value.position == position


def test_an_unknown_name_within_gets_a_hint_and_its_place() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'cot'.*character 18"):
        open_solver("self-consistency(cott)")


@pytest.mark.parametrize(
    "given",
    [
        "self-consistency(pot, n=0)",
        "self-consistency(pot, temperature=3)",
        "self-debugging(rounds=0)",
        "direct(max_tokens=0)",
    ],
)
def test_a_value_out_of_range_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match=given.partition("(")[0]):
        open_solver(given)


def test_a_file_composes_and_takes_settings(tmp_path: Path) -> None:
    folder = tmp_path / "my solvers"
    folder.mkdir()
    (folder / "mine.py").write_text(FILE)
    path = folder / "mine.py"
    assert open_solver(str(path)).name == "mine"
    composed = open_solver(f'self-consistency("{path}"(tries=2), n=3)')
    assert isinstance(composed, SelfConsistency)
    assert composed.name == "self-consistency(mine(tries=2), n=3)"


def test_a_missing_file_is_named() -> None:
    with pytest.raises(BadFile, match="no such solver file"):
        open_solver("self-consistency(nowhere.py)")


def test_a_broken_package_names_itself_and_breaks_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = EntryPoint("theirs", "no_such_module:Solver", "reasongap.solvers")
    monkeypatch.setattr("reasongap.plugins.entry_points", lambda group: [point])
    assert solver_names()["theirs"] == "no_such_module:Solver"
    assert open_solver("cot").name == "cot"
    with pytest.raises(BadPlugin, match=r"'theirs' of no_such_module:Solver.*ModuleNotFoundError"):
        open_solver("self-consistency(theirs)")
