"""Notes say once what holds of several models."""

from __future__ import annotations

from reasongap.analysis import analyse
from reasongap.analysis.notes import together
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers

FEW = "the intervals rest on 60 blocks, fewer than 100"


def test_what_holds_of_several_models_is_said_once() -> None:
    notes = [f"{name}: {FEW}" for name in ("a", "ollama:7b")] + ["a cot: 9% are cut"]
    assert together(notes) == (f"a, ollama:7b: {FEW}", "a cot: 9% are cut")


def test_of_many_models_the_first_is_named_and_the_others_counted() -> None:
    notes = [f"step-{i}: {FEW}" for i in range(11)]
    assert together(notes) == (f"step-0 and 10 others: {FEW}",)


def test_repeats_that_are_left_out_are_counted_where_their_composition_stays() -> None:
    cot = [one for repeat in range(3) for one in answers("111", "101", repeat=repeat)]
    pot = [*answers("111", "m11", strategy="pot"), *answers("1m1", strategy="pot", repeat=1)]
    first, second, _ = analyse([*cot, *pot], {"m": ModelSpec("m")}, ["cot", "pot"]).notes
    assert "1 of 2 compositions left out" in first
    assert second.startswith("m: repeats of the compositions counted that are left out of the gap")
    assert second.endswith(": 2")
    assert len(analyse(cot, {"m": ModelSpec("m")}, ["cot"]).notes) == 1
