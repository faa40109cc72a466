"""A study is carried out whole, goes on where it stopped, and never turns a fault into a grade."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import anyio
import pytest

from reasongap.domain import MACHINERY, Completion, Question, Request, Solution
from reasongap.errors import (
    AuthFailed,
    BadFile,
    ConditionsChanged,
    ContextTooLong,
    SolverFailed,
    Transient,
    UsageError,
)
from reasongap.models import Model, ModelSpec, ScriptedModel
from reasongap.models.scripted import request_text
from reasongap.runs import runner
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.engines import HERE
from reasongap.runs.events import Answered, Event, Planned
from reasongap.runs.folder import read_run
from reasongap.runs.study import Study, make_study
from reasongap.runs.throttle import ThrottledModel
from reasongap.sandbox import Sandbox
from tests.runs.engines.crews import NearEngine
from tests.runs.studies import calculator, compositions_file, scripted


@pytest.fixture(autouse=True, params=[HERE, NearEngine()], ids=["local", "crew"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here is of every engine."""
    defaults = conduct.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "engine", request.param)


def study_of(tmp_path: Path, model: Model, **given: object) -> Study:
    source = str(compositions_file(tmp_path))
    return make_study(models=(model,), problems=source, **given)


def carry_out(study: Study, folder: Path) -> list[Event]:
    events: list[Event] = []
    places = Places(folder, folder.parent / "cache" / "replies.sqlite")
    anyio.run(conduct, study, places, events.append)
    return [event for event in events if isinstance(event, (Planned, Answered))]


def outcomes(folder: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for record in read_run(folder).records:
        found[record.outcome] = found.get(record.outcome, 0) + 1
    return found


def test_every_question_gets_its_record(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    events = carry_out(study_of(tmp_path, scripted()), folder)
    assert events[0] == Planned(6 * 3 * 2, 0)
    assert sum(isinstance(event, Answered) for event in events) == 36
    assert outcomes(folder) == {"correct": 36}
    records = read_run(folder).records
    assert all(record.strict for record in records)
    pot = next(r for r in records if r.key.strategy == "pot" and r.key.setting == "composed")
    assert pot.solution.hop_answers == pot.question.hop_golds[:-1]
    assert pot.solution.executions[0].status == "ok"


def test_a_finished_run_asks_nothing_again(tmp_path: Path) -> None:
    folder, model = tmp_path / "run", scripted()
    carry_out(study_of(tmp_path, model), folder)
    asked = len(model.requests)
    events = carry_out(study_of(tmp_path, model), folder)
    assert events == [Planned(36, 36)]
    assert len(model.requests) == asked


def test_a_run_is_extended_by_strategies_models_and_repeats(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    carry_out(study_of(tmp_path, scripted(), strategies=("cot",), n=4), folder)
    events = carry_out(study_of(tmp_path, scripted()), folder)
    assert events[0] == Planned(36, 12)
    other = study_of(tmp_path, scripted("another"))
    assert carry_out(other, folder)[0] == Planned(36, 0)
    assert carry_out(study_of(tmp_path, scripted(), repeats=2), folder)[0] == Planned(72, 36)
    assert len(read_run(folder).records) == 36 * 3


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 1}, "seed"),
        ({"timeout": 9.0}, r"limits: there 'seconds=5.0, cpu_seconds=5.0', now 'seconds=9.0, "),
        ({"shots": 3}, r"cot: there 'shots=None', now 'shots=3'"),
        ({"allow_import": ("numpy",)}, "allow_import"),
        ({"preamble": False}, r"cot: there 'preamble=True', now 'preamble=False'"),
    ],
    ids=["seed", "limits", "shots", "packages", "strategy"],
)
def test_other_conditions_are_refused_by_name(
    tmp_path: Path, change: dict[str, object], named: str
) -> None:
    folder = tmp_path / "run"
    carry_out(study_of(tmp_path, scripted(), n=2), folder)
    with pytest.raises(ConditionsChanged, match=named):
        carry_out(study_of(tmp_path, scripted(), n=2, **change), folder)


