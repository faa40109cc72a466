"""The arithmetic of one step: read once, then evaluated exactly as often as needed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Exact = int | Fraction
Evaluate = Callable[[Mapping[str, int]], Exact]

_OPERATORS: dict[type[ast.operator], Callable[..., Exact]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: Fraction,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A sum, difference, product or quotient of names and whole constants.

    `source` is Python, `names` and `constants` are what stands in it; `evaluate` takes
    the names' values and gives the exact result.
    """

    source: str
    names: tuple[str, ...]
    constants: tuple[int, ...]
    evaluate: Evaluate

    @classmethod
    def parse(cls, source: str) -> Expression:
        """The expression in `source`; ValueError if it holds anything but + - * / and ( )."""
        try:
            tree = ast.parse(source, mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"{source!r} is no arithmetic: {error.msg}") from error
        nodes = list(ast.walk(tree))
        return cls(
            source=source,
            names=tuple(node.id for node in nodes if isinstance(node, ast.Name)),
            constants=tuple(
                node.value
                for node in nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, int)
            ),
            evaluate=_evaluator(tree),
        )

    def __reduce__(self) -> tuple[Callable[[str], Expression], tuple[str]]:
        return Expression.parse, (self.source,)


def _evaluator(node: ast.expr) -> Evaluate:
    match node:
        case ast.Constant(value=int() as number) if type(number) is int:
            return lambda _: number
        case ast.Name(id=name):
            return operator.itemgetter(name)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            combine, first, last = _OPERATORS[type(sign)], _evaluator(left), _evaluator(right)
            return lambda values: combine(first(values), last(values))
    raise ValueError(f"{ast.unparse(node)!r} is more than + - * / on names and whole numbers")
