from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reasongap.analysis.merging import merge
from reasongap.domain import Composition, Record
from reasongap.errors import UsageError
from reasongap.models.seam import ModelSpec
from reasongap.runs.folder import RunFolder
from reasongap.runs.manifest import Manifest
from tests.analysis.records import answers
from tests.analysis.simulated import composition


def folder(
    name: str,
    *records: Record,
    models: Sequence[ModelSpec] = (ModelSpec("m"),),
    items: Sequence[Composition] = (),
    **conditions: str,
) -> RunFolder:
    manifest = Manifest.model_construct(
        conditions={"problems": "minted", "seed": "0", **conditions},
        models={spec.name: spec for spec in models},
        strategies={"cot": "ChainOfThought()"},
        created=1.0,
    )
    return RunFolder(Path(name), manifest, items, records)


def test_runs_of_several_models_become_one_by_size() -> None:
    one = folder("a", *answers("111", model="big"), models=[ModelSpec("big", size=7e10)])
    other = folder("b", *answers("110", model="small"), models=[ModelSpec("small", size=1e9)])
    found = merge([one, other])
    assert list(found.specs) == ["small", "big"]
    assert found.folders == ("a", "b")
    assert len(found.records) == 6


def test_an_answer_given_twice_counts_once_the_latest_graded_one() -> None:
    early = [replace(r, started=1.0) for r in answers("111")]
    late = [replace(r, started=2.0) for r in answers("0m0")]
    found = {
        r.key.setting: r.outcome for r in merge([folder("a", *early), folder("b", *late)]).records
    }
    assert found == {"hop1": "wrong", "hop2": "correct", "composed": "wrong"}


def test_facts_about_a_model_may_differ_and_its_settings_may_not() -> None:
    assert merge([folder("a"), folder("b", models=[ModelSpec("m", size=1e9)])]).specs["m"].size
    told = r"model m is another in b than in .* \(temperature: there 0.0, here 0.7\)\. Report"
    with pytest.raises(UsageError, match=told):
        merge([folder("a"), folder("b", models=[ModelSpec("m", temperature=0.7)])])


def test_a_model_that_moved_is_the_same_and_the_reader_is_told() -> None:
    places = ("http://a:1/v1", "http://b:2/v1")
    runs = [folder(p[7], models=[ModelSpec("m", api_base=p, connections=len(p))]) for p in places]
    assert merge(runs).notes == (f"m was served by {' and '.join(places)}, taken to be the same",)
    assert merge(runs[:1]).notes == ()


def test_of_two_ways_of_a_strategy_only_what_differs_is_told() -> None:
    runs = [folder("a"), folder("b")]
    for run, shots in zip(runs, "08", strict=True):
        run.manifest.strategies["cot"] = f"Cot(shots={shots}, rule=None) 0123456789abcdef"
    with pytest.raises(UsageError, match=r"cot .* \(settings: there 'shots=0', here 'shots=8'\)"):
        merge(runs)


def test_another_composition_of_the_same_id_is_refused() -> None:
    item = composition(0)
    changed = replace(item, hops=(item.hops[0], replace(item.hops[1], answer=Fraction(7))))
    told = r"composition c0000 is another in b .*\(answer of hop 2: there '\d+', here '7'\)"
    with pytest.raises(UsageError, match=told):
        merge([folder("a", items=[item]), folder("b", items=[changed])])


def test_runs_of_chains_of_different_lengths_are_refused() -> None:
    item = composition(0)
    longer = replace(item, hops=(*item.hops, replace(item.hops[1], source="more")))
    runs = [folder("a", items=[item]), folder("b", items=[longer]), folder("c", items=[item])]
    with pytest.raises(UsageError, match=r"\(2 hops: a, c; 3 hops: b\)\. Report them apart"):
        merge(runs)


def test_a_missing_solution_is_no_other_composition() -> None:
    item = composition(0)
    bare = replace(item, hops=tuple(replace(hop, solution=None) for hop in item.hops))
    assert len(merge([folder("a", items=[item]), folder("b", items=[bare])]).compositions) == 1


def test_problems_paired_in_other_blocks_are_refused() -> None:
    item = composition(0)
    with pytest.raises(UsageError, match="different blocks"):
        merge([folder("a", items=[item]), folder("b", items=[replace(item, id="x", block="z")])])


def test_conditions_that_differ_are_noted() -> None:
    (note,) = merge([folder("a"), folder("b", sandbox="docker")]).notes
    assert "differ in sandbox" in note


@pytest.mark.parametrize("name", ["rule", "tolerance", "allow_import"])
def test_runs_that_were_graded_or_run_otherwise_are_noted(name: str) -> None:
    other = folder("b")
    other.manifest.conditions[name] = "0.3"
    (note,) = merge([folder("a"), other]).notes
    assert note == f"the runs differ in {name}: the default, 0.3"
    assert merge([folder("a", allow_import=""), folder("b")]).notes == ()


def test_no_run_is_an_error() -> None:
    with pytest.raises(UsageError, match="no run is named"):
        merge([])