def test_a_failing_call_is_attrition_and_is_asked_again(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    broken = True

    def sometimes(request: Request) -> str | Exception:
        if broken and "2 plus 3" in request_text(request):
            return Transient("scripted", "503")
        return calculator(request)

    model = ScriptedModel(sometimes, ModelSpec("scripted"))
    study = study_of(tmp_path, model, n=2)
    carry_out_quickly(study, folder)
    assert outcomes(folder) == {"correct": 8, "model_error": 4}
    failed = [r for r in read_run(folder).records if r.outcome in MACHINERY]
    assert all(record.error == "scripted: 503" for record in failed)
    broken = False
    assert carry_out(study, folder)[0] == Planned(12, 8)
    assert outcomes(folder) == {"correct": 12}


def carry_out_quickly(study: Study, folder: Path) -> None:
    """Without waiting between tries."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.partial(ThrottledModel, tries=1)
        patch.setattr("reasongap.runs.calling.ThrottledModel", once)
        carry_out(study, folder)


def test_a_prompt_that_does_not_fit_is_an_outcome_not_a_fault(tmp_path: Path) -> None:
    def full(request: Request) -> str | Exception:
        return ContextTooLong("scripted", "5,000 tokens of 4,096")

    folder = tmp_path / "run"
    carry_out(study_of(tmp_path, ScriptedModel(full), n=1), folder)
    assert outcomes(folder) == {"context_too_long": 6}


def test_a_truncated_reply_is_truncated_unless_it_is_right(tmp_path: Path) -> None:
    def cut(request: Request) -> Completion:
        text = calculator(request) if "What is X" in request_text(request) else "Let me see"
        return Completion(request, text, finish_reason="length")

    folder = tmp_path / "run"
    study = study_of(tmp_path, ScriptedModel(cut), n=1, strategies=("cot",))
    carry_out(study, folder)
    assert outcomes(folder) == {"correct": 1, "truncated": 2}


def test_a_wrong_key_stops_the_run_and_keeps_what_there_is(tmp_path: Path) -> None:
    replies = 0

    def locked(request: Request) -> str | Exception:
        nonlocal replies
        replies += 1
        return calculator(request) if replies < 4 else AuthFailed("scripted", "no key")

    folder = tmp_path / "run"
    study = study_of(tmp_path, ScriptedModel(locked), connections=1)
    with pytest.raises(AuthFailed):
        carry_out(study, folder)
    assert outcomes(folder) == {"correct": 3}


class Slow(ScriptedModel):
    """Answers only after a while, as long as a test needs."""

    seconds = 0.0

    async def complete(self, request: Request) -> Completion:
        await anyio.sleep(self.seconds)
        return await super().complete(request)


def locked_beside(slow: Slow, folder: Path) -> dict[str, int]:
    """Outcomes of a run of a slow model and of one whose key is wrong."""
    locked = ScriptedModel(lambda _: AuthFailed("locked", "no key"), ModelSpec("locked"))
    study = make_study(models=(slow, locked), problems=str(compositions_file(folder)))
    with pytest.raises(AuthFailed):
        carry_out(study, folder / "run")
    return outcomes(folder / "run")


def test_what_is_in_flight_when_a_run_has_to_stop_is_kept(tmp_path: Path) -> None:
    slow = Slow(calculator, ModelSpec("slow"))
    slow.seconds = 0.5
    assert locked_beside(slow, tmp_path) == {"correct": 1}
    assert len(slow.requests) == 1


def test_what_is_in_flight_holds_up_a_run_that_has_to_stop_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LAST_REPLIES", 0.2)
    slow = Slow(calculator, ModelSpec("slow"))
    slow.seconds = 3600.0
    assert locked_beside(slow, tmp_path) == {}


def test_records_are_self_contained_lines_of_json(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    carry_out(study_of(tmp_path, scripted(), n=1), folder)
    rows = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    composed = next(
        r for r in rows if r["key"]["setting"] == "composed" and r["key"]["strategy"] == "pot"
    )
    assert composed["schema"] == 1
    assert composed["key"] == {
        "model": "scripted",
        "strategy": "pot",
        "composition": "item0",
        "setting": "composed",
        "repeat": 0,
    }
    assert composed["gold"] == "20"
    assert composed["hop_golds"] == ["5", "20"]
    assert composed["answer"] == "20"
    assert composed["replies"][0]["request"]["messages"][0]["role"] == "user"
    assert composed["executions"][0]["value"] == "20"
    assert "What is X times 4?" in composed["question"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadFile, match="--out"):
        carry_out(study_of(tmp_path, scripted()), tmp_path / "file" / "run")


def test_controls_are_asked_beside_the_gap(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    controls = ("hop2-source", "hop2-distracted")
    carry_out(study_of(tmp_path, scripted(), strategies=("cot",), controls=controls), folder)
    settings = [record.key.setting for record in read_run(folder).records]
    assert {name: settings.count(name) for name in controls} == dict.fromkeys(controls, 6)


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    source = str(compositions_file(tmp_path))
    with pytest.raises(UsageError, match="two models are called 'scripted'"):
        make_study(models=(scripted(), scripted()), problems=source)
    twice = make_study(models=(scripted(),), problems=source, strategies=("cot", "cot"))
    with pytest.raises(UsageError, match="two strategies are called 'cot'"):
        carry_out(twice, tmp_path / "run")


def test_one_model_object_is_never_given_anothers_replies(tmp_path: Path) -> None:
    carry_out(study_of(tmp_path, scripted(), n=2), tmp_path / "right")
    wrong = ScriptedModel(lambda request: "Final answer: 0", scripted().spec)
    carry_out(study_of(tmp_path, wrong, n=2, strategies=("cot",)), tmp_path / "wrong")
    assert outcomes(tmp_path / "wrong") == {"wrong": 6}


def test_repeats_are_sampled_with_seeds_of_their_own(tmp_path: Path) -> None:
    model = ScriptedModel(calculator, ModelSpec("scripted", seed=7))
    study = study_of(tmp_path, model, n=1, strategies=("cot",), repeats=3)
    carry_out(study, tmp_path / "run")
    assert sorted({request.seed or 0 for request in model.requests}) == [7, 8, 9]


def test_a_composition_that_changed_under_its_id_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    study = study_of(tmp_path, scripted(), n=2)
    carry_out(study, folder)
    source = Path(str(study.problems))
    source.write_text(source.read_text().replace('"answer":"20"', '"answer":"21"'))
    with pytest.raises(
        ConditionsChanged, match="composition 1: there 'item0: 20', now 'item0: 21'"
    ):
        carry_out(make_study(models=(scripted(),), problems=str(source), n=2), folder)


def test_asking_for_fewer_loses_nothing_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    carry_out(study_of(tmp_path, scripted(), n=6), folder)
    events = carry_out(study_of(tmp_path, scripted(), n=2), folder)
    assert events == [Planned(12, 12)]
    assert len(read_run(folder).records) == 36
    view = read_run(folder).only(["scripted"], ["cot", "pot"], 2)
    assert {record.key.composition for record in view.records} == {"item0", "item1"}


def test_what_a_strategy_raises_names_it_and_keeps_the_rest(tmp_path: Path) -> None:
    class Broken:
        name = "broken"

        async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
            if question.composition == "item1":
                raise ZeroDivisionError("division by zero")
            return Solution(question.gold)

    folder = tmp_path / "run"
    study = study_of(tmp_path, scripted(), strategies=(Broken(),), connections=1)
    with pytest.raises(SolverFailed, match="'broken' failed on item1 hop1: ZeroDivisionError"):
        carry_out(study, folder)
    assert outcomes(folder) == {"correct": 3}


def test_a_fact_about_a_model_may_be_mended_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    carry_out(study_of(tmp_path, scripted(), n=1), folder)
    larger = ScriptedModel(calculator, ModelSpec("scripted", size=7e9))
    assert carry_out(study_of(tmp_path, larger, n=1), folder) == [Planned(6, 6)]
    assert read_run(folder).manifest.models["scripted"].size == 7e9
    warmer = ScriptedModel(calculator, ModelSpec("scripted", temperature=0.5))
    with pytest.raises(ConditionsChanged, match=r"scripted temperature: there 0\.0, now 0\.5"):
        carry_out(study_of(tmp_path, warmer, n=1), folder)
