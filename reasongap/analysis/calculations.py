"""The calculations that a reply carries out: those it writes down, or those of its program.

A calculation in a text is an expression before an equals sign ("9 eggs * $2 = $18"); one
of a program is an operation on numbers that are known without running it, in functions
without branches. What cannot be read is left out: a caller that finds nothing knows
nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reasongap.answers.notation import plain_notation
from reasongap.problems.annotations import (
    Annotation,
    Expression,
    Malformed,
    read_annotations,
)
from reasongap.problems.annotations import (
    Literal as Number,
)

_TOKEN = re.compile(
    r"(?P<number>[$€£]?\d[\d,]*(?:\.\d+)?%?)|(?P<sign>[-+*/()])|(?P<times>(?<=\d )x(?= \$?\d))"
    r"|(?P<word>[A-Za-z][A-Za-z'-]*)|(?P<stop>[^\s])"
)
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}\n]*)\}\{([^{}\n]*)\}")
_MOST_WORDS = 4
_LONGEST = 20_000
_LARGEST = Fraction(10**30)
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "/"}


@dataclass(frozen=True, slots=True)
class Calculation:
    """Two numbers and what became of them; sums and differences are of one kind."""

    kind: Literal["sum", "product"]
    operands: tuple[Fraction, Fraction]
    result: Fraction


def of_solution(solution: str) -> tuple[Calculation, ...]:
    """The calculations of a worked solution's annotations. Raises `Malformed`."""
    return tuple(c for step in read_annotations(solution) for c in _of_annotation(step))


def of_text(text: str) -> tuple[Calculation, ...]:
    """The calculations that a text writes down, in its order."""
    found: list[Calculation] = []
    for line in _FRACTION.sub(r"(\1)/(\2)", plain_notation(text)).split("\n"):
        *left, _ = line.split("=")
        for before in left:
            expression = _expression(list(_TOKEN.finditer(before)))
            try:
                steps = read_annotations(f"<<{expression}=0>>") if expression else ()
                found += [c for step in steps for c in _of_annotation(step)]
            except (Malformed, ZeroDivisionError):
                continue
    return tuple(found)


def _expression(tokens: Sequence[re.Match[str]]) -> str:
    """The longest end of the tokens that can be an expression; units in between are dropped."""
    kept: list[str] = []
    words = 0
    for token in reversed(tokens):
        if token["word"]:
            words += 1
            if words > _MOST_WORDS:
                break
            continue
        text = "*" if token["times"] else token[0]
        joins = not (kept and token["number"] and kept[-1][-1:] not in "+-*/)")
        if token["stop"] or not joins:
            break
        kept.append(text)
        words = 0
    while kept and kept[-1] in "+*/)":
        kept.pop()
    return " ".join(reversed(kept)) if any(sign in kept for sign in "+-*/") else ""


def _of_annotation(step: Annotation) -> Iterator[Calculation]:
    """The operations of an equation, innermost first. Raises ZeroDivisionError."""
    found: list[Calculation] = []
    _walk(step.expression, step.literals, found)
    yield from found


def _walk(
    expression: Expression, literals: Sequence[Fraction], found: list[Calculation]
) -> Fraction:
    if isinstance(expression, Number):
        return literals[expression.index]
    left = _walk(expression.left, literals, found)
    right = _walk(expression.right, literals, found)
    return _done(expression.sign[0], left, right, found)


def _done(sign: str, left: Fraction, right: Fraction, found: list[Calculation]) -> Fraction:
    """The result of one operation, which joins those that were found."""
    if sign in "+-":
        result = left + right if sign == "+" else left - right
        found.append(Calculation("sum", (left, right), result))
    else:
        result = left * right if sign == "*" else left / right
        found.append(Calculation("product", (left, right), result))
    return result


def of_program(source: str) -> tuple[Calculation, ...]:
    """The calculations of a program's functions, as far as their numbers are known."""
    if len(source) > _LONGEST:
        return ()
    try:
        tree = ast.parse(source)
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        reader = _Reader(functions)
        for name in functions:
            reader.value_of(name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(reader.found)


class _Reader:
    """Follows straight-line functions without arguments, statement by statement."""

    def __init__(self, functions: dict[str, ast.FunctionDef]) -> None:
        self.functions = functions
        self.values: dict[str, Fraction | None] = {}
        self.found: list[Calculation] = []

    def value_of(self, name: str) -> Fraction | None:
        """What a function returns, None where that is not known."""
        if name not in self.values:
            self.values[name] = None
            self.values[name] = self._follow(self.functions[name].body)
        return self.values[name]

    def _follow(self, body: Iterable[ast.stmt]) -> Fraction | None:
        known: dict[str, Fraction | None] = {}
        for statement in body:
            match statement:
                case ast.Return(value=value):
                    return self._number(value, known)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    known[name] = self._number(value, known)
                case ast.AnnAssign(target=ast.Name(id=name), value=value):
                    known[name] = self._number(value, known)
                case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                    known[name] = self._number(ast.BinOp(ast.Name(target.id), op, value), known)
                case ast.Expr():
                    pass
                case _:
                    return None
        return None

    def _number(self, node: ast.expr | None, known: dict[str, Fraction | None]) -> Fraction | None:
        match node:
            case ast.Constant(value=bool()):
                return None
            case ast.Constant(value=int() | float() as value):
                return Fraction(str(value))
            case ast.Name(id=name):
                return known.get(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                positive = self._number(operand, known)
                return None if positive is None else -positive
            case ast.Call(func=ast.Name(id="int" | "float" | "round"), args=[first, *_]):
                return self._number(first, known)
            case ast.Call(func=ast.Name(id=name), args=[]) if name in self.functions:
                return self.value_of(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
                one, other = self._number(left, known), self._number(right, known)
                return self._calculated(_SIGNS[type(op)], one, other)
        return None

    def _calculated(
        self, sign: str, one: Fraction | None, other: Fraction | None
    ) -> Fraction | None:
        if one is None or other is None or max(abs(one), abs(other)) > _LARGEST:
            return None
        return None if sign == "/" and other == 0 else _done(sign, one, other, self.found)
