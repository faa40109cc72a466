from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from reasongap.analysis.estimates import Estimates, analyse
from reasongap.domain import Record
from reasongap.errors import UsageError
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers, record


def analysed(
    records: Iterable[Record], *specs: ModelSpec, strategies: tuple[str, ...] = ("cot", "pot")
) -> Estimates:
    models = specs or (ModelSpec("m"),)
    return analyse(records, {spec.name: spec for spec in models}, strategies, resamples=200)


def both(model: str = "m") -> list[Record]:
    return [
        *answers("110", "111", "101", "011", model=model),
        *answers("111", "111", "101", "0t1", model=model, strategy="pot"),
    ]


def test_models_come_by_size_with_the_unknown_last_and_strategies_as_listed() -> None:
    specs = [ModelSpec("new"), ModelSpec("big", size=7e10), ModelSpec("small", size=1e9)]
    records = [r for spec in specs for r in both(spec.name)]
    found = analysed(records, *specs, strategies=("pot", "cot"))
    assert [(row.model, row.strategy) for row in found.gaps] == [
        ("small", "pot"), ("small", "cot"),
        ("big", "pot"), ("big", "cot"),
        ("new", "pot"), ("new", "cot"),
    ]  # fmt: skip
    assert [(row.model, row.baseline, row.strategy) for row in found.reductions] == [
        ("small", "pot", "cot"), ("big", "pot", "cot"), ("new", "pot", "cot"),
    ]  # fmt: skip


def test_a_row_says_what_the_answers_were_and_what_they_took() -> None:
    found = analysed(both(), ModelSpec("m", size=1e9, family="acme"))
    row = found.gaps[1]
    assert (row.size, row.family) == (1e9, "acme")
    assert (row.gap.n, row.gap.s, row.gap.s_comp) == (4, (0.75, 0.5), 1.0)
    assert row.strict == (0, 0, 0)
    assert row.outcomes == {"correct": 9, "wrong": 2, "truncated": 1}
    assert (row.tokens, row.cost, row.seconds) == (12 * 17, 6.0, 24.0)


@pytest.mark.parametrize(("cost", "tokens"), [(None, 10), (1.0, None)])
def test_a_total_with_an_unknown_part_is_unknown(cost: float | None, tokens: int | None) -> None:
    records = [
        *answers("111"),
        *(record("c9", s, cost=cost, tokens=tokens) for s in ("hop1", "hop2", "composed")),
    ]
    row = analysed(records, strategies=("cot",)).gaps[0]
    assert (row.cost is None) == (cost is None)
    assert (row.tokens is None) == (tokens is None)


def test_controls_are_not_part_of_the_row() -> None:
    records = [*answers("111"), record("c0", "hop2-source", "wrong")]
    row = analysed(records, strategies=("cot",)).gaps[0]
    assert row.outcomes == {"correct": 3}
    assert row.seconds == 6


def test_a_control_stands_beside_the_second_hop_of_the_same_answers() -> None:
    records = [*answers("101", "111", "1m1", "1m1"), *answers("111", "1m1", repeat=1)]
    records += [
        record(name, "hop2-source", "correct" if right else "wrong", repeat=repeat)
        for name, told in {"c0": (False, True), "c1": (False, False), "c2": (True,)}.items()
        for repeat, right in enumerate(told)
    ]
    (row,) = analysed(records, strategies=("cot",)).controls
    assert (row.n, row.accuracy, row.hop2) == (3, 1 / 3, 2 / 3)
    assert row.cost == 2.5


def test_a_control_without_any_second_hop_stands_alone() -> None:
    records = [*answers("1m1", "1m1"), record("c0", "hop2-source"), record("c1", "hop2-source")]
    (row,) = analysed(records, strategies=("cot",)).controls
    assert (row.n, row.accuracy, row.hop2) == (2, 1, None)


def test_an_answer_given_again_replaces_the_first() -> None:
    row = analysed([*answers("m11"), *answers("011")], strategies=("cot",)).gaps[0]
    assert row.outcomes == {"wrong": 1, "correct": 2}
    assert row.gap.n == 1


def test_the_json_is_the_contract() -> None:
    written = json.loads(json.dumps(analysed(both()).as_json(), allow_nan=False))
    assert list(written) == ["schema", "gaps", "reductions", "tests", "controls", "notes"]
    assert written["schema"] == 1
    assert set(written["gaps"][0]) == {
        "model", "strategy", "size", "family", "n", "s", "s_comp", "expected", "delta",
        "delta_ci", "attrition", "outcomes", "cost", "tokens",
        "blocks", "s_ci", "s_comp_ci", "delta_bounds", "method", "strict", "seconds",
    }  # fmt: skip
    assert list(written["reductions"][0]) == [
        "model", "size", "baseline", "strategy", "s_comp_change", "s_comp_change_ci",
        "s_comp_relative", "delta_change", "delta_change_ci", "p_value", "gap_closed",
        "gap_closed_ci", "gap_closed_reason",
    ]  # fmt: skip
    assert written["gaps"][0]["s"] == [0.75, 0.75]
    assert len(written["gaps"][0]["delta_ci"]) == 2
    assert list(written["tests"][0]) == [
        "model", "baseline", "strategy", "setting", "gained", "lost", "p_value", "p_holm",
    ]  # fmt: skip


