"""The journal has one writer, loses at most a torn line, and says which line is broken."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reasongap.domain import (
    Completion,
    Execution,
    Key,
    Message,
    Program,
    Question,
    Record,
    Request,
    Solution,
    Usage,
)
from reasongap.errors import BadFile, BadRow
from reasongap.runs.journal import Journal, read_outcomes, read_records
from reasongap.runs.rows import from_line, to_line


def record(composition: str = "c", answer: Fraction | None = Fraction(5, 2)) -> Record:
    question = Question(composition, "b", "composed", ("A?", "B X?"), (Fraction(1), Fraction(5, 2)))
    reply = Completion(
        Request(messages=(Message("user", "A?\n\u2028B?"),), stop=("```",), temperature=0.0),
        "def solution(): …",
        "length",
        Usage(10, 4, None),
        cost=None,
        seconds=1.25,
        model="m",
        dropped=("seed",),
    )
    solution = Solution(
        answer,
        None,
        (None,),
        "printed",
        (reply,),
        (Program("x", hop_functions=("solve_q1",)),),
        (Execution("error", None, None, ("1",), "out", "NameError", 0.1, 0.2, 3, ("stdout",)),),
    )
    return Record(Key("m", "pot", composition, "composed", 2), question, solution, "wrong", False)


def test_a_record_survives_its_line() -> None:
    assert from_line(to_line(record())) == record()
    assert from_line(to_line(record(answer=None))) == record(answer=None)
    assert to_line(record()).count(b"\n") == 1


def test_the_last_record_of_a_key_holds(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.write(record())
        journal.write(record("d"))
        journal.write(record(answer=None))
    found = read_records(tmp_path)
    assert len(found) == 2
    assert found[record().key].solution.answer is None


def test_lean_records_lack_what_was_sent_and_hold_once_what_they_share(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.write(record())
        journal.write(replace(record(), key=replace(record().key, strategy="cot")))
    one, other = read_records(tmp_path, lean=True).values()
    [reply] = record().solution.completions
    unsent = replace(reply, request=Request())
    assert one == replace(record(), solution=replace(record().solution, completions=(unsent,)))
    assert one.question is other.question
    assert one.solution.answer is other.solution.answer
    assert one.key.composition is other.key.composition


def test_a_torn_last_line_is_dropped_and_written_over(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.write(record())
    path = tmp_path / "records.jsonl"
    path.write_bytes(path.read_bytes() + to_line(record("torn"))[:40])
    assert set(read_records(tmp_path)) == {record().key}
    assert len(read_outcomes(tmp_path)) == 1
    with Journal(tmp_path) as journal:
        journal.write(record("next"))
    assert [key.composition for key in read_records(tmp_path)] == ["c", "next"]


def test_a_broken_line_in_the_middle_is_named_by_number(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(to_line(record()) + b'{"schema": 1}\n' + to_line(record("d")))
    with pytest.raises(BadRow, match="row 2"):
        read_records(tmp_path)


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(BadFile, match="another process"), Journal(tmp_path):
        pass


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert read_records(tmp_path) == {}
