"""A sandbox that needs no walls: it never runs a program, it reads arithmetic off it.

Names are bound to numbers, functions without arguments return numbers, and that is all:
whatever else a program holds is refused. There is nothing in it that could do harm.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from reasongap.answers import format_number
from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits

OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Refused(Exception):
    """A part of the program is more than arithmetic."""


class ArithmeticSandbox:
    """Evaluates assignments, + - * / and functions without arguments, exactly."""

    name = "arithmetic"

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """The value of the program; "blocked" for what is no arithmetic."""
        try:
            functions = {
                node.name: node
                for node in ast.parse(program.source).body
                if isinstance(node, ast.FunctionDef)
            }
            value = call(functions, program.entry_point)
            hops = tuple(format_number(call(functions, name)) for name in program.hop_functions)
        except SyntaxError as error:
            return Execution("error", error=f"SyntaxError: {error.msg}")
        except ZeroDivisionError as error:
            return Execution("error", error=f"ZeroDivisionError: {error}")
        except Refused as error:
            return Execution("blocked", error=str(error))
        return Execution("ok", format_number(value), "solution", hops)

    def layers(self) -> tuple[str, ...]:
        """None: no program is run."""
        return ()

    async def aclose(self) -> None:
        """Nothing was started."""


def call(functions: Mapping[str, ast.FunctionDef], name: str, depth: int = 0) -> Fraction:
    """What the function of this name returns."""
    if name not in functions or depth > len(functions):
        raise Refused(f"there is no function {name}() that ends")
    names: dict[str, Fraction] = {}
    for line in functions[name].body:
        match line:
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                names[target] = evaluate(value, names, functions, depth)
            case ast.Return(value=ast.expr() as value):
                return evaluate(value, names, functions, depth)
            case _:
                raise Refused(f"line {line.lineno} is no assignment and no return")
    raise Refused(f"{name}() returns nothing")


def evaluate(
    node: ast.expr,
    names: Mapping[str, Fraction],
    functions: Mapping[str, ast.FunctionDef],
    depth: int,
) -> Fraction:
    """The exact value of an expression."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return Fraction(str(value))
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            values = [evaluate(side, names, functions, depth) for side in (left, right)]
            return OPERATORS[type(op)](*values)
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return call(functions, name, depth + 1)
    raise Refused(f"{ast.unparse(node)} is no arithmetic")
