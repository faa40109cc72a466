from __future__ import annotations

import numpy as np

from reasongap.analysis.evidence import Evidence, Measure
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers, record


def evidence(*records: object) -> Evidence:
    return Evidence({"m": ModelSpec("m")}, ("cot", "pot"), {}, list(records))  # type: ignore[arg-type]


CHAIN, HOP1 = Measure("m", "cot", "composed"), Measure("m", "cot", "hop1")


def test_grades_hold_the_compositions_that_have_every_measure() -> None:
    found = evidence(*answers("111", "10-", "1m0", "011", "110")).grades([HOP1, CHAIN])
    assert found.compositions == ("c0", "c2", "c3", "c4")
    assert found.values.tolist() == [[1, 1], [1, 0], [0, 1], [1, 0]]


def test_a_failure_of_the_machinery_leaves_the_composition_out() -> None:
    assert evidence(*answers("111", "m11")).grades([HOP1, CHAIN]).compositions == ("c0",)


def test_repeats_are_averaged_and_broken_ones_left_out() -> None:
    records = [*answers("111"), *answers("110", repeat=1), *answers("11m", repeat=2)]
    assert evidence(*records).grades([HOP1, CHAIN]).values.tolist() == [[1, 0.5]]


def test_a_measure_that_cannot_tell_leaves_the_repeat_out() -> None:
    unsure = Measure("m", "cot", "composed", lambda r: None if r.key.composition == "c1" else 1.0)
    assert evidence(*answers("111", "111")).grades([unsure]).compositions == ("c0",)


def test_columns_may_be_made_from_several_answers_at_once() -> None:
    records = [*answers("111", "110"), *answers("110", "111", strategy="pot")]
    places = [("m", "cot", "composed"), ("m", "pot", "composed")]
    found = evidence(*records).joined(
        places, lambda both: [float(all(r.outcome == "correct" for r in both))]
    )
    assert found.values.tolist() == [[0], [0]]


def test_blocks_are_those_of_the_compositions() -> None:
    records = [record(f"c{i}", "composed", block=f"b{i // 2}") for i in range(4)]
    assert evidence(*records).grades([CHAIN]).blocks.tolist() == [0, 0, 1, 1]


def test_nothing_in_common_is_no_grades() -> None:
    found = evidence(*answers("1--"), record("c9", "composed")).grades([HOP1, CHAIN])
    assert found.compositions == ()
    assert found.values.size == 0
    assert found.blocks.dtype == np.int64


def test_asked_are_the_models_and_strategies_with_chains() -> None:
    found = evidence(*answers("11-"), *answers("111", strategy="pot"))
    assert found.asked == (("m", "pot"),)
    assert found.hops == 2
    assert found.settings == ("hop1", "hop2", "composed")
    assert evidence().hops == 0
