"""From equations in a reply to a program that solves them: no text of the model's is run.

Every side of an equation is parsed here and written anew from numbers, names and the five
operators; whatever is anything else is not an equation.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from reasongap.answers import parts, without_thinking

Equation = tuple[ast.expr, ast.expr]

_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "^": "**", "$": ""})
_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_NAME = re.compile(r"[A-Za-z_]\w*")
_MARKER = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
LONGEST = 200
"""Characters of a line that may be an equation."""

PROGRAM = """\
from sympy import Rational, Symbol, solve

{symbols}

found = solve(
    [
{equations}
    ],
    [{names}],
    dict=True,
)


def value_of(unknown):
    values = {{one[unknown] for one in found if unknown in one and one[unknown].is_real}}
    values = {{value for value in values if not value.free_symbols}}
    if len(values) > 1:
        values = {{value for value in values if value > 0}}
    if len(values) != 1:
        raise ValueError("the equations do not determine " + str(unknown))
    return values.pop()
{functions}"""

FUNCTION = """

def {function}():
    return value_of({name})
"""


def find_equations(reply: str, *, opened: bool = False) -> list[Equation]:
    """The equations of a reply: of its blocks of code where it has some, else of its lines.

    `opened` says that the reply begins inside a block.
    """
    text = without_thinking(reply)
    found = list(parts(f"```\n{text}" if opened else text))
    blocks = [part.text for part in found if part.info is not None][: 1 if opened else None]
    fenced = [equation for block in blocks for equation in _equations(block)]
    return fenced or [equation for part in found for equation in _equations(part.text)]


def solving_program(equations: list[Equation], hops: int) -> str:
    """The source of a program that solves them, with a function for each of the hops.

    The unknowns are `answer_q1` … and `answer`. Where there are two hops, X is `answer_q1`.
    """
    answers = [*(f"answer_q{i}" for i in range(1, hops)), "answer"]
    alias = {"X": "answer_q1"} if hops == 2 else {}
    written = [
        f"        {_write(left, alias)} - {_write(right, alias)},\n" for left, right in equations
    ]
    names = sorted({*answers, *re.findall(r"(?<=\bv_)\w+", "".join(written))})
    functions = [*(f"solve_q{i}" for i in range(1, hops)), "solution"]
    return PROGRAM.format(
        symbols="\n".join(f'v_{name} = Symbol("{name}")' for name in names),
        equations="".join(written).rstrip("\n"),
        names=", ".join(f"v_{name}" for name in names),
        functions="".join(
            FUNCTION.format(function=function, name=f"v_{name}")
            for function, name in zip(functions, answers, strict=True)
        ),
    )


def _equations(text: str) -> Iterator[Equation]:
    for line in text.split("\n"):
        if len(line) > LONGEST or "=" not in line:
            continue
        sides = [_side(side) for side in re.split("=+", _bare(line))]
        for left, right in pairwise(sides):
            if left is not None and right is not None:
                yield left, right


def _bare(line: str) -> str:
    """The line without its list marker, its comment, and words before a colon."""
    return _MARKER.sub("", line.partition("#")[0]).rpartition(": ")[2]


def _side(text: str) -> ast.expr | None:
    """One side of an equation as a tree, None where it is something else."""
    plain = _COMMA.sub("", text.translate(_SIGNS)).strip(" \t\r`.;,")
    plain = _PERCENT.sub(r"(\1/100)", plain)
    named = _NAME.sub(lambda name: f"v_{name[0]}", plain)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(named, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if _is_algebra(tree) else None


def _is_algebra(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS and _is_algebra(node.left) and _is_algebra(node.right)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, (ast.USub, ast.UAdd)) and _is_algebra(node.operand)
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    return isinstance(node, ast.Name)


def _write(node: ast.expr, alias: dict[str, str]) -> str:
    """The tree as Python with exact numbers; every operation in parentheses."""
    if isinstance(node, ast.BinOp):
        left, right = _write(node.left, alias), _write(node.right, alias)
        return f"({left} {_OPERATORS[type(node.op)]} {right})"
    if isinstance(node, ast.UnaryOp):
        return (
            f"(-{_write(node.operand, alias)})"
            if isinstance(node.op, ast.USub)
            else _write(node.operand, alias)
        )
    if isinstance(node, ast.Name):
        name = node.id.removeprefix("v_")
        return f"v_{alias.get(name, name.lower())}"
    assert isinstance(node, ast.Constant), "find_equations lets nothing else pass"
    number = Fraction(str(node.value))
    return f"Rational({number.numerator}, {number.denominator})"
