from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from reasongap.errors import BadFile, BadRow, DownloadFailed, UnknownName, UsageError
from reasongap.problems import Columns, MintedSource, ProblemSource, open_source, source_names
from reasongap.problems.gsm8k import Gsm8kSource
from reasongap.problems.sources import parse_steps

ROW = {"question": "4 + 3?", "answer": "<<4+3=7>>\n#### 7"}
HARD = {
    "input": "999999 + 3?",
    "code": 'def solution():\n    """4 + 3?"""\n    return 999999 + 3\n',
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """A hub that has these two data sets, and notes what is asked of it."""
    asked: list[tuple[object, ...]] = []
    known = {"openai/gsm8k": [ROW], "reasoning-machines/gsm-hard": [HARD]}

    def load_dataset(name: str, config: str | None, split: str) -> list[object]:
        asked.append((name, config, split))
        if name not in known:
            raise ConnectionError(f"Couldn't reach {name!r} on the Hub")
        return list(known[name])

    fake = SimpleNamespace(load_dataset=load_dataset, disable_progress_bars=lambda: None)
    monkeypatch.setitem(sys.modules, "datasets", fake)
    return asked


@pytest.mark.parametrize("folder", ["gsm8k", "."])
def test_gsm8k_comes_from_a_folder(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "test.jsonl").write_text(json.dumps(ROW))
    for source in (open_source("gsm8k", data=tmp_path), open_source(f"gsm8k:{tmp_path}")):
        (problem,) = source.load()
        assert (source.name, problem.id) == ("gsm8k:test", "gsm8k:test/0")


def test_gsm_hard_beside_it_brings_programs(tmp_path: Path) -> None:
    for name, row in (("gsm8k/test.jsonl", ROW), ("gsm_hard/gsmhardv2.jsonl", HARD)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(json.dumps(row))
    (problem,) = open_source("gsm8k", data=tmp_path).load()
    assert problem.program == "def solution():\n    return 4 + 3"


def test_gsm8k_comes_from_a_file_of_rows(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(json.dumps(ROW))
    (problem,) = open_source(f"gsm8k:{tmp_path / 'train.jsonl'}").load()
    assert problem.id == "gsm8k:train/0"


def test_a_folder_without_gsm8k_says_what_it_looked_for(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"gsm8k/train\.jsonl"):
        open_source("gsm8k:train", data=tmp_path)


def test_gsm8k_and_its_programs_come_from_the_hub(hub: list[tuple[object, ...]]) -> None:
    (problem,) = open_source("gsm8k").load()
    assert (problem.id, problem.program) == ("gsm8k:test/0", "def solution():\n    return 4 + 3")
    assert sorted(map(str, hub)) == [
        "('openai/gsm8k', 'main', 'test')",
        "('reasoning-machines/gsm-hard', None, 'train')",
    ]


def test_the_train_split_asks_for_no_programs(hub: list[tuple[object, ...]]) -> None:
    assert [problem.program for problem in Gsm8kSource("train").load()] == [None]
    assert hub == [("openai/gsm8k", "main", "train")]


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        ("hf:openai/gsm8k", ("openai/gsm8k", None, "test")),
        ("hf:openai/gsm8k@main:train", ("openai/gsm8k", "main", "train")),
    ],
)
def test_any_data_set_of_the_hub_can_be_named(
    hub: list[tuple[object, ...]], spec: str, asked: tuple[object, ...]
) -> None:
    source = open_source(spec)
    assert [problem.answer for problem in source.load()] == [7]
    assert hub == [asked]
    assert next(source.load()).id == f"{source.name}/0"


def test_a_hub_out_of_reach_says_what_to_do(hub: list[tuple[object, ...]]) -> None:
    with pytest.raises(DownloadFailed, match=r"'no/such'.*JSON-lines file"):
        list(open_source("hf:no/such").load())
    assert hub


def test_a_bad_row_of_the_hub_is_named(hub: list[tuple[object, ...]]) -> None:
    source = open_source("hf:openai/gsm8k", columns=Columns(answer="result"))
    with pytest.raises(BadRow, match="hf:openai/gsm8k:test, row 1: there is no column 'result'"):
        list(source.load())
    assert hub


def test_minted_problems_take_their_steps_and_the_seed() -> None:
    assert open_source("minted:1", seed=4) == MintedSource(steps=(1, 1), seed=4)
    assert open_source("minted") == MintedSource(steps=(2, 4), seed=0)


def test_minted_problems_keep_to_the_themes_and_templates_that_are_named() -> None:
    source = open_source("minted:1-8:shop, garden/rows")
    assert isinstance(source, MintedSource)
    chosen = source.templates or ()
    assert {name.partition("/")[0] for name in chosen} == {"shop", "garden"}
    assert len(chosen) > 2
    assert open_source("minted::shop") == MintedSource((2, 4), templates=chosen[:-1])
    with pytest.raises(UnknownName, match=r"theme or template 'shopp'.*Did you mean 'shop'"):
        open_source("minted:1:shopp")


@pytest.mark.parametrize(("text", "steps"), [("3", (3, 3)), ("2-4", (2, 4)), ("", (2, 4))])
def test_steps_are_a_number_or_a_range(text: str, steps: tuple[int, int]) -> None:
    assert parse_steps(text) == steps


@pytest.mark.parametrize("text", ["many", "1-", "-2", "1-2-3", "1.5"])
def test_other_steps_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Write 3, or 2-4"):
        parse_steps(text)


def test_a_path_is_a_file_of_problems(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"q": "2?", "answer": "2"}')
    source = open_source(str(path), columns=Columns(question="q"))
    assert isinstance(source, ProblemSource)
    assert [problem.id for problem in source.load()] == ["own/0"]


@pytest.mark.parametrize("spec", ["nowhere.jsonl", "no/where"])
def test_a_path_that_leads_nowhere_is_no_file(spec: str) -> None:
    with pytest.raises(BadFile, match="is no file"):
        open_source(spec)


def test_an_unknown_name_brings_a_near_one() -> None:
    with pytest.raises(UnknownName, match="'gsm8k'"):
        open_source("gsmk8")


def test_a_hub_without_a_data_set_is_refused() -> None:
    with pytest.raises(UsageError, match="names no data set"):
        open_source("hf:")


def test_another_package_can_bring_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    def opener(details: str) -> MintedSource:
        return MintedSource(steps=(1, 1), seed=len(details))

    point = SimpleNamespace(name="theirs", value="theirs:open", dist=None, load=lambda: opener)
    monkeypatch.setattr(
        "reasongap.plugins.entry_points",
        lambda group, name="theirs": [point] if name == "theirs" else [],
    )
    assert open_source("theirs:abc") == MintedSource(steps=(1, 1), seed=3)
    assert source_names()["theirs"] == "theirs:open"


@pytest.mark.needs("gsm8k")
def test_all_of_gsm8k_is_read(data: Path) -> None:
    assert sum(1 for _ in open_source("gsm8k:train", data=data).load()) == 7473
    answers = [problem.answer for problem in open_source("gsm8k", data=data).load()]
    assert len(answers) == 1319
    assert all(answer.denominator == 1 for answer in answers)
