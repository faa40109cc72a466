"""The calculator annotations of a worked solution, read as exact arithmetic.

GSM8K writes every computation twice: as prose, and as `<<48/2=24>>` for a calculator.
This file reads the second form: `read_annotations("… <<48/2=24>>24 …")` gives one
`Annotation` whose expression has the literals 48 and 2 and whose result is 24.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul, sub, truediv

ANNOTATION = re.compile(r"<<(.*?)>>", re.DOTALL)
TOKEN = re.compile(r"(?P<number>\d[\d,]*(?:\.\d*)?|\.\d+)(?P<percent>%?)|(?P<sign>//|[-+*/()])")
SIGNS = str.maketrans({"×": "*", "x": "*", "X": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
CURRENCY = re.compile(r"[$€£¥]")
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "//": truediv,  # GSM8K writes it where the quotient is whole
}


class Malformed(ValueError):
    """An annotation that is no single equation of plain arithmetic; says which."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number written in an expression; `index` counts them from the left, from 0."""

    value: Fraction
    index: int


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions joined by one of + - * / //."""

    sign: str
    left: Expression
    right: Expression


Expression = Literal | Operation


@dataclass(frozen=True, slots=True)
class Annotation:
    """One equation: an expression, its literals from left to right, its stated result."""

    expression: Expression
    literals: tuple[Fraction, ...]
    result: Fraction

    def value(self, literals: tuple[Fraction, ...]) -> Fraction:
        """The expression with other literals in place. Raises ZeroDivisionError."""
        return _value(self.expression, literals)


def read_annotations(solution: str) -> tuple[Annotation, ...]:
    """Every annotation of a solution, in order. Raises Malformed at the first bad one."""
    if solution.count("<<") != solution.count(">>"):
        raise Malformed("an annotation is not closed")
    return tuple(_equation(text) for text in ANNOTATION.findall(solution))


def _value(expression: Expression, literals: tuple[Fraction, ...]) -> Fraction:
    if isinstance(expression, Literal):
        return literals[expression.index]
    left, right = _value(expression.left, literals), _value(expression.right, literals)
    return OPERATIONS[expression.sign](left, right)


def _equation(text: str) -> Annotation:
    left, equals, right = text.partition("=")
    if not equals or "=" in right:
        raise Malformed(f"<<{text}>> is not one equation")
    expression, literals = _Parser(left).parse()
    stated, values = _Parser(right).parse()
    return Annotation(expression, literals, _value(stated, values))


class _Parser:
    """Reads one side of an equation by precedence: sums of products of signed atoms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.literals: list[Fraction] = []

    def parse(self) -> tuple[Expression, tuple[Fraction, ...]]:
        """The whole text as one expression, with its literals."""
        try:
            expression = self.sum()
        except (IndexError, RecursionError):
            raise Malformed(f"{self.text!r} is cut short or nested too deep") from None
        if self.tokens:
            raise Malformed(f"{self.text!r} goes on after its end")
        return expression, tuple(self.literals)

    def sum(self) -> Expression:
        """A product, then any number of `+ product` and `- product`."""
        left = self.product()
        while self.tokens and self.tokens[0] in ("+", "-"):
            left = Operation(str(self.tokens.pop(0)), left, self.product())
        return left

    def product(self) -> Expression:
        """An atom, then any number of `* atom`, `/ atom` and `// atom`."""
        left = self.atom()
        while self.tokens and self.tokens[0] in ("*", "/", "//"):
            left = Operation(str(self.tokens.pop(0)), left, self.atom())
        return left

    def atom(self) -> Expression:
        """A number, an expression in brackets, or either with a sign before it."""
        token = self.tokens.pop(0)
        if isinstance(token, Fraction):
            return self.literal(token)
        if token == "+":
            return self.atom()
        if token == "-":
            if self.tokens and isinstance(number := self.tokens[0], Fraction):
                self.tokens.pop(0)
                return self.literal(-number)
            return Operation("-", self.literal(Fraction(0)), self.atom())
        if token != "(":
            raise Malformed(f"{self.text!r} has {token!r} where a number belongs")
        inner = self.sum()
        if self.tokens.pop(0) != ")":
            raise Malformed(f"{self.text!r} has a bracket that is not closed")
        return inner

    def literal(self, value: Fraction) -> Literal:
        """The next literal of the expression."""
        self.literals.append(value)
        return Literal(value, len(self.literals) - 1)


def _tokens(text: str) -> Iterator[Fraction | str]:
    text = CURRENCY.sub("", text.translate(SIGNS)).strip()
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = TOKEN.match(text, position)
        if match is None:
            raise Malformed(f"{text!r} holds {text[position]!r}")
        position = match.end()
        if (number := match["number"]) is None:
            yield match["sign"]
        elif "," in number and not THOUSANDS.fullmatch(number):
            raise Malformed(f"{text!r} holds {number!r}, whose commas mark no thousands")
        else:
            value = Fraction(number.replace(",", ""))
            yield value / 100 if match["percent"] else value
