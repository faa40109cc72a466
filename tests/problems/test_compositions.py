from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reasongap.domain import Composition, Hop
from reasongap.errors import BadFile, BadRow
from reasongap.problems import read_compositions, write_compositions

ITEM = Composition(
    "p/1+p/2[6]",
    "b3",
    (
        Hop("Ann has 2.5 litres, doubled. How many?", Fraction(5), "p/1"),
        Hop("X thirds?", Fraction(5, 3), "p/2", "6 thirds?", Fraction(2), "6"),
    ),
    ("chain", "program"),
    confirmed=True,
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    items = [ITEM, replace(ITEM, id="p/2+p/1[6]")]
    write_compositions(path, items)
    assert read_compositions(path) == items


def test_a_worked_solution_is_kept_and_makes_no_other_composition(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    first = replace(ITEM.hops[0], solution="2.5*2=<<2.5*2=5>>5\n#### 5")
    told = replace(ITEM, hops=(first, ITEM.hops[1]))
    write_compositions(path, [told])
    (read,) = read_compositions(path)
    assert read.hops[0].solution == first.solution
    assert read == told == ITEM


def test_a_line_has_the_documented_shape(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write_compositions(path, [ITEM])
    assert json.loads(path.read_text()) == {
        "id": "p/1+p/2[6]",
        "block": "b3",
        "answer": "5/3",
        "hops": [
            {"question": "Ann has 2.5 litres, doubled. How many?", "answer": "5", "source": "p/1"},
            {
                "question": "X thirds?",
                "answer": "5/3",
                "source": "p/2",
                "source_question": "6 thirds?",
                "source_answer": "2",
                "replaced": "6",
            },
        ],
        "derivations": ["chain", "program"],
        "confirmed": True,
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answer": 5}, "answer: .*in quotes"),
        ({"answer": "7"}, "not that of the last hop"),
        ({"block": None}, "block"),
        ({"hops": []}, "hops"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_row_of_another_shape_is_named(
    tmp_path: Path, change: dict[str, object], why: str
) -> None:
    path = tmp_path / "c.jsonl"
    write_compositions(path, [ITEM])
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(BadRow, match=why):
        read_compositions(path)


@pytest.mark.parametrize("question", ["6 thirds?", "X of X?"])
def test_a_later_hop_holds_one_lone_x(tmp_path: Path, question: str) -> None:
    path = tmp_path / "c.jsonl"
    write_compositions(path, [ITEM])
    path.write_text(path.read_text().replace("X thirds?", question))
    with pytest.raises(BadRow, match="hop 2"):
        read_compositions(path)


def test_an_id_that_stands_twice_is_refused_by_row_and_name(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    write_compositions(path, [ITEM, replace(ITEM, id="other"), replace(ITEM, block="b4")])
    with pytest.raises(BadRow, match=r"row 3: the id 'p/1\+p/2\[6\]' .*an id of its own"):
        read_compositions(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be written"):
        write_compositions(tmp_path / "no" / "c.jsonl", [ITEM])
