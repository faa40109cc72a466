"""What number a short statement states: the part of a line after "Final answer:".

Prose says more than a number: "18 apples (3 per child)", "X = 18", "3 + 4 = 7", "about $18".
The value is read from the first clause that holds a number, remarks in parentheses left
out: what follows the last equals sign, else the number that the clause begins with, else
its last number ("in 5 years she will be 18"). A range ("5-7"), a decimal comma ("12,50"), a sum
left undone ("3 + 4") or an expression with a letter left in it ("81 - X") states no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from reasongap.answers.numbers import Found, find_numbers, parse_number

MAX_STATEMENT = 300
"""Characters in which a statement is looked for."""

_BOX = re.compile(r"\\(?:boxed|fbox)\{([^{}\n]{1,80})\}")
BOLD = re.compile(r"\*\*([^*\n]{1,80})\*\*")
_OPEN = re.compile(
    # A letter that stands for a number beside an operator, or right behind a number.
    r"[0-9)] ?[-+*/^] ?[$(]*[XNYZxnyz](?![A-Za-z])"
    r"|(?<![A-Za-z\\])[XNYZxnyz] ?[-+*/^] ?[$(]*[0-9XNYZxnyz]"
    r"|(?<![A-Za-z\\])[XNYZ] ?x ?[0-9]|[0-9] ?x ?[XNYZ](?![A-Za-z])"
    r"|[0-9)] ?[+*] ?[$(]*[b-zB-HJ-Z](?![A-Za-z])|(?<![A-Za-z\\])[b-zB-HJ-Z] ?[+*] ?[$(]*[0-9]"
    r"|[0-9](?:[XNRQYZnyz](?![A-Za-z0-9])|x\W*$)|\\sqrt|(?:(?<!10)(?<=[0-9])|\))\^[({]*[0-9]"
)
_OPEN_FRACTION = re.compile(
    r"\\[dtc]?frac\s*(?:\{[^{}]*\}\s*)?\{[^{}]*(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])[^{}]*\}"
)
_BETWEEN = re.compile(r"[,;]\s|,(?![0-9]{3}(?![0-9]))|\sand\s")
_SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3}){2,}(?![0-9.,/])")
_MINUS = re.compile(r"[ \t*_$]*(?:-[ \t]?|minus |negative )(?=[$€£]?[0-9])", re.IGNORECASE)
_DECORATION = re.compile(r"\\(?:boxed|fbox)|\*\*|(?<!\^)\{|[}`\"“”|]")
_REMARK = re.compile(r"\([^()]*\)")
_CLAUSE = re.compile(r"[,;:](?=\s)|\.(?=\s)|\n|\s(?:because|since|as|which)\s", re.IGNORECASE)
_UNDONE = re.compile(
    r"(?:\s?[-+*/x×÷^]|\s(?:to|or|and|through|times|plus|minus|(?:divided|multiplied) by"
    r"|(?:more|less|fewer) than))\s?[$€£]?\(?[0-9]"
    r"|,[0-9]|(?-i:[KkM])(?![A-Za-z])"
    r"|\s?(?:hours?|hrs?|h|dollars?|feet|foot|ft|weeks?|days?|years?|minutes?|mins?)"
    r"(?: and)?\s[0-9]+\s?(?:hours?|minutes?|mins?|m|seconds?|secs?|cents?|inch(?:es)?|days?"
    r"|months?)\b",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"\bround(?:s|ed)(?: up| down| off)? to (?=[$€£]?[0-9])"
    r"(?![0-9]+ (?:decimal|significant|places|digits|d\.?p\b))",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\b(?:after|every|per|each) (?:the )?(?:first |next |last )?[$€£]?$", re.I)
_LEADS_IN = re.compile(r"(?:in|after|for|over|within|during|at|by|on|if|when|since|with) ", re.I)
_MARKER = re.compile(r"[ \t]*(?:[-*•]|[0-9]{1,2}[.)])[ \t]+(?=\S)")
_UNIT = re.compile(r"(?:\s?[^\s0-9.,;:!?=+*^≈][^0-9.;:!?=+*^≈]{0,60})?")

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MONEY = frozenset("$€£¥₹")
_LOOKED_AT = 30
_MULTIPLES = frozenset({"hundred", "thousand", "million", "billion", "dozen", "half", "quarter"})
_PARTS = re.compile(
    r"(?:half|halves|thirds?|quarters?|(?:four|fif|six|seven|eigh|nin|ten|twelf)ths?|point|out|or"
    r"|times|plus|minus)"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """The number of a statement. `plain`: nothing but the number, a unit and a remark."""

    value: Fraction
    plain: bool


def read_statement(text: str) -> Stated | None:
    r"""The number that a statement in plain notation states, None where it states none.

    Plain statements hold one number: "18", "$18.", "18 apples", "12%", "**18** (3 each)",
    `\boxed{18}`. Equations and sentences are read, but they are not plain; of a sentence
    with one box, or one bold number, that is read.
    """
    if (marked := _marked(text)) is not None:
        return Stated(marked, plain=False)
    if _OPEN_FRACTION.search(text):
        return None
    text = _DECORATION.sub(" ", text).strip(" \n*_$")
    bare = _REMARK.sub(" ", text)
    if not any(char.isdigit() for char in bare):
        bare = text
    bare = " ".join(bare.split())
    if (whole := parse_number(bare.removesuffix("."))) is not None:
        return Stated(whole, plain=True)
    rounded = _ROUNDED.search(bare)
    to = next(find_numbers(bare[rounded.end() :]), None) if rounded else None
    if to is not None and to.start == 0:
        return Stated(to.value, plain=False)
    bare = _SPACED.sub(lambda group: group[0].replace(" ", ""), bare)
    return _read_clause(_clause(bare), bare)


def read_last_of(text: str, hops: int) -> Stated | None:
    """As `read_statement`, of the last where a statement gives the answers of `hops` problems."""
    if hops == 1:
        return read_statement(text)
    named = list(
        re.finditer(rf"\bq(?:uestion |uestion)?{hops}\b\W{{0,6}}(?=[$€£]?[0-9])", text, re.I)
    )
    if named and (stated := read_statement(text[named[-1].end() :])) is not None:
        return Stated(stated.value, plain=False)
    bare = text.strip(" \n*_$.(){}")
    between = [] if parse_number(bare) is not None else _BETWEEN.split(bare)
    listed = [parse_number(part) for part in between]
    if len(listed) == hops and (last := listed[-1]) is not None and None not in listed:
        return Stated(last, plain=False)
    return read_statement(text)


def refuses(text: str) -> bool:
    """Whether a statement gives something that is no number: "5X", "18-20", "3 + 4", "X"."""
    digits = any(char.isdigit() for char in text)
    unknown = _DECORATION.sub(" ", text).strip(" \n*_$.()") == "X"
    return (digits or unknown) and not asks(text) and read_statement(text) is None


def is_open(line: str) -> bool:
    """Whether a line comes down to an expression in which a letter is left: "81 - X"."""
    result = re.split("[=≈]", line)[-1]
    return bool(_OPEN.search(result) or _OPEN_FRACTION.search(result))


def _marked(text: str) -> Fraction | None:
    """The number of the one box, or of the one bold span, in a statement of several numbers."""
    for mark in (_BOX, BOLD):
        marks = mark.findall(text)
        if len(marks) == 1 and any(map(str.isdigit, _REMARK.sub(" ", mark.sub(" ", text)))):
            stated = read_statement(marks[0])
            return None if stated is None else stated.value
    return None


def _clause(statement: str) -> str:
    """The clause that states the number: the first that holds one and is no lead-in to another.

    "In 5 years, she will be 18" and "Total for 3 days: 18" lead in.
    """
    start = 0
    for mark in _CLAUSE.finditer(statement):
        clause, rest = statement[start : mark.start()], statement[mark.end() :]
        names = mark[0] == ":" and any(char.isalpha() for char in clause)
        leads_in = names or (mark[0] == "," and _LEADS_IN.match(clause) is not None)
        if any(char.isdigit() for char in clause) and not (leads_in and any(find_numbers(rest))):
            return clause
        start = mark.end()
    return statement[start:]


def main_number(text: str) -> Found:
    """The number that a sentence is about: the one amount of money, else the last that stands free.

    "every 2 days" and "after 3 weeks" say what it belongs to. The text holds a number.
    """
    numbers = list(find_numbers(text))[-_LOOKED_AT:]
    remarks = [remark.span() for remark in _REMARK.finditer(text, numbers[0].start)]
    outside = [n for n in numbers if not any(i < n.start < j for i, j in remarks)] or numbers
    money = [n for n in outside if not _MONEY.isdisjoint(text[n.start : n.end])]
    free = [n for n in outside if not _BESIDE.search(text[max(0, n.start - 24) : n.start])]
    return money[0] if len(money) == 1 else (free or outside)[-1]


def _read_clause(clause: str, statement: str) -> Stated | None:
    """The number of one clause; plain where the whole statement is this number and a unit."""
    sides = [side.strip() for side in re.split("[=≈]", clause)]
    for side in reversed(sides):
        numbers = list(find_numbers(side))
        if not numbers or _OPEN.search(side):
            return None
        leads = len(sides) > 1 or numbers[0].start == 0
        number = numbers[0] if leads else main_number(side)
        if not _again(side, numbers) and _UNDONE.match(
            side, number.end if leads else numbers[-2:][0].end
        ):
            continue  # "18 = 3 x 6": the other side may state it
        alone = number.start == 0 and len(numbers) == 1 and statement.startswith(side)
        unit = statement[number.end :].rstrip(".! $")
        return Stated(number.value, plain=alone and _UNIT.fullmatch(unit) is not None)
    return None


def _again(side: str, numbers: list[Found]) -> bool:
    """Whether a clause says one number twice: "7/2 or 3.5"."""
    first, last = numbers[0], numbers[-1]
    return (
        len(numbers) == 2
        and first.value == last.value
        and (side[first.end : last.start].strip() == "or")
    )


def read_label(
    label: re.Match[str], text: str, read: Callable[[str], Stated | None]
) -> Stated | None:
    """What the rest of the label's line states; the next line, never plain, if it is empty."""
    line, below = after_label(label, text)
    if asks(line):
        return None
    if below:
        stated = read(line)
        return None if stated is None else Stated(stated.value, plain=False)
    return read(_MINUS.sub("-", line, count=1) if _MINUS.match(line) else line)


