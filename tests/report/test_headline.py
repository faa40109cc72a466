"""The first sentences give what is reached and what changed, and claim no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reasongap.analysis import Reduction
from reasongap.domain import Gap
from reasongap.models.seam import ModelSpec
from reasongap.report.analyses import report_of
from reasongap.report.headline import change_sentence, headlines
from tests.analysis.simulated import Habits, study
from tests.report.studies import bare, full

UP, DOWN, UNSURE = (0.1, 0.3), (-0.3, -0.1), (-0.1, 0.3)
BASE = Reduction(
    "a/m", 1e9, "cot", "pot", 0.2, UP, 0.5, 0.2, UP, 0.01, 0.6, (0.2, 0.9), None
)  # fmt: skip
HOPS = {"s": (0.8, 0.8), "s_ci": ((0.7, 0.9), (0.7, 0.9)), "expected": 0.64, "n": 60, "blocks": 9}
BEFORE = Gap(s_comp=0.3, s_comp_ci=(0.2, 0.4), delta=-0.34, delta_ci=(-0.5, -0.2), **HOPS)  # type: ignore[arg-type]
AFTER = Gap(s_comp=0.5, s_comp_ci=(0.4, 0.6), delta=-0.14, delta_ci=(-0.3, 0.01), **HOPS)  # type: ignore[arg-type]


def told(row: Reduction) -> str:
    return change_sentence(row, BEFORE, AFTER)


def test_a_success_is_a_rise_of_accuracy_then_of_the_gap() -> None:
    assert told(BASE) == (
        "m: cot reaches S_comp = 0.30 [0.20, 0.40] with Δ = −0.34 [−0.50, −0.20], "
        "pot S_comp = 0.50 [0.40, 0.60] with Δ = −0.14 [−0.30, +0.01]. "
        "Against cot, pot raises accuracy on the chain by +0.20 [+0.10, +0.30]; "
        "Δ changes by +0.20 [+0.10, +0.30]: less is lost by chaining; "
        "60% of the gap is closed [20%, 90%]."
    )


def test_a_smaller_gap_without_more_right_chains_is_no_success() -> None:
    text = told(replace(BASE, s_comp_change=-0.2, s_comp_change_ci=DOWN))
    assert "lowers accuracy" in text
    assert "no success" in text
    assert "closed" not in text


@pytest.mark.parametrize("part", ["s_comp_change_ci", "delta_change_ci"])
def test_what_cannot_be_told_from_none_is_said_so(part: str) -> None:
    text = told(replace(BASE, **{part: UNSURE}))  # type: ignore[arg-type]
    assert "not distinguishable from none" in text
    assert "closed" not in text


def test_more_loss_by_chaining_is_said_even_where_accuracy_rose() -> None:
    text = told(replace(BASE, delta_change=-0.2, delta_change_ci=DOWN))
    assert "raises accuracy" in text
    assert "more is lost by chaining" in text


def test_there_is_a_headline_for_every_model() -> None:
    assert len(headlines(bare().findings)) == 1
    named = " ".join(headlines(full().findings))
    assert all(name.rsplit("/", 1)[-1] in named for name in full().evidence.specs)


def test_models_that_end_alike_are_told_apart() -> None:
    models = [f"hf/{series}/checkpoint-4" for series in ("human", "own")]
    ways = [(ModelSpec(name), "cot", Habits()) for name in (*models, "hf/base")]
    told = headlines(report_of(study(ways, 12)).findings)
    names = [sentence.partition(" under ")[0] for sentence in told]
    assert names == ["human/checkpoint-4", "own/checkpoint-4", "base"]
