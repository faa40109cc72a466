"""A model that only adds up: a reply to any prompt of ours, the same every time.

It folds the numbers of a question from left to right, so that it is right about "What is 3
plus 4?" and mostly wrong about real problems. Its replies have the form that the prompt
asks for, and its programs run: enough for a whole study without a model.
"""

from __future__ import annotations

import re
from fractions import Fraction

_START = re.compile(r"^(?:Q1|Question): ", re.MULTILINE)
_EACH = re.compile(r"^(?:Q\d+|Question): ", re.MULTILINE)
_END = re.compile(r"^(?:Answer:|```)", re.MULTILINE)
_NUMBER = re.compile(r"\bX\b|\d[\d,]*(?:\.\d+)?")
_SIGNS = {"times": "*", "minus": "-"}


def arithmetic(prompt: str) -> str:
    """The reply to a prompt: a program where it asks for one, else reasoning and an answer."""
    hops = [_expression(hop) for hop in _asked(prompt)]
    if "python" not in prompt.lower():
        return _reasoned(hops)
    code = _program(hops)
    return f"{code}```" if prompt.endswith("```python\n") else f"```python\n{code}```"


def _asked(prompt: str) -> list[str]:
    """The texts of the last question's hops, exemplars left behind."""
    begins = [match.start() for match in _START.finditer(prompt)]
    last = prompt[begins[-1] :] if begins else prompt
    last = _END.split(last, maxsplit=1)[0]
    return [hop for hop in _EACH.split(last) if hop.strip()] or [last]


def _expression(hop: str) -> str:
    """The numbers of a question with a sign between each two, such as "(X * 5) + 2"."""
    folded, end = "", 0
    for match in _NUMBER.finditer(hop):
        between = hop[end : match.start()]
        signs = [sign for word, sign in _SIGNS.items() if f" {word} " in between]
        number = match[0].replace(",", "").lstrip("0") or "0"
        number = f"0{number}" if number.startswith(".") else number
        left = f"({folded})" if " " in folded else folded
        folded = f"{left} {(signs or ['+'])[0]} {number}" if folded else number
        end = match.end()
    return folded or "0"


def _reasoned(hops: list[str]) -> str:
    lines, value = [], Fraction(0)
    for i, expression in enumerate(hops, 1):
        value = _value(expression, value)
        name = "Final answer" if i == len(hops) else f"Answer to Q{i}"
        lines += [f"{expression} = {_shown(value)}", f"{name}: {_shown(value)}"]
    return "\n".join(lines)


def _program(hops: list[str]) -> str:
    functions = []
    for i, expression in enumerate(hops, 1):
        name = "solution" if i == len(hops) else f"solve_q{i}"
        given = f"    X = solve_q{i - 1}()\n" if i > 1 else ""
        functions.append(f"def {name}():\n{given}    return {expression}\n")
    return "\n\n".join(functions)


def _value(expression: str, x: Fraction) -> Fraction:
    """What an expression of ours comes to: numbers and signs, strictly from left to right."""
    first, *rest = re.sub(r"[()]", "", expression).split(" ")
    value = x if first == "X" else Fraction(first)
    for sign, number in zip(rest[::2], rest[1::2], strict=True):
        right = x if number == "X" else Fraction(number)
        value = value * right if sign == "*" else value - right if sign == "-" else value + right
    return value


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.10g}"
