"""Composed names are parsed with their positions, and mistakes are told with them."""

from __future__ import annotations

import pytest

from reasongap.errors import BadSpecification
from reasongap.solvers.specification import Node, parse


def test_names_numbers_and_texts_are_told_apart() -> None:
    node = parse('self-consistency( pot , n=5, note="a, b")')
    assert (node.text, node.position, node.called) == ("self-consistency", 1, True)
    assert node.inner == (Node("pot", 19),)
    assert [(name, position, value.text) for name, position, value in node.settings] == [
        ("n", 25, "5"),
        ("note", 30, "a, b"),
    ]


def test_strategies_nest_and_paths_are_names() -> None:
    node = parse("least-to-most(self-consistency(./my_solver.py, n=3))")
    assert node.inner[0].inner[0].text == "./my_solver.py"
    assert parse("'my folder/mine.py'").text == "my folder/mine.py"


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("", 1, "a name is expected, not the end"),
        ("pot)", 4, "left over"),
        ("pot(", 5, "a name is expected"),
        ("self-consistency(pot", 21, "a closing parenthesis is expected"),
        ("self-consistency(pot n=5)", 22, "a comma"),
        ("self-consistency(n=5, pot)", 23, "come before settings"),
        ("cot(shots=1, shots=2)", 14, "set twice"),
        ("cot(,)", 5, "a name is expected"),
        ("f(" * 30 + "pot" + ")" * 30, 43, "nested too deep"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, position: int, why: str) -> None:
    with pytest.raises(BadSpecification, match=why) as caught:
        parse(text)
    assert caught.value.position == position
