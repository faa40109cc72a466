"""Equations are read as they are written, and nothing else of the reply gets into the program."""

from __future__ import annotations

import ast

import pytest

from reasongap.solvers.algebra import find_equations, solving_program


def texts(reply: str, *, opened: bool = False) -> list[str]:
    pairs = find_equations(reply, opened=opened)
    return [f"{ast.unparse(a)} = {ast.unparse(b)}".replace("v_", "") for a, b in pairs]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("trays = 6", ["trays = 6"]),
        ("1. total = 3 × 4 ÷ 2  # a note", ["total = 3 * 4 / 2"]),
        ("- cost == $1,200.50;", ["cost = 1200.5"]),
        ("2*a + 3*b = 24", ["2 * a + 3 * b = 24"]),
        ("a = b = c", ["a = b", "b = c"]),
        ("rest = 20% * 45", ["rest = 20 / 100 * 45"]),
        ("The total is: total = a^2", ["total = a ** 2"]),
        ("answer = -x", ["answer = -x"]),
        ("The answer is 4.", []),
        ("answer = ?", []),
        ("answer = f(3)", []),
        ("answer = a if b else c", []),
        ("answer = a.real", []),
        ("answer = [1][0]", []),
        ("answer = 'x'", []),
        ("answer = True", ["answer = True"]),
        ("answer = 1 +", []),
        ("= 4", []),
        ("answer = " + "(" * 150 + "1" + ")" * 150, []),
    ],
)
def test_a_line_is_read_as_algebra_or_not_at_all(line: str, read: list[str]) -> None:
    assert texts(line) == read


def test_blocks_of_code_come_before_prose_and_thoughts_are_left_out() -> None:
    reply = "<think>a = 1</think>Let b = 2.\n```\nanswer = 3\n```\nc = 4"
    assert texts(reply) == ["answer = 3"]
    assert texts("a = 1\n```\nnothing here\n```") == ["a = 1"]
    assert texts("answer = 3\n```\n\nQuestion: d = 5", opened=True) == ["answer = 3"]


def test_the_program_holds_exact_numbers_and_names_of_ours() -> None:
    source = solving_program(find_equations("lambda = 0.1\nanswer = lambda + X"), hops=2)
    compile(source, "<program>", "exec")
    assert "v_lambda - Rational(1, 10)," in source
    assert "v_answer - (v_lambda + v_answer_q1)," in source, "X is the answer to Q1"
    assert source.count("def solve_q1():\n    return value_of(v_answer_q1)") == 1
    assert source.endswith("def solution():\n    return value_of(v_answer)\n")
