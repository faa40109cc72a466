"""A run goes on from its folder alone, is graded again, and its cache is looked after."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import anyio
import pytest

from reasongap.models import ScriptedModel
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.manifest import read_manifest
from reasongap.runs.study import make_study
from reasongap.testing import Faults, FaultyServer, Latency
from reasongap.testing.arithmetic import arithmetic
from tests.cli.conftest import Command
from tests.runs.studies import compositions_file, scripted

REFUSED = Faults(schedule=(*[None] * 9, "auth"))


def compare(server: FaultyServer, *more: object) -> tuple[object, ...]:
    asked = ("-m", "openai/small", "--api-base", server.url, "-p", "chains.jsonl", "-n", 4)
    return ("compare", *asked, "--max-connections", 1, "--yes", "--out", "run", *more)


def test_a_run_that_broke_off_goes_on_from_its_folder(reasongap: Command, tmp_path: Path) -> None:
    source = compositions_file(tmp_path, 4)
    with FaultyServer(faults=REFUSED) as server:
        broken = reasongap(*compare(server))
        assert broken.code == 5
        assert "reasongap resume run" in broken.err
        source.unlink()
        done = reasongap("resume", "run", "--format", "json")
        assert done.code == 0, done.err
        assert "24 questions, 9 of them answered before" in done.err
        assert [gap["n"] for gap in json.loads(done.out)["gaps"]] == [4, 4]
        assert sum(server.calls.values()) == 24 + 1
    manifest = read_manifest(tmp_path / "run")
    assert manifest is not None
    assert [sitting.finished for sitting in manifest.sittings] == [False, True]
    assert manifest.possibly_paid_twice == ()


def test_a_killed_command_leaves_nothing_behind_but_what_resume_needs(
    reasongap: Command, tmp_path: Path
) -> None:
    compositions_file(tmp_path, 4)
    fifth_came, arrived = threading.Event(), 0

    def replies(prompt: str) -> str:
        nonlocal arrived
        arrived += 1
        if arrived == 5:
            server.latency = Latency(3600.0)
            fifth_came.set()
        return arithmetic(prompt)

    with FaultyServer(replies) as server:
        words = [str(word) for word in compare(server)]
        command = subprocess.Popen([sys.executable, "-m", "reasongap", *words])
        assert fifth_came.wait(60)
        command.kill()
        command.wait()
        server.latency = Latency()
        done = reasongap("resume", "run")
        assert done.code == 0, done.err
        assert len(server.calls) == 24
        assert sum(server.calls.values()) == 25
        manifest = read_manifest(tmp_path / "run")
        assert manifest is not None
        assert len(manifest.possibly_paid_twice) == 1
        assert "calls cut off: 1," in reasongap("cache", "stats").out


def test_without_the_cache_going_on_pays_for_nothing_twice(
    reasongap: Command, tmp_path: Path
) -> None:
    compositions_file(tmp_path, 4)
    with FaultyServer() as server:
        reasongap(*compare(server))
        fresh = [word if word != "run" else "fresh" for word in compare(server, "--no-cache")]
        assert reasongap(*fresh).code == 0
        assert sum(server.calls.values()) == 48
        (tmp_path / "fresh" / "records.jsonl").unlink()
        assert reasongap(*fresh).code == 0
        assert sum(server.calls.values()) == 48


def test_every_study_of_a_folder_that_is_unfinished_goes_on(
    reasongap: Command, tmp_path: Path
) -> None:
    compositions_file(tmp_path, 4)
    with FaultyServer(faults=REFUSED) as server:
        assert reasongap(*compare(server, "-s", "pot")).code == 5
        assert reasongap(*compare(server, "-s", "cot")).code == 0
        done = reasongap("resume", "run")
        assert done.code == 0, done.err
        assert "12 questions, 9 of them answered before" in done.err
        assert "12 questions, 12 of them answered before" in done.err


def test_a_server_that_moved_goes_on_with_its_run(reasongap: Command, tmp_path: Path) -> None:
    compositions_file(tmp_path, 4)
    with FaultyServer(faults=REFUSED) as server:
        assert reasongap(*compare(server)).code == 5
    with FaultyServer(faults=REFUSED) as server:
        moved = reasongap("resume", "run", "--api-base", server.url)
        assert (moved.code, sum(server.calls.values())) == (5, 10)
    with FaultyServer() as server:
        done = reasongap(*compare(server))
        assert done.code == 0, done.err
        assert sum(server.calls.values()) == 24 - 18
        assert reasongap("resume", "run").code == 0
    with FaultyServer() as server:
        elsewhere = [word if word != "run" else "other" for word in compare(server)]
        assert reasongap(*elsewhere).code == 0
        assert "taken to be the same" in reasongap("report", "run", "other").out
    manifest = read_manifest(tmp_path / "run")
    assert manifest is not None
    assert len({sitting.study["api_base"] for sitting in manifest.sittings}) == 3


def test_an_address_that_a_study_file_gives_is_changed_there(
    reasongap: Command, tmp_path: Path
) -> None:
    compositions_file(tmp_path, 1)
    table = '[model."openai/small"]\nprice = [0.0, 0.0]\napi_base = '
    with FaultyServer() as server:
        Path("study.toml").write_text(f'problems = "chains.jsonl"\n{table}"{server.url}"\n')
        assert reasongap("compare", "study.toml", "-n", 1, "--out", "run").code == 0
    ended = reasongap("resume", "run", "--api-base", "http://localhost:1/v1")
    assert ended.code == 2
    assert "the study file gave openai/small an address of its own" in ended.err


def test_a_folder_that_is_no_run_is_a_mistake(reasongap: Command, tmp_path: Path) -> None:
    ended = reasongap("resume", "nowhere")
    assert ended.code == 2
    assert "nowhere: is no run folder" in ended.err


@pytest.mark.parametrize("lines", [None, 0, 3], ids=["missing", "empty", "shortened"])
@pytest.mark.parametrize("name", ["compositions.jsonl", "records.jsonl"])
def test_a_file_that_lost_what_it_held_is_named_and_the_same_command_mends_it(
    reasongap: Command, tmp_path: Path, name: str, lines: int | None
) -> None:
    compositions_file(tmp_path, 4)
    file = tmp_path / "run" / name
    with FaultyServer() as server:
        asked = compare(server, "-s", "cot")
        assert reasongap(*asked).code == 0
        whole = file.read_text()
        file.unlink()
        if lines is not None:
            file.write_text("".join(whole.splitlines(keepends=True)[:lines]))
        if name == "compositions.jsonl" or not lines:  # fewer records may be a run's
            for words in (["report"], ["resume"], ["show"], ["rescore"]):
                ended = reasongap(*words, "run")
                assert ended.code == 2, ended
                assert f"run/{name}: " in ended.err
        assert reasongap(*asked).code == 0
        assert file.read_text().count("\n") == whole.count("\n")
        assert sum(server.calls.values()) == 12


def test_objects_cannot_be_found_in_a_folder(reasongap: Command, tmp_path: Path) -> None:
    compositions_file(tmp_path, 1)
    study = make_study(models=(scripted(),), problems=str(tmp_path / "chains.jsonl"), n=1)
    places = Places(tmp_path / "run", tmp_path / "replies.sqlite")
    anyio.run(conduct, study, places, silent)
    ended = reasongap("resume", "run")
    assert ended.code == 2
    assert f"{ScriptedModel.__name__} was given as a Python object (models)" in ended.err


def test_a_run_is_graded_again_without_a_call(reasongap: Command, tmp_path: Path) -> None:
    compositions_file(tmp_path, 4)
    with FaultyServer() as server:
        before = json.loads(reasongap(*compare(server), "--format", "json").out)
        asked = sum(server.calls.values())
        form = ("--format", "json")
        same = json.loads(reasongap("rescore", "run", "--against", *form).out)
        for row in (*same["gaps"], *before["gaps"]):
            del row["seconds"]  # programs ran anew
        assert same["gaps"] == before["gaps"]
        assert (same["rescored"], same["changed"], same["kept"]) == (24, [], {})
        ended = reasongap("rescore", "run", "--rule", "last_number", "--against", "--out", "other")
        assert ended.code == 0, ended.err
        assert "Graded again · openai/small" in ended.out
        assert reasongap("show", "other").code == 0
        assert sum(server.calls.values()) == asked
    unknown = reasongap("rescore", "run", "--rule", "last_numbr")
    assert unknown.code == 2
    assert "last_number" in unknown.err
    of_programs = reasongap("rescore", "run", "--rule", "solution")
    assert (of_programs.code, of_programs.out) == (2, "")
    assert "reads what a program gave" in of_programs.err
    assert "final_line" in of_programs.err


def test_the_cache_says_what_it_holds_and_is_thrown_away_on_demand(
    reasongap: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compositions_file(tmp_path, 4)
    with FaultyServer() as server:
        reasongap(*compare(server))
    told = reasongap("cache", "stats").out
    assert "openai/small" in told
    assert "24 replies" in told
    assert reasongap("cache", "prune").code == 2
    assert reasongap("cache", "prune", "--older-than", 1).out == "removed 0 replies\n"
    assert reasongap("cache", "prune", "--model", "openai/small").out == "removed 24 replies\n"
    assert "kept 0 replies" in reasongap("cache", "mend").out
