"""Long texts made to be slow: a pattern that backtracks would not end on some of these."""

from __future__ import annotations

import pytest

from reasongap.answers import find_program, parse_number, read_execution, read_text
from reasongap.domain import Execution

LENGTH = 30_000
UNITS = (
    *("7", "1,234,", "{", "\\boxed{", "`", "```\n", "```python\n", "~", " ", "\n", "\t", "*", "_"),
    *("**1**", "#", "#### 1.5.\n", "\\frac{1}{", "\\frac  ", "<think>", "</think>", "\\", "(", "|"),
    *("Final answer:", "Final answer:\n", "answer is ", "the answer is\n", "X = ", "> # ", "-"),
    *("= ", "1/", "1:", "1.", "1e", "1 x 10^", "1 1/2 ", "1 and ", "$", "&gt;", ">>> ", "½", "a"),
    *("Answer to Q1\n", "Q3 answer: 1 ", "Final answer: 1\nQuestion: ", "Final answer: 1\nQ9: "),
    *("Final answer: 1 wait ", "Q3 is done.\n", "Note: 1\n", "1 hour 1 ", "$1 after 1 ", "1, 1; "),
    *("def solution():\n", "so the total a b c d ", "\\text{", "1\u2009", "\0", "\ud800"),
    *("<|channel|>final", "<|end|>a", "<|python_tag|>"),
)


@pytest.mark.parametrize("end", ["", "!\n1 !"], ids=["", "ended"])
@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_a_long_text_is_read_in_a_time_that_grows_with_its_length(unit: str, end: str) -> None:
    text = (unit * (LENGTH // len(unit))) + end
    assert read_text(text, hops=3).hop_answers is not None
    assert find_program(text) != ""
    assert parse_number(text) is None
    assert read_execution(Execution("ok", text, "solution")).strict_answer is None
