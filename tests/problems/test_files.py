from __future__ import annotations

import json
from pathlib import Path

import pytest

from reasongap.errors import BadFile, BadRow
from reasongap.problems.files import (
    FileSource,
    is_composition_file,
    is_file,
    json_lines,
    read_problems,
)
from reasongap.problems.rows import Columns


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rows_become_problems(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mine.jsonl",
        {"question": "4 + 3?", "answer": "It is <<4+3=7>>7.\n#### 7"},
        {"question": "Half of 5?", "answer": 2.5, "id": "own", "program": "def solution(): ..."},
        {"question": "Much?", "answer": "$1,250"},
    )
    first, second, third = read_problems(path)
    assert [str(problem.answer) for problem in (first, second, third)] == ["7", "5/2", "1250"]
    assert (first.id, first.solution) == ("mine/0", "It is <<4+3=7>>7.")
    assert (first.source, first.program) == ("mine", None)
    assert (second.id, second.program) == ("own", "def solution(): ...")
    assert third.solution == ""


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"q": "2 + 2?", "n": "4", "why": "<<2+2=4>>", "key": 17})
    columns = Columns(question="q", answer="n", solution="why", id="key")
    (problem,) = FileSource(path, columns).load()
    assert (problem.id, str(problem.answer), problem.solution) == ("17", "4", "<<2+2=4>>")


def test_a_column_of_solutions_is_read_where_answers_are_bare(tmp_path: Path) -> None:
    row = {"question": "Two and two?", "answer": "4", "solution": "<<2+2=4>>"}
    whole = row | {"answer": "It is <<1+3=4>>4.\n#### 4"}
    bare, full = read_problems(write(tmp_path / "mine.jsonl", row, whole))
    assert (bare.solution, full.solution) == ("<<2+2=4>>", "It is <<1+3=4>>4.")


def test_blank_lines_and_a_byte_order_of_windows_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\r\n{"question": "2?", "answer": "2"}\r\n\r\n')
    assert [problem.id for problem in read_problems(path)] == ["a/1"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"question": "2?", "answer": ', "no valid JSON"),
        ("[1, 2]", "no JSON object"),
        ('{"answer": "2"}', "no column 'question' among 'answer'"),
        ('{"question": "", "answer": "2"}', "holds no text"),
        ('{"question": "2?", "answer": null}', "holds no text"),
        ('{"question": "2?", "answer": true}', "holds no text"),
        ('{"question": "2?", "answer": "two or so"}', "'two or so' .* is no number"),
        ('{"question": "2?", "answer": "so\\n#### "}', "is no number"),
    ],
)
def test_a_broken_row_is_named_by_its_number(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"question": "2?", "answer": "2"}\n' + line + "\n")
    with pytest.raises(BadRow, match=why) as caught:
        list(read_problems(path))
    assert (caught.value.line, caught.value.path) == (2, str(path))


def test_a_missing_file_and_an_empty_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"nowhere\.jsonl.*cannot be read"):
        list(read_problems(tmp_path / "nowhere.jsonl"))
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(BadFile, match="is empty"):
        list(read_problems(tmp_path / "empty.jsonl"))


def test_a_file_of_compositions_is_known_by_its_hops(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", {"id": "a", "hops": []})
    assert is_composition_file(path)
    with pytest.raises(BadFile, match="holds compositions"):
        list(read_problems(path))
    assert not is_composition_file(write(tmp_path / "p.jsonl", {"question": "2?"}))
    assert not is_composition_file(tmp_path)


def test_a_file_that_nobody_may_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "p.jsonl", {"question": "2?", "answer": "2"})

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for asked in ("open", "stat"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, asked, refuse)
            for reading in (is_composition_file, is_file if asked == "stat" else list_of):
                with pytest.raises(BadFile, match=r"p\.jsonl: cannot be read \(Permission denied"):
                    reading(path)


def list_of(path: Path) -> list[object]:
    return list(json_lines(path))


def test_a_file_is_read_as_a_stream(tmp_path: Path) -> None:
    """The broken line further down does not keep the first from coming."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"question": "2?", "answer": "2"}\nbroken\n')
    assert next(read_problems(path)).answer == 2