def after_label(label: re.Match[str], text: str) -> tuple[str, bool]:
    """The rest of the label's line, or the next line if it is empty, and whether it is that."""
    rest = text[label.end() : label.end() + MAX_STATEMENT]
    if len(rest) == MAX_STATEMENT:
        rest = rest.rstrip("0123456789.,/")
    line, _, below = rest.partition("\n")
    if line.strip(" \t:*_$") and not _introduces(line, below):
        return line, False
    line, _, below = below.lstrip().partition("\n")
    if _introduces(line, below):
        line = below.lstrip().partition("\n")[0]
    return _MARKER.sub("", line, count=1) if _MARKER.match(line) else line, True


def _introduces(line: str, below: str) -> bool:
    """Whether a line only says what the next one gives: "After 3 days, Tom has:"."""
    return line.rstrip(" \t*_").endswith(":") and any(
        find_numbers(below.lstrip().partition("\n")[0])
    )


def rest_of_line(text: str, start: int) -> str:
    """The text from `start` to the end of its line."""
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def asks(line: str) -> bool:
    """Whether a line ends as a question: replies repeat what they were asked."""
    return line.rstrip(' \t*_$"”').endswith("?")


def read_words(text: str) -> Stated | None:
    """The number from zero to ninety-nine that a statement begins with in words."""
    words = re.findall("[a-z]+", text[:80].lower())
    if not words or not _MULTIPLES.isdisjoint(words) or any(map(_PARTS.fullmatch, words)):
        return None
    if words[0] in _UNITS:
        return Stated(Fraction(_UNITS.index(words[0])), plain=False)
    if words[0] not in _TENS:
        return None
    unit = _UNITS.index(words[1]) if words[1:] and words[1] in _UNITS[1:10] else 0
    return Stated(Fraction(20 + 10 * _TENS.index(words[0]) + unit), plain=False)
