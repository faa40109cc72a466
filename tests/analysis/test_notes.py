"""Notes say once what holds of several models."""

from __future__ import annotations

from reasongap.analysis.notes import together

FEW = "the intervals rest on 60 blocks, fewer than 100"


def test_what_holds_of_several_models_is_said_once() -> None:
    notes = [f"{name}: {FEW}" for name in ("a", "ollama:7b")] + ["a cot: 9% are cut"]
    assert together(notes) == (f"a, ollama:7b: {FEW}", "a cot: 9% are cut")


def test_of_many_models_the_first_is_named_and_the_others_counted() -> None:
    notes = [f"step-{i}: {FEW}" for i in range(11)]
    assert together(notes) == (f"step-0 and 10 others: {FEW}",)
