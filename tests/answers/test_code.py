from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.answers import find_program
from tests.answers.corpus_code import CASES, CHAIN, GOOD, HOP, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.reply[-50:])
def test_the_program_of_an_awkward_reply_is_found(case: Case) -> None:
    assert find_program(case.reply, opened=case.opened) == case.program


@pytest.mark.needs("gsm8k")
@pytest.mark.parametrize("form", ["{}", "Here:\n```python\n{}\n```\nDone.", "So:\n\n{}\n\nDone."])
def test_every_program_of_gsm_hard_is_found_whole(data: Path, form: str) -> None:
    with (data / "gsm_hard" / "gsmhardv2.jsonl").open(encoding="utf-8") as rows:
        for row in rows:
            code = json.loads(row)["code"].strip()
            found = find_program(form.format(code))
            assert found is not None
            assert [line.rstrip() for line in found.split("\n")] == [
                line.rstrip() for line in code.split("\n")
            ]


@given(st.lists(st.sampled_from([GOOD, HOP, CHAIN, "```", "```python", "~~~", "So:", "x = (", ""])))
def test_any_mixture_of_fences_and_code_is_read_without_an_error(lines: list[str]) -> None:
    reply = "\n".join(lines)
    for opened in (False, True):
        program = find_program(reply, opened=opened)
        assert program is None or program.strip()


@given(st.text())
def test_any_text_is_searched_without_an_error(text: str) -> None:
    assert find_program(text) != ""


@pytest.mark.parametrize(
    "body",
    ["(" * 60_000, "-" * 60_000 + "1", "a" + ".b" * 30_000, "not " * 15_000, "\0", "'\ud800'"],
    ids=["parentheses", "signs", "attributes", "negations", "null", "surrogate"],
)
def test_source_that_breaks_the_parser_is_handed_over_as_it_is(body: str) -> None:
    source = f"def solution():\n    return {body}".rstrip()
    assert find_program(f"```python\n{source}\n```") == source


def test_code_with_odd_escapes_gives_no_warning() -> None:
    source = 'def solution():\n    return len("\\d")'
    assert find_program(f"```python\n{source}\n```") == source
