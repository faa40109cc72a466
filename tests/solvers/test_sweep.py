"""A sweep asks a strategy in every variant of a factor, each under its own name."""

from __future__ import annotations

from pathlib import Path

from reasongap.solvers import open_solver, sweep


def names(specification: str, *factors: str) -> list[str]:
    return [solver.name for solver in sweep(open_solver(specification), factors)]  # type: ignore[arg-type]


def test_one_factor_is_varied_at_a_time() -> None:
    assert names("cot", "wordings") == [
        "cot",
        "cot(prompt=terse)",
        "cot(prompt=detailed)",
        "cot(prompt=teacher)",
    ]
    assert names("pot", "shots")[1:] == [f"pot(shots={n})" for n in (0, 1, 4, 8)]
    assert names("pot", "exemplars")[1:] == ["pot(shots=8)", "pot(shots=8, exemplars=second)"]
    assert names("cot", "preamble")[1:] == ["cot(shots=8, preamble=false)"]
    assert len(names("cot", "all")) == 1 + 3 + 4 + 1 + 1, "eight shots are counted once"


def test_the_parts_of_a_composition_vary_together() -> None:
    assert names("least-to-most(cot)", "wordings")[1] == "least-to-most(cot(prompt=terse))"
    assert (
        names("self-debugging", "wordings")[1] == "self-debugging(pot(prompt=terse), prompt=terse)"
    )


def test_what_is_set_by_hand_is_not_varied() -> None:
    assert names("cot(prompt=terse)", "wordings") == ["cot(prompt=terse)"]
    assert names("cot(shots=2)", "shots", "wordings")[1] == "cot(shots=2, prompt=terse)"


def test_a_strategy_without_our_prompts_has_no_variants() -> None:
    own = str(Path(__file__).parents[2] / "examples" / "own_solver.py")
    assert len(names(own, "all")) == 1