def test_the_json_tells_what_was_left_out_and_how_controls_went() -> None:
    records = [*answers("111", "11m"), record("c0", "hop2-source", "wrong")]
    written = json.loads(json.dumps(analysed(records, strategies=("cot",)).as_json()))
    (gap,), (control,) = written["gaps"], written["controls"]
    assert (gap["attrition"], gap["method"]) == (1, "delta")
    assert gap["delta_bounds"] == [-0.5, 0.75]
    assert (control["setting"], control["accuracy"], control["hop2"]) == ("hop2-source", 0, 1)
    assert "1 of 2 compositions left out" in written["notes"][0]


def test_models_with_chains_of_different_lengths_are_refused() -> None:
    records = [
        record("c0", setting, model=model, hops=hops)
        for model, hops in (("a", 2), ("b", 3))
        for setting in (*(f"hop{i + 1}" for i in range(hops)), "composed")
    ]
    with pytest.raises(UsageError, match=r"2 and 3 hops .* \(2 hops: a; 3 hops: b\)\. Report"):
        analysed(records, ModelSpec("a"), ModelSpec("b"), strategies=("cot",))
    assert len(analysed(records, ModelSpec("b"), strategies=("cot",)).gaps[0].gap.s) == 3


def test_one_strategy_is_enough_for_a_gap() -> None:
    found = analysed(answers("111", "100"), strategies=("cot",))
    assert len(found.gaps) == 1
    assert found.reductions == ()
    assert found.tests == ()


def test_tests_are_corrected_over_the_models() -> None:
    records = [r for model in ("a", "b") for r in both(model)]
    found = analysed(records, ModelSpec("a"), ModelSpec("b"))
    assert [(t.model, t.setting) for t in found.tests] == [
        (model, setting) for model in ("a", "b") for setting in ("hop1", "hop2", "composed")
    ]
    assert all(t.p_holm == min(1, 2 * t.p_value) for t in found.tests)


def test_few_blocks_are_noted_and_a_hundred_are_not() -> None:
    (note,) = analysed(answers(*["111"] * 99), strategies=("cot",)).notes
    assert "99 blocks" in note
    assert analysed(answers(*["111"] * 100), strategies=("cot",)).notes == ()


def test_attrition_is_noted_with_its_causes() -> None:
    found = analysed(answers(*["111"] * 100, "1m1", "s1m", "1-1"), strategies=("cot",))
    (note,) = found.notes
    assert "3 of 103 compositions left out" in note
    assert "2 model_error, 1 sandbox_error" in note
    assert note.endswith("as can be, Δ would be: cot from −0.03 to +0.06")
    assert found.gaps[0].gap.attrition == 3
    assert found.gaps[0].gap.delta_bounds is not None


def test_more_than_two_percent_of_cut_replies_are_noted() -> None:
    rows = ["111"] * 100
    few = analysed(answers(*["t11"] * 6, *rows[6:]), strategies=("cot",))
    assert few.notes == ()
    many = analysed(answers(*["t11"] * 7, *rows[7:]), strategies=("cot",))
    assert "m cot: 2% of the answers (0% on the chain) hit the length limit" in many.notes[0]
    chains = analysed(answers(*["11t"] * 60, *rows[60:]), strategies=("cot",))
    assert "m cot: 20% of the answers (60% on the chain) hit" in chains.notes[0]


def test_a_model_without_a_complete_composition_has_no_row_but_a_note() -> None:
    found = analysed(answers("m11", "1-1"), strategies=("cot",))
    assert found.gaps == ()
    assert "2 of 2 compositions left out" in found.notes[0]
    assert "Δ" not in found.notes[0]


def test_a_model_without_answers_has_a_note() -> None:
    found = analysed(both(), ModelSpec("m"), ModelSpec("silent"))
    assert {row.model for row in found.gaps} == {"m"}
    assert "silent: no answers under cot" in found.notes


def test_without_the_baseline_there_is_nothing_to_compare_with() -> None:
    found = analysed(answers("111", strategy="pot"))
    assert [row.strategy for row in found.gaps] == ["pot"]
    assert found.reductions == ()
    assert "m: no answers under cot" in found.notes


def test_the_order_of_records_changes_nothing() -> None:
    assert analysed(both()) == analysed(reversed(both()))


def test_other_models_are_passed_over() -> None:
    stranger = [replace(r, key=replace(r.key, model="x")) for r in both()]
    assert analysed([*both(), *stranger]) == analysed(both())
