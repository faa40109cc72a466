from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from reasongap.problems.gsm8k import open_gsm8k
from reasongap.problems.gsm_hard import programs
from reasongap.problems.literals import written

QUESTION = "A baker makes 12 loaves and sells four. How many are left?"


def row(changed: str, body: str, imports: str = "") -> dict[str, object]:
    code = f'{imports}\ndef solution():\n    """{QUESTION}"""\n{body}\n'
    return {"input": changed, "code": code}


def test_the_original_number_is_put_back() -> None:
    found = programs([row(QUESTION.replace("12", "7654321"), "    return 7654321 - 4")])
    assert found == {QUESTION: "def solution():\n    return 12 - 4"}


def test_a_number_in_words_is_put_back() -> None:
    found = programs([row(QUESTION.replace("four", "7654321"), "    return 12 - 7654321")])
    assert found[QUESTION].endswith("return 12 - 4")


def test_an_unchanged_question_keeps_its_program() -> None:
    found = programs([row(QUESTION, "    return math.ceil(8)", "import math")])
    assert found == {QUESTION: "import math\n\ndef solution():\n    return math.ceil(8)"}


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ("A baker makes 99 loaves and sells 77. How many are left?", "    return 99 - 77"),
        ("A baker makes 99 loaves and sells four. How many are left?", "    return 8"),
        ("A baker makes 999 loaves and then sells four. How many are left?", "    return 8"),
        ("A baker makes many loaves and sells four. How many are left?", "    return 8"),
    ],
)
def test_a_number_that_cannot_be_put_back_leaves_no_program(changed: str, body: str) -> None:
    assert programs([row(changed, body)]) == {}


@pytest.mark.needs("gsm8k")
def test_nearly_all_programs_find_their_question(data: Path) -> None:
    """Large numbers survive only where GSM8K itself has them."""
    problems = [p for p in open_gsm8k("", data).load() if p.program]
    assert len(problems) > 1200
    large = [
        p.id
        for p in problems
        if max((n.value for n in written(p.program or "")), default=Fraction(0)) > 3 * 10**6
    ]
    assert len(large) <= 15, json.dumps(large)
