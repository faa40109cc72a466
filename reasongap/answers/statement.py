"""What number a short statement states: the part of a line after "Final answer:".

Prose says more than a number: "18 apples (3 per child)", "X = 18", "3 + 4 = 7", "about $18".
The value is read from the first clause that holds a number, remarks in parentheses left
out: what follows the last equals sign, else the number that the clause begins with, else
its last number ("in 5 years she will be 18"). A range ("5-7") or a sum left undone
("3 + 4") states no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from reasongap.answers.numbers import find_numbers, parse_number

MAX_STATEMENT = 300
"""Characters in which a statement is looked for."""

_DECORATION = re.compile(r"\\(?:boxed|fbox)|\*\*|(?<!\^)\{|[}`\"“”|]")
_REMARK = re.compile(r"\([^()]*\)")
_CLAUSE = re.compile(r"[,;:](?=\s)|\.(?=\s)|\n|\s(?:because|since|as|which)\s", re.IGNORECASE)
_UNDONE = re.compile(r"(?:\s?[-+*/x×÷^]|\s(?:to|or|and|through))\s?[$€£]?\(?[0-9]", re.IGNORECASE)
_UNIT = re.compile(r"(?:\s?[^\s0-9.,;:!?=+*^≈][^0-9.;:!?=+*^≈]{0,60})?")

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MULTIPLES = frozenset({"hundred", "thousand", "million", "billion", "dozen", "half", "quarter"})


@dataclass(frozen=True, slots=True)
class Stated:
    """The number of a statement. `plain`: nothing but the number, a unit and a remark."""

    value: Fraction
    plain: bool


def read_statement(text: str) -> Stated | None:
    r"""The number that a statement in plain notation states, None where it states none.

    Plain statements hold one number: "18", "$18.", "18 apples", "12%", "**18** (3 each)",
    `\boxed{18}`. Equations and sentences are read, but they are not plain.
    """
    text = _DECORATION.sub(" ", text).strip(" \n*_$")
    bare = _REMARK.sub(" ", text)
    if not any(char.isdigit() for char in bare):
        bare = text
    bare = " ".join(bare.split())
    if (whole := parse_number(bare.removesuffix("."))) is not None:
        return Stated(whole, plain=True)
    for clause in _CLAUSE.split(bare):
        if any(char.isdigit() for char in clause):
            return _read_clause(clause, bare)
    return None


def _read_clause(clause: str, statement: str) -> Stated | None:
    """The number of one clause; plain where the whole statement is this number and a unit."""
    clause = clause.strip()
    part = re.split("[=≈]", clause)[-1].strip()
    numbers = list(find_numbers(part))
    if not numbers:
        return None
    leads = numbers[0].start == 0 or "=" in clause or "≈" in clause
    number = numbers[0] if leads else numbers[-1]
    if _UNDONE.match(part, number.end):
        return None
    alone = number.start == 0 and len(numbers) == 1 and statement.startswith(part)
    unit = statement[number.end :].rstrip(".! $")
    return Stated(number.value, plain=alone and _UNIT.fullmatch(unit) is not None)


def read_label(
    label: re.Match[str], text: str, read: Callable[[str], Stated | None]
) -> Stated | None:
    """What the rest of the label's line states; the next line, never plain, if it is empty."""
    rest = text[label.end() : label.end() + MAX_STATEMENT]
    if len(rest) == MAX_STATEMENT:
        rest = rest.rstrip("0123456789.,/")
    line, _, below = rest.partition("\n")
    if line.strip(" \t:*_$"):
        return None if asks(line) else read(line)
    stated = read(below.lstrip().partition("\n")[0])
    return None if stated is None else Stated(stated.value, plain=False)


def asks(line: str) -> bool:
    """Whether a line ends as a question: replies repeat what they were asked."""
    return line.rstrip(' \t*_$"”').endswith("?")


def read_words(text: str) -> Stated | None:
    """The number from zero to ninety-nine that a statement begins with in words."""
    words = re.findall("[a-z]+", text[:80].lower())
    if not words or not _MULTIPLES.isdisjoint(words):
        return None
    if words[0] in _UNITS:
        return Stated(Fraction(_UNITS.index(words[0])), plain=False)
    if words[0] not in _TENS:
        return None
    unit = _UNITS.index(words[1]) if words[1:] and words[1] in _UNITS[1:10] else 0
    return Stated(Fraction(20 + 10 * _TENS.index(words[0]) + unit), plain=False)
