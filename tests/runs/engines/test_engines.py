"""Engines are known by name, and a run in many parts goes as one in one part does."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Execution, Key, Record
from reasongap.errors import MissingExtra, UnknownName, UsageError
from reasongap.runs.budget import read_spending
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.engines import HERE, open_engine
from reasongap.runs.events import Answered, Event, silent
from reasongap.runs.folder import read_run
from reasongap.runs.journal import read_records
from reasongap.runs.study import make_study
from tests.runs.engines.crews import NearEngine
from tests.runs.studies import compositions_file, scripted


def bare(folder: Path) -> dict[Key, Record]:
    """The records without what no two runs share: times, memory, process numbers."""
    return {key: _timeless(record) for key, record in read_records(folder).items()}


def _timeless(record: Record) -> Record:
    def reply(one: Completion) -> Completion:
        return replace(one, seconds=0.0)

    def ended(one: Execution) -> Execution:
        return replace(one, seconds=0.0, cpu_seconds=0.0, peak_memory=0)

    solution = replace(
        record.solution,
        completions=tuple(map(reply, record.solution.completions)),
        executions=tuple(map(ended, record.solution.executions)),
    )
    return replace(record, started=0.0, seconds=0.0, solution=solution)


def test_engines_have_names() -> None:
    assert open_engine("local") is HERE
    assert open_engine("ray").name == "ray"
    assert open_engine("ray:auto").name == "ray:auto"
    with pytest.raises(UnknownName, match=r"unknown engine 'rye'\. Did you mean 'ray'"):
        open_engine("rye")
    with pytest.raises(UsageError, match="from inside the cluster"):
        open_engine("ray:ray://head:10001")


def test_a_lost_worker_costs_no_question_and_its_calls_are_listed_and_counted(
    tmp_path: Path,
) -> None:
    engine, answered = NearEngine(workers=2), 0

    def emit(event: Event) -> None:
        """Lose both that began, and one of the two that come for them: nobody is left to go on."""
        nonlocal answered
        answered += isinstance(event, Answered)
        if answered == 5:
            engine.posts[0].lose()
            engine.posts[1].lose()
        if answered >= 30 and len(engine.posts) > 2:
            engine.posts[2].lose()

    folder = tmp_path / "run"
    study = make_study(
        models=(scripted(),),
        problems=str(compositions_file(tmp_path, 12)),
        max_output_tokens_total=10**6,
    )
    places = Places(folder, tmp_path / "replies.sqlite")
    anyio.run(lambda: conduct(study, places, emit, engine=engine))
    lines = (folder / "records.jsonl").read_text().splitlines()
    assert len(lines) == len(read_records(folder)) == 72
    assert {record.outcome for record in read_records(folder).values()} == {"correct"}
    lost = read_run(folder).manifest.possibly_paid_twice
    assert lost
    assert read_spending(folder).doubtful.tokens == 1024 * len(lost)
    assert len(engine.posts) >= 4
    assert all(post.dismissed for post in engine.posts)


def test_without_ray_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    study = make_study(models=("openai/x",), problems=str(compositions_file(tmp_path)))
    places = Places(tmp_path / "run", tmp_path / "replies.sqlite")
    with pytest.raises(MissingExtra, match=r"pip install 'reasongap\[ray\]'"):
        anyio.run(lambda: conduct(study, places, silent, engine=open_engine("ray")))
