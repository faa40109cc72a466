"""Strategies of several calls in whole runs: broken off in the middle, they lose no reply."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from reasongap.domain import Request
from reasongap.errors import QuotaGone
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.scripted import Reply
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.folder import read_run
from reasongap.runs.study import Study, make_study
from tests.runs.studies import calculator, compositions_file

SPECIFICATIONS = (
    "self-consistency(pot, n=3)",
    "least-to-most(cot)",
    "plan-then-code",
    "cross-check",
    "cot(prompt=terse)",
)


def study_of(tmp_path: Path, model: ScriptedModel, *strategies: str, **given: object) -> Study:
    source = str(compositions_file(tmp_path, 2))
    return make_study(models=(model,), strategies=strategies, problems=source, **given)


def carry_out(study: Study, folder: Path) -> None:
    anyio.run(conduct, study, Places(folder, folder.parent / "cache.sqlite"), silent)


def scripted(replies: object = calculator) -> ScriptedModel:
    return ScriptedModel(replies, ModelSpec("scripted", price=(0.0, 0.0)))  # type: ignore[arg-type]


def test_composed_names_are_those_of_the_records(tmp_path: Path) -> None:
    carry_out(study_of(tmp_path, scripted(), *SPECIFICATIONS), tmp_path / "run")
    run = read_run(tmp_path / "run")
    named = {"self-consistency(pot, n=3)", *SPECIFICATIONS[1:]}
    assert set(run.manifest.strategies) == {record.key.strategy for record in run.records} == named
    assert {record.outcome for record in run.records} == {"correct"}


def test_the_same_strategy_written_otherwise_goes_on_in_the_folder(tmp_path: Path) -> None:
    carry_out(study_of(tmp_path, scripted(), "self-consistency(pot, n=3)"), tmp_path / "run")
    again = scripted()
    carry_out(
        study_of(tmp_path, again, "self-consistency( pot(), temperature=0.7, n=3 )"),
        tmp_path / "run",
    )
    assert again.requests == []


def test_broken_off_in_the_middle_it_asks_only_for_the_rest(tmp_path: Path) -> None:
    """The credit is gone after the third of five samples: three replies are kept."""
    gone = QuotaGone("scripted", "no credit left")

    def until(request: Request) -> Reply:
        return calculator(request) if request.sample < 3 else gone

    with pytest.raises(QuotaGone):
        carry_out(
            study_of(tmp_path, scripted(until), "self-consistency(cot)", n=1), tmp_path / "run"
        )
    assert read_run(tmp_path / "run").records == []
    model = scripted()
    carry_out(study_of(tmp_path, model, "self-consistency(cot)", n=1), tmp_path / "run")
    assert len(model.requests) == 3 * 5 - 3
    assert all(len(r.solution.completions) == 5 for r in read_run(tmp_path / "run").records)


def test_variants_of_a_sweep_are_strategies_of_the_run(tmp_path: Path) -> None:
    study = study_of(tmp_path, scripted(), "cot", prompts=("wordings",))
    carry_out(study, tmp_path / "run")
    strategies = read_run(tmp_path / "run").manifest.strategies
    assert list(strategies) == [
        "cot",
        *(f"cot(prompt={w})" for w in ("terse", "detailed", "teacher")),
    ]
    assert len({description.split()[-1] for description in strategies.values()}) == 4
