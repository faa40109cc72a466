"""Random programs over the syntax that the policy allows, written from random bytes.

Each byte chooses a rule, so hypothesis has one thing to draw and to shrink. They end by
construction: loops count, and numbers and texts grow slowly. What they compute is mostly
nonsense, and often an exception: CPython says what it should have been.
"""

from __future__ import annotations

import re
from textwrap import indent

from hypothesis import strategies as st

PRELUDE = """\
import math, itertools
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
class Box:
    made = 0
    def __init__(self, size=1, *rest, label='box'):
        self.size, self._rest, self.label = size, rest, label
        Box.made += 1
    def __repr__(self): return f'Box({self.size!r}, {self.label})'
    def __add__(self, other): return Box(self.size + getattr(other, 'size', other))
    def __lt__(self, other): return self.size < other.size
    def __hash__(self): return 7
    def __getitem__(self, key): return self._rest[key]
    @property
    def double(self): return self.size * 2
    def grown(self, by=1):
        self.size += by
        return self
def pick(first, second=2, /, *more, flag=False, **named):
    return (second, more) if flag else (first, sorted(named))
def count(stop):
    for each in range(stop):
        got = yield each
        if got: return got
a, b, c, n, total, words = 3, 2.5, [1, 2], 0, {'k': 1}, 'ab'
"""

SHORT = 6
"""How many rules for an expression or a statement come to an end at once."""

WORDS = {
    "name": "a b c n total words",
    "small": "0 1 2 3 (-1) (-2)",
    "text": "'7' '' 'ab' 'é' b'x'",
    "value": "0.5 1e3 17 True None 3j math.pi 10**20 Fraction(3,4) Decimal('1.10') Box(4) Box(1,5)",
    "op": "+ - / // % == != < >= and or is in & | ^ @",
    "change": "+ - / // % |",
    "one": "abs len sum sorted str int float round list tuple set bool repr",
    "more": "max min Box pick math.sqrt math.floor Counter Fraction Decimal ascii",
    "method": "upper() strip() split() copy() items() bit_length() grown() pop()",
    "attribute": "size double label real numerator made _rest missing",
    "error": "ValueError KeyError StopIteration",
}

RULES = {symbol: words.split() for symbol, words in WORDS.items()} | {
    "expr": [
        *("<name>", "<name>", "<small>", "<text>", "<value>", "<name>"),
        *("(<expr> <op> <expr>)", "(<expr> * <small>)", "(<name> ** <small>)", "(not <expr>)"),
        *("(<expr> < <expr> <= <expr>)", "(<expr> if <expr> else <expr>)", "(-<expr>)"),
        *("[<expr>, *<expr>]", "(<expr>, <expr>)", "{<expr>, <expr>}"),
        *("{<expr>: <expr>, **total}", "<expr>[<expr>]", "<name>[<small>:<small>]"),
        *("<one>(<expr>)", "<more>(<expr>)", "pick(<expr>, *<expr>, flag=<expr>)"),
        *("(<expr>).<method>", "(<expr>).<attribute>", "type(<expr>).__name__"),
        *("getattr(<expr>, '<attribute>', <expr>)", "[<expr> for <name> in <expr> if <expr>]"),
        *("{<expr>: <expr> for p, q in <expr>}", "sum(<expr> for <name> in range(<small>))"),
        *("(lambda <name>, k=<expr>: <expr>)(<expr>)", "(<name> := <expr>)"),
        *("f'{<name>!r:>6}|{<name>}'", "'{} {n:>4}'.format(<expr>, n=<expr>)"),
        *("'%s and %r' % (<expr>, <expr>)", "list(itertools.chain(<expr>, <expr>))"),
    ],
    "stmt": [
        *("<name> = <expr>", "<name> <change>= <expr>", "print(<expr>, <expr>, sep='-')"),
        *("<name>[<expr>] = <expr>", "<name>, *<name> = <expr>", "<name>, <name> = <name>, <expr>"),
        *("<name>[<expr>] += <expr>", "<name>.label = <expr>", "<name>: 'int' = <expr>"),
        *("del <name>[<expr>]", "assert <expr>, 'said'", "raise <error>(<expr>)", "pass"),
        *("box = Box(<expr>); box.size += <expr>; <name> = box", "<name> = list(count(<small>))"),
        *("total = defaultdict(int)", "from math import e as n", "<name> = <name>.<attribute>"),
        "if <expr>:\n    <block>\nelif <expr>:\n    <block>\nelse:\n    <block>",
        "for <name> in range(<small>):\n    <block>\nelse:\n    <block>",
        "for <name> in <expr>:\n    <block>\n    break",
        "left = [1, 2]\nwhile left:\n    left.pop()\n    <block>",
        "try:\n    <block>\nexcept (TypeError, KeyError) as e:\n    <block>\nfinally:\n    <block>",
        "try:\n    <block>\nexcept Exception as e:\n    <name> = str(e)\nelse:\n    <block>",
        "def f(<name>=<expr>, *rest, **named):\n    <block>\n    return rest\nc = f(1, 2)",
        "def g():\n    global total, words\n    <block>\n    return total\nb = g()",
        "def h():\n    n = 1\n    def inner():\n        nonlocal n\n        n = <expr>\n"
        "    inner()\n    return n\na = h()",
        "class K(Box):\n    <block>\n    def __len__(self): return 3\na = len(K())",
        "class L(list):\n    size = <expr>\na = L([1])\na[0] += <small>",
        "match <expr>:\n    case 0 | 1:\n        <block>\n    case {'k': n, **b} if <expr>:\n"
        "        <block>\n    case [a, *b]:\n        <block>\n    case int(n) | str(n):\n"
        "        <block>\n    case _:\n        <block>",
        "with suppress(<error>):\n    <block>",
    ],
}

PLACE = re.compile(r"(?m)^( *)<block>$|<([a-z]+)>")


class Writer:
    """Writes one program; where the bytes have come to their end, the shortest."""

    def __init__(self, choices: bytes) -> None:
        self._choices = iter(choices)

    def program(self) -> str:
        """The prelude, statements that each show how they fail, and the state they leave."""
        parts = [PRELUDE + "from contextlib import suppress"]
        for _ in range(2 + self._next() % 6):
            tried = indent(self._written("stmt", 0), "    ")
            parts.append(f"try:\n{tried}\nexcept Exception as e:\n    print(type(e).__name__, e)")
        return "\n".join([*parts, f"ans = repr([{', '.join(RULES['name'])}])"]) + "\n"

    def _written(self, symbol: str, depth: int) -> str:
        rules = RULES[symbol][:SHORT] if depth > 4 else RULES[symbol]
        rule = rules[self._next() % len(rules)]

        def filled(place: re.Match[str]) -> str:
            if place[2]:
                return self._written(place[2], depth + 1)
            block = [self._written("stmt", depth + 1) for _ in range(1 + self._next() % 2)]
            return indent("\n".join(block), place[1])

        return PLACE.sub(filled, rule)

    def _next(self) -> int:
        return next(self._choices, 0)


programs = st.binary(min_size=40, max_size=400).map(lambda choices: Writer(choices).program())
"""Sources of programs."""
