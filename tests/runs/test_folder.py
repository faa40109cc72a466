"""A run folder is made for a run alone, and what it holds is read as far as it is needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from reasongap.errors import BadFile, BadRow
from reasongap.runs.beginning import provisional
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.folder import read_plan, read_run
from reasongap.runs.journal import Journal, read_outcomes
from reasongap.runs.manifest import read_manifest
from reasongap.runs.stored import StoredCompositions
from reasongap.runs.study import make_study
from tests.runs.studies import compositions_file, scripted


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run of four compositions."""
    source = compositions_file(tmp_path, 4)
    study = make_study(models=(scripted(),), problems=str(source), n=4)
    anyio.run(conduct, study, Places(tmp_path / "run", tmp_path / "replies.sqlite"), silent)
    return tmp_path / "run"


def failing(folder: Path) -> None:
    """Begin a run there that fails before anything is written down."""
    with provisional(folder), Journal(folder):
        raise ZeroDivisionError


def test_what_fails_before_it_began_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path / "runs" / "new")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_was_there_keeps_all_that_it_held(tmp_path: Path) -> None:
    (tmp_path / "runs" / "mine").mkdir(parents=True)
    (tmp_path / "runs" / "lock").write_text("")
    (tmp_path / "runs" / "notes").write_text("")
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path / "runs")
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path / "runs" / "mine")
    assert sorted(each.name for each in (tmp_path / "runs").iterdir()) == ["lock", "mine", "notes"]
    assert not list((tmp_path / "runs" / "mine").iterdir())


def test_a_run_that_another_process_begins_keeps_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with provisional(folder), Journal(folder):
        with pytest.raises(BadFile, match="another process"), provisional(folder), Journal(folder):
            pass
        assert sorted(each.name for each in folder.iterdir()) == ["lock", "records.jsonl"]


def test_a_folder_with_a_manifest_stays_as_it_is(run: Path) -> None:
    for name in ("lock", "records.jsonl"):
        (run / name).unlink()
    with pytest.raises(ZeroDivisionError):
        failing(run)
    assert (run / "records.jsonl").exists()


def test_a_part_of_a_run_reads_no_more_of_its_compositions_than_their_ids(run: Path) -> None:
    path = run / "compositions.jsonl"
    whole = read_run(run)
    path.write_bytes(b"".join(b'{"id":"item%d"}\n' % i for i in range(4)))
    part = replace(whole, compositions=StoredCompositions.open(path)).only(["scripted"], ["cot"], 2)
    assert {record.key.composition for record in part.records} == {"item0", "item1"}
    with pytest.raises(BadRow):
        list(part.compositions)


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(BadFile, match=r"manifest\.json: cannot be read .*directory.*Give access"):
        read_manifest(tmp_path)


def test_records_that_cannot_be_read_are_named(run: Path) -> None:
    (run / "records.jsonl").unlink()
    (run / "records.jsonl").mkdir()
    for reading in (read_run, read_outcomes):
        with pytest.raises(BadFile, match=r"records\.jsonl: cannot be read .*directory.*Give acc"):
            reading(run)
    (run / "lock").unlink()
    with pytest.raises(BadFile, match=r"records\.jsonl: cannot be read"), Journal(run):
        pass


def test_a_damaged_composition_is_named_by_the_file_that_holds_it(
    run: Path, tmp_path: Path
) -> None:
    path = run / "compositions.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b'{"id":"item2"}\n', *lines[3:]]))
    records = (run / "records.jsonl").read_bytes().splitlines(keepends=True)
    (run / "records.jsonl").write_bytes(b"".join(one for one in records if b"item2" not in one))
    study = make_study(models=(scripted(),), problems=str(tmp_path / "chains.jsonl"), n=4)
    _, held = read_plan(run)
    with pytest.raises(BadRow, match=r"run/compositions\.jsonl, row 3"):
        anyio.run(conduct, study, Places(run, tmp_path / "replies.sqlite"), silent, held)
