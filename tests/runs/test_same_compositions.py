"""A run folder is of the same compositions from its first sitting to its last."""

from __future__ import annotations

import os
from pathlib import Path

import anyio
import pytest

from reasongap.errors import ConditionsChanged
from reasongap.problems import write_compositions
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.folder import read_run
from reasongap.runs.study import make_study
from tests.runs.studies import chain, scripted


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of six compositions."""
    return chains(tmp_path / "chains.jsonl", range(6))


def chains(path: Path, which: range) -> Path:
    write_compositions(path, [chain(i) for i in which])
    return path


def sit(source: Path | str, n: int | None = None, **given: object) -> int:
    """Carry out in the folder `run` of the working directory; the calls that it took."""
    model = scripted()
    study = make_study(models=(model,), problems=str(source), n=n, strategies=("cot",), **given)
    anyio.run(conduct, study, Places(Path("run"), Path("replies.sqlite")), silent)
    return len(model.requests)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("which", [range(6, 12), range(1, 7), range(5, -1, -1)])
def test_a_file_that_changed_under_its_name_is_refused(source: Path, which: range) -> None:
    sit(source)
    before = {path.name: path.read_bytes() for path in Path("run").iterdir()}
    chains(source, which)
    told = rf"problems of .*composition 1: there .item0., now .item{which[0]}.\).*--out"
    with pytest.raises(ConditionsChanged, match=told):
        sit(source)
    assert {path.name: path.read_bytes() for path in Path("run").iterdir()} == before


def test_a_change_counts_once_it_is_reached(source: Path) -> None:
    sit(source, n=4)
    write_compositions(source, [chain(i) for i in (0, 1, 2, 9, 4, 5)])
    assert sit(source, n=3) == 0
    with pytest.raises(ConditionsChanged, match="composition 4: there 'item3', now 'item9'"):
        sit(source, n=6)


def test_a_file_that_grew_or_shrank_at_its_end_goes_on(source: Path) -> None:
    sit(source)
    chains(source, range(8))
    assert sit(source) == 2 * 3
    chains(source, range(3))
    assert sit(source) == 0
    run = read_run(Path("run"))
    assert [item.id for item in run.compositions] == [f"item{i}" for i in range(8)]
    assert len(run.records) == run.manifest.n * 3 == 24


def test_the_same_content_is_accepted_however_it_is_spelled(source: Path, tmp_path: Path) -> None:
    sit(source, n=4)
    assert sit("chains.jsonl", n=4) == 0
    assert sit(os.path.relpath(source.rename(tmp_path / "moved.jsonl")), n=6) == 2 * 3
    assert read_run(Path("run")).manifest.conditions["problems"] == str(source)


def test_another_source_is_named_as_a_condition(source: Path) -> None:
    sit(source)
    with pytest.raises(ConditionsChanged, match=r"\(problems: there .*chains.*, now 'other.jsonl'"):
        sit(chains(Path("other.jsonl"), range(6, 12)))
    with pytest.raises(ConditionsChanged, match=r"\(seed: there '0', now '1'\)"):
        sit(source, seed=1)
