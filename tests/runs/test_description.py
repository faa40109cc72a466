"""A study comes back from its manifest as it was, unless objects took part in it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from reasongap.errors import UsageError
from reasongap.runs.commit import commit_here
from reasongap.runs.description import describe, revive
from reasongap.runs.manifest import Manifest, Sitting, unfinished
from reasongap.runs.study import make_study
from tests.runs.studies import scripted


def test_a_study_survives_json() -> None:
    study = make_study(
        models=("openai/a", "openai/b"),
        model={"openai/a": {"max_tokens": 99}},
        strategies=("pot",),
        controls=("hop2-source",),
        columns={"answer": "gold"},
        budget=2.5,
    )
    kept = json.loads(json.dumps(describe(study)))
    assert revive(kept) == study
    assert revive(kept, budget=9.0, timeout=None).budget == 9.0


def test_objects_are_named_and_refused() -> None:
    kept = json.loads(json.dumps(describe(make_study(models=(scripted(),)))))
    assert kept["models"] == [{"object": "ScriptedModel"}]
    with pytest.raises(UsageError, match="ScriptedModel was given as a Python object"):
        revive(kept)


def test_what_was_finished_later_is_not_unfinished() -> None:
    def sitting(name: str, finished: bool) -> Sitting:
        return Sitting(study={"name": name}, n=1, versions={}, finished=finished)

    def names(*sittings: Sitting) -> list[str]:
        manifest = Manifest(
            schema=1,
            conditions={},
            models={},
            strategies={},
            n=1,
            repeats=1,
            compositions="",
            sittings=sittings,
        )
        return [one.study["name"] for one in unfinished(manifest)]

    assert names(sitting("a", False), sitting("b", True)) == ["a", "b"]
    assert names(sitting("a", False), sitting("a", True), sitting("b", True)) == ["b"]
    assert names(sitting("a", False), sitting("b", False), sitting("a", False)) == ["b", "a"]


def test_the_commit_says_whether_files_were_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*words: str) -> None:
        name = ("-c", "user.name=n", "-c", "user.email=e@e")
        subprocess.run(["git", *name, *words], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit_here() is None
    git("init")
    (tmp_path / "file").write_text("1")
    git("add", "file")
    git("commit", "-m", "one")
    commit = commit_here()
    assert commit is not None
    assert len(commit) == 40
    (tmp_path / "file").write_text("2")
    assert commit_here() == f"{commit}+"
